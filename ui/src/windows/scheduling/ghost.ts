/** The time that is being selected, booked or moved to, as a stretch drawn over a staff member's column. */
import { clockAt, spanLabel } from '../../calendar/clock';
import { type Fit, fitOf } from '../../calendar/fit';
import type { Stretch } from '../../calendar/lanes';
import type { DayAxis, StaffRow } from '../../ipc';
import type { Moving } from '../../parts/moving.svelte';
import { t } from '../../words';

/** A stretch, how it fits, who it is for where that is known, its clock times, and why it does not fit. */
export type Ghost = Stretch & { fit: Fit['is']; client: string; label: string; why: string };

/** A stretch as it is drawn in a row. */
export function ghostOf(row: StaffRow, day: DayAxis, stretch: Stretch): Ghost {
  const fit = fitOf(row, stretch).is;
  return { ...drawn(day, stretch), fit, client: '', why: t(`schedule.${fit}`) };
}

/** A booking where it would be moved to, with the rules' word on it. */
export function movingGhost(day: DayAxis, moving: Moving): Ghost | undefined {
  const stretch = moving.stretchOn(day);
  if (!stretch) return undefined;
  return { ...drawn(day, stretch), fit: moving.fit, client: moving.client, why: moving.said[0]?.text ?? '' };
}

function drawn(day: DayAxis, stretch: Stretch) {
  const label = spanLabel(clockAt(day, stretch.from), clockAt(day, stretch.to));
  return { from: stretch.from, to: Math.min(stretch.to, day.minutes), label };
}
