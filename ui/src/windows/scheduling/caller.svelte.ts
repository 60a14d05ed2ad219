/** Who is on the phone: their card, the free time that is looked for, and whoever is booked into the time chosen next. */
import type { ClientHit } from '../../ipc';

/** Whom the time is for that is chosen next. */
export type Armed = { known: ClientHit; services: string[] };

export class Caller {
  /** Whose card is open. */
  card = $state<string>();
  /** Free time is looked for, perhaps for somebody. */
  finding = $state.raw<{ services?: string[] | undefined; known?: ClientHit | undefined }>();
  armed = $state.raw<Armed>();

  /** Whether anything of it is beside the calendar. */
  get isShown(): boolean {
    return this.card !== undefined || this.finding !== undefined;
  }

  /** What is beside the calendar goes; whoever is to be booked still is. */
  close(): void {
    this.card = undefined;
    this.finding = undefined;
  }
}
