/**
 * A booking on its way to another time, length or staff member. A drag, the keyboard and the form all write the same one;
 * what is in the way is the rules' to say, asked anew with every place, and never worked out in a window.
 */
import { clockAt, clockLabel, lengthLabel, minuteAt, readClock } from '../calendar/clock';
import type { Fit } from '../calendar/fit';
import type { Stretch } from '../calendar/lanes';
import {
  type BookingAnswer,
  type BookingMove,
  type ClashLine,
  type CommandError,
  commands,
  type DayAxis,
  type Opening,
  refusal,
  type StaffChoice,
} from '../ipc';
import { t } from '../words';
import { toasts } from './toasts.svelte';

/** Where a booking is. */
export type Spot = {
  /** Whose place in it is meant. */
  staff: string;
  /** ISO date. */
  day: string;
  /** `HH:MM`. */
  start: string;
  /** How long it takes. */
  minutes: number;
};

type Refused = Extract<BookingAnswer, { is: 'refused' }>;

export class Moving {
  staff = $state('');
  day = $state('');
  /** As typed. */
  start = $state('');
  /** None while the field is empty. */
  minutes = $state<number | null>(null);
  /** Why a hard clash is all right; empty refuses it. */
  overrideReason = $state('');
  /** Whether those of its series that come after it go along. */
  andLater = $state(false);
  /** What the rules said about the place it is at; the last answer stands until the next one is here. */
  said = $state.raw<ClashLine[]>([]);
  /** What came back when it was let go over something. */
  refused = $state.raw<Refused>();
  error = $state.raw<CommandError>();
  busy = $state(false);
  #asking = false;
  #answered = '';

  constructor(
    readonly appointment: string,
    /** Who comes, for what is said of it. */
    readonly client: string,
    readonly from: Spot,
    /** How many of its series come after it. */
    readonly later = 0,
  ) {
    this.staff = from.staff;
    this.day = from.day;
    this.start = clockLabel(from.start);
    this.minutes = from.minutes;
  }

  /** What would be asked for; none while a field is no time, no day or no length. */
  get wish(): BookingMove | undefined {
    const start = readClock(this.start);
    if (!start || !this.minutes || !this.day) return undefined;
    return {
      appointment: this.appointment,
      from_staff: this.from.staff,
      staff: this.staff,
      day: this.day,
      start,
      minutes: this.minutes,
      override_reason: this.overrideReason.trim() || null,
    };
  }

  /** Whether it is anywhere else than where it was. */
  get changed(): boolean {
    const { from } = this;
    const same = from.staff === this.staff && from.day === this.day && from.minutes === this.minutes;
    return !same || readClock(this.start) !== from.start;
  }

  /** What the rules think of the place it is at. */
  get fit(): Fit['is'] {
    if (this.said.some((line) => line.hard)) return 'clash';
    return this.said.length > 0 ? 'outside' : 'free';
  }

  /** Where it would be on a day; none on another day than it is for. */
  stretchOn(day: DayAxis): Stretch | undefined {
    const { wish } = this;
    if (!wish || wish.day !== day.date) return undefined;
    const from = minuteAt(day, wish.start);
    return { from, to: from + wish.minutes };
  }

  /** Puts it somewhere, and asks what is in the way there. Answers whether this is still where it is by then. */
  put(staff: string, day: DayAxis, stretch: Stretch): Promise<boolean> {
    this.staff = staff;
    this.day = day.date;
    this.start = clockLabel(clockAt(day, stretch.from));
    this.minutes = stretch.to - stretch.from;
    return this.ask();
  }

  /** Asks what is in the way; one question at a time, and where it is by then is asked next. */
  async ask(): Promise<boolean> {
    const mine = this.#place();
    if (mine !== this.#answered) this.refused = undefined;
    if (this.#asking) return false;
    this.#asking = true;
    let asked = this.#answered;
    while (asked !== this.#place()) {
      asked = this.#place();
      await this.#askOnce();
    }
    this.#answered = asked;
    this.#asking = false;
    return mine === asked;
  }

  /** Lets it go where it is, or at an opening instead. Answers whether it is kept. */
  async keep(staff: readonly Pick<StaffChoice, 'id' | 'name'>[], opening?: Opening): Promise<boolean> {
    const { wish } = this;
    if (!wish || this.busy) return false;
    const to = opening
      ? { ...wish, staff: opening.staff, day: opening.day, start: opening.start, override_reason: null }
      : wish;
    this.busy = true;
    this.error = undefined;
    let kept = false;
    try {
      const answer = await (this.andLater ? commands.moveSeries(to) : commands.moveBooking(to));
      kept = answer.is === 'kept';
      if (answer.is === 'kept') this.#tell(to, answer, staff, opening);
      else this.refused = answer;
    } catch (reason) {
      this.error = refusal(reason);
    }
    this.busy = false;
    return kept;
  }

  #place(): string {
    return [this.staff, this.day, readClock(this.start), this.minutes].join(' ');
  }

  async #askOnce(): Promise<void> {
    const { wish } = this;
    try {
      this.said = wish && this.changed ? await commands.tryMove(wish) : [];
      this.error = undefined;
    } catch (reason) {
      this.said = [];
      this.error = refusal(reason);
    }
  }

  #tell(
    to: BookingMove,
    answer: Extract<BookingAnswer, { is: 'kept' }>,
    staff: readonly Pick<StaffChoice, 'id' | 'name'>[],
    opening: Opening | undefined,
  ): void {
    const { client, from } = this;
    const name = to.staff === from.staff ? '' : (staff.find((one) => one.id === to.staff)?.name ?? '');
    const day = to.day === from.day ? '' : opening?.day_title || to.day;
    const stays = to.staff === from.staff && day === '' && to.start === from.start;
    const place = [name, day, clockLabel(to.start)].filter(Boolean).join(' ');
    const once = stays
      ? t('acted.resized', { client, length: lengthLabel(to.minutes) })
      : t('acted.moved', { client, from: clockLabel(from.start), to: place });
    const done = this.andLater ? t('acted.several', { done: once, count: this.later + 1 }) : once;
    const warnings = answer.warnings.map((warning) => warning.text).join(' · ');
    toasts.show(warnings ? t('schedule.kept_with_warnings', { done, warnings }) : done, answer.operation);
  }
}
