import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', async () => (await import('../../testing/shell')).bindings);

import { shell } from '../../ipc';
import { violations } from '../../testing/axe';
import { commands, openClinic, session } from '../../testing/shell';
import SignIn from './SignIn.svelte';

const signedOut = { ...session, account: null };
const nowhere = { ...signedOut, server: '', clinic: '', sample: false, sample_accounts: [] };

beforeEach(() => {
  openClinic();
  shell.session = undefined;
  commands.session.mockResolvedValue(signedOut);
});

it('signs in with name and password, and forgets the password', async () => {
  commands.signIn.mockResolvedValue(session);
  render(SignIn);
  const login = await screen.findByTestId('login');
  await vi.waitFor(() => expect(commands.windowReady).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(document.activeElement).toBe(login));
  await userEvent.keyboard('olivia{Tab}secret{Enter}');
  expect(commands.signIn).toHaveBeenCalledExactlyOnceWith('olivia', 'secret');
  await vi.waitFor(() => expect((screen.getByTestId('password') as HTMLInputElement).value).toBe(''));
});

it('can be filled in by a password manager', async () => {
  render(SignIn);
  expect((await screen.findByTestId('login')).getAttribute('autocomplete')).toBe('username');
  expect(screen.getByTestId('password').getAttribute('autocomplete')).toBe('current-password');
});

it('says why it was refused, keeps the name, and puts the focus where to mend it', async () => {
  commands.signIn.mockRejectedValue({ code: 'other', message: 'That name and password do not go together.' });
  render(SignIn);
  await userEvent.type(await screen.findByTestId('login'), 'olivia');
  await userEvent.type(screen.getByTestId('password'), 'wrong{Enter}');
  expect((await screen.findByTestId('error')).textContent).toBe('That name and password do not go together.');
  expect((screen.getByTestId('login') as HTMLInputElement).value).toBe('olivia');
  expect(document.activeElement).toBe(screen.getByTestId('password'));
});

it('names what is missing instead of asking the server', async () => {
  render(SignIn);
  await userEvent.click(await screen.findByTestId('submit'));
  expect((await screen.findByTestId('error')).textContent).toContain('sign-in name');
  expect(commands.signIn).not.toHaveBeenCalled();
});

it('comes in as one of the sample clinic’s people at one click', async () => {
  commands.signInSample.mockResolvedValue(session);
  render(SignIn);
  await userEvent.click(await screen.findByTestId('sample-ana'));
  expect(commands.signInSample).toHaveBeenCalledExactlyOnceWith('ana');
});

it('asks for the clinic first where none is known, and then for the person', async () => {
  commands.session.mockResolvedValue(nowhere);
  commands.trySample.mockResolvedValue(signedOut);
  render(SignIn);
  expect(await screen.findByTestId('address')).toBeTruthy();
  expect(screen.queryByTestId('login')).toBeNull();
  await userEvent.click(screen.getByTestId('try-sample'));
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('login')));
});

it('says what is wrong with an address, and keeps it to be mended', async () => {
  commands.session.mockResolvedValue(nowhere);
  commands.connect.mockRejectedValue({ code: 'other', message: 'Nothing answers there.' });
  render(SignIn);
  await userEvent.type(await screen.findByTestId('address'), 'https://desk.invalid{Enter}');
  expect((await screen.findByTestId('error')).textContent).toBe('Nothing answers there.');
  expect(commands.connect).toHaveBeenCalledExactlyOnceWith('https://desk.invalid', 'deskbell');
  expect((screen.getByTestId('address') as HTMLInputElement).value).toBe('https://desk.invalid');
});

it('lets people of this desk in by their PIN, and whoever is in front by name only', async () => {
  const person = { account: 'm', name: 'Maria', role: 'operator', has_pin: true, in_front: false } as const;
  const others = [
    { ...person, account: 'o', name: 'Olivia', in_front: true },
    { ...person, account: 'b', name: 'Ben', has_pin: false },
  ];
  commands.session.mockResolvedValue({ ...session, people: [person, ...others] });
  render(SignIn);
  const listed = await screen.findAllByTestId('person');
  expect(listed.map((one) => one.dataset.name)).toEqual(['Maria']);
  await userEvent.click(listed[0] as HTMLElement);
  await userEvent.type(await screen.findByTestId('unlock-pin'), '2580{Enter}');
  expect(commands.comeIn).toHaveBeenCalledExactlyOnceWith('m', 'pin', '2580');
  await userEvent.click(screen.getByTestId('another-name'));
  expect(screen.getByTestId('login')).toBeTruthy();
});

it('asks for a new passphrase where nothing keeps a key, and goes on with the sign-in that was begun', async () => {
  commands.signIn.mockRejectedValueOnce({ code: 'needs_passphrase', message: 'Type it first.' });
  render(SignIn);
  await userEvent.type(await screen.findByTestId('login'), 'olivia');
  commands.session.mockResolvedValue({ ...signedOut, passphrase: 'choose' });
  await userEvent.type(screen.getByTestId('password'), 'secret{Enter}');
  await userEvent.type(await screen.findByTestId('passphrase-field'), 'four words are kept');
  await userEvent.type(screen.getByTestId('passphrase-again'), 'four words are{Enter}');
  expect((await screen.findByTestId('error')).textContent).toContain('not the same');
  expect(commands.givePassphrase).not.toHaveBeenCalled();
  commands.givePassphrase.mockResolvedValue(signedOut);
  commands.signIn.mockResolvedValue(session);
  await userEvent.type(screen.getByTestId('passphrase-again'), ' kept{Enter}');
  expect(commands.givePassphrase).toHaveBeenCalledExactlyOnceWith('four words are kept');
  await vi.waitFor(() => expect(commands.signIn).toHaveBeenCalledTimes(2));
  expect(commands.signIn).toHaveBeenLastCalledWith('olivia', 'secret');
});

it('asks for the passphrase of this desk, says when it is another, and gives it up only when asked twice', async () => {
  commands.session.mockResolvedValue({ ...signedOut, passphrase: 'unlock' });
  commands.givePassphrase.mockRejectedValue({ code: 'wrong_passphrase', message: 'That is not the passphrase.' });
  render(SignIn);
  const field = (await screen.findByTestId('passphrase-field')) as HTMLInputElement;
  await vi.waitFor(() => expect(document.activeElement).toBe(field));
  await userEvent.keyboard('a guess{Enter}');
  expect((await screen.findByTestId('error')).textContent).toBe('That is not the passphrase.');
  expect(field.value).toBe('');
  expect(screen.queryByTestId('login')).toBeNull();
  await userEvent.click(screen.getByTestId('passphrase-forgotten'));
  expect(commands.givePassphraseUp).not.toHaveBeenCalled();
  commands.givePassphraseUp.mockResolvedValue({ ...signedOut, passphrase: 'choose' });
  await userEvent.click(screen.getByTestId('passphrase-anew'));
  expect(await screen.findByTestId('passphrase-again')).toBeTruthy();
});

it('has no violation that axe finds, before a clinic is chosen, at its door and refused', async () => {
  commands.session.mockResolvedValue(nowhere);
  const first = render(SignIn);
  await vi.waitFor(() => expect(commands.windowReady).toHaveBeenCalledOnce());
  expect(await violations(document.body)).toEqual([]);
  first.unmount();
  shell.session = undefined;
  commands.session.mockResolvedValue(signedOut);
  render(SignIn);
  await userEvent.click(await screen.findByTestId('submit'));
  await screen.findByTestId('error');
  expect(await violations(document.body)).toEqual([]);
});
