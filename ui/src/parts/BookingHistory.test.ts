import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../ipc/bindings', async () => (await import('../testing/shell')).bindings);

import { type HistoryLine, type SheetStage, shell } from '../ipc';
import { violations } from '../testing/axe';
import { commands, openClinic, sync } from '../testing/shell';
import BookingHistory from './BookingHistory.svelte';

const line = (over: Partial<HistoryLine> = {}): HistoryLine => ({
  what: 'booked',
  at: '22 Nov 16:10',
  sent: null,
  by: { name: 'Olivia', you: true },
  here: true,
  desk: 'front-1',
  from: '',
  to: 'Mon 23 Nov · 10:00–11:00 · Ana',
  status: 'confirmed',
  changed: [],
  amount: '',
  reason: null,
  ...over,
});
const stage: SheetStage = { status: 'confirmed', at: '22 Nov 16:10', by: { name: 'Olivia', you: false } };
const moved = line({
  what: 'moved',
  at: '23 Nov 09:02',
  sent: '23 Nov 09:40',
  by: { name: 'Sam', you: false },
  here: false,
  desk: 'front-2',
  from: '10:00–11:00',
  to: '11:00–12:00',
  changed: ['notes'],
});
const recorded = { recorded: true, lines: [moved, line()], more: false, earlier: [] };

beforeEach(() => {
  openClinic();
  shell.sync = sync;
  commands.bookingHistory.mockResolvedValue(recorded);
});

async function open() {
  const shown = render(BookingHistory, { appointment: 'jo', stages: [stage], revision: 1, staff: 'Ana' });
  expect(commands.bookingHistory, 'asked only when somebody wants to know').not.toHaveBeenCalled();
  await userEvent.click(screen.getByText('History'));
  return shown;
}
const lines = () =>
  screen.getAllByTestId('history-line').map((one) => [...one.children].map((part) => part.textContent).join(' | '));

it('says who did what, when, from which desk, and that it was sent later', async () => {
  const { container } = await open();
  await screen.findAllByTestId('history-line');
  expect(lines()).toEqual([
    '23 Nov 09:02 | Moved | 10:00–11:00 → 11:00–12:00, also: notes | Sam, at front-2 | reached the clinic 23 Nov 09:40',
    '22 Nov 16:10 | Booked | Mon 23 Nov · 10:00–11:00 · Ana | You, at this desk',
  ]);
  expect(screen.queryByTestId('history-stage')).toBeNull();
  expect(await violations(container)).toEqual([]);
});

it('asks again when the booking changes while it is open', async () => {
  const { rerender } = await open();
  await screen.findAllByTestId('history-line');
  const late = line({ what: 'stepped', status: 'arrived', at: '23 Nov 10:58', here: false, desk: null });
  commands.bookingHistory.mockResolvedValue({ ...recorded, lines: [late, ...recorded.lines] });
  await rerender({ revision: 2 });
  await vi.waitFor(() => expect(lines()).toHaveLength(3));
  expect(lines()[0]).toContain('Arrived');
  expect(lines()[0]).toContain('at another desk');
});

it('shows what the booking keeps, and why not more, without a connection', async () => {
  shell.sync = { ...sync, pill: 'offline', offline_since: '14:02' };
  await open();
  expect(screen.getByTestId('history-stage').textContent).toContain('by Olivia');
  expect(screen.getByTestId('history-offline').textContent).toContain('can be reached again');
  expect(commands.bookingHistory).not.toHaveBeenCalled();
});

it('says of a server that keeps no record that it does not', async () => {
  commands.bookingHistory.mockResolvedValue({ recorded: false, lines: [], more: false, earlier: [stage] });
  await open();
  expect((await screen.findByTestId('history-not-recorded')).textContent).toContain('keeps no record');
  expect(screen.getAllByTestId('history-stage')).toHaveLength(1);
});

it('says what kept it from being read, and still shows what is known', async () => {
  commands.bookingHistory.mockRejectedValue({
    code: 'timeout',
    message: 'The clinic’s server did not answer in time.',
  });
  await open();
  expect((await screen.findByRole('alert')).textContent).toContain('did not answer in time');
  expect(screen.getAllByTestId('history-stage')).toHaveLength(1);
});
