/**
 * A booking while it is being made. The form writes it, the calendar draws it where it would be, and choosing other free
 * time moves it: what was typed about the client stays.
 */
import { clockAt, clockLabel, minuteAt, readClock } from '../calendar/clock';
import type { Stretch } from '../calendar/lanes';
import type {
  BookingDraft,
  Catalogue,
  ClientHit,
  DayAxis,
  NewBooking,
  Opening,
  ServiceChoice,
  StaffChoice,
} from '../ipc';
import { t } from '../words';
import { Repeating } from './repeating.svelte';

/** A field of the form. */
export type Field = 'client' | 'phone' | 'address' | 'service' | 'staff' | 'start';

/** The first thing that is missing, as a field and a sentence. */
export type Missing = { field: Field; text: string };

/** Where a booking is begun: free time that was selected, perhaps for a client of the waiting list. */
export type Begun = {
  day: DayAxis;
  staff: string;
  /** Minute of the day. */
  from: number;
  /** Service ids; none is not chosen yet. */
  services?: readonly string[] | undefined;
  /** A waiting client's name, to be found among the clients. */
  waiting?: string | undefined;
  /** Who comes, where that is known for certain. */
  known?: ClientHit | undefined;
};

export class Draft {
  name = $state('');
  known = $state.raw<ClientHit>();
  phone = $state('');
  /** Where the visit is, where staff visits clients; empty is the client's own address. */
  address = $state('');
  /** Who brings them; empty is nobody yet. */
  driver = $state('');
  /** Service ids, in the order they are done; an empty one is not chosen yet. */
  services = $state<string[]>(['']);
  staff = $state('');
  /** As typed. */
  start = $state('');
  notes = $state('');
  overrideReason = $state('');
  /** When it comes again. */
  readonly repeating = new Repeating();
  /** The day it is on. */
  day = $state.raw<DayAxis>() as DayAxis;

  /** The waiting client's name that it was begun with. */
  readonly waiting: string | undefined;

  /** What it was begun with, beside its time: what was not typed is not worth keeping. */
  #begun = '';

  constructor(
    readonly catalogue: Catalogue,
    at: Begun,
  ) {
    if (at.services?.length) this.services = [...at.services];
    this.waiting = at.known ? undefined : at.waiting;
    this.name = at.known?.name ?? at.waiting ?? '';
    this.known = at.known;
    this.phone = at.known?.phone ?? '';
    this.move(at.day, at.staff, at.from);
    this.#begun = this.#words();
  }

  /** Goes on with what was typed earlier, on its day. */
  static takenUp(catalogue: Catalogue, day: DayAxis, kept: BookingDraft): Draft {
    const services = kept.services.filter((id) => catalogue.services.some((one) => one.id === id));
    const draft = new Draft(catalogue, {
      day,
      staff: kept.staff ?? '',
      from: 0,
      services,
      known: kept.known ?? undefined,
    });
    draft.name = kept.name;
    draft.phone = kept.phone;
    draft.address = kept.address;
    draft.driver = kept.driver ?? '';
    draft.start = kept.start;
    draft.notes = kept.notes;
    draft.repeating.takeUp(kept.repeats);
    draft.#begun = '';
    return draft;
  }

  /** Everything of it, to be kept against a crash. */
  get kept(): BookingDraft {
    return {
      name: this.name,
      known: this.known ?? null,
      phone: this.phone,
      address: this.address,
      driver: this.driver || null,
      services: this.chosen.map((service) => service.id),
      staff: this.staff || null,
      day: this.day.date,
      start: this.start,
      notes: this.notes,
      repeats: this.repeating.asked,
    };
  }

  /** Whether anything was typed or chosen beside its time. */
  get isTyped(): boolean {
    return this.#words() !== this.#begun;
  }

  #words(): string {
    const { name, phone, address, driver, services, notes } = this;
    return JSON.stringify([name, this.known ? '' : phone, address, driver, services, notes, this.repeating.weeks]);
  }

  /** Puts it to another time; the client, the services and the notes stay. */
  move(day: DayAxis, staff: string, from: number): void {
    this.day = day;
    this.staff = staff;
    this.start = clockLabel(clockAt(day, from));
  }

  /** The services chosen so far. */
  get chosen(): ServiceChoice[] {
    const find = (id: string) => this.catalogue.services.find((service) => service.id === id);
    return this.services.map(find).filter((service) => service !== undefined);
  }

  /** Minutes that the services take together. */
  get minutes(): number {
    return this.chosen.reduce((sum, service) => sum + service.minutes, 0);
  }

  /** The longest buffer among them: one is kept around all of them together. */
  get buffer(): number {
    return Math.max(0, ...this.chosen.map((service) => service.buffer));
  }

  /** Where it would be on its day; none while the start is no time. */
  get stretch(): Stretch | undefined {
    const start = readClock(this.start);
    if (!start) return undefined;
    const from = minuteAt(this.day, start);
    return { from, to: from + (this.minutes || 30) };
  }

  /** `15:15`, when a start and a service are known. */
  get ends(): string | undefined {
    const stretch = this.stretch;
    return stretch && this.minutes > 0 ? clockLabel(clockAt(this.day, stretch.to)) : undefined;
  }

  /**
   * What is missing before it can be booked. Offline a number to call back is asked for; where staff visits clients, a new
   * client's number and address.
   */
  missing(offline: boolean, visits = false): Missing | undefined {
    if (!this.known && this.name.trim() === '') return { field: 'client', text: t('book.needs_client') };
    if (offline && this.phone.trim() === '') return { field: 'phone', text: t('book.needs_phone') };
    if (visits && !this.known && this.phone.trim() === '') return { field: 'phone', text: t('book.needs_number') };
    if (visits && !this.known && this.address.trim() === '') return { field: 'address', text: t('book.needs_address') };
    if (this.chosen.length === 0) return { field: 'service', text: t('book.needs_service') };
    if (this.staff === '') return { field: 'staff', text: t('schedule.needs_staff') };
    if (!readClock(this.start)) return { field: 'start', text: t('book.needs_start') };
    return undefined;
  }

  /** The booking as the shell takes it; an opening in place of the time that was asked for books there. */
  booking(offline: boolean, opening?: Opening): NewBooking {
    const phone = this.phone.trim();
    return {
      client: this.known ? { is: 'known', id: this.known.id } : { is: 'new', name: this.name.trim(), phone },
      services: this.chosen.map((service) => service.id),
      staff: [opening?.staff ?? this.staff],
      driver: this.driver || null,
      address: this.address.trim() || null,
      day: opening?.day ?? this.day.date,
      start: opening?.start ?? readClock(this.start) ?? '',
      notes: this.notes.trim(),
      call_back: offline ? phone : null,
      override_reason: opening ? null : this.overrideReason.trim() || null,
      repeats: this.repeating.asked,
    };
  }
}

/** Whether somebody offers all of these services; who names none offers everything. */
export function offersAll(staff: Pick<StaffChoice, 'services'>, services: readonly ServiceChoice[]): boolean {
  return staff.services.length === 0 || services.every((service) => staff.services.includes(service.id));
}
