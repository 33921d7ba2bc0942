// Which card of a question a copy is, and whether a newer one of the same reader lies below it.
import { askStep } from '../case/ask-step.ts';
import type { CardCopy, Case } from '../case/case.ts';
import type { CopyId, QuestionId } from '../case/ids.ts';

/** The row of the card that an `ask` step has sent: a second try finds it and sends nothing. */
export const sentCopyId = (question: QuestionId, reader: string, reminder: number): CopyId =>
  askStep(question, reader, reminder).key as CopyId;

/** 0 for every copy that is no reminder. */
export function reminderOf({ id, questionId, reader }: CardCopy): number {
  const start = `${questionId} ${reader} `;
  return id.startsWith(start) ? Number(id.slice(start.length)) || 0 : 0;
}

/** The same reader has a newer card of the case: this one only points to it. `copies`: oldest first. */
export function isSuperseded(copy: CardCopy, copies: readonly CardCopy[], about: Case): boolean {
  const current = copies.filter(
    (other) => other.reader === copy.reader && other.questionId === about.question?.id,
  );
  if (copy.questionId !== about.question?.id) return current.length > 0;
  const place = copies.findIndex(({ id }) => id === copy.id);
  return current.some(
    (other) => reminderOf(other) > reminderOf(copy) && copies.findIndex(({ id }) => id === other.id) > place,
  );
}
