import { begin } from '../begin';
import Therapist from './Therapist.svelte';

begin(Therapist);
