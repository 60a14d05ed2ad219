import { begin } from '../begin';
import Settings from './Settings.svelte';

begin(Settings);
