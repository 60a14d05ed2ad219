/** Every word that the windows say, in English. `{name}` is filled in; see `t`. */
import { accounts } from './en/accounts';
import { board } from './en/board';
import { client } from './en/client';
import { common } from './en/common';
import { health } from './en/health';
import { history } from './en/history';
import { lock } from './en/lock';
import { paper } from './en/paper';
import { scheduling } from './en/scheduling';
import { settings } from './en/settings';
import { setup } from './en/setup';
import { signIn } from './en/sign-in';
import { therapist } from './en/therapist';

export const en = {
  ...accounts,
  ...common,
  ...board,
  ...client,
  ...signIn,
  ...settings,
  ...setup,
  ...lock,
  ...health,
  ...history,
  ...paper,
  ...scheduling,
  ...therapist,
} as const;
