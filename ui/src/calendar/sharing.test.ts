import { expect, it } from 'vitest';
import { aBar, aBoard, aRow } from '../testing/day';
import { sharing } from './sharing';

const clone = <T>(value: T): T => structuredClone(value);

it('keeps rows and bookings that did not change, and takes over the one that did', () => {
  const before = [aRow({ bookings: [aBar(), aBar({ id: 'kim' })] }), aRow({ staff: 'ben' })];
  const after = clone(before);
  (after[0]?.bookings[1] as { status: string }).status = 'arrived';
  const shared = sharing(before, after);
  expect(shared).toEqual(after);
  expect(shared[1], 'Ben is as he was').toBe(before[1]);
  expect(shared[0]?.bookings[0]).toBe(before[0]?.bookings[0]);
  expect(shared[0]?.bookings[1]).not.toBe(before[0]?.bookings[1]);
});

it('keeps a booking where it is when another comes in before it', () => {
  const before = [aBar({ id: 'kim' })];
  const shared = sharing(before, [aBar({ id: 'new' }), clone(before[0])]);
  expect(shared.map((bar) => bar?.id)).toEqual(['new', 'kim']);
  expect(shared[1]).toBe(before[0]);
});

it('lets go of what is gone, and answers the very same when nothing changed', () => {
  const board = aBoard();
  expect(sharing(board, clone(board))).toBe(board);
  expect(sharing([aBar()], [])).toEqual([]);
  expect(sharing(aBar({ pending: { operation: 'x', state: 'sending' } }), aBar()).pending).toBeNull();
  expect(sharing(undefined, board)).toBe(board);
});
