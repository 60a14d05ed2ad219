/**
 * Selecting time by dragging: pure, so that threshold, snapping and escape can be checked without a pointer.
 *
 * A press that moves less than five pixels is a click. A drag snaps to quarter hours, with Alt to five minutes, and
 * reaches at least one step from where it began, upwards or downwards.
 */
import type { Stretch } from './lanes';

/** Less than this many pixels is a click. */
export const THRESHOLD_PX = 5;
/** What times snap to. */
export const STEP = 15;
/** What they snap to while Alt is held. */
export const FINE_STEP = 5;

/** A press in a column, perhaps on its way to become a drag. */
export interface Press {
  /** The minute pressed, not snapped. */
  minute: number;
  x: number;
  y: number;
  /** Whether the pointer has left the threshold once; a drag that comes back stays one. */
  dragging: boolean;
}

/** The step for a pointer or key event. */
export function stepOf(event: { altKey: boolean }): number {
  return event.altKey ? FINE_STEP : STEP;
}

/** The last step at or before a minute. */
export function snapDown(minute: number, step: number): number {
  return Math.floor(minute / step) * step;
}

/** The nearest step. */
export function snap(minute: number, step: number): number {
  return Math.round(minute / step) * step;
}

/** A press after the pointer moved. */
export function moved(press: Press, x: number, y: number): Press {
  const far = Math.hypot(x - press.x, y - press.y) >= THRESHOLD_PX;
  return press.dragging || !far ? press : { ...press, dragging: true };
}

/** The stretch between where a drag began and where it is, within bounds. */
export function dragged(began: number, at: number, step: number, within: Stretch): Stretch {
  const anchor = snapDown(began, step);
  const stretch =
    at >= anchor
      ? { from: anchor, to: Math.max(anchor + step, snap(at, step)) }
      : { from: Math.min(anchor, snap(at, step)), to: anchor + step };
  return clamp(stretch, within);
}

/** A stretch of a wished length from a clicked minute on, within bounds; shorter where there is less room. */
export function clicked(minute: number, length: number, step: number, within: Stretch): Stretch {
  const from = Math.max(within.from, snapDown(minute, step));
  return { from, to: Math.min(within.to, from + length) };
}

function clamp(stretch: Stretch, within: Stretch): Stretch {
  return { from: Math.max(within.from, stretch.from), to: Math.min(within.to, stretch.to) };
}
