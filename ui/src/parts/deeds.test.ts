import { expect, it, vi } from 'vitest';
import { deeds } from './deeds.svelte';

it('does what was offered last for a key, and what was there before once that is gone', () => {
  const [board, card] = [vi.fn(), vi.fn()];
  const stopBoard = deeds.offer(() => [{ label: 'Next free time', key: 'n', run: board }]);
  const stopCard = deeds.offer(() => [{ label: 'Find time', key: 'n', run: card }]);
  deeds.of('n')?.run();
  expect(card).toHaveBeenCalledOnce();
  expect(deeds.all.map((deed) => deed.label)).toEqual(['Find time']);
  stopCard();
  deeds.of('n')?.run();
  expect(board).toHaveBeenCalledOnce();
  stopBoard();
  expect(deeds.all).toEqual([]);
});
