import { expect, it, vi } from 'vitest';

const attend = vi.hoisted(() => vi.fn(async () => null));
vi.mock('./bindings', () => ({ commands: { attend } }));

import { reportAttention } from './attention';

function input(timeStamp: number) {
  const event = new Event('keydown');
  Object.defineProperty(event, 'timeStamp', { value: timeStamp });
  window.dispatchEvent(event);
}

it('tells focus at once, input at most once in 30 s, and nothing after it is stopped', () => {
  const stop = reportAttention();
  expect(attend).toHaveBeenCalledTimes(1);
  input(1_000);
  input(2_000);
  input(30_900);
  expect(attend).toHaveBeenCalledTimes(2);
  expect(attend).toHaveBeenLastCalledWith(expect.objectContaining({ input: true }));
  input(31_000);
  expect(attend).toHaveBeenCalledTimes(3);
  window.dispatchEvent(new Event('blur'));
  expect(attend).toHaveBeenLastCalledWith(expect.objectContaining({ input: false }));
  stop();
  window.dispatchEvent(new Event('focus'));
  input(90_000);
  expect(attend).toHaveBeenCalledTimes(4);
});
