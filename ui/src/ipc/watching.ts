/** Telling the shell what a window shows, so that only what concerns it is sent. */
import { commands, type Watched } from './bindings';
import type { Live } from './live.svelte';

/**
 * Tells the shell what is shown, once for each change of it. A change that went by between a reading and the telling is
 * made up for: each answer is asked anew when it was read before it.
 */
export function watching(...answers: Pick<Live<{ revision: number }>, 'caughtUp'>[]): (interest: Watched) => void {
  let told = '';
  return (interest) => {
    const telling = JSON.stringify(interest);
    if (telling === told) return;
    told = telling;
    commands
      .watch(interest)
      .then((revision) => {
        for (const answer of answers) void answer.caughtUp(revision);
      })
      .catch((reason) => {
        told = '';
        console.error('what is shown cannot be told', reason);
      });
  };
}
