/** Who comes next: the booking that a therapist's next act is about, and how far away it is. */
import { endsAt, lengthLabel } from '../../calendar/clock';
import type { MyBooking, Status } from '../../ipc';
import { t } from '../../words';

const over = new Set<Status>(['awaiting_payment', 'completed', 'declined', 'cancelled', 'no_show', 'expired']);

/** The booking that is going on, else the client who is here, else the next one to come; none when the day is over. */
export function nextClient(bookings: readonly MyBooking[], now: number): MyBooking | undefined {
  const open = bookings.filter((one) => !over.has(one.bar.status));
  const byStatus = (status: Status) => open.find((one) => one.bar.status === status);
  return byStatus('in_session') ?? byStatus('arrived') ?? open.find((one) => one.bar.band.to > now);
}

/** `in 12 min`, `Is here`, `5 min late`, `until 15:30`. */
export function nextWhen(booking: MyBooking, now: number): string {
  const { status, band } = booking.bar;
  if (status === 'in_session') return t('mine.until', { time: endsAt(band.label) });
  if (status === 'arrived') return t('mine.waiting_here');
  const away = band.from - now;
  if (away > 0) return t('mine.in', { length: lengthLabel(away) });
  return away === 0 ? t('mine.at_once') : t('mine.late', { length: lengthLabel(-away) });
}
