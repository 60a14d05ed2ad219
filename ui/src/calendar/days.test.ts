import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, spokenDay, weekOf } from './days';

describe('days', () => {
  it('are counted over the end of a month, a year and February', () => {
    expect(addDays('2026-11-30', 1)).toBe('2026-12-01');
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  });

  it('belong to the week of their Monday, Sunday to the one before', () => {
    expect(weekOf('2026-11-23', 1)).toBe('2026-11-23');
    expect(weekOf('2026-11-29', 1)).toBe('2026-11-23');
  });

  it('belong to the week of their Sunday or Saturday where weeks begin on it', () => {
    expect(weekOf('2026-11-29', 7)).toBe('2026-11-29');
    expect(weekOf('2026-11-28', 7)).toBe('2026-11-22');
    expect(weekOf('2026-11-27', 6)).toBe('2026-11-21');
  });

  it('are said whole', () => {
    expect(spokenDay('2026-11-23')).toBe('Monday 23 November');
  });
});
