/**
 * What is being typed into a booking form goes to the shell as it is typed, and comes back after a crash. One write is
 * under way at a time and the latest words follow it, so that a fast typist costs no more than a slow one. The shell
 * keeps a draft in the encrypted cache; nothing is kept in the window's own storage.
 */
import { type BookingDraft, commands, type KeptDraft } from '../ipc';

export class DraftKeeper {
  /** What an earlier form left: to be taken up, or thrown away. */
  offered = $state.raw<KeptDraft>();
  /** What is to be written next; `null` throws away, none is nothing to do. */
  #next: BookingDraft | null | undefined;
  #writing: Promise<void> | undefined;
  #held = false;

  /** Looks whether a form was left with something in it. */
  async look(): Promise<void> {
    try {
      await this.#writing;
      this.offered = (await commands.keptDraft()) ?? undefined;
    } catch (reason) {
      // Without it there is one offer less; whatever keeps the shell from answering is said elsewhere.
      console.error('the kept draft cannot be read', reason);
    }
  }

  /** Keeps what is typed by now; `null` when all of it was taken out again. */
  keep(draft: BookingDraft | null): void {
    this.#next = draft;
    this.#write();
  }

  /** What was left, for a form that goes on with it; it stays kept until that form is done. */
  takeUp(): BookingDraft | undefined {
    const draft = this.offered?.draft;
    this.offered = undefined;
    return draft;
  }

  /** Throws away what was left, and no longer offers it. */
  throwAway(): void {
    this.offered = undefined;
    this.#next = null;
    this.#write();
  }

  /** Before it is booked: what is under way ends, and nothing more is written. The booking takes the draft with it. */
  async hold(): Promise<void> {
    this.#held = true;
    await this.#writing;
  }

  /** After it was tried: refused, what was typed meanwhile is kept; booked, only what is still offered is. */
  release(booked: boolean): void {
    this.#held = false;
    if (booked) this.#next = this.offered?.draft;
    this.#write();
  }

  #write(): void {
    if (this.#held || this.#writing) return;
    this.#writing = this.#run().finally(() => {
      this.#writing = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#next !== undefined && !this.#held) {
      const draft = this.#next;
      this.#next = undefined;
      try {
        await commands.keepDraft(draft);
      } catch (reason) {
        // The form itself still holds it; a full disk is said when it is booked.
        console.error('the draft cannot be kept', reason);
      }
    }
  }
}
