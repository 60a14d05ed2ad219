/** What the search and the filter leave on the board. */
import type { BookingBar, Role, StaffRow } from '../../ipc';

/** Which staff are shown. */
export type Shown = 'all' | 'working' | Extract<Role, 'therapist' | 'driver'>;

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether a booking answers a search: by client, service, place or time. An empty search matches all. */
export function barMatches(bar: Pick<BookingBar, 'client' | 'services' | 'place' | 'band'>, text: string): boolean {
  const wanted = fold(text.trim());
  return [bar.client, bar.services, bar.place, bar.band.label].some((field) => fold(field).includes(wanted));
}

/** Whether a name answers a search. */
export function nameMatches(name: string, text: string): boolean {
  return fold(name).includes(fold(text.trim()));
}

type Row = Pick<StaffRow, 'name' | 'role' | 'presence'> & { bookings: BookingBar[] };

/** Whether a row stays: by its role, and by its name or one of its bookings. */
export function rowShown(row: Row, shown: Shown, text: string): boolean {
  if (shown === 'working' && row.presence === 'off' && row.bookings.length === 0) return false;
  if ((shown === 'therapist' || shown === 'driver') && row.role !== shown) return false;
  return nameMatches(row.name, text) || row.bookings.some((bar) => barMatches(bar, text));
}
