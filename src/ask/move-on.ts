// Somebody whom a question is with can no longer be asked: the others keep it, or it is routed anew.
import { askStep, readerOf, SECURITY_READER } from '../case/ask-step.ts';
import { type Case, SYSTEM } from '../case/case.ts';
import { isEnough, peopleAsked } from '../case/enough.ts';
import { type Approver, askedOf, isWithSecurity, type Question } from '../case/question.ts';
import { BUT_APP_REMOVED, BUT_NO_ACCOUNT, BUT_UNREACHABLE, passedAfterAll } from '../case/rung-words.ts';
import type { Said } from '../case/said.ts';
import { tellAdminStep, type WhyUnreached } from '../case/tell-admin-step.ts';
import type { NewStep, StoreTransaction } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';

/** `moved`: their place is out of date, not the person. `left`: their account is gone, which no administrator needs to hear from us. */
export type WhyGone = WhyUnreached | 'moved' | 'left';

const BUT: Readonly<Record<WhyGone, Said>> = {
  'not-installed': BUT_UNREACHABLE,
  refused: BUT_UNREACHABLE,
  removed: BUT_APP_REMOVED,
  moved: BUT_UNREACHABLE,
  left: BUT_NO_ACCOUNT,
};

/** Nothing where the question has been replaced, or is not with them. Asked inside the transaction that ends the step. */
export async function moveOn(
  tx: StoreTransaction,
  about: Case,
  questionId: string,
  reader: string,
  why: WhyGone,
  clock: Clock,
): Promise<void> {
  const current = await tx.lockCase(about.id);
  const question = current?.question;
  if (current?.state !== 'asking' || question?.id !== questionId) return;
  const gone = askedOf(question).find((one) => one.kind !== 'security' && readerOf(one) === reader);
  if (!gone || gone.kind === 'security') return;
  const at = isoTime(clock);
  const unreachable = why === 'moved' ? current.unreachable : [...current.unreachable, gone.id];
  const told: readonly NewStep[] =
    why === 'moved' || why === 'left'
      ? []
      : [tellAdminStep({ people: [{ person: gone.id, name: gone.name }], why })];
  const note = {
    kind: 'question.unreachable',
    actor: SYSTEM,
    facts: { question: question.id, why },
    personal: { person: gone.id },
  };
  const kept = without(question, gone, why, current.policy.asking?.approvers.length ?? 0);
  if (!kept) {
    const steps = [{ kind: 'route', key: '' } as const, ...told];
    await commitTransition(tx, current, { event: 'unreachable', at, patch: { unreachable }, steps, note });
    return;
  }
  const isWider = isWithSecurity(kept) && !isWithSecurity(question);
  await commitTransition(tx, current, {
    event: isWider ? 'asked-besides' : 'noted',
    at,
    patch: { unreachable, question: kept },
    steps: [...told, ...(isWider ? [askStep(kept.id, SECURITY_READER)] : [])],
    note,
  });
}

/** The question with the others; null where nobody but the security team is left of those whom it was meant for. */
function without(question: Question, gone: Approver, why: WhyGone, named: number): Question | null {
  const [approver, ...others] = askedOf(question).filter((one) => one !== gone);
  const isFirst = question.approver === gone;
  // Somebody whose place is looked for again is asked again, with everybody else.
  if (!approver || (isFirst && (approver.kind !== 'person' || why === 'moved'))) return null;
  const { beside: _, ...rest } = question;
  const kept: Question = {
    ...rest,
    approver,
    ...(others.length > 0 && { beside: others }),
    path: question.path.map((rung) =>
      gone.kind !== 'security' && rung.id === gone.id && rung.outcome === 'asked'
        ? passedAfterAll(rung, BUT[why])
        : rung,
    ),
  };
  const reason = isFirst && approver.kind === 'person' ? reasonOf(kept, approver.id) : question.reason;
  const isShort = !isWithSecurity(kept) && !isEnough(kept.rule, peopleAsked(kept), kept.needs ?? named);
  return { ...kept, reason, ...(isShort && { beside: [...others, { kind: 'security' }] }) };
}

const reasonOf = ({ path, reason }: Question, id: string): Said =>
  path.find((rung) => rung.id === id && rung.outcome === 'asked')?.reason ?? reason;
