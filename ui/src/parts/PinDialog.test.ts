import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../ipc/bindings', async () => (await import('../testing/shell')).bindings);

import { shell } from '../ipc';
import { violations } from '../testing/axe';
import { commands, openClinic, session } from '../testing/shell';
import PinDialog from './PinDialog.svelte';

const person = { account: 'o', name: 'Olivia', role: 'operator', has_pin: false, in_front: true } as const;

beforeEach(() => {
  openClinic();
  shell.session = { ...session, people: [person] };
});

async function fill(pin: string, again: string, password: string) {
  await userEvent.type(await screen.findByTestId('pin-new'), pin);
  await userEvent.type(screen.getByTestId('pin-again'), again);
  if (password) await userEvent.type(screen.getByTestId('pin-password'), password);
  await userEvent.click(screen.getByTestId('pin-keep'));
}

it('keeps a PIN with the password, and forgets both', async () => {
  render(PinDialog, { open: true });
  await fill('2580', '2580', 'right');
  expect(commands.setPin).toHaveBeenCalledExactlyOnceWith('right', '2580');
  await vi.waitFor(() => expect(screen.queryByTestId('pin-keep')).toBeNull());
});

it('says what is wrong before it asks, and what the desk refuses', async () => {
  render(PinDialog, { open: true });
  await fill('2580', '2581', 'right');
  expect((await screen.findByTestId('error')).textContent).toContain('differ');
  expect(commands.setPin).not.toHaveBeenCalled();
  commands.setPin.mockRejectedValueOnce({ code: 'bad_pin', message: 'Everybody tries that one first.' });
  await userEvent.clear(screen.getByTestId('pin-again'));
  await userEvent.type(screen.getByTestId('pin-again'), '2580{Enter}');
  await vi.waitFor(() => expect(screen.getByTestId('error').textContent).toContain('Everybody'));
});

it('offers to take a PIN away that is set', async () => {
  shell.session = { ...session, people: [{ ...person, has_pin: true }] };
  render(PinDialog, { open: true });
  expect(await screen.findByText('Change the PIN')).toBeTruthy();
  await userEvent.click(screen.getByTestId('pin-remove'));
  expect(commands.removePin).toHaveBeenCalledOnce();
});

it('has no violation that axe finds', async () => {
  render(PinDialog, { open: true });
  await screen.findByTestId('pin-new');
  expect(await violations(document.body)).toEqual([]);
});
