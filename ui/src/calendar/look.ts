/** How a booking looks in a column: which fill its status has, and how many lines its height holds. */
import type { BookingBar, Status } from '../ipc';

/** A fill of the tokens: `--booked`, `--booked-line`, `--booked-text` and so on. */
export type Look = 'asked' | 'booked' | 'late' | 'arrived' | 'session' | 'pay' | 'done' | 'off';

const looks: Record<Status, Look> = {
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

/** Whether somebody should be here by now and is not. `now` is the minute of the day shown; null on other days. */
export function isLate(bar: Pick<BookingBar, 'status' | 'band'>, now: number | null): boolean {
  return now !== null && bar.status === 'confirmed' && bar.band.from < now;
}

/** The fill of a booking. */
export function lookOf(bar: Pick<BookingBar, 'status' | 'band'>, now: number | null): Look {
  return isLate(bar, now) ? 'late' : looks[bar.status];
}

/** How many lines of text a height in pixels holds; never none. */
export function linesIn(height: number): 1 | 2 | 3 {
  if (height < 36) return 1;
  return height < 54 ? 2 : 3;
}
