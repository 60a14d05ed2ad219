import { afterEach, describe, expect, it } from 'vitest';
import {
  beginsAt,
  clockAt,
  clockLabel,
  clockLength,
  endsAt,
  endsNextDay,
  lengthLabel,
  minuteAt,
  readClock,
  spanLabel,
} from './clock';
import { customs } from './customs.svelte';

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

describe('a time as this computer writes it', () => {
  afterEach(() => {
    customs.twelveHours = false;
  });

  it('has twenty-four hours', () => {
    expect([clockLabel('09:05'), spanLabel('22:00', '06:00')]).toEqual(['09:05', '22:00–06:00']);
    expect([beginsAt('14:30–15:30'), endsAt('22:00–06:00 +1')]).toEqual(['14:30', '06:00']);
  });

  it('has twelve and the half of the day, which a span says once where it is the same', () => {
    customs.twelveHours = true;
    expect(['00:05', '09:05', '12:00', '23:59', 'nine'].map(clockLabel)).toEqual([
      '12:05 AM',
      '9:05 AM',
      '12:00 PM',
      '11:59 PM',
      'nine',
    ]);
    expect(spanLabel('14:30', '15:30')).toBe('2:30–3:30 PM');
    expect(spanLabel('11:30', '12:30')).toBe('11:30 AM–12:30 PM');
    expect(spanLabel('22:00', '21:00')).toBe('10:00 PM–9:00 PM');
    expect([beginsAt('2:30–3:30 PM'), endsAt('2:30–3:30 PM')]).toEqual(['2:30 PM', '3:30 PM']);
    expect([beginsAt('11:30 AM–12:30 PM'), endsAt('10:00 PM–6:00 AM +1')]).toEqual(['11:30 AM', '6:00 AM']);
  });

  it('is read back as it was written', () => {
    customs.twelveHours = true;
    for (const clock of ['00:00', '00:30', '11:59', '12:00', '23:15']) expect(readClock(clockLabel(clock))).toBe(clock);
  });

  it('stands on the hour marks of an axis as well', () => {
    const hours = ['12 AM', '1 AM', '2 AM'].map((label, index) => ({ minute: index * 60, label }));
    const axis = { minutes: 180, hours };
    expect([clockAt(axis, 75), minuteAt(axis, '00:30')]).toEqual(['01:15', 30]);
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
