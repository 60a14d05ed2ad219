/** What jsdom lacks and the windows use. */
import { afterEach } from 'vitest';
import { speakPseudo } from '../words';

afterEach(() => speakPseudo(false));

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
// It lays nothing out: everything is as wide as a window.
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 1_280 });
Element.prototype.scrollIntoView ??= () => {};
globalThis.CSS ??= {} as typeof CSS;
// Ids in tests need no escaping.
CSS.escape ??= (text) => text;
