import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BookingAnswer, Catalogue } from '../ipc';

const commands = vi.hoisted(() => ({ book: vi.fn(), findClients: vi.fn() }));
vi.mock('../ipc/bindings', () => ({ commands, events: {} }));

import { shell } from '../ipc';
import BookingForm from './BookingForm.svelte';
import { toasts } from './toasts.svelte';

const catalogue: Catalogue = {
  services: [
    { id: 'shiatsu', name: 'Shiatsu 60', minutes: 60, buffer: 10 },
    { id: 'reflex', name: 'Foot reflex', minutes: 45, buffer: 0 },
  ],
  staff: [{ id: 'ana', name: 'Ana', role: 'therapist', services: [] }],
};
const prefill = { staff: 'ana', staffName: 'Ana', day: '2026-11-23', start: '15:00' };
const kept: BookingAnswer = { is: 'kept', appointment: 'a', operation: 'op', revision: 2, warnings: [] };
const sync = {
  fresh_at: 1,
  offline_since: null,
  waiting: 0,
  need_you: 0,
  problem: null,
  notice: null,
  poll_seconds: 15,
  hints: true,
  sign_in_by: null,
  cost: null,
};

beforeEach(() => {
  commands.book.mockReset().mockResolvedValue(kept);
  commands.findClients.mockReset().mockResolvedValue([{ id: 'kim', name: 'Kim Reyes', phone: '0917', alert: '' }]);
  shell.sync = { ...sync, pill: 'live' };
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

async function form(more: object = {}) {
  const closed = vi.fn();
  render(BookingForm, { prefill: { ...prefill, ...more }, catalogue, kept: closed });
  return { user: userEvent.setup(), closed };
}
const field = (id: string) => screen.getByTestId(id);

it('books a known client into the chosen time, by keyboard alone', async () => {
  const { user, closed } = await form();
  expect(field('book-client')).toBe(document.activeElement);
  await user.keyboard('kim');
  await screen.findByTestId('client-hit');
  await user.keyboard('{Enter}');
  await user.selectOptions(field('book-service'), 'shiatsu');
  expect(field('book-ends').textContent).toBe('until 16:00');
  await user.click(field('book-start'));
  await user.keyboard('{Enter}');
  expect(commands.book).toHaveBeenCalledExactlyOnceWith({
    client: { is: 'known', id: 'kim' },
    services: ['shiatsu'],
    staff: ['ana'],
    driver: null,
    address: null,
    day: '2026-11-23',
    start: '15:00',
    notes: '',
    override_reason: null,
  });
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  expect(toasts.shown[0]).toMatchObject({ text: 'Booked Kim Reyes with Ana at 15:00', operation: 'op' });
});

it('adds somebody new by the name as typed', async () => {
  commands.findClients.mockResolvedValue([]);
  const { user } = await form({ services: ['reflex'] });
  await user.keyboard('Rosa Delgado{Escape}');
  await user.type(field('book-phone'), '0917 5');
  await user.click(field('book-submit'));
  expect(commands.book.mock.calls[0]?.[0].client).toEqual({ is: 'new', name: 'Rosa Delgado', phone: '0917 5' });
});

it('says what is missing and books nothing', async () => {
  const { user } = await form();
  await user.click(field('book-submit'));
  expect(field('error').textContent).toContain('Choose a client');
  expect(commands.book).not.toHaveBeenCalled();
});

it('shows who has the time, and books an alternative at one click', async () => {
  const opening = {
    staff: 'ben',
    staff_name: 'Ben',
    day: '2026-11-24',
    day_title: 'Tue 24 Nov',
    start: '16:00',
    span: '16:00–17:00',
  };
  commands.book.mockResolvedValueOnce({
    is: 'refused',
    clashes: [{ text: 'Ana has Jo 15:00–16:00', hard: true }],
    alternatives: [opening],
  });
  const { user, closed } = await form({ services: ['shiatsu'] });
  await user.keyboard('kim');
  await screen.findByTestId('client-hit');
  await user.keyboard('{Enter}');
  await user.click(field('book-submit'));
  expect((await screen.findByTestId('conflict')).textContent).toContain('Ana has Jo 15:00–16:00');
  expect(closed).not.toHaveBeenCalled();
  await user.click(field('alternative'));
  expect(commands.book.mock.calls[1]?.[0]).toMatchObject({ staff: ['ben'], day: '2026-11-24', start: '16:00' });
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

it('pencils in while offline, and asks for a number to call back', async () => {
  shell.sync = { ...sync, pill: 'offline' };
  commands.findClients.mockResolvedValue([]);
  const { user } = await form({ services: ['shiatsu'] });
  expect(field('book-submit').textContent).toContain('Pencil in');
  await user.keyboard('Rosa{Escape}');
  await user.click(field('book-submit'));
  expect(field('error').textContent).toContain('call back');
  await user.type(field('book-phone'), '0917 5');
  await user.click(field('book-submit'));
  expect(commands.book.mock.calls[0]?.[0].notes).toBe('Call back on 0917 5');
  expect(toasts.shown[0]?.text).toContain('Pencilled in Rosa');
});

it('finds a waiting client among the clients, and does not add them a second time', async () => {
  const { user } = await form({ services: ['shiatsu'], client: 'Kim Reyes' });
  await vi.waitFor(() => expect(field('book-client').dataset.known).toBe('kim'));
  await user.click(field('book-submit'));
  expect(commands.book.mock.calls[0]?.[0].client).toEqual({ is: 'known', id: 'kim' });
});
