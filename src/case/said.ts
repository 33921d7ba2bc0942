// Words for people, in no language yet: which message, and what is filled in. Written out when somebody reads it, in theirs.
// Text that came as text (a comment, a name, what a vendor or a rule from outside says) stays as it came.
import type { WordKey } from './word-keys.ts';

export type Said = string | Phrase;

/** A type, not an interface, so that it is JSON where steps carry it. */
export type Phrase = {
  readonly say: WordKey;
  readonly with?: Filling;
  /**
   * What it says where the message in English is not this very text: a policy that came with another release, was changed or is not
   * ours. `{name}` stands for what is filled in.
   */
  readonly text?: string;
};
export type Filling = Readonly<Record<string, Filled>>;
/** A list is written as people list things: "a, b and c". */
export type Filled = string | number | Phrase | Moment | Span | readonly (string | Phrase)[];
/** ISO 8601. Written in the reader's zone: "10:42:07 CET" on their same day, else with the date. */
export type Moment = {
  readonly time: string;
  readonly precision?: 'day' | 'minutes' | 'seconds';
  /** With its date, on the same day as well. */
  readonly dated?: true;
};
/** A length of time, in milliseconds: "10 minutes". */
export type Span = {
  readonly ms: number;
};

export const say = (key: WordKey, filling?: Filling): Phrase => ({
  say: key,
  ...(filling && { with: filling }),
});

/** What is noted may name words `say`: with anything else beside them it is no message. */
export const isPhrase = (said: unknown): said is Phrase =>
  typeof said === 'object' &&
  said !== null &&
  'say' in said &&
  typeof said.say === 'string' &&
  KEY.test(said.say) &&
  Object.keys(said).every((name) => OF_A_PHRASE.includes(name));

/** Other data may have something to say, too. A policy's file name is part of a key: rules from outside have `_` and capitals in theirs. */
const KEY = /^[\w-]+(\.[\w-]+)+$/;
const OF_A_PHRASE: readonly string[] = ['say', 'with', 'text'] satisfies readonly (keyof Phrase)[];

export const isSaid = (said: unknown): said is Said => typeof said === 'string' || isPhrase(said);

/** The same words about the same things. */
export const sameSaid = (one: Said, other: Said): boolean => JSON.stringify(one) === JSON.stringify(other);

/** It is this message, whatever is filled in. */
export const says = (said: Said, key: WordKey): said is Phrase => isPhrase(said) && said.say === key;

export const isAmong = (all: readonly Said[], one: Said): boolean =>
  all.some((other) => sameSaid(other, one));

/** Each once. */
export const distinctSaid = (all: readonly Said[]): readonly Said[] =>
  all.filter((one, at) => all.findIndex((other) => sameSaid(other, one)) === at);

/** The words or any of those filled into them: for whoever looks for a sentence within another. */
export const contains = (said: Said, part: Said): boolean =>
  sameSaid(said, part) ||
  (isPhrase(said)
    ? Object.values(said.with ?? {}).some((filled) =>
        [filled].flat().some((one) => (isPhrase(one) || typeof one === 'string') && contains(one, part)),
      )
    : typeof part === 'string' && said.includes(part));

/** The same words, with every text that is filled into them as `change` gives it back. */
export function withTexts<Words extends Said>(said: Words, change: (text: string) => string): Words;
export function withTexts(said: Said, change: (text: string) => string): Said {
  return changed(said, change) as Said;
}

function changed(filled: Filled, change: (text: string) => string): Filled {
  if (typeof filled === 'string') return change(filled);
  if (Array.isArray(filled)) return filled.map((one: Said) => withTexts(one, change));
  if (!isPhrase(filled)) return filled;
  const { with: filling, ...words } = filled;
  if (!filling) return filled;
  return {
    ...words,
    with: Object.fromEntries(Object.entries(filling).map(([name, one]) => [name, changed(one, change)])),
  };
}

/** Every text that is filled in, or the text that it is. */
export function textsOf(filled: Filled): readonly string[] {
  if (typeof filled === 'string') return [filled];
  if (Array.isArray(filled)) return filled.flatMap((one: Said) => textsOf(one));
  return isPhrase(filled) ? Object.values(filled.with ?? {}).flatMap((one) => textsOf(one)) : [];
}
