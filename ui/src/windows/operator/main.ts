import { begin } from '../begin';
import Operator from './Operator.svelte';

begin(Operator);
