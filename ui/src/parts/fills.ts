/** How a booking is drawn by how far it has come: the same in every window. */
import type { BookingBar, Status } from '../ipc';
import type { GlyphName } from './glyphs';

/** The class that `fills.css` colours. */
export type Fill = 'booked' | 'asked' | 'late' | 'arrived' | 'session' | 'pay' | 'done' | 'off';

const byStatus: Record<Status, Fill> = {
  requested: 'asked',
  confirmed: 'booked',
  en_route: 'booked',
  arrived: 'arrived',
  in_session: 'session',
  awaiting_payment: 'pay',
  completed: 'done',
  declined: 'off',
  cancelled: 'off',
  no_show: 'off',
  expired: 'off',
};

const mayBeLate = new Set<Status>(['confirmed', 'en_route']);

/** Minutes that a client is late at `minute` of the day; 0 when they are not, or the time is over. */
export function lateBy(bar: Pick<BookingBar, 'status' | 'band'>, minute: number | undefined): number {
  if (minute === undefined || !mayBeLate.has(bar.status) || minute >= bar.band.to) return 0;
  return Math.max(0, minute - bar.band.from);
}

/** The fill of a bar at `minute` of the day; none on other days than today. */
export function fillOf(bar: Pick<BookingBar, 'status' | 'band'>, minute: number | undefined): Fill {
  return lateBy(bar, minute) > 0 ? 'late' : byStatus[bar.status];
}

/** The shape that says the same without colour. An act that is under way goes before the status. */
export function glyphOf(bar: Pick<BookingBar, 'status' | 'band' | 'pending'>, minute: number | undefined): GlyphName {
  const state = bar.pending?.state;
  if (state === 'conflict' || state === 'needs_you') return 'refused';
  if (state) return 'pending';
  return lateBy(bar, minute) > 0 ? 'late' : bar.status;
}
