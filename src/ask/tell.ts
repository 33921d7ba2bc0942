// Shows the security team a case that they were not asked about.
import { SECURITY_READER } from '../case/ask-step.ts';
import { type CardCopy, SYSTEM } from '../case/case.ts';
import { CountersignError } from '../case/errors.ts';
import type { Step } from '../case/run.ts';
import type { AskParts } from './deliver.ts';
import { conversationOf } from './reach.ts';

/** The `tell` step: the security team sees a case that they were not asked about. A copy that they have is kept true anyway. */
export async function tell(step: Step, parts: AskParts): Promise<void> {
  const about = await parts.store.readCase(step.caseId);
  const copies = await parts.store.copiesOf(step.caseId);
  if (!about || copies.some((copy) => copy.reader === SECURITY_READER))
    return parts.store.transact((tx) => tx.finishStep(step));
  const conversation = await conversationOf(SECURITY_READER, parts);
  if (!conversation) throw new CountersignError('ask.no-channel', 'there is no security channel');
  const card = await parts.draw(about, SECURITY_READER, { superseded: false });
  const { activityId } = await parts.messenger.send(conversation, card);
  await parts.store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = await tx.lockCase(about.id);
    const id = parts.ids.copyId();
    await tx.saveCopy({
      ...{ id, caseId: about.id, reader: SECURITY_READER, conversation, activityId },
      questionId: about.question?.id ?? ('' as CardCopy['questionId']),
      shownVersion: about.version,
    });
    if (current && current.version > about.version) await tx.addStep(about.id, { kind: 'refresh', key: id });
    await tx.audit(about.id, {
      kind: 'security.told',
      actor: SYSTEM,
      facts: { version: about.version },
      personal: { activityId },
    });
    await tx.finishStep(step);
  });
}
