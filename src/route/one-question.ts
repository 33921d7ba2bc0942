// One person, one question: what comes about somebody whom an open question is about already joins it, whatever policy or cloud it
// came from. What no longer fits waits until that one is answered: nobody is asked ten things at once about one person.
import { isAtLeast } from '../case/alert.ts';
import { askedAnew } from '../case/asked-anew.ts';
import { DEFAULT_ASKING } from '../case/asking.ts';
import { type Case, type Subject, SYSTEM } from '../case/case.ts';
import { canonicalJson } from '../case/json.ts';
import { say } from '../case/said.ts';
import { isDryRun, type OperatorSettings } from '../case/settings.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import { isWaiting, type Place, placeOf } from './place-of.ts';

/** What is about to come of the same burst is waited for before it is asked again. */
const ASK_ANEW_MS = 3_000;
/** How often what waits looks whether its turn has come. */
export const BEHIND_POLL_MS = 60_000;

/**
 * In the transaction that would ask: joins or waits instead, where it should. True: nothing is to be asked now. The person was
 * locked (`lockPerson`) before the case was.
 */
export async function joinPerson(
  tx: StoreTransaction,
  current: Case,
  subject: Subject,
  { at, settings }: { readonly at: string; readonly settings: OperatorSettings },
): Promise<boolean> {
  if (settings.asking.relatedMs === 0) return false;
  const others = await tx.askedOfPerson(subject.id);
  // What an answer would really change is not asked about where it changes nothing, nor the other way round.
  const isDry = ({ policy }: Case): boolean => isDryRun(policy.id, settings);
  const alike = others.filter((other) => isDry(other) === isDry(current));
  const place = placeOf({ ...current, subject }, alike, settings.asking);
  if (place.kind === 'joins') await join(tx, current, subject, place, at);
  if (place.kind === 'waits') {
    // Once, however much of it there is; and again for what is graver than what they were told of.
    const isTold = others.some(
      (other) => other.id !== current.id && isWaiting(other) && isAtLeast(other.severity, current.severity),
    );
    await wait(tx, current, subject, { behind: place.behind, isTold, at });
  }
  return place.kind !== 'own';
}

async function join(
  tx: StoreTransaction,
  current: Case,
  subject: Subject,
  { into, merged }: Extract<Place, { kind: 'joins' }>,
  at: string,
): Promise<void> {
  const { id, ref, state, version, nonce, groupKey, hint, question, decisions, updatedAt, ...patch } = merged;
  const isGraver = merged.severity !== into.severity;
  // A refused call only counts (0006), once somebody is asked about calls like it, by the same people and of the same weight.
  const isWider = !current.attempt || canonicalJson(askedBy(merged)) !== canonicalJson(askedBy(into));
  await commitTransition(tx, into, {
    event: isWider ? 'widened' : 'joined',
    at,
    patch: { ...patch, ...(isWider && askedAnew(into)) },
    ...(isWider && { cancel: ['ask', 'chase'] as const }),
    note: {
      kind: 'case.joined',
      actor: SYSTEM,
      facts: { from: current.ref, policy: current.policy.id, policyHash: current.policy.hash },
    },
  });
  if (isWider)
    await tx.addStep(
      into.id,
      { kind: 'route', key: '', delayMs: ASK_ANEW_MS },
      // Whoever goes on and on must not keep it from being asked; what is graver does not wait for a look-up that failed before.
      { ifAbsent: into.state === 'routing' && !isGraver },
    );
  await commitTransition(tx, current, {
    event: 'superseded',
    at,
    patch: { subject, supersededBy: into.id, outcome: [say('case.part-of', { ref: into.ref })] },
    cancel: ['ask', 'chase'],
    note: { kind: 'case.superseded', actor: SYSTEM, facts: { by: into.ref } },
  });
}

/** Of whom, how and what is asked, beside the things that were done. */
const askedBy = ({ policy, related = [], severity, named, callers = [] }: Case) => ({
  ...{ severity, callers, named: [...named].sort() },
  ...{ offers: policy.offers, asking: policy.asking ?? DEFAULT_ASKING, related: related.map(({ id }) => id) },
});

async function wait(
  tx: StoreTransaction,
  current: Case,
  subject: Subject,
  { behind, isTold, at }: { readonly behind: Case; readonly isTold: boolean; readonly at: string },
): Promise<void> {
  if (current.behind?.id !== behind.id)
    await commitTransition(tx, current, {
      event: 'noted',
      at,
      patch: {
        subject,
        behind: { id: behind.id, ref: behind.ref },
        outcome: [say('route.waits-behind', { ref: behind.ref })],
      },
      // Nobody is asked about it yet, and somebody should know.
      ...(!isTold && { steps: [{ kind: 'tell' as const, key: '' }] }),
      note: { kind: 'case.waits', actor: SYSTEM, facts: { behind: behind.ref } },
    });
  await tx.addStep(current.id, { kind: 'route', key: '', delayMs: BEHIND_POLL_MS });
}
