/**
 * Tells the shell whether a person is at this window: the sync asks the server more often for one who is looking.
 * Driven by events alone; input is told at most twice a minute, measured by the events' own clock.
 */
import { commands } from './bindings';

const INPUT_APART_MS = 30_000;

/** Reports focus, visibility and input of this window until the answer is called. */
export function reportAttention(): () => void {
  let toldInputAt = Number.NEGATIVE_INFINITY;
  const tell = (input: boolean) => {
    const attention = { focused: document.hasFocus(), visible: document.visibilityState === 'visible', input };
    commands.attend(attention).catch((reason) => console.error('attention cannot be told', reason));
  };
  const state = () => tell(false);
  const input = (event: Event) => {
    if (event.timeStamp - toldInputAt < INPUT_APART_MS) return;
    toldInputAt = event.timeStamp;
    tell(true);
  };
  const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
  const listening = { passive: true, capture: true };
  window.addEventListener('focus', state);
  window.addEventListener('blur', state);
  document.addEventListener('visibilitychange', state);
  for (const name of inputs) window.addEventListener(name, input, listening);
  state();
  return () => {
    window.removeEventListener('focus', state);
    window.removeEventListener('blur', state);
    document.removeEventListener('visibilitychange', state);
    for (const name of inputs) window.removeEventListener(name, input, listening);
  };
}
