/** Where a booking goes by pointer and by keyboard: pure, so that snapping and bounds can be checked without either. */
import type { Stretch } from '../../calendar/lanes';
import { snap } from '../../calendar/selection';

/** The shortest booking that a hand can make. */
const SHORTEST = 5;

/** A booking carried so that it begins near a minute: snapped, its length kept, beginning on this day. */
export function carried(was: Stretch, from: number, step: number, minutes: number): Stretch {
  const length = was.to - was.from;
  const last = minutes - Math.min(length, minutes);
  const at = Math.min(last, Math.max(0, snap(from, step)));
  return { from: at, to: at + length };
}

/** A booking whose end is drawn to a minute; at least one step long. */
export function stretched(was: Stretch, to: number, step: number, minutes: number): Stretch {
  return { from: was.from, to: Math.min(minutes, Math.max(was.from + step, snap(to, step))) };
}

/** A booking after a key: arrows move it, with Shift they change its length; none for any other key. */
export function nudged(
  at: Stretch,
  key: { key: string; shiftKey: boolean },
  step: number,
  minutes: number,
): Stretch | undefined {
  const by = { ArrowUp: -step, ArrowDown: step, PageUp: -60, PageDown: 60 }[key.key];
  if (by === undefined) return undefined;
  if (key.shiftKey) return { from: at.from, to: Math.max(at.from + SHORTEST, at.to + by) };
  const length = at.to - at.from;
  const from = Math.min(Math.max(0, minutes - Math.min(length, minutes)), Math.max(0, at.from + by));
  return { from, to: from + length };
}
