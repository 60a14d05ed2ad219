import { cleanup, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { MyDay as Day, MyBooking } from '../../ipc';

const commands = vi.hoisted(() => ({ takeStep: vi.fn() }));
vi.mock('../../ipc/bindings', () => ({ commands, events: {} }));

import { shell } from '../../ipc';
import { toasts } from '../../parts/toasts.svelte';
import { violations } from '../../testing/axe';
import { aBar, aDay } from '../../testing/day';
import MyDay from './MyDay.svelte';

const jo: MyBooking = {
  bar: aBar(),
  alert: 'Allergic to nuts',
  notes: '',
  step: null,
  steps: ['arrive'],
  may_correct: false,
};
const kim: MyBooking = {
  bar: aBar({
    id: 'kim',
    client: 'Kim Reyes',
    status: 'requested',
    band: { from: 720, to: 780, label: '12:00–13:00' },
  }),
  alert: '',
  notes: 'Prefers silence',
  step: null,
  steps: ['accept', 'decline'],
  may_correct: true,
};

beforeEach(() => {
  commands.takeStep.mockReset().mockResolvedValue({ operation: 'op', revision: 2, undoable: true });
  shell.now = {
    at: 1,
    date: '2026-11-23',
    minute: 588,
    label: '09:48',
    twelve_hours: false,
    week_starts: 1,
    zone: null,
  };
});

function day(bookings = [jo, kim]) {
  const value: Day = { revision: 1, staff: 'ana', name: 'Ana', day: aDay(), hours: [], bookings };
  render(MyDay, { day: value, own: true });
  return userEvent.setup();
}
const row = (id: string) => screen.getAllByTestId('my-booking').find((one) => one.dataset.id === id) as HTMLElement;

it('shows the next client large, how soon, where and what everyone must know', () => {
  day();
  const next = screen.getByTestId('next-client');
  for (const text of ['in 12 min', 'Jo Santos', 'Shiatsu 60 · Room 2', 'Allergic to nuts']) {
    expect(next.textContent).toContain(text);
  }
});

it('takes the usual step by its one button and offers Undo', async () => {
  const user = day();
  await user.click(within(screen.getByTestId('next-client')).getByTestId('step-arrive'));
  expect(commands.takeStep).toHaveBeenCalledExactlyOnceWith('jo', 'arrive', null);
  expect(toasts.shown.at(-1)).toMatchObject({ text: 'Jo Santos arrived', operation: 'op' });
});

it('declines only with a reason', async () => {
  const user = day();
  await user.click(within(row('kim')).getByTestId('step-decline'));
  await user.click(screen.getByTestId('reason-submit'));
  expect(commands.takeStep).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('Say why');
  await user.type(screen.getByTestId('reason'), 'Ill');
  await user.keyboard('{Enter}');
  expect(commands.takeStep).toHaveBeenCalledExactlyOnceWith('kim', 'decline', 'Ill');
});

it('unfolds a booking with its notes and taking the last step back', async () => {
  const user = day();
  expect(row('kim').textContent).not.toContain('Prefers silence');
  await user.click(within(row('kim')).getByRole('button', { name: /Kim Reyes/ }));
  expect(row('kim').textContent).toContain('Prefers silence');
  await user.click(within(row('kim')).getByTestId('step-correct'));
  expect(commands.takeStep).toHaveBeenCalledExactlyOnceWith('kim', 'correct', null);
});

it('says plainly that nothing is booked', () => {
  day([]);
  expect(screen.getByText('Nothing is booked')).toBeTruthy();
  expect(screen.queryByTestId('next-client')).toBeNull();
});

it('has no violation that axe finds, with a day and without a booking', async () => {
  day();
  expect(await violations(document.body)).toEqual([]);
  cleanup();
  day([]);
  expect(await violations(document.body)).toEqual([]);
});
