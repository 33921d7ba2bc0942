// How one reader sees a case: what a card is drawn with, beside the case itself.

export interface CardView {
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
  /** What an answer of this reader's would still take from others. Absent: it takes effect at once. */
  readonly takes?: Takes;
  /** Lines of what was done that is being put back right now: they may hold no longer. */
  readonly fading?: readonly string[];
  /** Whether something that was done can be put back by this reader. */
  readonly mayUndo: boolean;
  /** Whether this reader may put back even what was changed since. */
  readonly mayUndoAnyway?: boolean;
  /** Whether this reader may take the last answer back. */
  readonly mayCorrect?: boolean;
  /** For how long what is offered can be undone: "30 days". */
  readonly undoFor?: string;
  /** ISO time at which the first of what can be undone no longer can. */
  readonly undoUntil?: string;
  /** Whether the vendor's own words about failures are shown. */
  readonly forOperator?: boolean;
  /** What was approved was only planned. */
  readonly dryRun?: boolean;
  /** Some of it failed; or some of it was put back, and the rest was not. */
  readonly partly?: 'done' | 'undone';
  /** What one undo does to each thing that it takes back, a sentence each. */
  readonly undoSays?: readonly string[];
  /** A sentence above everything else: "Already decided by ...". */
  readonly notice?: string;
  /** Our own page, where the reader signs in afresh before they press again. */
  readonly signInUrl?: string;
  /** A newer card for the same case lies further down the same conversation. */
  readonly superseded?: boolean;
}

/** How many more have to say the same, and why, a few sentences; empty where the answer takes effect. */
export interface Takes {
  readonly dismiss: string;
  readonly keep: string;
  readonly undo: string;
  /** By key. */
  readonly offers: Readonly<Record<string, string>>;
  /** One of the answers to the question takes others, at least. */
  readonly some: boolean;
}

/** Makes text from outside fit for a card: escaped, and cut to so many characters. */
export type Show = (text: string, most?: number) => string;

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
export const few = (list: readonly string[], most: number): readonly string[] =>
  list.length <= most ? list : [...list.slice(0, most - 1), `... and ${list.length - most + 1} more.`];

/** The same of what is told in the order in which it happened: the last so many. */
export const latest = (list: readonly string[], most: number): readonly string[] =>
  list.length <= most
    ? list
    : [`... ${list.length - most + 1} more lines before this.`, ...list.slice(1 - most)];
