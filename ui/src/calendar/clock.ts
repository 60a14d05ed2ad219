/**
 * Clock times as people type and read them.
 *
 * A day's minutes are minutes since it began, so that a day on which the clocks change has 1380 or 1500 of them. What the
 * clock on the wall says at such a minute is the axis' to tell: its hour marks carry the labels.
 */
import type { DayAxis } from '../ipc';
import { t } from '../words';
import { customs } from './customs.svelte';

/** An axis, as far as clock times need it. */
export type ClockAxis = Pick<DayAxis, 'minutes' | 'hours'>;

/**
 * Reads a time as it is typed at a desk: `9`, `930`, `9:30`, `9.30`, `14`, `1430`, `2pm`.
 * `24:00` is midnight. Answers `HH:MM`, or null when it is no time.
 */
export function readClock(text: string): string | null {
  const typed = text.trim().toLowerCase().replace(/\s+/g, '');
  const match = /^(\d{1,2})(?:[:.h]?(\d{2}))?(am|pm|a|p)?$/.exec(typed);
  if (!match) return null;
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  const half = match[3]?.[0];
  if (half) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  if (hour === 24 && minute === 0) hour = 0;
  if (hour > 23 || minute > 59) return null;
  return writeClock(hour * 60 + minute);
}

/** `HH:MM` of minutes since midnight; minutes beyond a day wrap round. */
export function writeClock(minutes: number): string {
  const within = ((Math.round(minutes) % 1440) + 1440) % 1440;
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}

/** Minutes since midnight of `HH:MM`. */
export function clockMinutes(clock: string): number {
  const [hour = '0', minute = '0'] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** `HH:MM` as this computer writes it: `14:30`, or `2:30 PM`. What a person typed wrong stays as it is. */
export function clockLabel(clock: string): string {
  if (!customs.twelveHours || !clock.includes(':')) return clock;
  const minutes = clockMinutes(clock);
  const hour = Math.floor(minutes / 60) % 24;
  return `${hour % 12 || 12}:${String(minutes % 60).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** `14:30–15:30`, or `2:30–3:30 PM`: as the shell writes spans, the half of the day once where it is the same. */
export function spanLabel(start: string, end: string): string {
  const [from, to] = [clockLabel(start), clockLabel(end)];
  const half = / [AP]M$/;
  const once = half.exec(from)?.[0] === half.exec(to)?.[0] && clockMinutes(start) < clockMinutes(end);
  return `${once ? from.replace(half, '') : from}–${to}`;
}

/** The start of a span's label, with its half of the day where that is said only at the end. */
export function beginsAt(label: string): string {
  const [from = '', to = ''] = label.split('–');
  const half = / [AP]M/.exec(to)?.[0] ?? '';
  return half && !/M$/.test(from) ? from + half : from;
}

/** The end of a span's label. */
export function endsAt(label: string): string {
  return (label.split('–')[1] ?? '').replace(/ \+1$/, '');
}

/** Whether hours from `start` to `end` (both `HH:MM`) end on the next day. To midnight is not past it. */
export function endsNextDay(start: string, end: string): boolean {
  const last = clockMinutes(end);
  return last !== 0 && last <= clockMinutes(start);
}

/** Minutes by the clock from `start` to `end`, over midnight where the end is not after the start. */
export function clockLength(start: string, end: string): number {
  const length = clockMinutes(end) - clockMinutes(start);
  return length > 0 ? length : length + 1440;
}

/** What the clock says at a minute of a day, the change of clocks included. */
export function clockAt(axis: ClockAxis, minute: number): string {
  if (minute < 0 || minute >= axis.minutes) {
    return writeClock(minute < 0 ? 1440 + minute : minute - axis.minutes);
  }
  const mark = axis.hours.findLast((hour) => hour.minute <= minute);
  return mark ? writeClock(marked(mark.label) + minute - mark.minute) : writeClock(minute);
}

/** The minute of a day at which the clock says `HH:MM`, for the first time where it does so twice. */
export function minuteAt(axis: ClockAxis, clock: string): number {
  const wanted = clockMinutes(clock);
  const mark = axis.hours.find((hour) => {
    const from = marked(hour.label);
    return from <= wanted && wanted < from + 60;
  });
  return mark ? mark.minute + wanted - marked(mark.label) : wanted;
}

/** Minutes since midnight of an hour mark, which reads as any time that a person may type. */
function marked(label: string): number {
  return clockMinutes(readClock(label) ?? label);
}

/** `45 min`, `1 h`, `1 h 30`. */
export function lengthLabel(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return t('length.minutes', { minutes: rest });
  if (rest === 0) return t('length.hours', { hours });
  return t('length.both', { hours, minutes: String(rest).padStart(2, '0') });
}
