import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { RepeatDay } from '../ipc';

const commands = vi.hoisted(() => ({ book: vi.fn(), findClients: vi.fn(), previewRepeats: vi.fn() }));
vi.mock('../ipc/bindings', () => ({ commands, events: {} }));

import { shell } from '../ipc';
import { violations } from '../testing/axe';
import { aBoard, aCatalogue, aDay } from '../testing/day';
import { session } from '../testing/shell';
import BookingForm from './BookingForm.svelte';
import { Draft } from './booking-draft.svelte';
import { toasts } from './toasts.svelte';

const on = (day: string, title: string, clash?: { text: string; hard: boolean }): RepeatDay => ({
  day,
  day_title: title,
  span: '11:00–12:00',
  clashes: clash ? [clash] : [],
  hard: clash?.hard ?? false,
});
const days = [
  on('2026-11-23', 'Mon 23 Nov'),
  on('2026-12-07', 'Mon 7 Dec', { text: 'Ana has Jo Santos 11:00–12:00', hard: true }),
  on('2026-12-21', 'Mon 21 Dec', { text: 'Outside Ana’s hours', hard: false }),
];

beforeEach(() => {
  commands.book.mockReset();
  commands.book.mockResolvedValue({ is: 'kept', appointment: 'a', operation: 'op', revision: 2, warnings: [] });
  commands.findClients.mockReset().mockResolvedValue([]);
  commands.previewRepeats.mockReset().mockResolvedValue(days);
  shell.session = session;
  shell.sync = undefined;
});

function begin() {
  const draft = new Draft(aCatalogue(), { day: aDay(), staff: 'ana', from: 660, services: ['shiatsu'] });
  const shown = render(BookingForm, { draft, rows: aBoard().rows, kept: vi.fn() });
  return { ...shown, user: userEvent.setup() };
}

it('shows what is in the way on each day, leaves taken days out, and books the others in one', async () => {
  const { container, user } = begin();
  await user.keyboard('Kim Reyes');
  expect(commands.previewRepeats).not.toHaveBeenCalled();
  await user.selectOptions(screen.getByTestId('book-repeat'), 'Every 2 weeks');
  await user.selectOptions(screen.getByTestId('book-times'), '3 times, until 21 Dec 2026');
  await waitFor(() => expect(screen.getAllByTestId('repeat-day')).toHaveLength(3));
  expect(commands.previewRepeats.mock.lastCall?.[0].repeats).toMatchObject({ weeks: 2, times: 3 });
  const boxes = () => screen.getAllByRole('checkbox').map((box) => (box as HTMLInputElement).checked);
  expect(boxes()).toEqual([true, false, true]);
  expect(screen.getByTestId('repeat-days').textContent).toContain('On 2 of these 3 days');
  expect(screen.getByTestId('repeat-days').textContent).toContain('Ana has Jo Santos');
  expect(await violations(container)).toEqual([]);
  await user.click(screen.getAllByRole('checkbox')[2] as HTMLElement);
  await user.click(screen.getAllByRole('checkbox')[2] as HTMLElement);
  await user.type(screen.getByTestId('book-phone'), '0917');
  await user.click(screen.getByTestId('book-submit'));
  const repeats = { weeks: 2, times: 3, leave_out: ['2026-12-07'] };
  expect(commands.book.mock.lastCall?.[0]).toMatchObject({ repeats });
  expect(toasts.shown.at(-1)?.text).toBe('Booked Kim Reyes with Ana at 11:00 · 2 bookings');
});

it('is not offered where the clinic’s server holds no series', async () => {
  shell.session = { ...session, holds: { ...session.holds, series: false } };
  begin();
  expect(screen.queryByTestId('book-repeat')).toBeNull();
  expect(screen.getByTestId('no-series').textContent).toContain('cannot repeat');
});
