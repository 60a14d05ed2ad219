/**
 * The clinic's accounts: what its server told last, and the one that is being changed. Nothing of it is kept on this
 * computer; a code that was made is here for as long as its dialog is open.
 */
import {
  type AccountDone,
  type AccountForm,
  type AccountLine,
  type AccountStaff,
  type AccountsView,
  type CodeShown,
  type CommandError,
  commands,
  type Role,
  refusal,
  type StaffId,
} from '../../../ipc';
import { announcements } from '../../../parts/announcements.svelte';
import { toasts } from '../../../parts/toasts.svelte';
import { t } from '../../../words';

/** What is open in the dialog. */
export type Open =
  | { step: 'invite' }
  | { step: 'account' | 'reset' | 'disable'; account: AccountLine }
  | { step: 'code'; account: AccountLine; code: CodeShown };

/** What is typed: of somebody to be invited, or the role that somebody is to have. */
export type Typed = { staff: StaffId | null; name: string; login: string; role: Role };

/** Refusals that only mean that the server is not there now. */
const AWAY = ['unreachable', 'timeout', 'not_json', 'server', 'too_many'];

export class Accounts {
  view = $state.raw<AccountsView>();
  /** Why the accounts could not be read. */
  error = $state.raw<CommandError>();
  open = $state.raw<Open>();
  typed = $state<Typed>({ staff: null, name: '', login: '', role: 'operator' });
  busy = $state(false);
  /** Why a change was refused. */
  refused = $state.raw<CommandError>();
  #asked = 0;

  get away(): boolean {
    return this.error !== undefined && AWAY.includes(this.error.code);
  }

  /** A therapist and a driver are somebody on the staff list. */
  get lacksStaff(): boolean {
    return ['therapist', 'driver'].includes(this.typed.role) && this.typed.staff === null;
  }

  async ask(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const view = await commands.accounts();
      if (asked !== this.#asked) return;
      this.view = view;
      this.error = undefined;
    } catch (reason) {
      if (asked === this.#asked) this.error = refusal(reason);
    }
  }

  invite(): void {
    this.refused = undefined;
    const first = this.view?.staff.find((one) => !one.has_account);
    this.typed = { staff: null, name: '', login: '', role: 'operator' };
    if (first) this.choose(first);
    this.open = { step: 'invite' };
  }

  /**
   * Somebody of the staff list is to be invited: the rest follows, and can be changed. Whoever is to keep the clinic itself is
   * made an administrator on purpose only.
   */
  choose(person: AccountStaff | undefined): void {
    const name = person?.name ?? '';
    const role = person && person.role !== 'admin' ? person.role : 'operator';
    const taken = this.view?.accounts.map((one) => one.login.toLowerCase()) ?? [];
    this.typed = { staff: person?.id ?? null, name, login: loginFor(name, taken), role };
  }

  look(account: AccountLine): void {
    this.refused = undefined;
    const { staff, name, login, role } = account;
    this.typed = { staff, name, login, role };
    this.open = { step: 'account', account };
  }

  /** Asks once more before something is done that a person would feel. */
  consider(step: 'account' | 'reset' | 'disable'): void {
    this.refused = undefined;
    if (this.open && 'account' in this.open) this.open = { step, account: this.open.account };
  }

  close(): void {
    this.open = undefined;
  }

  async sendInvitation(): Promise<void> {
    await this.#act({ act: 'invite', ...$state.snapshot(this.typed) });
  }

  async reset(account: AccountLine): Promise<void> {
    await this.#act({ act: 'reset', id: account.id });
  }

  async disable(account: AccountLine): Promise<void> {
    await this.#act({ act: 'disable', id: account.id }, t('accounts.disabled', { name: account.name }));
  }

  async enable(account: AccountLine): Promise<void> {
    await this.#act({ act: 'enable', id: account.id }, t('accounts.enabled', { name: account.name }));
  }

  async saveRole(account: AccountLine): Promise<void> {
    const { role, staff } = $state.snapshot(this.typed);
    const said = t('accounts.changed', { name: account.name, role: t(`role.${role}`).toLowerCase() });
    await this.#act({ act: 'set_role', id: account.id, role, staff }, said);
  }

  async #act(form: AccountForm, said?: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refused = undefined;
    try {
      this.#done(await commands.changeAccount(form), said);
    } catch (reason) {
      this.refused = refusal(reason);
    }
    this.busy = false;
    // Also after a refusal: what was refused is often not as it is shown.
    await this.ask();
  }

  #done({ account, code }: AccountDone, said: string | undefined): void {
    this.open = code ? { step: 'code', account, code } : undefined;
    if (!said) return;
    toasts.show(said);
    announcements.say(said);
  }
}

/** A sign-in name that nobody has: `ana`, `ana2`. */
export function loginFor(name: string, taken: string[]): string {
  const [first = ''] = name.trim().split(/\s+/);
  const plain = first
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  if (plain === '') return '';
  let login = plain;
  for (let n = 2; taken.includes(login); n += 1) login = `${plain}${n}`;
  return login;
}
