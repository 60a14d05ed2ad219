import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('../../../ipc/bindings', async () => (await import('../../../testing/shell')).bindings);

import { type AccountLine, type AccountsView, shell } from '../../../ipc';
import { toasts } from '../../../parts/toasts.svelte';
import { violations } from '../../../testing/axe';
import { fire, openClinic, session, sync, commands as usual } from '../../../testing/shell';
import Accounts from './Accounts.svelte';
import { loginFor } from './accounts.svelte';

/** What is asked for here beside what the shell of the tests answers by itself. */
const commands = Object.assign(usual, { accounts: vi.fn(), changeAccount: vi.fn() });

const line = (name: string, more: Partial<AccountLine> = {}): AccountLine => ({
  id: `id-${name}`,
  login: name.toLowerCase(),
  name,
  role: 'operator',
  staff: null,
  state: 'active',
  says: '',
  desks: 0,
  you: false,
  ...more,
});
const me = line('Adam', { role: 'admin', says: 'signed in at one desk', desks: 1, you: true });
const ana = line('Ana', { role: 'therapist', staff: 'p1', desks: 2, says: 'signed in at 2 desks' });
const view: AccountsView = {
  accounts: [me, ana, line('Olivia', { state: 'disabled' })],
  staff: [
    { id: 'p1', name: 'Ana', role: 'therapist', has_account: true },
    { id: 'p2', name: 'José Cruz', role: 'therapist', has_account: false },
  ],
};
const code = { code: '7KQX-M2DP-9HRT', until: 'Thu 26 Nov at 09:00' };

beforeEach(() => {
  openClinic();
  shell.session = { ...session, account: { login: 'adam', name: 'Adam', role: 'admin', staff: null } };
  shell.sync = sync;
  commands.accounts.mockReset().mockResolvedValue(view);
  commands.changeAccount.mockReset();
});

async function open(login?: string) {
  const user = userEvent.setup();
  const { container } = render(Accounts, { people: 'ana' });
  await screen.findAllByTestId('account');
  if (login) await user.click(row(login));
  return { user, container };
}

function row(login: string): HTMLElement {
  const found = screen.getAllByTestId('account').find((one) => one.dataset.login === login);
  if (!found) throw new Error(`no account ${login}`);
  return found;
}

it('lists who may sign in, and gives nobody their own account to change', async () => {
  const { container } = await open();
  expect(screen.getAllByTestId('account').map((one) => one.dataset.state)).toEqual(['active', 'active', 'disabled']);
  expect(row('adam').tagName).toBe('DIV');
  expect(row('adam').textContent).toContain('You');
  expect(row('ana').getAttribute('aria-label')).toBe('Change Ana, ana, Active, Therapist · signed in at 2 desks');
  expect(await violations(container)).toEqual([]);
});

it('invites somebody of the staff by the keyboard alone, and shows the code once', async () => {
  commands.changeAccount.mockResolvedValue({ account: line('José Cruz', { login: 'jose' }), code });
  const { user } = await open();
  screen.getByTestId('account-invite').focus();
  await user.keyboard('{Enter}');
  const dialog = await screen.findByTestId('account-dialog');
  expect(await violations(dialog)).toEqual([]);
  expect(screen.getByTestId<HTMLSelectElement>('account-staff').value).toBe('p2');
  expect(screen.getByTestId<HTMLInputElement>('account-login').value).toBe('jose');
  screen.getByTestId('account-login').focus();
  await user.keyboard('{Enter}');
  const form = { act: 'invite', staff: 'p2', name: 'José Cruz', login: 'jose', role: 'therapist' };
  expect(commands.changeAccount).toHaveBeenCalledExactlyOnceWith(form);
  expect((await screen.findByTestId('account-code')).textContent).toBe(code.code);
  expect(dialog.textContent).toContain('holds until Thu 26 Nov at 09:00');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('account-copy')));
  expect(await violations(dialog)).toEqual([]);
  await user.click(screen.getByTestId('account-done'));
  await waitFor(() => expect(screen.queryByTestId('account-dialog')).toBeNull());
  expect(document.body.textContent).not.toContain(code.code);
  expect(commands.accounts).toHaveBeenCalledTimes(2);
});

it('copies the code', async () => {
  commands.changeAccount.mockResolvedValue({ account: ana, code });
  const { user } = await open('ana');
  await user.click(screen.getByTestId('account-reset'));
  await user.click(await screen.findByTestId('account-reset-do'));
  await user.click(await screen.findByTestId('account-copy'));
  await waitFor(() => expect(screen.getByTestId('account-copy').textContent).toContain('Copied'));
  expect(await navigator.clipboard.readText()).toBe(code.code);
});

it('makes another code for somebody who never came without asking twice', async () => {
  const lapsed = line('Nia', { state: 'lapsed' });
  commands.accounts.mockResolvedValue({ ...view, accounts: [me, lapsed] });
  commands.changeAccount.mockResolvedValue({ account: lapsed, code });
  const { user } = await open('nia');
  await user.click(screen.getByTestId('account-reset'));
  expect(commands.changeAccount).toHaveBeenCalledExactlyOnceWith({ act: 'reset', id: 'id-Nia' });
  expect((await screen.findByTestId('account-code')).textContent).toBe(code.code);
});

it('makes nobody an administrator by itself', async () => {
  const boss = { id: 'p9', name: 'Berta', role: 'admin' as const, has_account: false };
  commands.accounts.mockResolvedValue({ ...view, staff: [boss] });
  const { user } = await open();
  await user.click(screen.getByTestId('account-invite'));
  expect((await screen.findByTestId<HTMLSelectElement>('account-staff')).value).toBe('p9');
  expect(screen.getByTestId<HTMLSelectElement>('account-role').value).toBe('operator');
});

