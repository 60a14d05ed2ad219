import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { AwayBooking, BookingMove, Opening, StaffAway } from '../../ipc';

const commands = vi.hoisted(() => ({
  staffAway: vi.fn(),
  markAway: vi.fn(),
  reassign: vi.fn(),
  markTold: vi.fn(),
  changesSince: vi.fn(),
}));
vi.mock('../../ipc/bindings', () => ({
  commands,
  events: { clinicChanged: () => ({ listen: async () => () => {} }) },
}));

import { toasts } from '../../parts/toasts.svelte';
import { violations } from '../../testing/axe';
import { aCatalogue } from '../../testing/day';
import AwayPanel from './AwayPanel.svelte';

const carla: Opening = {
  staff: 'carla',
  staff_name: 'Carla',
  day: '2026-11-23',
  day_title: '',
  start: '10:00',
  span: '10:00–11:00',
};
function booking(id: string, over: Partial<AwayBooking> = {}): AwayBooking {
  return {
    id,
    day: '2026-11-23',
    day_title: 'Mon 23 Nov',
    start: '10:00',
    span: '10:00–11:00',
    minutes: 60,
    client: `Client ${id}`,
    phones: ['0917 555'],
    alert: '',
    services: 'Shiatsu 60',
    status: 'confirmed',
    settled: 'open',
    now_with: '',
    told: false,
    may_move: true,
    substitutes: [carla, { ...carla, staff: 'dora', staff_name: 'Dora' }],
    other_times: [],
    pending: null,
    ...over,
  };
}

/** A clinic that does what it is asked. */
let clinic: StaffAway;
function change(id: string, over: Partial<AwayBooking>) {
  const bookings = clinic.bookings.map((one) => (one.id === id ? { ...one, ...over } : one));
  clinic = { ...clinic, revision: clinic.revision + 1, bookings };
  return { operation: `op-${clinic.revision}`, revision: clinic.revision };
}

beforeEach(() => {
  clinic = { revision: 1, staff: 'ana', name: 'Ana', when: 'Mon 23 Nov', marked: false, bookings: [] };
  commands.staffAway.mockReset().mockImplementation(async () => clinic);
  commands.markAway.mockReset().mockImplementation(async () => {
    clinic = { ...clinic, marked: true, revision: clinic.revision + 1 };
    return { operation: 'away', revision: clinic.revision, undoable: true };
  });
  commands.reassign.mockReset().mockImplementation(async (to: BookingMove) => ({
    is: 'kept',
    appointment: to.appointment,
    warnings: [],
    ...change(to.appointment, { settled: 'covered', now_with: to.staff }),
  }));
  commands.markTold.mockReset().mockImplementation(async (id: string, _absent: string, told: boolean) => ({
    undoable: true,
    ...change(id, { told }),
  }));
  commands.changesSince.mockReset().mockResolvedValue({ revision: 1, items: [], overflow: false });
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

async function open(...bookings: AwayBooking[]) {
  clinic.bookings = bookings;
  render(AwayPanel, { catalogue: aCatalogue(), staff: 'ana', day: '2026-11-23' });
  await screen.findByTestId('away-sum');
  return userEvent.setup();
}
const rows = () => screen.getAllByTestId('away-booking');
const activeRow = () => rows().findIndex((row) => row.contains(document.activeElement));
const sum = () => screen.getByTestId('away-sum').textContent?.trim();

it('settles every booking by keyboard alone: Enter gives it to the best, T notes the call and goes on', async () => {
  const user = await open(booking('jo'), booking('kim', { substitutes: [{ ...carla, staff: 'dora' }] }));
  expect(await violations(document.body)).toEqual([]);
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(activeRow()).toBe(0));
  expect(commands.markAway).toHaveBeenCalledExactlyOnceWith({
    staff: 'ana',
    from_day: '2026-11-23',
    from: null,
    to_day: '2026-11-23',
    to: null,
  });
  await user.keyboard('{Enter}t');
  await vi.waitFor(() => expect(activeRow()).toBe(1));
  expect(commands.reassign.mock.calls[0]?.[0]).toMatchObject({ appointment: 'jo', from_staff: 'ana', staff: 'carla' });
  expect(commands.markTold).toHaveBeenLastCalledWith('jo', 'ana', true);
  expect(sum()).toBe('1 booking to settle, Mon 23 Nov');
  await user.keyboard('t{Enter}');
  await vi.waitFor(() => expect(sum()).toBe('All 2 bookings are settled.'));
  expect(commands.reassign.mock.calls[1]?.[0]).toMatchObject({ appointment: 'kim', staff: 'dora', start: '10:00' });
  expect(toasts.shown.at(-1)?.operation).toBeDefined();
  expect(await violations(document.body)).toEqual([]);
});

it('takes keys one after the other when they come faster than their answers', async () => {
  const user = await open(booking('jo'), booking('kim'));
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(activeRow()).toBe(0));
  let let_go = () => {};
  const held = new Promise<void>((resolve) => {
    let_go = resolve;
  });
  const soon = commands.reassign.getMockImplementation();
  commands.reassign.mockImplementation((to: BookingMove) => held.then(() => soon?.(to)));
  await user.keyboard('{Enter}t{Enter}t');
  expect(commands.markTold).not.toHaveBeenCalled();
  let_go();
  await vi.waitFor(() => expect(sum()).toBe('All 2 bookings are settled.'));
  expect(commands.reassign.mock.calls.map(([to]) => to.appointment)).toEqual(['jo', 'kim']);
});

it('offers other times by their number where nobody is free then, and gives none by Enter', async () => {
  const later = { ...carla, day: '2026-11-24', day_title: 'Tue 24 Nov' };
  const user = await open(booking('jo', { substitutes: [], other_times: [later] }));
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(activeRow()).toBe(0));
  await user.keyboard('{Enter}');
  expect(commands.reassign).not.toHaveBeenCalled();
  await user.keyboard('1');
  await vi.waitFor(() => expect(commands.reassign).toHaveBeenCalledOnce());
  expect(commands.reassign.mock.calls[0]?.[0]).toMatchObject({ day: '2026-11-24', staff: 'carla' });
});

it('says why a booking stays when somebody was quicker, and shows what is free by now', async () => {
  const user = await open(booking('jo'));
  await user.keyboard('{Enter}');
  await vi.waitFor(() => expect(activeRow()).toBe(0));
  commands.reassign.mockImplementation(async () => {
    change('jo', { substitutes: [{ ...carla, staff: 'dora', staff_name: 'Dora' }] });
    return { is: 'refused', clashes: [{ text: 'Carla has Kim 10:00–11:00', hard: true }], alternatives: [] };
  });
  await user.keyboard('{Enter}');
  expect((await screen.findByTestId('error')).textContent).toBe('Client jo stays: Carla has Kim 10:00–11:00');
  await vi.waitFor(() => expect(screen.getAllByTestId('away-offer')).toHaveLength(1));
  expect(screen.getByTestId('away-offer').dataset.staff).toBe('dora');
});

it('asks anew for whom and when it is told', async () => {
  const user = await open();
  expect(sum()).toBe('Ana has no bookings Mon 23 Nov.');
  await user.selectOptions(screen.getByTestId('away-staff'), 'ben');
  await vi.waitFor(() =>
    expect(commands.staffAway).toHaveBeenLastCalledWith(expect.objectContaining({ staff: 'ben' })),
  );
});
