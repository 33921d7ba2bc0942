// Since when somebody has had a question before them: what they were never shown, they did not keep silent about.
import type { CardCopy } from './case.ts';
import type { QuestionId } from './ids.ts';

/** A card of the question, or a line that says what it is about. */
export const isShownTo = (copy: CardCopy, question: QuestionId, reader: string): boolean =>
  copy.questionId === question && copy.reader === reader && !copy.folded;

/** ISO 8601 in UTC; null where nothing reached them, or nobody wrote down when. */
export function shownSince(copies: readonly CardCopy[], question: QuestionId, reader: string): string | null {
  const times = copies
    .filter((copy) => isShownTo(copy, question, reader))
    .map(({ since, sentAt }) => since ?? sentAt)
    .filter((time) => time !== undefined);
  return times.toSorted()[0] ?? null;
}
