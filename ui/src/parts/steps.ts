/** The one key of each step, while a booking's sheet is open. */
import type { Step } from '../ipc';

export const stepKeys: Record<Step, string> = {
  accept: 'y',
  decline: 'r',
  depart: 'o',
  arrive: 'a',
  start: 's',
  finish: 'f',
  complete: 'd',
  cancel: 'x',
  mark_no_show: 'n',
  expire: 'e',
  correct: 'b',
  release: 'g',
  drop_off: 'p',
  call_pickup: 'u',
  take_pickup: 'k',
  return: 'h',
  reinstate: 'i',
};

/** The key that picks a booking up, beside those of its steps. */
export const MOVE_KEY = 'v';
