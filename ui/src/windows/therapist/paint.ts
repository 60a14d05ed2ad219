/** Painting hours on a week: a drag inside a day, or on into the next day for a shift over midnight. */

import type { Stretch } from '../../calendar/lanes';
import { clicked, dragged, snap, snapDown } from '../../calendar/selection';

/** What is painted: a stretch in minutes of the day it begins on; past that day's end it goes on on the next. */
export type Painted = Stretch & { day: number };

/** The longest shift. */
const LONGEST = 1440;
/** How long a click's hours are, where there is room. */
const CLICKED = 180;

/** A place in the week: which of its days, and the minute there. */
export type Place = { day: number; minute: number };

/** The hours between where a drag began and where it is. `minutes` are the lengths of the week's days. */
export function painted(began: Place, at: Place, step: number, minutes: readonly number[]): Painted {
  const length = minutes[began.day] ?? LONGEST;
  if (at.day <= began.day) {
    return {
      day: began.day,
      ...dragged(began.minute, at.day < began.day ? 0 : at.minute, step, { from: 0, to: length }),
    };
  }
  const from = snapDown(began.minute, step);
  const until = at.day === began.day + 1 ? length + Math.max(step, snap(at.minute, step)) : from + LONGEST;
  return { day: began.day, from, to: Math.min(until, from + LONGEST - step) };
}

/** The hours of a click: from the half hour clicked on, up to what is there already. */
export function paintedByClick(at: Place, taken: readonly Stretch[], minutes: number): Painted {
  const next = Math.min(minutes, ...taken.filter((one) => one.from > at.minute).map((one) => one.from));
  return { day: at.day, ...clicked(at.minute, CLICKED, 30, { from: 0, to: next }) };
}
