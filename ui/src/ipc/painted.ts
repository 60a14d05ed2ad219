/** When what the page holds now is on the screen. A page that nobody sees has no frames, and nothing to wait for. */
export function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((told) => {
    const done = () => {
      document.removeEventListener('visibilitychange', done);
      told();
    };
    document.addEventListener('visibilitychange', done);
    // After a frame's callbacks the page is painted, then tasks run.
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = done;
      after.port2.postMessage(null);
    });
  });
}

/** Marks, for whoever measures a start (`make bench`), when the page was first painted: the second frame begins after that. */
export function markPainted(mark: string): void {
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark(mark)));
}