it('asks for a therapist who they are before it asks the server', async () => {
  const { user } = await open();
  await user.click(screen.getByTestId('account-invite'));
  await user.selectOptions(await screen.findByTestId('account-staff'), 'Nobody on the staff list');
  await user.selectOptions(screen.getByTestId('account-role'), 'therapist');
  expect(screen.getByTestId('account-dialog').textContent).toContain('Choose who they are');
  expect(screen.getByTestId<HTMLButtonElement>('account-make').disabled).toBe(true);
});

it('says what disabling does before it does it', async () => {
  const said = vi.spyOn(toasts, 'show');
  commands.changeAccount.mockResolvedValue({ account: { ...ana, state: 'disabled' }, code: null });
  const { user } = await open('ana');
  await user.click(screen.getByTestId('account-disable'));
  const dialog = screen.getByTestId('account-dialog');
  expect(dialog.textContent).toContain('erases what it holds of theirs');
  expect(dialog.textContent).toContain('bookings, hours and history stay');
  expect(await violations(dialog)).toEqual([]);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('account-back')));
  expect(commands.changeAccount).not.toHaveBeenCalled();
  await user.click(screen.getByTestId('account-disable-do'));
  expect(commands.changeAccount).toHaveBeenCalledExactlyOnceWith({ act: 'disable', id: 'id-Ana' });
  await waitFor(() => expect(said).toHaveBeenLastCalledWith('The account of Ana is disabled'));
  await waitFor(() => expect(screen.queryByTestId('account-dialog')).toBeNull());
});

it('enables again, and gives another role', async () => {
  commands.changeAccount.mockResolvedValue({ account: ana, code: null });
  const { user } = await open('olivia');
  await user.click(screen.getByTestId('account-enable'));
  expect(commands.changeAccount).toHaveBeenLastCalledWith({ act: 'enable', id: 'id-Olivia' });
  await waitFor(() => expect(screen.queryByTestId('account-dialog')).toBeNull());
  await user.click(row('ana'));
  expect(screen.getByTestId<HTMLButtonElement>('account-save').disabled).toBe(true);
  await user.selectOptions(screen.getByTestId('account-role'), 'operator');
  expect(screen.getByTestId('account-dialog').textContent).toContain('changes at each desk');
  await user.click(screen.getByTestId('account-save'));
  const form = { act: 'set_role', id: 'id-Ana', role: 'operator', staff: 'p1' };
  expect(commands.changeAccount).toHaveBeenLastCalledWith(form);
});

it('keeps what was typed, with the reason, when it is refused', async () => {
  commands.changeAccount.mockRejectedValue({ code: 'bad_input', message: 'Another account has this sign-in name.' });
  const { user } = await open();
  await user.click(screen.getByTestId('account-invite'));
  await user.clear(await screen.findByTestId('account-login'));
  await user.type(screen.getByTestId('account-login'), 'ana{Enter}');
  expect((await screen.findByTestId('error')).textContent).toBe('Another account has this sign-in name.');
  expect(screen.getByTestId<HTMLInputElement>('account-login').value).toBe('ana');
});

it('says that it needs the server, and asks again by itself once it is there', async () => {
  shell.sync = { ...sync, pill: 'offline' };
  const stop = shell.attach();
  const { container } = render(Accounts, { people: 'ana' });
  expect((await screen.findByTestId('accounts-away')).textContent).toContain('kept there alone');
  expect(screen.getByTestId<HTMLButtonElement>('account-invite').disabled).toBe(true);
  expect(await violations(container)).toEqual([]);
  expect(commands.accounts).not.toHaveBeenCalled();
  fire('syncChanged', sync);
  expect(await screen.findAllByTestId('account')).toHaveLength(3);
  stop();
});

it('says so too where the server is found gone only when it is asked, and asks again on request', async () => {
  commands.accounts.mockRejectedValueOnce({ code: 'timeout', message: 'No answer.' });
  const user = userEvent.setup();
  render(Accounts, { people: 'ana' });
  expect((await screen.findByTestId('accounts-away')).textContent).toContain('kept there alone');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findAllByTestId('account')).toHaveLength(3);
});

it('asks anew when others work here, and when one comes back to the window', async () => {
  const { rerender } = render(Accounts, { people: 'ana' });
  await waitFor(() => expect(commands.accounts).toHaveBeenCalledTimes(1));
  await rerender({ people: 'ana mika' });
  await waitFor(() => expect(commands.accounts).toHaveBeenCalledTimes(2));
  window.dispatchEvent(new Event('focus'));
  await waitFor(() => expect(commands.accounts).toHaveBeenCalledTimes(3));
});

it('says any other reason, and where accounts are kept that are not kept here', async () => {
  commands.accounts.mockRejectedValueOnce({ code: 'forbidden', message: 'Only an administrator keeps accounts.' });
  commands.accounts.mockRejectedValueOnce({ code: 'not_here', message: 'Elsewhere.' });
  const user = userEvent.setup();
  const { container } = render(Accounts, { people: 'ana' });
  expect((await screen.findByTestId('error')).textContent).toBe('Only an administrator keeps accounts.');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(container.textContent).toContain('kept on its server’s own pages'));
});

it('says that nobody else has one yet', async () => {
  commands.accounts.mockResolvedValue({ accounts: [me], staff: [] });
  const { container } = await open();
  expect(container.textContent).toContain('Nobody but you has an account');
});

it('proposes a sign-in name that nobody has', () => {
  expect(loginFor('José Cruz', [])).toBe('jose');
  expect(loginFor('Ana Bautista', ['ana', 'ana2'])).toBe('ana3');
  expect(loginFor('李', [])).toBe('');
});
