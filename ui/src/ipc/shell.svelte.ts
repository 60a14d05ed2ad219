/**
 * What every window knows of the shell: its clock, its sync, who is signed in. One of each per window, begun once by
 * `attach`, so that parts can read them without being handed them.
 */

import { customs } from '../calendar/customs.svelte';
import { beginAnew } from './anew';
import { reportAttention } from './attention';
import { commands, type Now, type SessionView, type SyncView } from './bindings';
import { subscribe } from './subscribe';

class Shell {
  /** The shell's clock; none before its first tick. */
  now = $state.raw<Now>();
  /** How fresh what is shown is; none until known. */
  sync = $state.raw<SyncView>();
  /** Who is signed in; none until known. */
  session = $state.raw<SessionView>();
  /** Counts sign-ins and sign-outs: what was read for another account must be read again. */
  sessions = $state(0);
  /** Counts unlockings: what is shown may have changed while nothing could be asked. */
  unlocks = $state(0);

  /** Counts changes of how times and weeks are shown: the shell's labels must be read again. */
  restyled = $state(0);

  /** Without a connection: a booking is pencilled in. */
  get offline(): boolean {
    return this.sync?.pill === 'offline' || this.sync?.pill === 'sign_in_again';
  }

  /** Takes the time, and how times are written from now on. */
  hear(now: Now): void {
    const before = this.now;
    customs.twelveHours = now.twelve_hours;
    customs.weekStarts = now.week_starts;
    this.now = now;
    if (before && (before.twelve_hours !== now.twelve_hours || before.week_starts !== now.week_starts))
      this.restyled += 1;
  }

  /** Begins to hear the shell. The sign-in window knows nothing of the sync. */
  attach({ withSync = true } = {}): () => void {
    const stops = [
      subscribe('tick', (now) => this.hear(now)),
      subscribe('sessionChanged', (session) => {
        const before = this.session;
        const other = session.account?.login !== before?.account?.login || session.server !== before?.server;
        if (other && before?.account && session.account) return beginAnew();
        this.session = session;
        if (other) this.sessions += 1;
      }),
    ];
    commands.session().then(
      (session) => {
        this.session ??= session;
      },
      (reason) => console.error('the session cannot be read', reason),
    );
    if (withSync) {
      stops.push(
        subscribe('syncChanged', (sync) => {
          this.sync = sync;
        }),
        reportAttention(),
      );
      commands.syncView().then(
        (sync) => {
          this.sync ??= sync;
        },
        (reason) => console.error('the state of the sync cannot be read', reason),
      );
    }
    return () => {
      for (const stop of stops) stop();
    };
  }
}

/** The shell, as this window sees it. */
export const shell = new Shell();
