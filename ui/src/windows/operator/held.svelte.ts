/**
 * A list that does not move under the pointer or the focus. While it is held, items it shows are brought up to date
 * in their places; new ones wait and are counted, and the order stays. Let go, it shows what is true.
 */
export class Held<T> {
  /** What is drawn. */
  shown = $state.raw<T[]>([]);
  /** How many wait to be shown. */
  waiting = $state(0);

  #truth: T[] = [];
  #holds = 0;
  #key: (item: T) => string | number;

  constructor(key: (item: T) => string | number) {
    this.#key = key;
  }

  /** Takes the list as it is now. */
  take(items: T[]): void {
    this.#truth = items;
    if (this.#holds === 0 || this.shown.length === 0) {
      this.release();
      return;
    }
    const byKey = new Map(items.map((item) => [this.#key(item), item]));
    const known = new Set(this.shown.map(this.#key));
    this.shown = this.shown.map((item) => byKey.get(this.#key(item)) ?? item);
    this.waiting = items.filter((item) => !known.has(this.#key(item))).length;
  }

  /** The pointer or the focus is on it. */
  hold(): void {
    this.#holds += 1;
  }

  /** One of them left. */
  letGo(): void {
    this.#holds = Math.max(0, this.#holds - 1);
    if (this.#holds === 0) this.release();
  }

  /** Shows what is true now, held or not: the person asked for it. */
  release(): void {
    this.shown = this.#truth;
    this.waiting = 0;
  }
}

/** Holds a list while the pointer or the focus is inside an element. */
export function holding<T>(list: Held<T>): (node: HTMLElement) => () => void {
  return (node) => {
    const hold = () => list.hold();
    const letGo = () => list.letGo();
    const left = (event: FocusEvent) => {
      if (!(event.relatedTarget instanceof Node && node.contains(event.relatedTarget))) list.letGo();
    };
    const came = (event: FocusEvent) => {
      if (!(event.relatedTarget instanceof Node && node.contains(event.relatedTarget))) list.hold();
    };
    node.addEventListener('pointerenter', hold);
    node.addEventListener('pointerleave', letGo);
    node.addEventListener('focusin', came);
    node.addEventListener('focusout', left);
    return () => {
      node.removeEventListener('pointerenter', hold);
      node.removeEventListener('pointerleave', letGo);
      node.removeEventListener('focusin', came);
      node.removeEventListener('focusout', left);
    };
  };
}
