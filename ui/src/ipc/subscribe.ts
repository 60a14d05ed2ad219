/**
 * Hearing the shell. `listen` answers its unsubscribe only later, and a window's part may be gone by then: this hands
 * back an unsubscribe at once, and honours one that comes before the subscription stood.
 */
import { listen } from '@tauri-apps/api/event';
import { events } from './bindings';

type Events = typeof events;
type Payload<K extends keyof Events> = Parameters<Parameters<Events[K]['listen']>[0]>[0]['payload'];

/** What the shell tells a window, by name. */
export type EventName = keyof Events;

/**
 * This window, as far as events need it. Tauri's own window class is a sixth of what a page would load; the shell calls
 * a window what its page is called.
 */
const here = {
  listen: (name: string, heard: (event: { payload: unknown }) => void) =>
    listen(name, heard, {
      target: { kind: 'WebviewWindow', label: location.pathname.replace(/^.*\/|\.html$/g, '') },
    }),
};

/**
 * Hears one event of this window (not of the others) until the answer is called. `stood` is told once it hears, or
 * once it is sure that it never will.
 */
export function subscribe<K extends EventName>(
  name: K,
  heard: (payload: Payload<K>) => void,
  stood?: () => void,
): () => void {
  let cancelled = false;
  let stop: (() => void) | undefined;
  const hear = events[name](here as Parameters<Events[K]>[0]).listen as (
    callback: (event: { payload: Payload<K> }) => void,
  ) => Promise<() => void>;
  hear((event) => {
    if (!cancelled) heard(event.payload);
  }).then(
    (unlisten) => {
      if (cancelled) return unlisten();
      stop = unlisten;
      stood?.();
    },
    (reason) => {
      console.error(`the event ${name} cannot be heard`, reason);
      if (!cancelled) stood?.();
    },
  );
  return () => {
    cancelled = true;
    stop?.();
    stop = undefined;
  };
}
