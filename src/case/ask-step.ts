// One card that a question owes one reader: what the `ask` step is called and what it carries.

import type { QuestionId } from './ids.ts';
import type { Json } from './json.ts';
import { type Approver, askedOf, type Question } from './question.ts';

/** The reader of the security team's channel. */
export const SECURITY_READER = 'security';

export interface AskStep {
  readonly kind: 'ask';
  readonly key: string;
  readonly body: {
    readonly question: QuestionId;
    /** A person's object id, or `SECURITY_READER`. */
    readonly reader: string;
    /** 0 for the first card, then counted: each reminder is a card of its own, and the older ones point to it. */
    readonly reminder: number;
  };
}

export const askStep = (question: QuestionId, reader: string, reminder = 0): AskStep => ({
  kind: 'ask',
  key: `${question} ${reader} ${reminder}`,
  body: { question, reader, reminder },
});

/** Whose card of a question it is. */
export const readerOf = (asked: Approver): string => (asked.kind === 'security' ? SECURITY_READER : asked.id);

/** The first card of everybody whom the question is with. */
export const askSteps = (question: Pick<Question, 'id' | 'approver' | 'beside'>): readonly AskStep[] =>
  askedOf(question).map((asked) => askStep(question.id, readerOf(asked)));

/** What the step owes; `reader` null in steps from before they named one: whoever was asked first. */
export function readAskStep({ key, body }: { readonly key: string; readonly body: Json }) {
  const { question = key, reader = null, reminder = 0 } = (body ?? {}) as Partial<AskStep['body']>;
  return { question, reader, reminder };
}
