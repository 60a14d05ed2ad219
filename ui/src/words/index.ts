/**
 * What the windows say. Every text is a key of the catalogue, so that nothing is hard-coded and a translation is one
 * file; the pseudo-locale dresses each text up, so that a test finds the text that is not in the catalogue.
 */
import { en } from './en';

type Catalogue = typeof en;

/** A key of the catalogue. */
export type Word = keyof Catalogue;

type Slots<Text extends string> = Text extends `${string}{${infer Slot}}${infer Rest}` ? Slot | Slots<Rest> : never;
type Filling<K extends Word> = [Slots<Catalogue[K]>] extends [never]
  ? []
  : [filling: Record<Slots<Catalogue[K]>, string | number>];

/** Keys that come as `.one` and `.other`, without their ending. */
export type Counted = Word extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

let pseudo = import.meta.env.VITE_PSEUDO_LOCALE === 'yes';

/** Switches the pseudo-locale. Texts already on screen change when they are drawn anew. */
export function speakPseudo(on: boolean): void {
  pseudo = on;
}

/** The text of a key, its slots filled. */
export function t<K extends Word>(key: K, ...[filling]: Filling<K>): string {
  return say(en[key], filling);
}

const plural = new Intl.PluralRules('en');

/** The text for a count: `key.one` or `key.other`, with `{count}` filled. */
export function tn(key: Counted, count: number, filling: Record<string, string | number> = {}): string {
  const form = plural.select(count) === 'one' ? 'one' : 'other';
  return say(en[`${key}.${form}` as Word], { ...filling, count });
}

function say(text: string, filling: Record<string, string | number> | undefined): string {
  const dressed = pseudo ? dress(text) : text;
  return filling ? dressed.replace(/\{(\w+)\}/g, (slot, name) => String(filling[name] ?? slot)) : dressed;
}

const accents: Record<string, string> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
};

/** Longer, accented and bracketed, as other languages are; slots stay as they are. */
function dress(text: string): string {
  const parts = text.split(/(\{\w+\})/);
  const body = parts.map((part) => (part.startsWith('{') ? part : part.replace(/[aeiou]/gi, (c) => accents[c] ?? c)));
  return `⟦${body.join('')}${'·'.repeat(Math.ceil(text.length / 4))}⟧`;
}
