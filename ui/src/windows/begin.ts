/** Starts a window: its ground, then its own component. */
import '../theme/base.css';
import { type Component, mount } from 'svelte';

/** Puts a window's component into its page. */
export function begin(window: Component): void {
  const target = document.getElementById('window');
  if (!target) throw new Error('the page has no #window');
  mount(window, { target });
}
