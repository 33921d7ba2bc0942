// How a case ends that nobody has to be asked about, found out while it was being routed: closed, or contained where something stands
// that was done here, so that it can still be undone.
import { type Case, SYSTEM } from '../case/case.ts';
import type { Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { stillStanding } from '../case/standing.ts';
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
    patch: {},
    says: say('route.recognised'),
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
    },
    says: say('route.out-of-scope', { name: displayName }),
    note: {
      kind: 'case.out-of-scope',
      actor: SYSTEM,
      facts: { policy: about.policy.id },
      personal: { subject: id },
    },
  });

type Ending = Pick<Transition, 'event' | 'note'> & {
  readonly patch: Partial<Case>;
  readonly says: Said;
};

async function close(
  step: Step,
  about: Case,
  { store, clock }: CloseParts,
  { event, patch, says, note }: Ending,
): Promise<void> {
  await store.transact(async (tx) => {
    await tx.assertLease(step);
    const current = await tx.lockCase(about.id);
    if (current?.state === 'routing' && current.version === about.version) {
      const standing = stillStanding(await tx.runsOf(current.id));
      await commitTransition(tx, current, {
        event: standing.length > 0 ? 'settled-at-source' : event,
        at: isoTime(clock),
        patch: { ...patch, outcome: [says, ...standing] },
        note,
      });
    }
    // Something joined while we looked: it may be about somebody else, or not be ours.
    else if (current?.state === 'routing') await tx.addStep(about.id, { kind: 'route', key: step.key });
    await tx.finishStep(step);
  });
}
