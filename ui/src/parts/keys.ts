/** Single keys, as the windows use them. */

/** Whether typing goes into a text at present. */
export function inText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** The key of an event in lower case, unless it is typed into a text or comes with Ctrl, Alt or Meta. */
export function singleKey(event: KeyboardEvent): string | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || inText(event.target))
    return undefined;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** A key as a person reads it: `N`, `Esc`, `↑`. */
export function keyLabel(key: string): string {
  const named: Record<string, string> = { Escape: 'Esc', Enter: '↵', ArrowUp: '↑', ArrowDown: '↓', ' ': '␣' };
  return named[key] ?? key.toUpperCase();
}
