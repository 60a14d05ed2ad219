/**
 * Somebody is away, and what is done about it: which booking is looked at, and what each key does to it. Keys are taken
 * one after the other, also when they come faster than their answers: six bookings are settled while the phone rings.
 */
import {
  type AwayBooking,
  type AwayWish,
  type BookingAnswer,
  type CommandError,
  commands,
  type Live,
  type Opening,
  type OperationId,
  refusal,
  type StaffAway,
  shell,
} from '../../ipc';
import { announcements } from '../../parts/announcements.svelte';
import { toasts } from '../../parts/toasts.svelte';
import { t } from '../../words';

export class Away {
  staff = $state('');
  fromDay = $state('');
  toDay = $state('');
  /** As typed; empty is the day's beginning, and its end. */
  from = $state('');
  to = $state('');
  /** The booking that keys are about. */
  activeId = $state<string>();
  error = $state.raw<CommandError>();
  #queue = Promise.resolve();

  constructor(
    staff: string,
    day: string,
    /** The bookings concerned, kept current. */
    readonly found: Pick<Live<StaffAway>, 'value' | 'ask'>,
  ) {
    this.staff = staff;
    this.fromDay = day;
    this.toDay = day;
  }

  get wish(): AwayWish {
    const [, toDay = this.toDay] = [this.fromDay, this.toDay].sort();
    return { staff: this.staff, from_day: this.fromDay, from: this.from || null, to_day: toDay, to: this.to || null };
  }

  get bookings(): readonly AwayBooking[] {
    return this.found.value?.bookings ?? [];
  }

  get active(): AwayBooking | undefined {
    return this.bookings.find((one) => one.id === this.activeId) ?? this.bookings[0];
  }

  /** Whether the clinic's server keeps who was told, and who is away. */
  get mayTell(): boolean {
    return shell.session?.holds.desk_lists ?? true;
  }

  /** Whether nothing is left to do about a booking. */
  done(booking: AwayBooking): boolean {
    return booking.settled !== 'open' && (booking.told || !this.mayTell);
  }

  /** What can be had instead, in the order of its keys. */
  offers(booking: AwayBooking): Opening[] {
    return [...booking.substitutes, ...booking.other_times];
  }

  /** Another booking, so many further down. */
  step(by: number): void {
    const many = this.bookings.length;
    if (many === 0) return;
    const at = this.bookings.findIndex((one) => one.id === this.active?.id);
    this.activeId = this.bookings[(at + by + many) % many]?.id;
  }

  /** Marks the time as theirs to be away. */
  mark(): Promise<void> {
    return this.#next(async () => {
      if (!this.mayTell || this.found.value?.marked) return;
      const kept = await commands.markAway(this.wish);
      const { name, when } = this.found.value ?? { name: '', when: '' };
      this.#said(t('away.marked', { staff: name, when }), kept.operation);
    });
  }

  /** Gives the booking looked at to the best substitute; where nobody is free then, a person must choose. */
  giveToBest(): Promise<void> {
    return this.#next(async () => {
      const booking = this.active;
      const [best] = booking?.substitutes ?? [];
      if (booking && best) return this.#give(booking, best);
      if (booking?.settled === 'open') announcements.say(t('away.nobody'));
    });
  }

  /** Gives a booking to the offer of that number, from 0 on. */
  give(id: string | undefined, nth: number): Promise<void> {
    return this.#next(async () => {
      const booking = this.bookings.find((one) => one.id === (id ?? this.active?.id));
      const offer = booking && this.offers(booking)[nth];
      if (booking && offer) await this.#give(booking, offer);
    });
  }

  /** Notes that the client was told, or was not after all; the one looked at when none is named. */
  tell(id?: string): Promise<void> {
    return this.#next(async () => {
      const booking = this.bookings.find((one) => one.id === (id ?? this.active?.id));
      if (!booking || !this.mayTell) return;
      this.activeId = booking.id;
      const kept = await commands.markTold(booking.id, this.staff, !booking.told);
      this.#said(t(booking.told ? 'away.untold' : 'away.told_done', { client: booking.client }), kept.operation);
      await this.#onward();
    });
  }

  async #give(booking: AwayBooking, to: Opening): Promise<void> {
    if (!booking.may_move) return;
    this.activeId = booking.id;
    const answer: BookingAnswer = await commands.reassign({
      appointment: booking.id,
      from_staff: this.staff,
      staff: to.staff,
      day: to.day,
      start: to.start,
      minutes: booking.minutes,
      override_reason: null,
    });
    if (answer.is === 'refused') {
      // Somebody was quicker: what is free by now is read anew.
      const why = answer.clashes.map((clash) => clash.text).join(' · ');
      this.error = { code: 'other', message: t('away.refused', { client: booking.client, why }) };
      await this.found.ask();
      return;
    }
    const place = [
      to.staff_name,
      to.start === booking.start && to.day === booking.day ? '' : `${to.day_title} ${to.span}`,
    ];
    const where = place
      .map((one) => one.trim())
      .filter(Boolean)
      .join(', ');
    this.#said(t('away.given', { client: booking.client, to: where }), answer.operation);
    await this.#onward();
  }

  #said(text: string, operation: OperationId): void {
    toasts.show(text, operation);
    announcements.say(text);
  }

  /** Reads what it is now, and goes to what is left to do once nothing is left here. */
  async #onward(): Promise<void> {
    await this.found.ask();
    const here = this.bookings.findIndex((one) => one.id === this.activeId);
    const booking = this.bookings[here];
    if (booking && !this.done(booking)) return;
    const after = [...this.bookings.slice(here + 1), ...this.bookings.slice(0, Math.max(0, here))];
    this.activeId = after.find((one) => !this.done(one))?.id ?? this.activeId;
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      this.error = undefined;
      try {
        await act();
      } catch (reason) {
        this.error = refusal(reason);
      }
    });
    return this.#queue;
  }
}
