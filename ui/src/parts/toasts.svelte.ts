/**
 * What was just done, with Undo. A toast lasts ten seconds by the shell's clock: windows have no timers, and a hidden
 * one would have kept its toasts for ever.
 */
import { commands, type OperationId, refusal, shell } from '../ipc';
import { t } from '../words';

const LASTS_SECONDS = 10;

/** One toast. */
export type Toast = { id: number; text: string; operation: OperationId | undefined; problem: boolean };

class Toasts {
  /** Newest last. */
  shown = $state.raw<Toast[]>([]);
  #next = 1;
  #ends = new Map<number, number>();

  /** Says what was done; with an operation, offers to undo it. */
  show(text: string, operation?: OperationId): void {
    this.#add({ id: this.#next++, text, operation, problem: false });
  }

  /** Says what was refused. */
  refuse(reason: unknown): void {
    this.#add({ id: this.#next++, text: refusal(reason).message, operation: undefined, problem: true });
  }

  /** Takes a toast away. */
  dismiss(id: number): void {
    this.#ends.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** Undoes what a toast says; the newest that can be undone when none is named. */
  async undo(id?: number): Promise<void> {
    const candidates = this.shown.filter((one) => one.operation !== undefined && (id === undefined || one.id === id));
    const toast = candidates.at(-1);
    if (!toast?.operation) return;
    this.dismiss(toast.id);
    try {
      await commands.undo(toast.operation);
      this.show(t('acted.undone'));
    } catch (reason) {
      this.refuse(reason);
    }
  }

  /** Takes away what has been shown long enough. `at` is the shell's clock, in seconds. */
  tick(at: number): void {
    for (const toast of this.shown) {
      // A toast from before the first tick is timed from that tick on.
      const ends = this.#ends.get(toast.id) ?? at + LASTS_SECONDS;
      this.#ends.set(toast.id, ends);
      if (at >= ends) this.dismiss(toast.id);
    }
  }

  #add(toast: Toast): void {
    if (shell.now) this.#ends.set(toast.id, shell.now.at + LASTS_SECONDS);
    this.shown = [...this.shown.slice(-2), toast];
  }
}

/** This window's toasts. */
export const toasts = new Toasts();
