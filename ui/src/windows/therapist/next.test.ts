import { describe, expect, it } from 'vitest';
import type { BookingBar, MyBooking } from '../../ipc';
import { aBar } from '../../testing/day';
import { nextClient, nextWhen } from './next';

const one = (over: Partial<BookingBar>): MyBooking => ({
  bar: aBar(over),
  alert: '',
  notes: '',
  step: null,
  steps: [],
  may_correct: false,
});
const at = (id: string, from: number, status: BookingBar['status'] = 'confirmed') =>
  one({ id, status, band: { from, to: from + 60, label: '10:00–11:00' } });

describe('the next client', () => {
  it('is the one in session, before one who is here, before one who comes', () => {
    const coming = at('coming', 600);
    const here = at('here', 720, 'arrived');
    const inSession = at('in', 840, 'in_session');
    expect(nextClient([coming, here, inSession], 500)?.bar.id).toBe('in');
    expect(nextClient([coming, here], 500)?.bar.id).toBe('here');
    expect(nextClient([coming], 500)?.bar.id).toBe('coming');
  });

  it('is nobody whose booking is over, and nobody once the day is', () => {
    expect(nextClient([at('done', 600, 'completed'), at('gone', 600, 'no_show')], 500)).toBeUndefined();
    expect(nextClient([at('past', 600)], 660)).toBeUndefined();
  });

  it('is as far away as a person says it', () => {
    expect(nextWhen(at('a', 612), 600)).toBe('in 12 min');
    expect(nextWhen(at('a', 690), 600)).toBe('in 1 h 30');
    expect(nextWhen(at('a', 600), 600)).toBe('about now');
    expect(nextWhen(at('a', 595), 600)).toBe('5 min late');
    expect(nextWhen(at('a', 600, 'arrived'), 610)).toBe('Is here');
    expect(nextWhen(at('a', 600, 'in_session'), 610)).toBe('until 11:00');
  });
});
