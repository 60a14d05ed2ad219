import { begin } from '../begin';
import Scheduling from './Scheduling.svelte';

begin(Scheduling);
