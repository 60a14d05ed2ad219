/**
 * Keeps a scrolled view at its first place until somebody takes it elsewhere.
 *
 * When a window's script first runs, its style sheet may not be there (WebKit), its size may still be a hidden window's,
 * and the shell's clock has not ticked: a place scrolled to once would be lost. So it is taken again with each of these,
 * up to the first sign of a person.
 */
const signs = ['wheel', 'pointerdown', 'click', 'keydown', 'touchstart'] as const;

export class FirstPlace {
  #left = false;
  #scroller: HTMLElement;
  #place: () => number;
  #side: 'scrollTop' | 'scrollLeft';
  #sizes: ResizeObserver;
  #leave = () => this.leave();

  /** `place` answers the first place in pixels, whenever it is asked; from the top, or from the left. */
  constructor(scroller: HTMLElement, place: () => number, side: 'scrollTop' | 'scrollLeft' = 'scrollTop') {
    this.#scroller = scroller;
    this.#place = place;
    this.#side = side;
    this.#sizes = new ResizeObserver(() => this.take());
    this.#sizes.observe(scroller);
    if (scroller.firstElementChild) this.#sizes.observe(scroller.firstElementChild);
    for (const sign of signs) scroller.addEventListener(sign, this.#leave, { passive: true, capture: true });
  }

  /** Goes to the first place, unless somebody has left it. */
  take(): void {
    if (!this.#left) this.#scroller[this.#side] = this.#place();
  }

  /** Another day is shown: its first place counts again. */
  renew(): void {
    this.#left = false;
    this.take();
  }

  /** The view was taken elsewhere. */
  leave(): void {
    this.#left = true;
  }

  /** Lets go of the view. */
  stop(): void {
    this.#sizes.disconnect();
    for (const sign of signs) this.#scroller.removeEventListener(sign, this.#leave, { capture: true });
  }
}
