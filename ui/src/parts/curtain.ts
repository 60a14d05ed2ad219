/**
 * Keeps what a window shows out of the layout until there is something to see.
 *
 * WebKit lays a page out when it is loaded, also that of a window that is hidden and has no size yet: once for nothing,
 * at the moment when a person waits for the window.
 */
let covered: HTMLElement | undefined;

/** What stands in `over` is not laid out until the curtain is raised. */
export function lowerCurtain(over: HTMLElement): void {
  covered = over;
  over.style.display = 'none';
}

/** There is something to see: what is laid out now can also have the focus. */
export function raiseCurtain(): void {
  covered?.style.removeProperty('display');
  covered = undefined;
}
