import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BookingAnswer } from '../ipc';

const commands = vi.hoisted(() => ({ tryMove: vi.fn(), moveBooking: vi.fn(), moveSeries: vi.fn() }));
vi.mock('../ipc/bindings', () => ({ commands, events: {} }));

import { shell } from '../ipc';
import { violations } from '../testing/axe';
import { aCatalogue } from '../testing/day';
import MoveForm from './MoveForm.svelte';
import { Moving } from './moving.svelte';
import { toasts } from './toasts.svelte';

const kept: BookingAnswer = { is: 'kept', appointment: 'jo', operation: 'op', revision: 2, warnings: [] };
const opening = {
  staff: 'ben',
  staff_name: 'Ben',
  day: '2026-11-24',
  day_title: 'Tue 24 Nov',
  start: '09:00',
  span: '',
};
const taken = { text: 'Ana has Kim 14:00–15:00', hard: true };

beforeEach(() => {
  commands.tryMove.mockReset().mockResolvedValue([]);
  commands.moveBooking.mockReset().mockResolvedValue(kept);
  commands.moveSeries.mockReset();
  shell.session = undefined;
  for (const toast of toasts.shown) toasts.dismiss(toast.id);
});

function form(later = 0) {
  const spot = { staff: 'ana', day: '2026-11-23', start: '14:00', minutes: 60 };
  const moving = new Moving('jo', 'Jo Santos', spot, later);
  const done = vi.fn();
  const { container } = render(MoveForm, { moving, catalogue: aCatalogue(), kept: done });
  return { moving, done, container, user: userEvent.setup() };
}
const field = (id: string) => screen.getByTestId(id);

async function type(user: ReturnType<typeof userEvent.setup>, id: string, text: string) {
  await user.clear(field(id));
  await user.type(field(id), text);
}

it('moves nothing that stays where it is, and then says from when to when', async () => {
  const { user, done } = form();
  expect(field('move-submit')).toHaveProperty('disabled', true);
  await type(user, 'move-start', '1530');
  await user.keyboard('{Enter}');
  expect(commands.moveBooking).toHaveBeenCalledExactlyOnceWith({
    appointment: 'jo',
    from_staff: 'ana',
    staff: 'ana',
    day: '2026-11-23',
    start: '15:30',
    minutes: 60,
    override_reason: null,
  });
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(toasts.shown[0]).toMatchObject({ text: 'Moved Jo Santos 14:00 → 15:30', operation: 'op' });
});

it('gives it to somebody else on another day, at another length', async () => {
  const { user } = form();
  await user.selectOptions(field('move-staff'), 'ben');
  await user.selectOptions(field('move-day'), '2026-11-25');
  await type(user, 'move-minutes', '75');
  await user.click(field('move-submit'));
  expect(commands.moveBooking.mock.calls[0]?.[0]).toMatchObject({ staff: 'ben', day: '2026-11-25', minutes: 75 });
});

it('says while it is typed what is in the way, by the rules, and nothing once there is nothing', async () => {
  const { user } = form();
  commands.tryMove.mockResolvedValue([{ text: 'Outside Ana’s hours', hard: false }]);
  await type(user, 'move-start', '2000');
  await vi.waitFor(() => expect(field('move-fit').textContent).toContain('Outside Ana’s hours'));
  commands.tryMove.mockResolvedValue([]);
  await type(user, 'move-start', '1600');
  await vi.waitFor(() => expect(screen.queryByTestId('move-fit')).toBeNull());
});

it('shows who has the time; Enter takes the first free one, without a reason it does not need', async () => {
  commands.moveBooking.mockResolvedValueOnce({ is: 'refused', clashes: [taken], alternatives: [opening] });
  const { user, done, container } = form();
  await type(user, 'move-start', '1430');
  await user.keyboard('{Enter}');
  expect((await screen.findByTestId('conflict')).textContent).toContain('Ana has Kim');
  expect(await violations(container)).toEqual([]);
  await vi.waitFor(() => expect(document.activeElement).toBe(field('alternative')));
  await user.keyboard('{Enter}');
  expect(commands.moveBooking.mock.calls[1]?.[0]).toMatchObject({ staff: 'ben', day: '2026-11-24', start: '09:00' });
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(toasts.shown[0]?.text).toBe('Moved Jo Santos 14:00 → Ben Tue 24 Nov 09:00');
});

it('moves over a hard clash only with a reason', async () => {
  commands.moveBooking.mockResolvedValueOnce({ is: 'refused', clashes: [taken], alternatives: [] });
  const { user } = form();
  await type(user, 'move-start', '1430');
  await user.keyboard('{Enter}');
  await user.type(await screen.findByTestId('move-override'), 'Twins, side by side');
  expect(field('move-submit').textContent).toContain('all the same');
  await user.keyboard('{Enter}');
  expect(commands.moveBooking.mock.calls[1]?.[0]).toMatchObject({ override_reason: 'Twins, side by side' });
});

it('asks of a booking that comes again which ones are meant, and says of all which days are taken', async () => {
  const days = [{ text: 'Mon 7 Dec: Ana has Kim 15:00–16:00', hard: true }];
  commands.moveSeries.mockResolvedValueOnce({ is: 'refused', clashes: days, alternatives: [] }).mockResolvedValue(kept);
  const { user, done, container } = form(4);
  await type(user, 'move-start', '1500');
  await user.click(screen.getByLabelText('This one and 4 later'));
  await user.click(field('move-submit'));
  expect((await screen.findByTestId('conflict')).textContent).toContain('Mon 7 Dec');
  expect(screen.queryByTestId('alternative')).toBeNull();
  expect(await violations(container)).toEqual([]);
  await user.click(screen.getByLabelText('Only this one'));
  expect(screen.queryByTestId('conflict')).toBeNull();
  await user.click(screen.getByLabelText('This one and 4 later'));
  await user.click(field('move-submit'));
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(commands.moveBooking).not.toHaveBeenCalled();
  expect(toasts.shown[0]?.text).toBe('Moved Jo Santos 14:00 → 15:00 · 5 bookings');
});

it('has no accessibility violation', async () => {
  const { container } = form();
  expect(await violations(container)).toEqual([]);
});
