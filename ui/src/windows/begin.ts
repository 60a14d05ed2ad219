/** Starts a window: its ground, its lock, then its own component. */
import '../theme/base.css';
import { type Component, mount } from 'svelte';
import { Concealment } from '../parts/concealment';
import { lowerCurtain } from '../parts/curtain';
import LockScreen from '../parts/LockScreen.svelte';

/** Puts a window's component into its page. Every window can be locked but the one in which nobody is signed in yet. */
export function begin(window: Component, { locks = true } = {}): void {
  const target = document.getElementById('window');
  if (!target) throw new Error('the page has no #window');
  if (locks) {
    lowerCurtain(target);
    const cover = document.createElement('div');
    cover.id = 'lock';
    document.body.append(cover);
    mount(LockScreen, { target: cover, props: { concealment: new Concealment(cover) } });
  }
  mount(window, { target });
}
