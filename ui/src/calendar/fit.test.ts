import { describe, expect, it } from 'vitest';
import { aBar } from '../windows/scheduling/sample';
import { fitOf, freeAt } from './fit';
import { isLate, lookOf } from './look';

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

describe('a booking', () => {
  it('is late from the first minute in which nobody has come, and only while it is just booked', () => {
    const bar = aBar({ band: band(600, 660), status: 'confirmed' });
    expect(isLate(bar, 600)).toBe(false);
    expect(isLate(bar, 601)).toBe(true);
    expect(lookOf(bar, null), 'another day has no now').toBe('booked');
    expect(lookOf({ ...bar, status: 'arrived' }, 700)).toBe('arrived');
  });
});
