import { beforeEach, expect, it, vi } from 'vitest';

const undo = vi.hoisted(() => vi.fn());
vi.mock('../ipc/bindings', () => ({ commands: { undo }, events: {} }));

import { shell } from '../ipc';
import { toasts } from './toasts.svelte';

const texts = () => toasts.shown.map((toast) => toast.text);

beforeEach(() => {
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
  shell.now = {
    at: 100,
    date: '2026-11-23',
    minute: 0,
    label: '00:00',
    twelve_hours: false,
    week_starts: 1,
    zone: null,
  };
});

it('lasts ten seconds by the shell’s clock', () => {
  toasts.show('Booked');
  toasts.tick(109);
  expect(texts()).toEqual(['Booked']);
  toasts.tick(110);
  expect(texts()).toEqual([]);
});

it('is timed from the first tick when it came before any', () => {
  shell.now = undefined;
  toasts.show('Booked');
  toasts.tick(500);
  toasts.tick(509);
  expect(texts()).toEqual(['Booked']);
  toasts.tick(510);
  expect(texts()).toEqual([]);
});

it('undoes the newest act that can be undone, once', async () => {
  undo.mockResolvedValue({ operation: 'u', revision: 1, undoable: false });
  toasts.show('Booked Jo', 'op-1');
  toasts.show('Booked Kim', 'op-2');
  toasts.show('Cannot be undone');
  await toasts.undo();
  expect(undo).toHaveBeenCalledExactlyOnceWith('op-2');
  expect(texts()).toEqual(['Booked Jo', 'Cannot be undone', 'Undone'].slice(-3));
});

it('says why an undo was refused', async () => {
  undo.mockRejectedValue({ code: 'other', message: 'The time is taken by now.' });
  toasts.show('Booked Jo', 'op-1');
  await toasts.undo();
  expect(texts()).toEqual(['The time is taken by now.']);
});
