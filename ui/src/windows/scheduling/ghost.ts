/** The time that is being selected or booked, as a stretch drawn over a staff member's column. */
import { clockAt } from '../../calendar/clock';
import { type Fit, fitOf } from '../../calendar/fit';
import type { Stretch } from '../../calendar/lanes';
import type { DayAxis, StaffRow } from '../../ipc';

/** A stretch, how it fits, and its clock times. */
export type Ghost = Stretch & { fit: Fit['is']; label: string };

/** A stretch as it is drawn in a row. */
export function ghostOf(row: StaffRow, day: DayAxis, stretch: Stretch): Ghost {
  const to = Math.min(stretch.to, day.minutes);
  const label = `${clockAt(day, stretch.from)}–${clockAt(day, stretch.to)}`;
  return { from: stretch.from, to, fit: fitOf(row, stretch).is, label };
}
