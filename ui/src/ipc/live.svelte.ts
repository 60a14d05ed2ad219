/**
 * A question whose answer stays true. The shell tells each window which rows became stale, as a chain of revisions;
 * a `Live` asks its question anew when a notice concerns it, and never shows an older answer over a newer one.
 *
 * The chain: `prev` of a notice is the last revision that was sent to this window. When it lies beyond what this
 * answer has taken in, a notice was missed, and the shell is asked what changed since. One question is in flight at
 * a time; a notice meanwhile marks *again*.
 */
import type { ChangedKey, ChangesSinceView, ClinicChanged, CommandError } from './bindings';
import { refusal } from './refusal';

/** What a live question needs. */
export type Question<T extends { revision: number }> = {
  /** Asks; the answer names the revision it was read at. */
  ask: () => Promise<T>;
  /** What was missed since a revision. */
  since: (revision: number) => Promise<ChangesSinceView>;
  /** Whether a changed row may change the answer. Without it every row does. */
  concerns?: (key: ChangedKey) => boolean;
  /** Told after a new answer is shown. */
  shown?: (answer: T) => void;
  /** Ends once what was shown is painted: before that, asking again would only keep the person from seeing it. */
  painted?: () => Promise<void>;
};

/** The answer to a question, kept current. */
export class Live<T extends { revision: number }> {
  /** The newest answer; none before the first. */
  value = $state.raw<T>();
  /** Why the last asking was refused; none once one succeeds. The last good answer stays. */
  error = $state.raw<CommandError>();
  /** Whether a question is in flight. */
  asking = $state(false);

  #question: Question<T>;
  /** The revision up to which notices are taken in. */
  #known = -1;
  /** Counts questions that replace each other, such as another day: answers to an older one are dropped. */
  #turn = 0;
  #shownTurn = -1;
  #epoch: string | undefined;
  #again = false;
  #running: Promise<void> | undefined;
  #painted: Promise<void> | undefined;
  /** The revision that a notice during flight asked for. */
  #wanted = -1;

  constructor(question: Question<T>) {
    this.#question = question;
  }

  /** Asks another question from now on, or the same after everything changed (another account). */
  async restart(question: Partial<Question<T>> = {}): Promise<void> {
    this.#question = { ...this.#question, ...question };
    this.#turn += 1;
    this.#known = -1;
    this.#wanted = -1;
    await this.ask();
  }

  /** Asks anew, or marks that it must be asked again when the question in flight is answered. Ends once answered. */
  ask(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      this.#wanted = Number.POSITIVE_INFINITY;
    }
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    this.asking = true;
    do {
      this.#again = false;
      await this.#once();
    } while (this.#again);
    this.asking = false;
    this.#running = undefined;
  }

  /** Takes a notice of the shell. */
  async heard(notice: ClinicChanged): Promise<void> {
    const otherEpoch = this.#epoch !== undefined && this.#epoch !== notice.epoch;
    this.#epoch = notice.epoch;
    if (otherEpoch) {
      this.#known = notice.revision;
      return this.#require(notice.revision);
    }
    if (notice.revision <= this.#known) return;
    const gap = this.#known >= 0 && notice.prev > this.#known;
    const from = this.#known;
    this.#known = notice.revision;
    if (notice.overflow || from < 0) return this.#require(notice.revision);
    const missed = gap ? await this.#missed(from) : notice;
    if (missed.overflow || missed.items.some(this.#question.concerns ?? (() => true))) {
      return this.#require(Math.max(notice.revision, missed.revision));
    }
  }

  /** The shell had passed this revision before it knew what the window shows: an older answer is asked anew. */
  async caughtUp(revision: number): Promise<void> {
    if (revision > this.#known) {
      this.#known = revision;
      await this.#require(revision);
    }
  }

  /** The window hears the shell from now on. What went by between the first answer and this was told to nobody. */
  async hears(): Promise<void> {
    await this.#running;
    // Refused, and what would have made it answerable (the first sync, say) may have gone by unheard: once more. From
    // here on a notice asks again, or the person does.
    if (this.#known < 0) return this.ask();
    const missed = await this.#missed(this.#known);
    if (missed.overflow || missed.items.some(this.#question.concerns ?? (() => true))) {
      return this.#require(missed.revision);
    }
  }

  async #missed(from: number): Promise<{ revision: number; items: ChangedKey[]; overflow: boolean }> {
    try {
      return await this.#question.since(from);
    } catch {
      // Not knowing what was missed is the same as having missed everything.
      return { revision: from, items: [], overflow: true };
    }
  }

  async #require(revision: number): Promise<void> {
    if (this.#running) {
      this.#again = true;
      this.#wanted = Math.max(this.#wanted, revision);
      return;
    }
    if ((this.value?.revision ?? -1) >= revision && this.#shownTurn === this.#turn) return;
    await this.ask();
  }

  async #once(): Promise<void> {
    // Another day is another question: what is being painted is not what was asked for.
    if (this.#painted && this.#turn === this.#shownTurn) await this.#painted;
    const turn = this.#turn;
    this.#wanted = -1;
    try {
      const answer = await this.#question.ask();
      if (turn !== this.#turn) {
        this.#again = true;
        return;
      }
      this.error = undefined;
      // The answer may have been read after the notice that asked for another one.
      if (this.#again && answer.revision >= this.#wanted) this.#again = false;
      const older = this.#shownTurn === turn && this.value !== undefined && answer.revision < this.value.revision;
      if (older) return;
      this.#shownTurn = turn;
      this.#known = Math.max(this.#known, answer.revision);
      this.value = answer;
      this.#question.shown?.(answer);
      this.#painted = this.#question.painted?.();
    } catch (reason) {
      if (turn === this.#turn) this.error = refusal(reason);
      else this.#again = true;
    }
  }
}
