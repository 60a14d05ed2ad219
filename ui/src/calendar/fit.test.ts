import { describe, expect, it } from 'vitest';
import { aBar } from '../testing/day';
import { fitOf, freeAt } from './fit';

const band = (from: number, to: number) => ({ from, to, label: '' });
const row = { free: [band(540, 600), band(600, 720)], bookings: [aBar({ band: band(720, 780) })] };

describe('a stretch', () => {
  it('fits where free time covers all of it, also over two bands that touch', () => {
    expect(fitOf(row, { from: 570, to: 660 }).is).toBe('free');
    expect(fitOf(row, { from: 660, to: 720 }).is, 'touching a booking is not a clash').toBe('free');
  });

  it('is outside where a part of it is not free', () => {
    expect(fitOf(row, { from: 500, to: 560 }).is).toBe('outside');
  });

  it('names the booking it clashes with', () => {
    expect(fitOf(row, { from: 690, to: 735 })).toEqual({ is: 'clash', with: row.bookings[0] });
  });

  it('begins in the free band under a minute', () => {
    expect(freeAt(row.free, 600)).toEqual(band(600, 720));
    expect(freeAt(row.free, 720)).toBeUndefined();
  });
});
