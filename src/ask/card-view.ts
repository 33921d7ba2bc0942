// How one reader sees a case: what a card is drawn with, beside the case itself.
import { type Said, say } from '../case/said.ts';

export interface CardView {
  /** In the reader's language, with the times of their zone. */
  readonly write: (said: Said) => string;
  readonly timeZone: string;
  /** `29:` ids that the card will carry: they count towards what it may weigh. */
  readonly readers?: readonly string[];
  /** ISO time at which the card is drawn. */
  readonly now: string;
  /** The longest that something may be expected, in milliseconds. */
  readonly longestMs: number;
  /** Whether this copy carries the buttons of the question. */
  readonly mayAnswer: boolean;
  /** Whose copy it is: a person's object id, or `security`. */
  readonly reader?: string;
  /** The question is with somebody else, and this reader may answer it as well. */
  readonly isBystander?: boolean;
  /** It went on from this reader because they had not answered: it is not theirs to hand on. */
  readonly isLate?: boolean;
  /** What an answer of this reader's would still take from others. Absent: it takes effect at once. */
  readonly takes?: Takes;
  /** Lines of what was done that is being put back right now: they may hold no longer. */
  readonly fading?: readonly Said[];
  /** Whether something that was done can be put back by this reader. */
  readonly mayUndo: boolean;
  /** What was done could be put back by this reader, but for a dry run that has begun since. */
  readonly undoStops?: boolean;
  /** Whether this reader may put back even what was changed since. */
  readonly mayUndoAnyway?: boolean;
  /** Whether this reader may take the last answer back. */
  readonly mayCorrect?: boolean;
  /** For how long what is offered can be undone, in milliseconds. */
  readonly undoForMs?: number;
  /** ISO time at which the first of what can be undone no longer can. */
  readonly undoUntil?: string;
  /** Whether the vendor's own words about failures are shown. */
  readonly forOperator?: boolean;
  /** What was approved was only planned. */
  readonly dryRun?: boolean;
  /** Some of it failed; or some of it was put back, and the rest was not. */
  readonly partly?: 'done' | 'undone';
  /** Nothing was put back, for what had been done was not there any more. */
  readonly gone?: boolean;
  /** What one undo does to each thing that it takes back, a sentence each. */
  readonly undoSays?: readonly Said[];
  /** A sentence above everything else: "Already decided by ...". */
  readonly notice?: Said;
  /** Our own page, where the reader signs in afresh before they press again. */
  readonly signInUrl?: string;
  /** What the reader had typed, where nothing came of it: it stands in the field again. */
  readonly comment?: string;
  /** A newer card for the same case lies further down the same conversation. */
  readonly superseded?: boolean;
}

/** How many more have to say the same, and why, a few sentences; empty where the answer takes effect. */
export interface Takes {
  readonly dismiss: Said;
  readonly keep: Said;
  readonly undo: Said;
  /** By key. */
  readonly offers: Readonly<Record<string, Said>>;
  /** One of the answers to the question takes others, at least. */
  readonly some: boolean;
}

/** Makes words fit for a card: written for its reader, escaped, and cut to so many characters. */
export type Show = (said: Said, most?: number) => string;

/** How much of everything a card says: less where it would grow too large for Teams. */
export interface Size {
  /** Characters of a line. */
  readonly line: number;
  /** Lines that say what one button does. */
  readonly lines: number;
  /** Lines of any other list. */
  readonly list: number;
}

/** The first so many, and how many more there are: what is left out is never left out in silence. */
export const few = (list: readonly Said[], most: number): readonly Said[] =>
  list.length <= most
    ? list
    : [...list.slice(0, most - 1), say('ask.and-more', { n: list.length - most + 1 })];

/** The same of what is told in the order in which it happened: the last so many. */
export const latest = (list: readonly Said[], most: number): readonly Said[] =>
  list.length <= most
    ? list
    : [say('ask.more-lines-before', { n: list.length - most + 1 }), ...list.slice(1 - most)];
