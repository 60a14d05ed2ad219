import { expect, it } from 'vitest';
import { addMinutes, readClock } from './clock';

it('reads a time as people type it', () => {
  for (const text of ['930', '9:30', '09:30', ' 9.30 ', '9h30']) expect(readClock(text), text).toBe('09:30');
  expect(readClock('14')).toBe('14:00');
  for (const text of ['', 'nine', '25', '12:75', '12345']) expect(readClock(text), text).toBeUndefined();
});

it('adds minutes, past midnight too', () => {
  expect(addMinutes('14:30', 45)).toBe('15:15');
  expect(addMinutes('23:30', 60)).toBe('00:30');
});
