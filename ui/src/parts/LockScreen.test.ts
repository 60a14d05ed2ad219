import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('../ipc/bindings', async () => (await import('../testing/shell')).bindings);

vi.mock('../ipc/anew', () => ({ beginAnew: vi.fn() }));

import { type LockView, type PersonView, shell } from '../ipc';
import { beginAnew } from '../ipc/anew';
import { violations } from '../testing/axe';
import { commands, fire, openClinic } from '../testing/shell';
import { Concealment } from './concealment';
import LockScreen from './LockScreen.svelte';

const olivia: PersonView = { account: 'o', name: 'Olivia', role: 'operator', has_pin: false, in_front: true };
const maria: PersonView = { account: 'm', name: 'Maria', role: 'operator', has_pin: true, in_front: false };
const open: LockView = { locked: false, warning: null, name: 'Olivia', sample: false, people: [olivia] };
const locked = { ...open, locked: true };
const both = { ...locked, people: [olivia, maria] };
const form = () => document.querySelector<HTMLInputElement>('#window input');
const pressed = vi.fn();

beforeEach(async () => {
  openClinic();
  commands.lockView.mockResolvedValue(open);
  commands.windowReady.mockResolvedValue(null);
  pressed.mockReset();
  document.body.innerHTML = '<div id="window"><p>Jo Santos</p><input aria-label="Client" /></div><div id="lock"></div>';
  const cover = document.getElementById('lock') as HTMLElement;
  const concealment = new Concealment(cover);
  document.addEventListener('keydown', pressed, true);
  document.addEventListener('pointerdown', pressed, true);
  render(LockScreen, { target: cover, props: { concealment } });
  await vi.waitFor(() => expect(commands.lockView).toHaveBeenCalledOnce());
  form()?.focus();
  await userEvent.keyboard('Maria Pe');
  pressed.mockReset();
});

afterEach(() => {
  fire('lockChanged', open);
  document.removeEventListener('keydown', pressed, true);
  document.removeEventListener('pointerdown', pressed, true);
});

it('takes everything personal out of the document, and puts the very draft and its focus back', async () => {
  const draft = form();
  fire('lockChanged', locked);
  expect(await screen.findByTestId('locked')).toBeTruthy();
  expect(document.body.textContent).not.toContain('Jo Santos');
  expect(form()).toBeNull();

  const before = shell.unlocks;
  fire('lockChanged', open);
  await vi.waitFor(() => expect(form()).toBe(draft));
  expect(form()?.value).toBe('Maria Pe');
  expect(document.activeElement).toBe(draft);
  expect(screen.queryByTestId('locked')).toBeNull();
  expect(shell.unlocks).toBe(before + 1);
});

it('asks for the password, says what is wrong with it, and lets no key or press through to what it hides', async () => {
  fire('lockChanged', locked);
  const password = await screen.findByTestId('unlock-password');
  await userEvent.click(screen.getByTestId('unlock'));
  expect(await screen.findByText('Type your password.')).toBeTruthy();
  commands.comeIn.mockRejectedValueOnce({ code: 'wrong_password', message: 'That is not your password.' });
  await userEvent.type(password, 'guess{Enter}');
  expect(await screen.findByText('That is not your password.')).toBeTruthy();
  expect(commands.comeIn).toHaveBeenLastCalledWith('o', 'password', 'guess');
  expect(password).toHaveProperty('value', '');
  expect(pressed).not.toHaveBeenCalled();
});

it('warns ahead, and any input keeps it open', async () => {
  fire('lockChanged', { ...open, warning: 60 });
  expect((await screen.findByTestId('lock-soon')).textContent).toContain('locks in 60 seconds');
  expect(document.body.textContent).toContain('Jo Santos');
  await userEvent.click(form() as HTMLInputElement);
  expect(commands.attend).toHaveBeenCalledWith(expect.objectContaining({ input: true }));
  await vi.waitFor(() => expect(screen.queryByTestId('lock-soon')).toBeNull());
});

it('locks by Ctrl Shift L, and not from a window that is locked', async () => {
  await userEvent.keyboard('{Control>}{Shift>}L{/Shift}{/Control}');
  expect(commands.lock).toHaveBeenCalledOnce();
  fire('lockChanged', locked);
  await screen.findByTestId('locked');
  await userEvent.keyboard('{Control>}{Shift>}L{/Shift}{/Control}');
  expect(commands.lock).toHaveBeenCalledOnce();
});

it('lets another person sign out, and asks first when work was not sent', async () => {
  fire('lockChanged', locked);
  await screen.findByTestId('locked');
  commands.signOut.mockRejectedValueOnce({ code: 'work_waiting', message: 'One change was not sent.' });
  await userEvent.click(screen.getByTestId('lock-sign-out'));
  expect(await screen.findByText('One change was not sent.')).toBeTruthy();
  expect(commands.signOut).toHaveBeenLastCalledWith(false);
  await userEvent.click(screen.getByTestId('lock-sign-out'));
  expect(commands.signOut).toHaveBeenLastCalledWith(true);
});

it('lets another person of the desk in by PIN, and never shows them what was concealed', async () => {
  fire('lockChanged', both);
  await userEvent.click((await screen.findAllByTestId('person'))[1] as HTMLElement);
  const pin = await screen.findByTestId('unlock-pin');
  expect(document.body.textContent).toContain('What Olivia typed and did not save is dropped');
  await userEvent.type(pin, '2580{Enter}');
  expect(commands.comeIn).toHaveBeenLastCalledWith('m', 'pin', '2580');

  const people = [
    { ...olivia, in_front: false },
    { ...maria, in_front: true },
  ];
  fire('lockChanged', { ...open, name: 'Maria', people });
  await vi.waitFor(() => expect(beginAnew).toHaveBeenCalledOnce());
  expect(document.body.textContent).not.toContain('Jo Santos');
  expect(form()).toBeNull();
  // The page would be another by now; the next test's begins with Olivia.
  fire('lockChanged', both);
  await screen.findByTestId('locked');
});

it('offers the other person first when the desk is left to another, and asks for the password when PINs are used up', async () => {
  await userEvent.keyboard('{Control>}{Shift>}S{/Shift}{/Control}');
  expect(commands.lock).toHaveBeenCalledOnce();
  fire('lockChanged', both);
  const pin = await screen.findByTestId('unlock-pin');
  await vi.waitFor(() => expect(document.activeElement).toBe(pin));
  commands.comeIn.mockRejectedValueOnce({ code: 'needs_password', message: 'There were too many wrong PINs.' });
  await userEvent.type(pin, '1111{Enter}');
  expect(await screen.findByTestId('unlock-password')).toBeTruthy();
  expect(screen.getByTestId('error').textContent).toContain('too many wrong PINs');
});

it('lets somebody sign in who has not been at this desk', async () => {
  fire('lockChanged', locked);
  await userEvent.click(await screen.findByTestId('somebody-else'));
  expect(commands.openWindow).toHaveBeenLastCalledWith('sign_in', null);
});

it('has no violation that axe finds, for one person and for several', async () => {
  fire('lockChanged', locked);
  await screen.findByTestId('locked');
  expect(await violations(document.body)).toEqual([]);
  fire('lockChanged', both);
  expect(await violations(document.body)).toEqual([]);
});
