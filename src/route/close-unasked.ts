// How a case ends that nobody has to be asked about, found out while it was being routed.
import { type Case, SYSTEM } from '../case/case.ts';
import type { Step } from '../case/run.ts';
import { say } from '../case/said.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition, type Transition } from '../ports/commit-transition.ts';
import type { DirectoryUser } from '../ports/directory.ts';

interface CloseParts {
  readonly store: CaseStore;
  readonly clock: Clock;
}

/** The calls are ours. */
export const closeRecognised = (step: Step, about: Case, parts: CloseParts): Promise<void> =>
  close(step, about, parts, {
    event: 'recognised',
    patch: { outcome: [say('route.recognised')] },
    note: { kind: 'case.recognised', actor: SYSTEM, facts: { requestIds: about.requestIds } },
  });

/** The settings leave this person out of what the policy looks at. */
export const closeOutOfScope = (
  step: Step,
  about: Case,
  { id, displayName, userPrincipalName }: DirectoryUser,
  parts: CloseParts,
): Promise<void> =>
  close(step, about, parts, {
    event: 'out-of-scope',
    patch: {
      outOfScopeAt: isoTime(parts.clock),
      subject: { id, name: displayName, userPrincipalName },
      outcome: [say('route.out-of-scope', { name: displayName })],
    },
    note: {
      kind: 'case.out-of-scope',
      actor: SYSTEM,
      facts: { policy: about.policy.id },
      personal: { subject: id },
    },
  });

async function close(
  step: Step,
  about: Case,
  { store, clock }: CloseParts,
  ending: Pick<Transition, 'event' | 'patch' | 'note'>,
): Promise<void> {
  await store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = await tx.lockCase(about.id);
    if (current?.state === 'routing' && current.version === about.version)
      await commitTransition(tx, current, { ...ending, at: isoTime(clock) });
    // Something joined while we looked: it may be about somebody else, or not be ours.
    else if (current?.state === 'routing') await tx.addStep(about.id, { kind: 'route', key: step.key });
    await tx.finishStep(step);
  });
}
