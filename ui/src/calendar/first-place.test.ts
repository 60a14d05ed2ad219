import { afterEach, expect, it, vi } from 'vitest';
import { FirstPlace } from './first-place';

let resized = () => {};
vi.stubGlobal(
  'ResizeObserver',
  class {
    constructor(told: () => void) {
      resized = told;
    }
    observe() {}
    disconnect() {
      resized = () => {};
    }
  },
);
afterEach(() => vi.unstubAllGlobals());

it('takes its place again when sizes come late, until somebody scrolls', () => {
  const view = document.createElement('div');
  let top = 0;
  const place = new FirstPlace(view, () => top);
  place.take();
  top = 540;
  resized();
  expect(view.scrollTop, 'the style sheet came after the script').toBe(540);
  view.dispatchEvent(new Event('wheel'));
  view.scrollTop = 100;
  resized();
  place.take();
  expect(view.scrollTop, 'a person has taken it elsewhere').toBe(100);
  place.renew();
  expect(view.scrollTop, 'another day begins at its own first place').toBe(540);
  place.stop();
});
