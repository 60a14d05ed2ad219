/** A booking while it is being typed: what is missing, and what is sent. */
import type { ClientChoice, ClientHit, NewBooking, Opening, ServiceChoice } from '../ipc';
import { t } from '../words';
import { readClock } from './clock';

/** Where a booking is begun: free time that was selected, or a waiting client. */
export type Prefill = {
  staff: string;
  staffName: string;
  /** ISO date. */
  day: string;
  /** `HH:MM`. */
  start: string;
  services?: string[] | undefined;
  /** A waiting client's name, to be found among the clients. */
  client?: string | undefined;
};

/** What has been typed so far. */
export type Draft = {
  /** The client as typed. */
  name: string;
  known: ClientHit | undefined;
  phone: string;
  /** Where the visit is, where staff visits clients; empty is the client's own address. */
  address: string;
  /** Who brings them; empty is nobody yet. */
  driver: string;
  service: string;
  start: string;
  /** Why a hard clash is all right; empty refuses it. */
  overrideReason: string;
};

/** The first thing that is missing, as a field and a sentence. */
export type Missing = { field: 'client' | 'service' | 'start' | 'phone' | 'address'; text: string };

/**
 * What is missing before it can be booked. Offline a number to call back is asked for; where staff visits clients, a new
 * client's number and address.
 */
export function missing(draft: Draft, offline: boolean, visits: boolean): Missing | undefined {
  if (!draft.known && draft.name.trim() === '') return { field: 'client', text: t('book.needs_client') };
  if (draft.service === '') return { field: 'service', text: t('book.needs_service') };
  if (!readClock(draft.start)) return { field: 'start', text: t('book.needs_start') };
  if (offline && draft.phone.trim() === '') return { field: 'phone', text: t('book.needs_phone') };
  if (visits && !draft.known) return newcomerLacks(draft);
  return undefined;
}

/** What a new client's first visit needs besides their name. */
export function newcomerLacks(draft: Pick<Draft, 'phone' | 'address'>) {
  if (draft.phone.trim() === '') return { field: 'phone', text: t('book.needs_number') } as const;
  if (draft.address.trim() === '') return { field: 'address', text: t('book.needs_address') } as const;
  return undefined;
}

/** The booking as the shell takes it. An opening in place of the selected time books there instead. */
export function newBooking(draft: Draft, prefill: Prefill, offline: boolean, opening?: Opening): NewBooking {
  const phone = draft.phone.trim();
  const client: ClientChoice = draft.known
    ? { is: 'known', id: draft.known.id }
    : { is: 'new', name: draft.name.trim(), phone };
  return {
    client,
    services: [draft.service],
    staff: [opening?.staff ?? prefill.staff],
    driver: draft.driver || null,
    address: draft.address.trim() || null,
    day: opening?.day ?? prefill.day,
    start: opening?.start ?? readClock(draft.start) ?? prefill.start,
    notes: offline ? t('book.call_back_note', { phone }) : '',
    override_reason: draft.overrideReason.trim() || null,
  };
}

/** The services that a staff member offers; an empty list of theirs means all. */
export function offered(services: ServiceChoice[], offers: string[] | undefined): ServiceChoice[] {
  if (!offers || offers.length === 0) return services;
  return services.filter((service) => offers.includes(service.id));
}
