import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BookingAnswer } from '../ipc';

const commands = vi.hoisted(() => ({ book: vi.fn(), findClients: vi.fn() }));
vi.mock('../ipc/bindings', () => ({ commands, events: {} }));

import { shell } from '../ipc';
import { violations } from '../testing/axe';
import { aBoard, aCatalogue, aDay } from '../testing/day';
import BookingForm from './BookingForm.svelte';
import { Draft } from './booking-draft.svelte';
import { toasts } from './toasts.svelte';

const kim = { id: 'kim', name: 'Kim Reyes', phone: '0917', alert: '' };
const kept: BookingAnswer = { is: 'kept', appointment: 'a', operation: 'op', revision: 2, warnings: [] };
const refused: BookingAnswer = {
  is: 'refused',
  clashes: [{ text: 'Ana has Jo Santos 10:00–11:00', hard: true }],
  alternatives: [
    { staff: 'ana', staff_name: 'Ana', day: '2026-11-23', day_title: '', start: '11:00', span: '11:00–12:00' },
    {
      staff: 'ben',
      staff_name: 'Ben',
      day: '2026-11-24',
      day_title: 'Tue 24 Nov',
      start: '09:00',
      span: '09:00–10:00',
    },
  ],
};

beforeEach(() => {
  commands.book.mockReset().mockResolvedValue(kept);
  commands.findClients.mockReset().mockResolvedValue([]);
  shell.sync = undefined;
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

function begin(from = 660, service = 'shiatsu', waiting?: string) {
  const draft = new Draft(aCatalogue(), { day: aDay(), staff: 'ana', from, services: [service], waiting });
  const closed = vi.fn();
  render(BookingForm, { draft, rows: aBoard().rows, kept: closed });
  return { draft, closed, user: userEvent.setup() };
}
const field = (id: string) => screen.getByTestId(id);

it('books a new client with several services, whose lengths add up', async () => {
  const { user, closed } = begin();
  await user.keyboard('Kim Reyes');
  await user.type(field('book-phone'), '0917 555');
  await user.click(field('book-add-service'));
  await user.selectOptions(screen.getAllByTestId('book-service')[1] as HTMLElement, 'foot');
  expect(field('book-ends').textContent).toBe('until 12:45');
  await user.click(field('book-submit'));
  expect(commands.book).toHaveBeenCalledExactlyOnceWith({
    client: { is: 'new', name: 'Kim Reyes', phone: '0917 555' },
    services: ['shiatsu', 'foot'],
    staff: ['ana'],
    driver: null,
    address: null,
    day: '2026-11-23',
    start: '11:00',
    notes: '',
    call_back: null,
    override_reason: null,
    repeats: null,
  });
  expect(closed).toHaveBeenCalledOnce();
  expect(toasts.shown.at(-1)).toMatchObject({ text: 'Booked Kim Reyes with Ana at 11:00', operation: 'op' });
});

it('says before anything is asked that the time is over a booking, and that it is outside free time', async () => {
  const { user } = begin(615);
  expect(field('book-fit').textContent).toContain('Over the booking of Jo Santos');
  await user.clear(field('book-start'));
  await user.type(field('book-start'), '1130');
  expect(field('book-fit').textContent).toContain('Not in Ana’s free time');
});

it('asks for what is missing and sends nothing', async () => {
  const { user } = begin(660, '');
  await user.click(field('book-submit'));
  expect(field('error').textContent).toContain('Choose a client');
  expect(commands.book).not.toHaveBeenCalled();
});

it('shows who has the time, and Enter takes the first free one instead', async () => {
  commands.book.mockResolvedValueOnce(refused);
  const { user, closed } = begin();
  await user.keyboard('Kim Reyes');
  await user.click(field('book-submit'));
  expect((await screen.findByTestId('conflict')).textContent).toContain('Ana has Jo Santos');
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getAllByTestId('alternative')[0]));
  expect(closed).not.toHaveBeenCalled();
  await user.keyboard('{Enter}');
  expect(commands.book).toHaveBeenLastCalledWith(expect.objectContaining({ staff: ['ana'], start: '11:00' }));
});

it('books over a hard clash only with a reason', async () => {
  commands.book.mockResolvedValueOnce(refused);
  const { user } = begin();
  await user.keyboard('Kim Reyes');
  await user.click(field('book-submit'));
  await user.type(await screen.findByTestId('book-override'), 'Twins, side by side');
  await user.keyboard('{Enter}');
  expect(commands.book).toHaveBeenLastCalledWith(expect.objectContaining({ override_reason: 'Twins, side by side' }));
});

it('tells what was warned of after it is kept', async () => {
  commands.book.mockResolvedValueOnce({ ...kept, warnings: [{ text: 'Outside opening hours', hard: false }] });
  const { user } = begin();
  await user.keyboard('Kim Reyes');
  await user.click(field('book-submit'));
  await vi.waitFor(() => expect(toasts.shown.at(-1)?.text).toContain('Outside opening hours'));
});

it('pencils in without a connection and asks for a number to call back', async () => {
  shell.sync = {
    pill: 'offline',
    fresh_at: 1,
    offline_since: '14:02',
    waiting: 0,
    need_you: 0,
    problem: null,
    notice: null,
    poll_seconds: 15,
    hints: false,
    sign_in_by: null,
    cost: null,
    others: [],
  };
  const { user } = begin();
  expect(field('book-submit').textContent).toContain('Pencil in');
  await user.keyboard('Kim Reyes');
  await user.click(field('book-submit'));
  expect(commands.book).not.toHaveBeenCalled();
  await user.type(field('book-phone'), '0917 555');
  await user.click(field('book-submit'));
  expect(commands.book).toHaveBeenCalledWith(expect.objectContaining({ notes: '', call_back: '0917 555' }));
});

it('books a known client by keyboard alone, as themselves', async () => {
  commands.findClients.mockResolvedValue([kim]);
  const { user, closed } = begin();
  await user.keyboard('kim');
  await screen.findByTestId('client-hit');
  await user.keyboard('{Enter}');
  await user.click(field('book-start'));
  await user.keyboard('{Enter}');
  expect(commands.book.mock.calls[0]?.[0].client).toEqual({ is: 'known', id: 'kim' });
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

it('finds a waiting client among the clients, and does not add them a second time', async () => {
  commands.findClients.mockResolvedValue([kim]);
  const { user } = begin(660, 'shiatsu', 'Kim Reyes');
  await vi.waitFor(() => expect(field('book-client').dataset.known).toBe('kim'));
  await user.click(field('book-submit'));
  expect(commands.book.mock.calls[0]?.[0].client).toEqual({ is: 'known', id: 'kim' });
});

it('has no accessibility violation, with a conflict either', async () => {
  commands.book.mockResolvedValueOnce(refused);
  const { user } = begin();
  await user.keyboard('Kim Reyes');
  expect(await violations(document.body)).toEqual([]);
  await user.click(field('book-submit'));
  await screen.findByTestId('conflict');
  expect(await violations(document.body)).toEqual([]);
});
