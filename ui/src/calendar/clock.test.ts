import { describe, expect, it } from 'vitest';
import { clockAt, clockLength, endsNextDay, lengthLabel, minuteAt, readClock } from './clock';

/** Berlin, 25 Oct 2026: 02:00 comes twice. */
const backwards = {
  minutes: 1500,
  hours: [0, 1, 2, 2, ...Array.from({ length: 21 }, (_, hour) => hour + 3)].map((hour, index) => ({
    minute: index * 60,
    label: `${String(hour).padStart(2, '0')}:00`,
  })),
};

describe('a time as it is typed', () => {
  it.each([
    ['9', '09:00'],
    ['09', '09:00'],
    ['930', '09:30'],
    ['0930', '09:30'],
    ['9:30', '09:30'],
    ['9.30', '09:30'],
    ['14', '14:00'],
    ['1430', '14:30'],
    [' 14:00 ', '14:00'],
    ['24:00', '00:00'],
    ['2pm', '14:00'],
    ['12am', '00:00'],
    ['12 pm', '12:00'],
    ['9:05 a', '09:05'],
  ])('“%s” is %s', (typed, clock) => {
    expect(readClock(typed)).toBe(clock);
  });

  it.each(['', 'nine', '25', '9:60', '9:5', '24:30', '13pm', '0am', '12345', '-1'])('“%s” is none', (typed) => {
    expect(readClock(typed)).toBeNull();
  });
});

describe('hours by the clock', () => {
  it('end on the next day when the end is not after the start, and midnight still belongs to its day', () => {
    expect(endsNextDay('22:00', '06:00')).toBe(true);
    expect(endsNextDay('22:00', '00:00')).toBe(false);
    expect(endsNextDay('09:00', '17:00')).toBe(false);
  });

  it('have their length over midnight too', () => {
    expect(clockLength('22:00', '06:00')).toBe(480);
    expect(clockLength('20:00', '00:00')).toBe(240);
    expect(clockLength('09:00', '09:45')).toBe(45);
  });

  it('read as a person says them', () => {
    expect([45, 60, 90, 125].map(lengthLabel)).toEqual(['45 min', '1 h', '1 h 30', '2 h 05']);
  });
});

describe('the clock on the day the clocks go back', () => {
  it('says the doubled hour twice', () => {
    expect(clockAt(backwards, 130)).toBe('02:10');
    expect(clockAt(backwards, 190)).toBe('02:10');
    expect(clockAt(backwards, 240)).toBe('03:00');
  });

  it('places a time after the change an hour further down, and a doubled one where it comes first', () => {
    expect(minuteAt(backwards, '09:00')).toBe(600);
    expect(minuteAt(backwards, '02:10')).toBe(130);
  });

  it('goes on with the next day after its last minute and with the day before ahead of its first', () => {
    expect(clockAt(backwards, 1500 + 6 * 60)).toBe('06:00');
    expect(clockAt(backwards, -60)).toBe('23:00');
  });
});
