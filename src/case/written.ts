// Data with every word in it written out: for records and the command line. Cards write each word where they show it.
import { isPhrase, type Phrase, type Said } from './said.ts';

/** The same data with text for words. It can stand wherever the data itself can. */
export type Written<T> = T extends Phrase
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer One)[]
      ? readonly Written<One>[]
      : T extends object
        ? { readonly [Key in keyof T]: Written<T[Key]> }
        : T;

/** What is no words, whatever it looks like: a state of the world, or the text of a policy. */
const DATA = new Set(['basis', 'before', 'after', 'over', 'policy']);

export const writeOut = <T>(data: T, write: (said: Said) => string): Written<T> =>
  walk(data, write) as Written<T>;

function walk(data: unknown, write: (said: Said) => string): unknown {
  if (isPhrase(data)) return write(data);
  if (Array.isArray(data)) return data.map((one) => walk(one, write));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, DATA.has(key) ? value : walk(value, write)]),
  );
}
