/** Hours while they are being typed or painted. */
import { clockAt, clockLabel, clockLength, endsNextDay, lengthLabel, readClock, spanLabel } from '../../calendar/clock';
import { addDays, spokenDay } from '../../calendar/days';
import type { Stretch } from '../../calendar/lanes';
import type { DayAxis, HoursBand, HoursForm } from '../../ipc';
import { t } from '../../words';

/** The first thing that is missing, as a field and a sentence. */
export type Missing = { field: 'start' | 'end'; text: string };

/** How many days of a repeat can be chosen as its last. */
const ENDS = 26;

export class HoursDraft {
  /** The hours that are changed; none while new ones are added. */
  readonly id: string | undefined;
  readonly staff: string;
  day = $state('');
  start = $state('');
  end = $state('');
  /** Weeks as text, for a select; empty is once. */
  repeat = $state('');
  /** ISO date; empty has no end. */
  until = $state('');
  note = $state('');
  /** Whether only the day that was looked at is meant, of hours that come again. */
  onlyThisDay = $state(false);
  /** The day that was looked at, as an ISO date, of hours that come again. */
  readonly #of: string | undefined;

  private constructor(staff: string, id?: string, of?: string) {
    this.staff = staff;
    this.id = id;
    this.#of = of;
    this.onlyThisDay = of !== undefined;
  }

  /** New hours, where time was painted; past the day's end they end on the next one. */
  static adding(staff: string, day: DayAxis, stretch: Stretch): HoursDraft {
    const draft = new HoursDraft(staff);
    draft.day = day.date;
    draft.start = clockLabel(clockAt(day, stretch.from));
    draft.end = clockLabel(clockAt(day, stretch.to));
    return draft;
  }

  /** Hours that are there already. */
  static changing(staff: string, band: HoursBand): HoursDraft {
    const draft = new HoursDraft(staff, band.id, band.repeat_weeks ? band.day : undefined);
    draft.day = band.day;
    draft.start = clockLabel(band.start);
    draft.end = clockLabel(band.end);
    draft.repeat = band.repeat_weeks ? String(band.repeat_weeks) : '';
    draft.until = band.repeat_until ?? '';
    draft.note = band.note;
    return draft;
  }

  /** The day that may leave a series by itself; none for hours that come once. */
  get ofSeries(): string | undefined {
    return this.#of;
  }

  /** The day that leaves its series; none where all of the hours are meant. */
  get onlyOn(): string | null {
    return this.onlyThisDay ? (this.#of ?? null) : null;
  }

  /** Takes a usual stretch of a day. */
  take(day: DayAxis, stretch: Stretch): void {
    this.start = clockLabel(clockAt(day, stretch.from));
    this.end = clockLabel(clockAt(day, stretch.to));
  }

  /** What is missing before they can be kept. */
  get missing(): Missing | undefined {
    const start = readClock(this.start);
    const end = readClock(this.end);
    if (!start) return { field: 'start', text: t('mine.needs_from') };
    if (!end) return { field: 'end', text: t('mine.needs_to') };
    return start === end ? { field: 'end', text: t('mine.needs_length') } : undefined;
  }

  /** How long they are, and that they end on the next day where they do; empty while that is not known. */
  get length(): string {
    if (this.missing) return '';
    const [start = '', end = ''] = [readClock(this.start) ?? '', readClock(this.end) ?? ''];
    const length = lengthLabel(clockLength(start, end));
    return endsNextDay(start, end) ? t('mine.next_day', { day: spokenDay(addDays(this.day, 1)), length }) : length;
  }

  /** Whether they end on the day after the one they begin on. */
  get nextDay(): boolean {
    return !this.missing && endsNextDay(readClock(this.start) ?? '', readClock(this.end) ?? '');
  }

  /** `14:00–17:00`, with `+1` where they end on the next day. */
  get span(): string {
    return spanLabel(readClock(this.start) ?? '', readClock(this.end) ?? '') + (this.nextDay ? ' +1' : '');
  }

  /** Days on which the repeat can end. */
  get ends(): string[] {
    const weeks = Number(this.repeat);
    if (!weeks) return [];
    const days = Array.from({ length: ENDS }, (_, index) => addDays(this.day, 7 * weeks * (index + 1)));
    return this.until === '' || days.includes(this.until) ? days : [this.until, ...days].sort();
  }

  /** The form as the shell takes it. */
  get form(): HoursForm {
    const weeks = Number(this.repeat) || null;
    return {
      staff: this.staff,
      day: this.day,
      start: readClock(this.start) ?? '',
      end: readClock(this.end) ?? '',
      repeat_weeks: weeks,
      repeat_until: weeks && this.until ? this.until : null,
      note: this.note.trim(),
    };
  }
}
