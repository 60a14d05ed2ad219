/** Rules of the house that hold for every source file of the windows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const holding = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

it('reads the sources it speaks of', () => {
  expect(files.length).toBeGreaterThan(40);
});

it('no window has a timer: a hidden one would stand still, and time is the shell’s', () => {
  expect(holding(/\b(setInterval|setTimeout|requestIdleCallback)\b/)).toEqual([]);
  // The one place that waits for a frame knows that a hidden window has none.
  expect(holding(/\brequestAnimationFrame\b/)).toEqual(['ipc/painted.ts']);
});

it('no markup carries a style attribute, nor a motion that writes style sheets: the content policy forbids both', () => {
  expect(holding(/\sstyle=["{]/)).toEqual([]);
  expect(holding(/svelte\/(transition|animate|motion)/)).toEqual([]);
});

it('nothing personal can be left in the web view: no window writes web storage', () => {
  expect(holding(/\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/)).toEqual([]);
});
