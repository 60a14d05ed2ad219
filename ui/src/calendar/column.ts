/** A day as a column: what of a stretch lies on it, and where. Time runs down, one scale for a whole view. */
import type { Stretch } from './lanes';

/** The part of a stretch that lies on one day. */
export interface Piece extends Stretch {
  /** It began on an earlier day. */
  continued: boolean;
  /** It goes on on the next day. */
  continues: boolean;
}

/** The part of a stretch that lies on a day of so many minutes; null when none does. */
export function pieceOn(stretch: Stretch, minutes: number): Piece | null {
  const from = Math.max(0, stretch.from);
  const to = Math.min(minutes, stretch.to);
  if (from >= to) return null;
  return { from, to, continued: stretch.from < 0, continues: stretch.to > minutes };
}

/** Gaps of a day that no stretch covers. */
export function gapsOf(covered: readonly Stretch[], within: Stretch): Stretch[] {
  const gaps: Stretch[] = [];
  let at = within.from;
  for (const stretch of [...covered].sort((a, b) => a.from - b.from)) {
    if (stretch.from > at) gaps.push({ from: at, to: Math.min(stretch.from, within.to) });
    at = Math.max(at, stretch.to);
    if (at >= within.to) break;
  }
  if (at < within.to) gaps.push({ from: at, to: within.to });
  return gaps;
}

/** The scale of a view: how many pixels tall one minute is. */
export interface Scale {
  /** Pixels per minute. */
  perMinute: number;
}

/** Where a stretch begins and how tall it is, in pixels from the day's beginning. */
export function box(stretch: Stretch, scale: Scale): { top: number; height: number } {
  return { top: stretch.from * scale.perMinute, height: (stretch.to - stretch.from) * scale.perMinute };
}

/** The minute at a height, within the day. */
export function minuteAtHeight(pixels: number, scale: Scale, minutes: number): number {
  return Math.min(minutes, Math.max(0, pixels / scale.perMinute));
}

/** Where a view should first be scrolled to: a little above now on today, else above the opening of the day. */
export function firstMinute(opens: number, now: number | null, viewMinutes: number): number {
  if (now === null) return Math.max(0, opens - 30);
  return Math.max(0, Math.min(now - viewMinutes / 3, Math.max(opens - 30, now - 120)));
}

/** How many lines of text a height in pixels holds; never none. */
export function linesIn(height: number): 1 | 2 | 3 {
  if (height < 36) return 1;
  return height < 54 ? 2 : 3;
}
