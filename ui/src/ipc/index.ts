/**
 * The only door to the shell: commands, what it tells, live questions, and the types of both. No other folder
 * imports `@tauri-apps/*`, and a lint says so.
 */
export { beginAnew } from './anew';
export type * from './bindings';
export { commands } from './bindings';
export { Live } from './live.svelte';
export { markPainted } from './painted';
export { type Asked, live } from './question.svelte';
export { refusal } from './refusal';
export { shell } from './shell.svelte';
export { type EventName, subscribe } from './subscribe';
export { watching } from './watching';
