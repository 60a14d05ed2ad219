/**
 * Why a command was refused. The shell rejects with `{code, message}`; the bridge itself may reject with a bare
 * string. Windows see one shape, and an `other` code where nothing branches.
 */
import type { CommandError } from './bindings';

/** Whatever a promise was rejected with, as the shell's own error. */
export function refusal(reason: unknown): CommandError {
  if (typeof reason === 'object' && reason !== null && 'message' in reason) {
    const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : 'other';
    return { code, message: String(reason.message) };
  }
  return { code: 'other', message: String(reason) };
}
