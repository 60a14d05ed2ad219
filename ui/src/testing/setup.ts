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
