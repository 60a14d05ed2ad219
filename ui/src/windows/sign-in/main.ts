import { begin } from '../begin';
import SignIn from './SignIn.svelte';

begin(SignIn, { locks: false });
