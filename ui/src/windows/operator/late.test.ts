import { expect, it } from 'vitest';
import type { Strand } from '../../ipc';
import { pushedBy, pushedWords, pushes } from './late';

const strand = (appointment: string, slack: number): Strand => ({
  appointment,
  client: 'Kim Reyes',
  time: '15:00',
  slack,
});
const name = (client: string) => client;

it('counts only the delay that there is no room for', () => {
  const strands = [strand('next', 0), strand('later', 15)];
  expect(pushedBy(strands, 15).map(({ appointment, by }) => [appointment, by])).toEqual([['next', 15]]);
  expect(pushedBy(strands, 20).map(({ by }) => by)).toEqual([20, 5]);
  expect(pushedBy(strands, 0)).toEqual([]);
});

it('names the first who waits, and says how many more', () => {
  expect(pushedWords([], name)).toBe('');
  expect(pushedWords(pushedBy([strand('next', 5)], 12), name)).toBe('delays Kim Reyes 15:00 by 7 min');
  const two = pushedBy([strand('next', 5), strand('later', 10)], 12);
  expect(pushedWords(two, () => 'KR')).toBe('delays KR 15:00 by 7 min (+1)');
});

it('pushes a booking as far as the latest of those before it does', () => {
  const late = [
    { strands: [strand('both', 0)], late: 5 },
    { strands: [strand('both', 3), strand('own', 2)], late: 12 },
  ];
  expect([...pushes(late)]).toEqual([
    ['both', 9],
    ['own', 10],
  ]);
});
