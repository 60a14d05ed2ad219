/** Whether a stretch fits into a day as it is shown, so that a drag can say so before anything is asked. */
import type { Band, BookingBar, StaffRow } from '../ipc';
import { gapsOf } from './column';
import type { Stretch } from './lanes';

/** Free, outside what is open, or over somebody's booking. */
export type Fit = { is: 'free' } | { is: 'outside' } | { is: 'clash'; with: BookingBar };

/** How a stretch lies in a staff member's day. The rules themselves are asked when it is booked. */
export function fitOf(row: Pick<StaffRow, 'free' | 'bookings'>, stretch: Stretch): Fit {
  const over = row.bookings.find((bar) => overlaps(bar.band, stretch));
  if (over) return { is: 'clash', with: over };
  return gapsOf(row.free, stretch).length === 0 ? { is: 'free' } : { is: 'outside' };
}

/** The free band that a minute lies in. */
export function freeAt(free: readonly Band[], minute: number): Band | undefined {
  return free.find((band) => band.from <= minute && minute < band.to);
}

/** Whether two stretches share time; touching is not sharing. */
export function overlaps(a: Stretch, b: Stretch): boolean {
  return a.from < b.to && b.from < a.to;
}
