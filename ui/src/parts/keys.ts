/** Single keys, as the windows use them. */

import { shell } from '../ipc';

/** Whether typing goes into a text at present. */
export function inText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether letters, digits and signs do something by themselves at this desk. */
export const singleKeysOn = (): boolean => shell.session?.single_keys !== false;

/** Keys of one character, and labels of keys, that cannot be switched off: they write nothing. */
const WRITES_NOTHING = ' ↵↑↓␣';

/** Whether a key, or the key of this label, does what it says: one that writes something may be switched off. */
export const keyWorks = (key: string): boolean => singleKeysOn() || key.length !== 1 || WRITES_NOTHING.includes(key);

/**
 * The key of an event in lower case, unless it is typed into a text, comes with Ctrl, Alt or Meta, or is switched off at
 * this desk.
 */
export function singleKey(event: KeyboardEvent): string | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || inText(event.target))
    return undefined;
  if (!keyWorks(event.key)) return undefined;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** A key as a person reads it: `N`, `Esc`, `↑`. */
export function keyLabel(key: string): string {
  const named: Record<string, string> = { Escape: 'Esc', Enter: '↵', ArrowUp: '↑', ArrowDown: '↓', ' ': '␣' };
  return named[key] ?? key.toUpperCase();
}
