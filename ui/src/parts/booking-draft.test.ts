import { describe, expect, it } from 'vitest';
import { aCatalogue, aDay } from '../testing/day';
import { Draft, offersAll } from './booking-draft.svelte';

const draft = () => new Draft(aCatalogue(), { day: aDay(), staff: 'ana', from: 675, services: ['shiatsu'] });
const jo = { id: 'jo', name: 'Jo Santos', phone: '0917 555', alert: '' };

describe('a booking being made', () => {
  it('begins where time was selected and is as long as its services together', () => {
    const one = draft();
    expect(one.start).toBe('11:15');
    one.services = ['shiatsu', 'foot'];
    expect(one.stretch).toEqual({ from: 675, to: 780 });
    expect(one.ends).toBe('13:00');
    expect(one.buffer, 'one buffer is kept around both').toBe(15);
  });

  it('keeps the client and the services when other time is selected', () => {
    const one = draft();
    one.known = jo;
    one.name = jo.name;
    one.move(aDay({ date: '2026-11-24' }), 'ben', 540);
    expect(one.booking(false)).toEqual({
      client: { is: 'known', id: 'jo' },
      services: ['shiatsu'],
      staff: ['ben'],
      driver: null,
      address: null,
      day: '2026-11-24',
      start: '09:00',
      notes: '',
      call_back: null,
      override_reason: null,
      repeats: null,
    });
  });

  it('says what is missing, one thing at a time', () => {
    const one = draft();
    one.services = [''];
    expect(one.missing(false)?.field).toBe('client');
    one.name = 'Kim Reyes';
    expect(one.missing(true)?.field, 'offline a number to call back is needed').toBe('phone');
    expect(one.missing(false)?.field).toBe('service');
    one.services = ['foot'];
    one.start = 'noon';
    expect(one.missing(false)?.field).toBe('start');
    one.start = '930';
    expect(one.missing(false)).toBeUndefined();
  });

  it('keeps the number to call back beside the notes when it is pencilled in', () => {
    const one = draft();
    one.name = 'Kim Reyes';
    one.phone = '0918 222';
    one.notes = 'Left shoulder';
    expect(one.booking(true)).toMatchObject({ notes: 'Left shoulder', call_back: '0918 222' });
    expect(one.booking(false).call_back, 'with a connection it is the client’s number only').toBeNull();
  });

  it('takes an alternative without the reason for a clash that it does not have', () => {
    const one = draft();
    one.name = 'Kim Reyes';
    one.overrideReason = 'Twins';
    const opening = { staff: 'ben', staff_name: 'Ben', day: '2026-11-23', day_title: '', start: '15:00', span: '' };
    expect(one.booking(false, opening)).toMatchObject({ staff: ['ben'], start: '15:00', override_reason: null });
    expect(one.booking(false).override_reason).toBe('Twins');
  });
});

describe('what somebody offers', () => {
  it('is everything when nothing is named, else all of the services asked for', () => {
    const { services } = aCatalogue();
    expect(offersAll({ services: [] }, services)).toBe(true);
    expect(offersAll({ services: ['foot'] }, services)).toBe(false);
    expect(offersAll({ services: ['foot'] }, services.slice(0, 1))).toBe(true);
  });
});
