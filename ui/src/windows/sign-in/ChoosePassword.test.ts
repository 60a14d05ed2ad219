import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../ipc/bindings', async () => (await import('../../testing/shell')).bindings);

import { shell } from '../../ipc';
import { violations } from '../../testing/axe';
import { openClinic, session, commands as usual } from '../../testing/shell';
import SignIn from './SignIn.svelte';

/** What is asked for here beside what the shell of the tests answers by itself. */
const commands = Object.assign(usual, { choosePassword: vi.fn() });

const signedOut = { ...session, account: null };
const CODE = '7KQX-M2DP-9HRT';
const OWN = 'a password of my own';

beforeEach(() => {
  openClinic();
  shell.session = undefined;
  commands.session.mockResolvedValue(signedOut);
  commands.signIn.mockRejectedValue({ code: 'password_needed', message: 'This is a one-time code.' });
});

/** Comes as far as where a password is chosen. */
async function comeWithACode() {
  const user = userEvent.setup();
  const { container } = render(SignIn);
  await user.type(await screen.findByTestId('login'), 'nia');
  await user.type(screen.getByTestId('password'), `${CODE}{Enter}`);
  await screen.findByTestId('choose-password');
  return { user, container };
}

it('asks whoever comes with a one-time code for a password of their own, before anything else', async () => {
  commands.choosePassword.mockResolvedValue(session);
  const { user, container } = await comeWithACode();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('own-new')));
  expect(screen.queryByTestId('error')).toBeNull();
  expect(await violations(container)).toEqual([]);
  await user.keyboard(`${OWN}{Tab}${OWN}{Enter}`);
  expect(commands.choosePassword).toHaveBeenCalledExactlyOnceWith('nia', CODE, OWN);
  await waitFor(() => expect(shell.session?.account?.login).toBe('olivia'));
});

it('takes no password that is missing or typed in two ways', async () => {
  const { user } = await comeWithACode();
  await user.click(screen.getByTestId('own-submit'));
  expect((await screen.findByTestId('error')).textContent).toContain('Type the password');
  await user.type(screen.getByTestId('own-new'), OWN);
  await user.type(screen.getByTestId('own-again'), `${OWN}s{Enter}`);
  expect((await screen.findByTestId('error')).textContent).toContain('not the same');
  expect(commands.choosePassword).not.toHaveBeenCalled();
});

it('says why a password is refused, and leads back', async () => {
  commands.choosePassword.mockRejectedValue({ code: 'bad_input', message: 'A password has 10 characters or more.' });
  const { user } = await comeWithACode();
  await user.type(screen.getByTestId('own-new'), 'short');
  await user.type(screen.getByTestId('own-again'), 'short{Enter}');
  expect((await screen.findByTestId('error')).textContent).toContain('10 characters');
  await user.click(screen.getByTestId('own-back'));
  expect((await screen.findByTestId<HTMLInputElement>('password')).value).toBe('');
  expect(screen.getByTestId<HTMLInputElement>('login').value).toBe('nia');
});

it('goes on with the chosen password where the desk asks for its passphrase first', async () => {
  commands.choosePassword.mockRejectedValue({ code: 'needs_passphrase', message: 'A passphrase is needed.' });
  const { user } = await comeWithACode();
  commands.session.mockResolvedValue({ ...signedOut, passphrase: 'choose' });
  await user.type(screen.getByTestId('own-new'), OWN);
  await user.type(screen.getByTestId('own-again'), `${OWN}{Enter}`);
  commands.givePassphrase.mockResolvedValue(signedOut);
  commands.signIn.mockReset().mockResolvedValue(session);
  await user.type(await screen.findByTestId('passphrase-field'), 'twelve letters');
  await user.type(screen.getByTestId('passphrase-again'), 'twelve letters{Enter}');
  await waitFor(() => expect(commands.signIn).toHaveBeenCalledExactlyOnceWith('nia', OWN));
});
