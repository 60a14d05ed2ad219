/**
 * *Just changed*: what came from elsewhere, newest first, with new free time on top until a person has seen it. What
 * was there before the window opened is old news.
 */
import type { ChangedEntry } from '../../ipc';
import { t } from '../../words';
import { Held } from './held.svelte';

/** The words for what a change did. */
export function changedWord(entry: Pick<ChangedEntry, 'what'>): string {
  return t(`changed.${entry.what}`);
}

/** What is said of a change to a screen reader: `Ana added 15:00–17:00`. */
export function changedSaid(entry: ChangedEntry): string {
  const staff = entry.staff_name ?? '';
  if (entry.what === 'hours_added') return t('changed.said.hours_added', { staff, span: entry.span });
  return t('changed.said.other', { staff, what: changedWord(entry), span: entry.span });
}

/** New free time that nobody has looked at yet goes first; all else by age. */
export function changedOrder(entries: ChangedEntry[], unseen: (seq: number) => boolean): ChangedEntry[] {
  const first = (entry: ChangedEntry) => entry.what === 'hours_added' && unseen(entry.seq);
  return [...entries].sort((a, b) => Number(first(b)) - Number(first(a)) || b.seq - a.seq);
}

/** The list of what changed. */
export class JustChanged {
  readonly list = new Held<ChangedEntry>((entry) => entry.seq);
  /** Numbers of the entries that nobody has looked at. */
  unseen = $state.raw<ReadonlySet<number>>(new Set());
  #newest: number | undefined;

  /** Takes the list as it is now, and answers what came since. */
  take(entries: ChangedEntry[]): ChangedEntry[] {
    const newest = entries.reduce((most, entry) => Math.max(most, entry.seq), this.#newest ?? -1);
    const before = this.#newest ?? newest;
    this.#newest = newest;
    const fresh = entries.filter((entry) => entry.seq > before);
    if (fresh.length > 0) this.unseen = new Set([...this.unseen, ...fresh.map((entry) => entry.seq)]);
    this.list.take(changedOrder(entries, (seq) => this.unseen.has(seq)));
    return fresh;
  }

  /** A person has looked at one. */
  see(seq: number): void {
    if (!this.unseen.has(seq)) return;
    this.unseen = new Set([...this.unseen].filter((one) => one !== seq));
  }
}
