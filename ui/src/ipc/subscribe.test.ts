import { beforeEach, expect, it, vi } from 'vitest';

const listen = vi.hoisted(() => vi.fn());
vi.mock('@tauri-apps/api/event', () => ({ listen }));
vi.mock('@tauri-apps/api/core', () => ({ invoke: vi.fn() }));

import { type Deferred, deferred } from '../testing/deferred';
import { subscribe } from './subscribe';

let stands: Deferred<() => void>;
let emit: (payload: unknown) => void;
beforeEach(() => {
  stands = deferred();
  listen.mockImplementation((_: string, heard: (event: { payload: unknown }) => void) => {
    emit = (payload) => heard({ payload });
    return stands.promise;
  });
});
const settled = () => new Promise<void>((done) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(done))));

it('hears its event through its own window until it is stopped', async () => {
  const heard = vi.fn();
  const unlisten = vi.fn();
  history.replaceState(null, '', '/operator.html');
  const stop = subscribe('tick', heard);
  const target = { kind: 'WebviewWindow', label: 'operator' };
  expect(listen).toHaveBeenCalledWith('tick', expect.any(Function), { target });
  stands.resolve(unlisten);
  await settled();
  emit({ minute: 5 });
  expect(heard).toHaveBeenCalledWith({ minute: 5 });
  stop();
  expect(unlisten).toHaveBeenCalledOnce();
  emit({ minute: 6 });
  expect(heard, 'what was on its way is not heard after the end').toHaveBeenCalledOnce();
});

it('honours an end that comes before the subscription stood', async () => {
  const unlisten = vi.fn();
  const stood = vi.fn();
  subscribe('tick', vi.fn(), stood)();
  stands.resolve(unlisten);
  await settled();
  expect(unlisten).toHaveBeenCalledOnce();
  expect(stood).not.toHaveBeenCalled();
});

it('says when it stands, and also when it never will', async () => {
  const stood = vi.fn();
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  subscribe('tick', vi.fn(), stood);
  stands.reject(new Error('denied'));
  await settled();
  expect(stood).toHaveBeenCalledOnce();
  expect(told).toHaveBeenCalled();
});
