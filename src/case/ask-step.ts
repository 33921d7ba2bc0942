// One card that a question owes one reader: what the `ask` step is called and what it carries.
import type { QuestionId } from './ids.ts';

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
