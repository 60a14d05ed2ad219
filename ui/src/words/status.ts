/** The words for how far a booking has come and how far an act has come. */
import type { BookingBar, NeedWhy, PendingState, Status } from '../ipc';
import { t } from '.';

/** `Booked`, `Asked Carla`. */
export function statusWord(status: Status, staff?: string): string {
  if (status !== 'requested') return t(`status.${status}`);
  return staff ? t('status.requested', { name: staff }) : t('status.requested.nobody');
}

/** `Not sent yet`. */
export function pendingWord(state: PendingState): string {
  return t(`pending.${state}`);
}

/** What a bar says of itself: an act that is under way goes before the status. */
export function barWord(bar: Pick<BookingBar, 'status' | 'pending'>, staff?: string): string {
  return bar.pending ? pendingWord(bar.pending.state) : statusWord(bar.status, staff);
}

/** Why something needs a person. */
export function needWord(why: NeedWhy): string {
  return typeof why === 'string' ? t(`needs.${why}`) : t(`needs.task.${why.task}`);
}
