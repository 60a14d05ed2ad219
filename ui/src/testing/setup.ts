/** What jsdom lacks and the windows use. */
import { afterEach } from 'vitest';
import { speakPseudo } from '../words';

afterEach(() => speakPseudo(false));

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView ??= () => {};
globalThis.CSS ??= {} as typeof CSS;
// Ids in tests need no escaping.
CSS.escape ??= (text) => text;
