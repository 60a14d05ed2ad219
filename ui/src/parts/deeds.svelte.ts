/**
 * What a person can do in this window now: one list, from which the command palette, the sheet of keys and the single
 * keys themselves are made, so that none of them can say what another does not do.
 */

import { untrack } from 'svelte';
import { singleKey } from './keys';

/** One thing to do. */
export type Deed = {
  /** What it is, as a person says it. */
  label: string;
  /** Its single key, as a keyboard event names it in lower case; none is in the palette only. */
  key?: string;
  /** Its key with Ctrl, which whoever hears it handles: shown only. */
  chord?: string;
  run: () => void;
};

class Deeds {
  #sources = $state.raw<(() => Deed[])[]>([]);

  /** Offers deeds for as long as the answer is not called; an effect may do so without depending on what others offer. What is offered later goes before what was there. */
  offer(source: () => Deed[]): () => void {
    const others = () => untrack(() => this.#sources).filter((one) => one !== source);
    this.#sources = [source, ...others()];
    return () => {
      this.#sources = others();
    };
  }

  /** All of them. Of two for one key only the one that the key does now. */
  get all(): Deed[] {
    const taken = new Set<string>();
    return this.#sources
      .flatMap((source) => source())
      .filter(({ key }) => {
        if (!key) return true;
        if (taken.has(key)) return false;
        taken.add(key);
        return true;
      });
  }

  /** What a key does. */
  of(key: string): Deed | undefined {
    return this.all.find((deed) => deed.key === key);
  }

  /** Does what a single key is for, if it is for anything now. */
  press(event: KeyboardEvent): void {
    const key = singleKey(event);
    const deed = key && this.of(key);
    if (!deed) return;
    event.preventDefault();
    deed.run();
  }
}

/** Of this window. */
export const deeds = new Deeds();
