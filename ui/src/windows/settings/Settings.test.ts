import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', async () => (await import('../../testing/shell')).bindings);

import type { SettingsForm, SettingsView } from '../../ipc';
import { violations } from '../../testing/axe';
import { commands, fire, openClinic, sync } from '../../testing/shell';
import { cost, fault } from './draft';
import Settings from './Settings.svelte';

const form: SettingsForm = {
  hints: true,
  intervals: [
    { setting: 'sync.intervals.desk_active', shortest: 10, longest: 15 },
    { setting: 'sync.intervals.hidden', shortest: 60, longest: 300 },
  ],
  new_availability: true,
  only_for_waiting: false,
  days_ahead: 60,
  staff: [],
  bookings: true,
  names: false,
  sound: false,
  quiet: false,
  quiet_from: '20:00',
  quiet_to: '07:00',
  theme: 'system',
  zoom: 100,
  clock: 'locale',
  week_starts: 'locale',
  close_to_tray: false,
  start_at_login: false,
  lock_after_minutes: 10,
  lock_warn_seconds: 60,
};
const view: SettingsView = { form, locked: [], file: '/home/olivia/settings.toml' };

beforeEach(() => {
  openClinic();
  commands.windowReady.mockResolvedValue(null);
  commands.settings.mockReset().mockResolvedValue(view);
  commands.changeSettings.mockReset().mockImplementation(async (form: SettingsForm) => ({ ...view, form }));
  commands.tryNotification.mockReset().mockResolvedValue(null);
});

const days = () => screen.findByTestId<HTMLInputElement>('days-ahead');

async function set(field: HTMLInputElement, value: string) {
  const user = userEvent.setup();
  await user.clear(field);
  if (value) await user.type(field, value);
}

it('keeps what was typed only when it is saved, and gives it back when it is discarded', async () => {
  render(Settings);
  await set(await days(), '14');
  expect(commands.changeSettings).not.toHaveBeenCalled();
  await userEvent.click(screen.getByTestId('settings-discard'));
  expect((await days()).value).toBe('60');

  await set(await days(), '21');
  await userEvent.keyboard('{Enter}');
  expect(commands.changeSettings).toHaveBeenCalledExactlyOnceWith({ ...form, days_ahead: 21 });
  await vi.waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('settings-save').disabled).toBe(true));
  expect((await days()).value).toBe('21');
});

it('says what is out of its range and does not offer to save it', async () => {
  render(Settings);
  await set(await days(), '400');
  expect((await screen.findByTestId('error')).textContent).toContain('1 to 365');
  expect(screen.getByTestId<HTMLButtonElement>('settings-save').disabled).toBe(true);
  await set(await days(), '');
  expect(screen.getByTestId('error')).toBeTruthy();
});

it('shows the shell’s refusal and keeps what was typed', async () => {
  commands.changeSettings.mockRejectedValue({ code: 'other', message: 'The settings file cannot be written.' });
  render(Settings);
  await set(await days(), '21');
  await userEvent.click(screen.getByTestId('settings-save'));
  expect((await screen.findByTestId('error')).textContent).toContain('cannot be written');
  expect((await days()).value).toBe('21');
});

it('offers no change to what is set for the whole computer, and says so', async () => {
  commands.settings.mockResolvedValue({ ...view, locked: ['notifications.days_ahead'] });
  render(Settings);
  const field = await days();
  expect(field.disabled).toBe(true);
  expect(field.closest('label')?.title).toContain('whole computer');
});

it('says whether the desktop took a notification', async () => {
  render(Settings);
  await userEvent.click(await screen.findByTestId('try-notification'));
  expect(await screen.findByTestId('tried')).toBeTruthy();
  commands.tryNotification.mockRejectedValue({ code: 'other', message: 'The desktop shows no notifications.' });
  await userEvent.click(screen.getByTestId('try-notification'));
  expect((await screen.findByTestId('error')).textContent).toContain('shows no notifications');
  expect(screen.queryByTestId('tried')).toBeNull();
});

it('says what reading from a dear server has cost', async () => {
  render(Settings);
  await days();
  fire('syncChanged', { ...sync, cost: '9.1 MB in 290 requests within the last hour' });
  expect((await screen.findByTestId('cost')).textContent).toContain('9.1 MB in 290 requests');
});

it('has no accessibility violation', async () => {
  const { container } = render(Settings);
  await days();
  expect(await violations(container)).toEqual([]);
});

it('names the setting whose interval makes no sense, and tells what one costs', () => {
  const upside = { ...form, intervals: [{ setting: 'sync.intervals.hidden', shortest: 90, longest: 60 }] };
  expect(fault(upside)?.setting).toBe('sync.intervals.hidden');
  expect(fault({ ...form, lock_after_minutes: 1 })?.setting).toBe('lock.warn_seconds');
  expect(fault({ ...form, lock_after_minutes: 0 })).toBeUndefined();
  expect(cost(10, 15)).toBe('240 to 360');
  expect(cost(30, 30)).toBe('120');
  expect(cost(0, 15)).toBe('–');
});

it('offers the front desk whose time it is told of, and keeps who was chosen', async () => {
  commands.catalogue.mockResolvedValue({
    services: [],
    staff: [{ id: 'ana', name: 'Ana', role: 'therapist', services: [] }],
  });
  render(Settings);
  await userEvent.click(await screen.findByTestId('whose'));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Ana' }));
  await userEvent.click(screen.getByTestId('settings-save'));
  expect(commands.changeSettings).toHaveBeenCalledExactlyOnceWith({ ...form, staff: ['ana'] });
  expect((await screen.findByTestId('whose')).textContent).toBe('The time of one person');
});

it('does not keep quiet hours without two times', async () => {
  expect(fault({ ...form, quiet_to: '20:00' })?.setting).toBe('notifications.quiet');
  expect(fault({ ...form, quiet_to: '' })?.setting).toBe('notifications.quiet');
  expect(fault(form)).toBeUndefined();
});
