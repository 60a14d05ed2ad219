/**
 * Keeps what a window shows out of the layout until the desktop shows the window.
 *
 * WebKit lays a page out when it is loaded, also that of a window that is hidden and has no size yet: once for nothing,
 * at the moment when a person waits for the window.
 */
let covered: HTMLElement | undefined;
let raised = Promise.resolve();
let tell: () => void = () => {};

/** What stands in `over` is not laid out until the curtain is raised: by the page's being seen, or by whoever knows. */
export function lowerCurtain(over: HTMLElement): void {
  covered = over;
  over.style.display = 'none';
  raised = new Promise((done) => {
    tell = done;
  });
  document.addEventListener('visibilitychange', raiseCurtain, { once: true });
}

/** The window is shown. */
export function raiseCurtain(): void {
  covered?.style.removeProperty('display');
  covered = undefined;
  tell();
}

/** Once what the window shows has a place, and so can have the focus. */
export function curtainRaised(): Promise<void> {
  return raised;
}
