import { beforeEach, expect, it } from 'vitest';
import type { ChangedEntry, ChangedKey } from '../../ipc';
import { announcements } from '../../parts/announcements.svelte';
import { Fresh } from './fresh.svelte';

const key = (id: string): ChangedKey => ({ kind: 'availability', id, op: 'put', left: false });
const entry = (seq: number): ChangedEntry => ({
  seq,
  at: 1,
  time: '14:02',
  what: 'hours_added',
  staff: 'ana',
  staff_name: 'Ana',
  day: '2026-11-23',
  day_title: '',
  span: '15:00–17:00',
  appointment: null,
  client: null,
  by: null,
  fits: 0,
});

beforeEach(() => {
  announcements.text = '';
});

it('glows what others changed, in the other motion when it changes again', () => {
  const fresh = new Fresh();
  fresh.noticed({ origin: 'elsewhere', items: [key('a')] });
  fresh.shown({ changed: [] });
  const first = fresh.glows.get('a');
  fresh.noticed({ origin: 'elsewhere', items: [key('a')] });
  fresh.shown({ changed: [] });
  expect(first).toBeDefined();
  expect(fresh.glows.get('a')).not.toBe(first);
});

it('does not glow for what was done at this desk, nor after a resnapshot', () => {
  const fresh = new Fresh();
  fresh.noticed({ origin: 'own', items: [key('a')] });
  fresh.noticed({ origin: 'resnapshot', items: [key('b')] });
  fresh.shown({ changed: [] });
  expect(fresh.glows.size).toBe(0);
});

it('says a new change, and nothing of what was there when the window opened', () => {
  const fresh = new Fresh();
  fresh.shown({ changed: [entry(4)] });
  expect(announcements.text).toBe('');
  fresh.shown({ changed: [entry(5), entry(4)] });
  expect(announcements.text.trim()).toBe('Ana added 15:00–17:00');
});
