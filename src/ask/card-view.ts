// How one reader sees a case: what a card is drawn with, beside the case itself.

export interface CardView {
  readonly timeZone: string;
  /** `29:` ids that the card will carry: they count towards what it may weigh. */
  readonly readers?: readonly string[];
  /** ISO time at which the card is drawn. */
  readonly now: string;
  /** Whether this copy carries the buttons of the question. */
  readonly mayAnswer: boolean;
  /** Whether something that was done can be put back by this reader. */
  readonly mayUndo: boolean;
  /** Whether this reader may put back even what was changed since. */
  readonly mayUndoAnyway?: boolean;
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

/** Makes text from outside fit for a card: escaped, and cut to so many characters. */
export type Show = (text: string, most?: number) => string;
