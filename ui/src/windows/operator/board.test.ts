import { describe, expect, it } from 'vitest';
import type { Board, BookingBar, ChangedEntry, StaffRow } from '../../ipc';
import { BoardState } from './board.svelte';
import { changedOrder, changedSaid, JustChanged } from './changed.svelte';
import { Held } from './held.svelte';
import { rowShown } from './search';

const bar = (id: string, from: number, more: Partial<BookingBar> = {}): BookingBar => ({
  id,
  band: { from, to: from + 60, label: `${from}` },
  client: 'Jo Santos',
  initials: 'JS',
  services: 'Shiatsu 60',
  place: '',
  status: 'confirmed',
  lane: 0,
  lanes: 1,
  strands: [],
  clash: false,
  may_move: false,
  pending: null,
  ...more,
});
const row = (name: string, more: Partial<StaffRow> = {}): StaffRow => ({
  staff: name,
  name,
  role: 'therapist',
  hue: 10,
  presence: 'in',
  hours: [],
  free: [],
  blocks: [],
  bookings: [],
  ...more,
});
const day = (rows: StaffRow[], date = '2026-11-23') => ({ rows, day: { date } }) as Board;
const nobody = new Set<string>();

describe('folding a new answer into the board', () => {
  it('touches only the booking that changed', () => {
    const board = new BoardState();
    board.take(day([row('Ana', { bookings: [bar('a', 540), bar('b', 660)] })]), nobody);
    const ana = board.row('Ana');
    const [a, b] = ana?.bars ?? [];
    const states = ana?.bars;
    const before = b?.bar;
    board.take(day([row('Ana', { bookings: [bar('a', 540, { status: 'arrived' }), bar('b', 660)] })]), new Set(['a']));
    expect(a?.bar.status).toBe('arrived');
    expect(a?.glow, 'it changed by itself').toBe(1);
    expect(b?.bar, 'the other one is left alone').toBe(before);
    expect(b?.glow).toBe(0);
    expect(ana?.bars, 'and so is the list').toBe(states);
    expect(ana?.unseen).toBe(true);
  });

  it('does not glow for what a person did at this desk', () => {
    const board = new BoardState();
    board.take(day([row('Ana', { bookings: [bar('a', 540)] })]), nobody);
    board.take(day([row('Ana', { bookings: [bar('a', 540, { status: 'arrived' })] })]), nobody);
    expect(board.row('Ana')?.bars[0]?.glow).toBe(0);
    expect(board.row('Ana')?.unseen).toBe(false);
  });

  it('glows on the free time that new hours give, and again when it changes again', () => {
    const board = new BoardState();
    board.take(day([row('Ana')]), nobody);
    const hours = (to: number) => [{ id: 'h', band: { from: 900, to, label: '' } }] as StaffRow['hours'];
    board.take(day([row('Ana', { hours: hours(960), free: [{ from: 900, to: 960, label: '' }] })]), new Set(['h']));
    expect(board.row('Ana')?.free[0]?.glow).toBe(1);
    board.take(day([row('Ana', { hours: hours(990), free: [{ from: 900, to: 990, label: '' }] })]), new Set(['h']));
    expect(board.row('Ana')?.free[0]?.glow).toBe(2);
    board.row('Ana')?.seen();
    board.take(day([row('Ana')]), new Set(['h']));
    expect(board.row('Ana')?.free).toEqual([]);
    expect(board.row('Ana')?.unseen, 'time that is gone is news too').toBe(true);
  });

  it('does not move rows while the pointer is on the board, and does afterwards', () => {
    const board = new BoardState();
    const shown = () => board.rows.shown.map((one) => one.id);
    board.take(day([row('Ben'), row('Ana')]), nobody);
    board.rows.hold();
    board.take(day([row('Ana'), row('Ben'), row('Carla')]), nobody);
    expect(shown()).toEqual(['Ben', 'Ana']);
    expect(board.rows.waiting).toBe(1);
    board.rows.letGo();
    expect(shown()).toEqual(['Ana', 'Ben', 'Carla']);
  });

  it('shows another day at once, and nothing of it glows', () => {
    const board = new BoardState();
    board.take(day([row('Ana', { bookings: [bar('a', 540)] })]), nobody);
    board.rows.hold();
    board.take(day([row('Ben', { bookings: [bar('a', 600)] })], '2026-11-24'), new Set(['a']));
    expect(board.rows.shown.map((one) => one.id)).toEqual(['Ben']);
    expect(board.row('Ben')?.bars[0]?.glow).toBe(0);
  });
});

const entry = (seq: number, what: ChangedEntry['what'] = 'booked'): ChangedEntry => ({
  seq,
  at: seq,
  time: '14:02',
  what,
  staff: 'Ana',
  staff_name: 'Ana',
  day: '2026-11-23',
  day_title: '',
  span: '14:00–17:00',
  appointment: null,
  client: null,
  by: null,
  fits: 0,
});

describe('just changed', () => {
  it('takes what was there at the start for old news, and what comes after for new', () => {
    const changed = new JustChanged();
    expect(changed.take([entry(2), entry(1)])).toEqual([]);
    expect(changed.take([entry(3), entry(2), entry(1)]).map((one) => one.seq)).toEqual([3]);
    expect([...changed.unseen]).toEqual([3]);
    changed.see(3);
    expect([...changed.unseen]).toEqual([]);
  });

  it('takes the first entry of a list that was empty for new', () => {
    const changed = new JustChanged();
    changed.take([]);
    expect(changed.take([entry(1)])).toHaveLength(1);
  });

  it('puts new free time on top until it was seen', () => {
    const list = [entry(3), entry(2, 'hours_added'), entry(1)];
    expect(changedOrder(list, (seq) => seq >= 2).map((one) => one.seq)).toEqual([2, 3, 1]);
    expect(changedOrder(list, () => false).map((one) => one.seq)).toEqual([3, 2, 1]);
  });

  it('is said as a person would say it', () => {
    expect(changedSaid(entry(1, 'hours_added'))).toBe('Ana added 14:00–17:00');
  });
});

describe('a list that is held', () => {
  it('brings items up to date in their places and counts what waits', () => {
    const list = new Held<{ id: string; text: string }>((item) => item.id);
    list.take([{ id: 'a', text: '1' }]);
    list.hold();
    list.hold();
    list.take([
      { id: 'b', text: '1' },
      { id: 'a', text: '2' },
    ]);
    expect(list.shown).toEqual([{ id: 'a', text: '2' }]);
    expect(list.waiting).toBe(1);
    list.letGo();
    expect(list.shown, 'the pointer left, the focus is still on it').toHaveLength(1);
    list.letGo();
    expect(list.shown.map((item) => item.id)).toEqual(['b', 'a']);
    expect(list.waiting).toBe(0);
  });
});

describe('search and filter', () => {
  const ana = row('Ána', { bookings: [bar('a', 540)] });
  it('find a row by name, client, service and time, whatever the accents', () => {
    for (const text of ['ana', 'SANTOS', 'shiatsu', '540', '']) expect(rowShown(ana, 'all', text), text).toBe(true);
    expect(rowShown(ana, 'all', 'nobody')).toBe(false);
  });
  it('leave the roles and the presence that were asked for', () => {
    expect(rowShown(ana, 'driver', '')).toBe(false);
    expect(rowShown(ana, 'therapist', '')).toBe(true);
    expect(rowShown(row('Ben', { presence: 'off' }), 'working', '')).toBe(false);
    expect(rowShown(row('Ben', { presence: 'off', bookings: [bar('a', 1)] }), 'working', '')).toBe(true);
  });
});
