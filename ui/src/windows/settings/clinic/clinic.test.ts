import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../../ipc/bindings', async () => (await import('../../../testing/shell')).bindings);

import { type ClinicSetup, type SettingsView, shell } from '../../../ipc';
import { toasts } from '../../../parts/toasts.svelte';
import { violations } from '../../../testing/axe';
import { openClinic, session, commands as usual } from '../../../testing/shell';
import Settings from '../Settings.svelte';
import { freeHue } from './setup.svelte';

/** What is asked for here beside what the shell of the tests answers by itself. */
const commands = Object.assign(usual, { accounts: vi.fn() });

const admin = { ...session, account: { login: 'adam', name: 'Adam', role: 'admin' as const, staff: null } };
const kept = { operation: 'op-1', revision: 8, undoable: true };
const setup: ClinicSetup = {
  revision: 7,
  clinic: { name: 'Harbour Clinic', currency: 'PHP', hours: [{ weekday: 1, opens: '09:00', closes: '18:00' }] },
  zone: 'Asia/Manila',
  services: [
    {
      form: {
        id: 's1',
        name: 'Shiatsu 60',
        minutes: 60,
        price_cents: 85_000,
        buffer_before: 0,
        buffer_after: 10,
        active: true,
      },
      says: '60 min · 850.00 · 10 min after',
      ahead: 3,
      pending: null,
    },
  ],
  staff: [
    {
      form: { id: 'p1', name: 'Ana', role: 'therapist', services: [], hue: 10, gender: 'female', active: true },
      says: 'Therapist · everything',
      ahead: 4,
      pending: null,
    },
  ],
  rooms: [
    {
      form: { id: 'r1', name: 'Room 1', capacity: 1, services: [] },
      says: 'one booking at a time · anything',
      ahead: 0,
      pending: null,
    },
  ],
  holidays: [],
};

beforeEach(() => {
  openClinic();
  shell.session = undefined;
  commands.windowReady.mockResolvedValue(null);
  commands.session.mockResolvedValue(admin);
  commands.settings.mockReset().mockReturnValue(new Promise<SettingsView>(() => {}));
  commands.clinicSetup.mockReset().mockResolvedValue(setup);
  commands.changeClinic.mockReset().mockResolvedValue(kept);
  commands.removeFromClinic.mockReset().mockResolvedValue(kept);
});

async function open() {
  const user = userEvent.setup();
  const { container } = render(Settings);
  await user.click(await screen.findByTestId('tab-clinic'));
  await screen.findByTestId('setup-service');
  return { user, container };
}

it('is there for an administrator alone', async () => {
  commands.session.mockResolvedValue(session);
  render(Settings);
  await waitFor(() => expect(commands.session).toHaveBeenCalled());
  expect(screen.queryByTestId('tab-clinic')).toBeNull();
});

it('says where a clinic is set up that Deskbell cannot set up', async () => {
  commands.session.mockResolvedValue({ ...admin, holds: { ...admin.holds, setup: false } });
  const user = userEvent.setup();
  const { container } = render(Settings);
  await user.click(await screen.findByTestId('tab-clinic'));
  expect(container.textContent).toContain('set up on its server’s own pages');
  expect(commands.clinicSetup).not.toHaveBeenCalled();
});

it('changes a service, price and all, as one act that can be taken back', async () => {
  const said = vi.spyOn(toasts, 'show');
  const { user, container } = await open();
  expect(await violations(container)).toEqual([]);
  await user.click(screen.getByTestId('entry-service'));
  const price = await screen.findByTestId<HTMLInputElement>('part-price');
  expect(price.value).toBe('850.00');
  await user.clear(price);
  await user.type(price, 'a lot');
  await user.click(screen.getByTestId('part-save'));
  expect((await screen.findByRole('alert')).textContent).toContain('850.50');
  expect(commands.changeClinic).not.toHaveBeenCalled();
  await user.clear(price);
  await user.type(price, '900,5');
  await user.click(screen.getByTestId('part-active'));
  expect(screen.getByTestId('part-form').textContent).toContain(
    '3 bookings ahead. What is booked already stays booked.',
  );
  await user.click(screen.getByTestId('part-save'));
  const form = { ...setup.services[0]?.form, price_cents: 90_050, active: false };
  expect(commands.changeClinic).toHaveBeenCalledExactlyOnceWith({ part: 'service', form });
  await waitFor(() => expect(said).toHaveBeenLastCalledWith('Shiatsu 60 is saved', 'op-1'));
  await waitFor(() => expect(screen.queryByTestId('part-form')).toBeNull());
});

it('adds a person with what they offer, and keeps the form with the reason when it is refused', async () => {
  commands.changeClinic.mockRejectedValueOnce({ code: 'other', message: 'Give the person a name.' });
  const { user } = await open();
  await user.click(screen.getByTestId('add-staff'));
  await user.click(await screen.findByTestId('part-save'));
  expect((await screen.findByTestId('error')).textContent).toContain('Give the person a name.');
  await user.type(screen.getByTestId('part-name'), 'Mika');
  await user.click(screen.getByTestId('part-service'));
  expect(await violations(screen.getByTestId('part-form'))).toEqual([]);
  await user.click(screen.getByTestId('part-save'));
  const form = { id: null, name: 'Mika', role: 'therapist', services: ['s1'], hue: 190, gender: null, active: true };
  expect(commands.changeClinic).toHaveBeenLastCalledWith({ part: 'staff', form });
});

it('opens a day, and removes a room', async () => {
  const { user } = await open();
  await user.click(screen.getByRole('button', { name: 'Open on Tuesday' }));
  await user.click(screen.getByTestId('clinic-save'));
  const hours = [...setup.clinic.hours, { weekday: 2, opens: '09:00', closes: '18:00' }];
  expect(commands.changeClinic).toHaveBeenLastCalledWith({ part: 'clinic', form: { ...setup.clinic, hours } });
  await user.click(screen.getByTestId('entry-room'));
  await user.click(await screen.findByTestId('part-remove'));
  expect(commands.removeFromClinic).toHaveBeenCalledExactlyOnceWith({ part: 'room', id: 'r1' });
});

it('gives a new person the colour that is furthest from the others', () => {
  expect(freeHue([])).toBe(250);
  expect(freeHue([10])).toBe(190);
  expect(freeHue([0, 120])).toBe(240);
  expect(freeHue([350, 10, 180])).toBe(95);
});
