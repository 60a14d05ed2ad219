/**
 * The board as it is drawn: one small state per booking and per free band, so that a change of one touches one node.
 * A new answer of the shell is folded into what stands; nothing is built anew that did not change.
 */
import type { Band, BlockBand, Board, BookingBar, HoursBand, StaffRow } from '../../ipc';
import { type Place, rowHeight } from './geometry';
import { Held } from './held.svelte';
import { same } from './same';

/** 0 has not glowed; 1 and 2 take turns, so that a second change glows anew. */
export type Glow = 0 | 1 | 2;
const next = (glow: Glow): Glow => (glow === 1 ? 2 : 1);

/** One booking on the board. */
export class BarState {
  bar: BookingBar = $state.raw() as BookingBar;
  glow = $state<Glow>(0);
  constructor(bar: BookingBar) {
    this.bar = bar;
  }
}

/** One band of free time on the board. */
export class FreeState {
  band: Band = $state.raw() as Band;
  glow = $state<Glow>(0);
  constructor(band: Band) {
    this.band = band;
  }
}

/** One staff member's row. */
export class RowState {
  readonly id: string;
  name = $state('');
  role: StaffRow['role'] = $state('therapist');
  hue = $state(0);
  presence: StaffRow['presence'] = $state('off');
  hours = $state.raw<HoursBand[]>([]);
  blocks = $state.raw<BlockBand[]>([]);
  free = $state.raw<FreeState[]>([]);
  bars = $state.raw<BarState[]>([]);
  height = $state(0);
  /** Something here changed by itself since a person looked. */
  unseen = $state(false);

  constructor(row: StaffRow) {
    this.id = row.staff;
    this.fold(row, new Set());
  }

  /** Folds a new answer in. `stale` are the ids that somebody elsewhere changed. */
  fold(row: StaffRow, stale: ReadonlySet<string>): void {
    this.name = row.name;
    this.role = row.role;
    this.hue = row.hue;
    this.presence = row.presence;
    const before = [...this.hours.map((one) => one.id), ...this.bars.map((one) => one.bar.id)];
    const touched = [...before, ...row.hours.map((one) => one.id), ...row.bookings.map((one) => one.id)];
    const fromElsewhere = touched.some((id) => stale.has(id));
    let moved = false;
    if (!same(this.hours, row.hours)) {
      this.hours = row.hours;
      moved = true;
    }
    if (!same(this.blocks, row.blocks)) this.blocks = row.blocks;
    moved = this.#foldFree(row.free, fromElsewhere) || moved;
    moved = this.#foldBars(row.bookings, stale) || moved;
    this.height = rowHeight(row.bookings);
    if (fromElsewhere && moved) this.unseen = true;
  }

  /** A person has looked. */
  seen(): void {
    this.unseen = false;
  }

  /** What the keyboard can reach, by start. */
  places(): Place[] {
    const free = this.free.map(({ band }) => ({ key: `free-${band.from}`, from: band.from, to: band.to }));
    const bars = this.bars.map(({ bar }) => ({ key: bar.id, from: bar.band.from, to: bar.band.to }));
    return [...free, ...bars].sort((a, b) => a.from - b.from || a.to - b.to);
  }

  #foldFree(bands: Band[], glows: boolean): boolean {
    const byStart = new Map(this.free.map((state) => [state.band.from, state]));
    let changed = bands.length !== this.free.length;
    const states = bands.map((band) => {
      const known = byStart.get(band.from);
      if (known && same(known.band, band)) return known;
      changed = true;
      const state = known ?? new FreeState(band);
      state.band = band;
      if (glows) state.glow = next(state.glow);
      return state;
    });
    if (changed) this.free = states;
    return changed;
  }

  #foldBars(bars: BookingBar[], stale: ReadonlySet<string>): boolean {
    const byId = new Map(this.bars.map((state) => [state.bar.id, state]));
    let changed = bars.length !== this.bars.length;
    let reordered = changed;
    const states = bars.map((bar, index) => {
      const known = byId.get(bar.id);
      reordered ||= known !== this.bars[index];
      if (known && same(known.bar, bar)) return known;
      changed = true;
      const state = known ?? new BarState(bar);
      state.bar = bar;
      if (stale.has(bar.id)) state.glow = next(state.glow);
      return state;
    });
    if (reordered) this.bars = states;
    return changed;
  }
}

/** A day of the clinic, as rows that stay. */
export class BoardState {
  /** Rows in the order that is drawn; held while the pointer or the focus is on the board. */
  readonly rows = new Held<RowState>((row) => row.id);
  #byId = new Map<string, RowState>();
  #day = '';

  /** Folds a new answer in. On another day everything is new, and nothing glows. */
  take(board: Board, stale: ReadonlySet<string>): void {
    const otherDay = board.day.date !== this.#day;
    if (otherDay) this.#byId = new Map();
    this.#day = board.day.date;
    const rows = board.rows.map((row) => {
      const known = this.#byId.get(row.staff);
      if (!known) return new RowState(row);
      known.fold(row, stale);
      return known;
    });
    this.#byId = new Map(rows.map((row) => [row.id, row]));
    this.rows.take(rows);
    if (otherDay) this.rows.release();
  }

  /** A staff member's row. */
  row(staff: string): RowState | undefined {
    return this.#byId.get(staff);
  }
}
