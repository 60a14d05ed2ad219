import { expect, it } from 'vitest';
import type { SyncView } from '../ipc';
import { age, pillText } from './sync-words';

const sync = (more: Partial<SyncView>): SyncView => ({
  pill: 'live',
  fresh_at: 1_000,
  offline_since: null,
  waiting: 0,
  need_you: 0,
  problem: null,
  notice: null,
  poll_seconds: 15,
  hints: true,
  sign_in_by: null,
  cost: null,
  others: [],
  ...more,
});
const said = (more: Partial<SyncView>, at?: number) => {
  const pill = pillText(sync(more), at);
  return `${pill.glyph} ${pill.text}`;
};

it('says how fresh the window is, by shape and by word', () => {
  expect(said({})).toBe('● Live');
  expect(said({ pill: 'polling' }, 1_012)).toBe('◐ Updated 12 s ago');
  expect(said({ pill: 'polling' }, 1_190)).toBe('◐ Updated 3 min ago');
  expect(said({ pill: 'polling', fresh_at: null })).toBe('◐ Not updated yet');
  expect(said({ pill: 'starting' })).toBe('◌ Starting');
  expect(said({ pill: 'sign_in_again' })).toBe('○ Sign in again');
});

it('says since when it is offline and how much waits', () => {
  expect(said({ pill: 'offline', offline_since: '14:02', waiting: 3 })).toBe(
    '○ Offline since 14:02 (3 changes waiting)',
  );
  expect(said({ pill: 'offline', waiting: 1 })).toBe('○ Offline (1 change waiting)');
  expect(said({ waiting: 1 })).toBe('● Live (1 change waiting)');
});

it('names whose work waits who has left the desk to another', () => {
  const left = { name: 'Maria', waiting: 3, need_you: 0, must_sign_in: false };
  expect(said({ others: [left] })).toBe('● Live · Maria: 3 waiting');
});

it('never tells an age below nought, though the clocks differ', () => {
  expect(age(-4)).toBe('0 s ago');
  expect(age(59)).toBe('59 s ago');
  expect(age(60)).toBe('1 min ago');
  expect(age(7_300)).toBe('2 h ago');
});
