import { expect, it } from 'vitest';
import type { BookingBar, Status } from '../ipc';
import { fillOf, glyphOf, lateBy } from './fills';

const bar = (status: Status, pending: BookingBar['pending'] = null) => ({
  status,
  pending,
  band: { from: 600, to: 660, label: '' },
});

it('marks a booking late from its start to its end, until the client came', () => {
  expect(lateBy(bar('confirmed'), 600)).toBe(0);
  expect(lateBy(bar('confirmed'), 612)).toBe(12);
  expect(fillOf(bar('confirmed'), 612)).toBe('late');
  expect(fillOf(bar('arrived'), 612)).toBe('arrived');
  expect(fillOf(bar('confirmed'), 660), 'the time is over').toBe('booked');
  expect(fillOf(bar('confirmed'), undefined), 'another day').toBe('booked');
});

it('shows an act that is under way before the status', () => {
  expect(glyphOf(bar('confirmed', { operation: 'o', state: 'not_sent' }), 612)).toBe('pending');
  expect(glyphOf(bar('confirmed', { operation: 'o', state: 'conflict' }), 612)).toBe('refused');
  expect(glyphOf(bar('confirmed'), 612)).toBe('late');
  expect(glyphOf(bar('in_session'), 612)).toBe('in_session');
});
