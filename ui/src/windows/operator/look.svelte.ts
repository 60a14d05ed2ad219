/**
 * How this person has arranged the board: whose rows are on top, who is shown, how near. It stays over days, restarts
 * and sign-ins at this desk; the shell keeps it beside their account.
 */
import { type BoardLook, commands } from '../../ipc';
import { toasts } from '../../parts/toasts.svelte';
import type { RowState } from './board.svelte';
import { rowShown, type Shown } from './search';

/** The board's arrangement. */
export class Look {
  pinned = $state.raw<ReadonlySet<string>>(new Set());
  shown = $state<Shown>('all');
  /** Pixels per minute; none until a person zooms: then the board fits the opening hours. */
  zoom = $state<number>();
  /** A row that the filter leaves out, and that somebody was sent to all the same. */
  guest = $state<string>();
  #taken: unknown;
  #keeping = false;
  #again = false;

  /** Takes what was kept, once for each account: from then on what is done here goes before it. */
  take(kept: BoardLook, account: unknown): void {
    if (this.#taken === account) return;
    this.#taken = account;
    this.pinned = new Set(kept.pinned);
    this.shown = kept.shown;
    this.zoom = kept.zoom === null ? undefined : kept.zoom / 100;
    this.guest = undefined;
  }

  /** Puts a row on top, or back among the others; answers whether it is on top now. */
  pin(staff: string): boolean {
    const others = [...this.pinned].filter((one) => one !== staff);
    const on = others.length === this.pinned.size;
    this.pinned = new Set(on ? [...others, staff] : others);
    void this.#keep();
    return on;
  }

  /** Shows only these. */
  show(shown: Shown): void {
    this.shown = shown;
    this.guest = undefined;
    void this.#keep();
  }

  /** Draws the day at this many pixels per minute, as near as it is kept; answers how many it is then. */
  zoomTo(scale: number): number {
    const zoom = Math.round(scale * 100) / 100;
    this.zoom = zoom;
    void this.#keep();
    return zoom;
  }

  /** The rows that filter and search leave, those on top first. */
  rows(all: RowState[], search: string): RowState[] {
    const found = all.filter((row) => row.id === this.guest || rowShown(this.asked(row, search), this.shown, search));
    const on = (row: RowState) => Number(this.pinned.has(row.id));
    return this.pinned.size === 0 ? found : [...found].sort((a, b) => on(b) - on(a));
  }

  /** A row as filter and search ask it; its bookings only where they are asked for. */
  asked(row: RowState, search: string) {
    const bookings = search === '' && this.shown !== 'working' ? [] : row.bars.map((state) => state.bar);
    return { name: row.name, role: row.role, presence: row.presence, bookings };
  }

  /** One at a time; what was changed meanwhile is kept by the next. */
  async #keep(): Promise<void> {
    this.#again = true;
    if (this.#keeping) return;
    this.#keeping = true;
    try {
      while (this.#again) {
        this.#again = false;
        const zoom = this.zoom === undefined ? null : Math.round(this.zoom * 100);
        await commands.keepBoardLook({ pinned: [...this.pinned], shown: this.shown, zoom });
      }
    } catch (reason) {
      toasts.refuse(reason);
    }
    this.#keeping = false;
  }
}
