// Words for people, in no language yet: which message, and what is filled in. Written out when somebody reads it, in theirs.
// Text that came as text (a comment, a name, what a vendor or a rule from outside says) stays as it came.
import type { WordKey } from './word-keys.ts';

export type Said = string | Phrase;

export interface Phrase {
  readonly say: WordKey;
  readonly with?: Filling;
}
export type Filling = Readonly<Record<string, Filled>>;
/** A list is written as people list things: "a, b and c". */
export type Filled = string | number | Phrase | Moment | Span | readonly (string | Phrase)[];
/** ISO 8601. Written in the reader's zone: "10:42:07 CET" on their same day, else with the date. */
export interface Moment {
  readonly time: string;
  readonly precision?: 'day' | 'minutes' | 'seconds';
}
/** A length of time, in milliseconds: "10 minutes". */
export interface Span {
  readonly ms: number;
}

export const say = (key: WordKey, filling?: Filling): Phrase => ({
  say: key,
  ...(filling && { with: filling }),
});

export const isPhrase = (said: unknown): said is Phrase =>
  typeof said === 'object' && said !== null && 'say' in said && typeof said.say === 'string';

/** The same words about the same things. */
export const sameSaid = (one: Said, other: Said): boolean => JSON.stringify(one) === JSON.stringify(other);

/** It is this message, whatever is filled in. */
export const says = (said: Said, key: WordKey): said is Phrase => isPhrase(said) && said.say === key;

/** The words or any of those filled into them: for whoever looks for a sentence within another. */
export const contains = (said: Said, part: Said): boolean =>
  sameSaid(said, part) ||
  (isPhrase(said)
    ? Object.values(said.with ?? {}).some((filled) =>
        [filled].flat().some((one) => (isPhrase(one) || typeof one === 'string') && contains(one, part)),
      )
    : typeof part === 'string' && said.includes(part));
