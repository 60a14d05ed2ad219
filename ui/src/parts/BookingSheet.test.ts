import { cleanup, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BookingSheet as Sheet } from '../ipc';

const commands = vi.hoisted(() => ({
  bookingSheet: vi.fn(),
  bookingHistory: vi.fn(),
  takeStep: vi.fn(),
  catalogue: vi.fn(),
  tryMove: vi.fn(),
  moveBooking: vi.fn(),
  cancelSeries: vi.fn(),
  changesSince: vi.fn(),
}));
vi.mock('../ipc/bindings', () => ({
  commands,
  events: { clinicChanged: () => ({ listen: async () => () => {} }) },
}));

import { violations } from '../testing/axe';
import { aCatalogue } from '../testing/day';
import BookingSheet from './BookingSheet.svelte';
import { deeds } from './deeds.svelte';
import { toasts } from './toasts.svelte';

const sheet: Sheet = {
  revision: 1,
  id: 'jo',
  day: '2026-11-23',
  day_title: 'Mon 23 Nov',
  span: '10:00–11:00',
  start: '10:00',
  minutes: 60,
  may_move: true,
  clients: [{ id: 'jo', name: 'Jo Santos', phone: '0917 555', alert: '', arrived: null }],
  staff: [{ id: 'ana', name: 'Ana', part: 'therapist', answer: 'accepted' }],
  services: 'Shiatsu 60',
  place: 'Room 2',
  status: 'confirmed',
  step: null,
  notes: '',
  call_back: '',
  reason: null,
  overlap_reason: null,
  steps: ['arrive', 'cancel'],
  correction: null,
  payment_due: null,
  later: null,
  pending: null,
  history: [],
};

beforeEach(() => {
  commands.takeStep.mockReset().mockResolvedValue({ operation: 'op', revision: 2, undoable: true });
  commands.cancelSeries.mockReset().mockResolvedValue({ operation: 'op', revision: 2, undoable: true });
  commands.catalogue.mockReset().mockResolvedValue(aCatalogue());
  commands.tryMove.mockReset().mockResolvedValue([]);
  commands.moveBooking
    .mockReset()
    .mockResolvedValue({ is: 'kept', appointment: 'jo', operation: 'op', revision: 2, warnings: [] });
  commands.changesSince.mockReset().mockResolvedValue({ revision: 1, items: [], overflow: false });
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

async function open(over: Partial<Sheet> = {}) {
  commands.bookingSheet.mockReset().mockResolvedValue({ ...sheet, ...over });
  const closed = vi.fn();
  const { container } = render(BookingSheet, { appointment: 'jo', closed });
  await screen.findByText('Jo Santos');
  return { closed, container, user: userEvent.setup() };
}
/** As the window around it hears keys. */
window.addEventListener('keydown', (event) => deeds.press(event));

const field = (id: string) => screen.getByTestId(id);

it('cancels with one of the usual reasons at one press, and sends nothing without any', async () => {
  const { user, closed, container } = await open();
  await user.keyboard('x');
  await user.click(field('reason-submit'));
  expect(commands.takeStep).not.toHaveBeenCalled();
  expect(await violations(container)).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'The client is ill' }));
  expect(commands.takeStep).toHaveBeenCalledExactlyOnceWith('jo', 'cancel', 'The client is ill');
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

it('takes any other reason as it is typed', async () => {
  const { user } = await open();
  await user.keyboard('x');
  await user.type(field('reason'), 'Moved house{Enter}');
  expect(commands.takeStep).toHaveBeenCalledExactlyOnceWith('jo', 'cancel', 'Moved house');
});

it('moves the booking by a form where there is no calendar around it, by keyboard alone', async () => {
  const { user, closed, container } = await open();
  await user.keyboard('v');
  await vi.waitFor(() => expect(document.activeElement).toBe(field('move-start')));
  expect(await violations(container)).toEqual([]);
  await user.clear(field('move-start'));
  await user.keyboard('1130{Enter}');
  expect(commands.moveBooking.mock.calls[0]?.[0]).toMatchObject({ from_staff: 'ana', start: '11:30', minutes: 60 });
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

it('lists its steps and the move among what can be done, for as long as it is open', async () => {
  const { closed } = await open();
  const listed = () => deeds.all.map(({ label, key }) => [key, label]);
  expect(listed()).toEqual([
    ['v', 'Jo Santos: Move'],
    ['a', 'Jo Santos: Arrived'],
    ['x', 'Jo Santos: Cancel booking'],
  ]);
  cleanup();
  expect(listed()).toEqual([]);
  expect(closed).not.toHaveBeenCalled();
});

it('says why a booking is not offered to be moved, and says nothing once it is over', async () => {
  await open({ may_move: false, status: 'in_session' });
  expect(screen.queryByTestId('sheet-move')).toBeNull();
  expect(field('sheet-stays').textContent).toContain('too far on');
});

it('says of a server that keeps times as they are that it does', async () => {
  await open({ may_move: false });
  expect(field('sheet-stays').textContent).toContain('server keeps its time');
});

it('shows the number to call back, and asks nothing of a booking that is over', async () => {
  await open({ call_back: '0918 222', may_move: false, status: 'completed', steps: [] });
  expect(field('sheet-call-back').textContent).toBe('Call back on 0918 222');
  expect(screen.queryByTestId('sheet-stays')).toBeNull();
});

it('asks which ones are cancelled of a booking that comes again, and takes the later ones along', async () => {
  const { user, closed, container } = await open({ later: 3 });
  expect(field('sheet-series').textContent).toBe('Comes again: 3 later bookings');
  await user.click(field('step-cancel'));
  expect(screen.getByLabelText('Only this one')).toHaveProperty('checked', true);
  expect(await violations(container)).toEqual([]);
  await user.click(screen.getByLabelText('This one and 3 later'));
  await user.click(screen.getAllByTestId('reason-choice')[0] as HTMLElement);
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  expect(commands.takeStep).not.toHaveBeenCalled();
  expect(commands.cancelSeries.mock.calls).toEqual([['jo', expect.stringMatching(/./)]]);
  expect(toasts.shown[0]?.text).toContain('4 bookings');
});
