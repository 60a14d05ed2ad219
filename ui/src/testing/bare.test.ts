import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { speakPseudo, t } from '../words';
import { bareTexts } from './bare';
import { bareMarkup } from './markup';

const keys = /Esc|Ctrl|Alt|Shift|Tab|Enter|Deskbell/g;

it('finds hard-coded text in markup: between tags, in what is read out, and in an expression', () => {
  expect(bareMarkup('<p>Hello</p>', keys)).toEqual(['Hello']);
  expect(bareMarkup('<button aria-label="Close it">×</button>', keys)).toEqual(['Close it']);
  expect(bareMarkup("<p>{a ? 'late' : 'in ' + b + ' min'}</p>", keys)).toEqual(['late', 'in', 'min']);
  expect(bareMarkup('<p class="why" data-testid="why">{t(\'why.key\')} <kbd>Esc</kbd></p>', keys)).toEqual([]);
});

it('finds text on the screen that the pseudo-locale did not dress up', () => {
  speakPseudo(true);
  document.body.innerHTML = `<p>${t('status.requested', { name: 'Carla' })}</p><p title="Bare">Kim</p>`;
  expect(bareTexts(document.body, /Kim/g)).toEqual(['Bare']);
});

const root = join(import.meta.dirname, '..');
const components = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.svelte'));

it('reads every component', () => {
  expect(components.length).toBeGreaterThan(60);
});

it.each(components)('%s says nothing in words of its own', (path) => {
  expect(bareMarkup(readFileSync(join(root, path), 'utf8'), keys)).toEqual([]);
});
