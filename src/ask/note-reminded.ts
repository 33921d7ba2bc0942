// Writes down that a reminder has reached whoever a question is with. Until then it was only meant to.
import { readerOf } from '../case/ask-step.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import type { QuestionId } from '../case/ids.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';

/** The first one of the current question, once; nothing for anybody who is only asked besides. */
export async function noteReminded(
  tx: StoreTransaction,
  current: Case | null,
  { question, reader }: { readonly question: QuestionId; readonly reader: string },
  at: string,
): Promise<void> {
  const { chased, question: asked } = current ?? {};
  if (current?.state !== 'asking' || asked?.id !== question || readerOf(asked.approver) !== reader) return;
  if (chased?.question !== question || chased.remindedAt !== undefined) return;
  await commitTransition(tx, current, {
    event: 'noted',
    at,
    patch: { chased: { ...chased, remindedAt: at } },
    note: { kind: 'question.reminder-shown', actor: SYSTEM, facts: { question } },
  });
}
