/**
 * Takes a window's whole content out of its document while it is locked, and puts the very same elements back: what was
 * typed, where it was scrolled to and what had the focus are as they were, and meanwhile nobody can read them.
 */

/** What a person does at a window. Its parts still stand: a key or a press outside a dialog must not reach them. */
const DONE_BY_A_PERSON = [
  'pointerdown',
  'pointerup',
  'pointermove',
  'mousedown',
  'mouseup',
  'click',
  'dblclick',
  'contextmenu',
  'wheel',
  'touchstart',
  'touchend',
  'keydown',
  'keyup',
  'keypress',
  'focusin',
  'focusout',
] as const;

type Scrolled = { element: Element; top: number; left: number };

/** One window's content. `cover` is what stays: it hears submitted forms and typed text, and nothing else. */
export class Concealment {
  #cover: HTMLElement;
  #kept: DocumentFragment | undefined;
  #scrolled: Scrolled[] = [];
  #focused: Element | null = null;

  constructor(cover: HTMLElement) {
    this.#cover = cover;
    // Before any part of the window listens: whoever listens first on the window is heard first.
    for (const name of DONE_BY_A_PERSON) window.addEventListener(name, this.#stop, { capture: true });
  }

  /** Whether the content is out of the document. */
  get hidden(): boolean {
    return this.#kept !== undefined;
  }

  /** Takes the content out. */
  hide(): void {
    if (this.#kept) return;
    this.#focused = document.activeElement;
    this.#scrolled = [...document.body.querySelectorAll('*')]
      .filter((element) => element.scrollTop !== 0 || element.scrollLeft !== 0)
      .map((element) => ({ element, top: element.scrollTop, left: element.scrollLeft }));
    this.#kept = document.createDocumentFragment();
    this.#kept.append(...[...document.body.childNodes].filter((node) => node !== this.#cover));
  }

  /** Puts it back. */
  show(): void {
    if (!this.#kept) return;
    document.body.prepend(this.#kept);
    for (const { element, top, left } of this.#scrolled) element.scrollTo({ top, left });
    if (this.#focused instanceof HTMLElement) this.#focused.focus({ preventScroll: true });
    this.#kept = undefined;
    this.#scrolled = [];
    this.#focused = null;
  }

  #stop = (event: Event) => {
    if (this.#kept) event.stopImmediatePropagation();
  };
}
