/** When a booking that is being made comes again, and what is in the way on each of its days. */
import { addDays } from '../calendar/days';
import { type CommandError, commands, type NewBooking, type RepeatDay, type Repeats, refusal } from '../ipc';

/** The most times that a booking comes. */
export const MOST = 52;
/** The most weeks from one to the next. */
export const WEEKS_APART = 8;

export class Repeating {
  /** Weeks as text, for a select; empty is once. */
  weeks = $state('');
  /** How often it comes, as text, the first one counted. */
  times = $state('6');
  /** Its days, as the rules saw them last. */
  days = $state.raw<RepeatDay[]>([]);
  error = $state.raw<CommandError>();
  /** What a person said of a day: whether it comes then. Where nothing was said, it comes unless something forbids it. */
  #said = $state.raw<ReadonlyMap<string, boolean>>(new Map());
  #next: NewBooking | undefined;
  #asking = false;

  /** Whether it comes on a day. */
  comes(day: RepeatDay): boolean {
    return this.#said.get(day.day) ?? !day.hard;
  }

  /** A person says whether it comes on a day. */
  say(day: string, comes: boolean): void {
    this.#said = new Map(this.#said).set(day, comes);
  }

  /** The days that it comes on. */
  get coming(): RepeatDay[] {
    return this.days.filter((day) => this.comes(day));
  }

  /** As the shell takes it; `null` for a booking by itself. */
  get asked(): Repeats | null {
    if (this.weeks === '') return null;
    const leave_out = this.days.filter((day) => !this.comes(day)).map((day) => day.day);
    return { weeks: Number(this.weeks), times: Number(this.times), leave_out };
  }

  /** Goes on as it was typed earlier. */
  takeUp(kept: Repeats | null): void {
    if (!kept) return;
    this.weeks = String(kept.weeks);
    this.times = String(kept.times);
    this.#said = new Map(kept.leave_out.map((day) => [day, false]));
  }

  /** The last day for each number of times, from a first day on. */
  ends(first: string): { times: number; last: string }[] {
    const apart = 7 * Number(this.weeks);
    return Array.from({ length: MOST - 1 }, (_, index) => ({
      times: index + 2,
      last: addDays(first, apart * (index + 1)),
    }));
  }

  /** Asks what is in the way on each day; one question at a time, and the latest is asked next. */
  async look(booking: NewBooking | undefined): Promise<void> {
    this.#next = booking;
    if (!booking) this.days = [];
    if (this.#asking) return;
    this.#asking = true;
    while (this.#next) {
      const asked = this.#next;
      this.#next = undefined;
      try {
        const days = await commands.previewRepeats(asked);
        if (!this.#next) this.days = days;
        this.error = undefined;
      } catch (reason) {
        this.days = [];
        this.error = refusal(reason);
      }
    }
    this.#asking = false;
  }
}
