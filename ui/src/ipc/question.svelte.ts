/** Live questions inside components: the chain of notices is heard for as long as the component stands. */
import { type ChangedKey, type ClinicChanged, commands } from './bindings';
import { Live } from './live.svelte';
import { painted } from './painted';
import { shell } from './shell.svelte';
import { subscribe } from './subscribe';

/** How a live question is asked. */
export type Asked<T extends { revision: number }> = {
  /** Whether a changed row may change the answer; every row without it. */
  concerns?: (key: ChangedKey) => boolean;
  /** Told of each notice before the question is asked anew. */
  noticed?: (notice: ClinicChanged) => void;
  /** Told after a new answer is shown. */
  shown?: (answer: T) => void;
};

/**
 * Asks a question and keeps its answer current. Call it while a component is set up: it hears the shell until the
 * component goes. To ask for something else (another day) call `restart` with the new `ask`. After another account
 * signed in, when the desk is unlocked, and when times are written otherwise, it asks anew by itself.
 */
export function live<T extends { revision: number }>(ask: () => Promise<T>, asked: Asked<T> = {}): Live<T> {
  const answer = new Live<T>({
    ask,
    since: commands.changesSince,
    concerns: asked.concerns,
    shown: asked.shown,
    painted,
  });
  // Asked before anything is drawn: the answer is on its way while the window builds its frame, and its ears.
  void answer.ask();
  $effect(() =>
    subscribe(
      'clinicChanged',
      (notice) => {
        asked.noticed?.(notice);
        void answer.heard(notice);
      },
      () => void answer.hears(),
    ),
  );
  let account = shell.sessions;
  $effect(() => {
    if (shell.sessions === account) return;
    account = shell.sessions;
    void answer.restart();
  });
  let seen = shell.unlocks + shell.restyled;
  $effect(() => {
    if (shell.unlocks + shell.restyled === seen) return;
    seen = shell.unlocks + shell.restyled;
    void answer.ask();
  });
  return answer;
}
