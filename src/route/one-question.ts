// One person, one question: what comes about somebody whom an open question is about already joins it, whatever policy or cloud it
// came from. What no longer fits waits until that one is answered: nobody is asked ten things at once about one person.
import { isAtLeast } from '../case/alert.ts';
import { askedAnew } from '../case/asked-anew.ts';
import type { AnswerRule, Asking } from '../case/asking.ts';
import { DEFAULT_ASKING } from '../case/asking.ts';
import { type Case, isMonitored, type RelatedPolicy, type Subject, SYSTEM } from '../case/case.ts';
import { mergeCases } from '../case/merge-cases.ts';
import type { Offer } from '../case/policy.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { commitTransition } from '../ports/commit-transition.ts';

/** Policies of one case: what asks about more than these, nobody reads. */
const MOST_RELATED = 10;
/** What is about to come of the same burst is waited for before it is asked again. */
const ASK_ANEW_MS = 3_000;
/** How often what waits looks whether its turn has come. */
export const BEHIND_POLL_MS = 60_000;

/** What a question about somebody becomes, given what else they are being asked about. */
export type Place =
  | { readonly kind: 'own' }
  | { readonly kind: 'joins'; readonly into: Case; readonly merged: Case }
  | { readonly kind: 'waits'; readonly behind: Case };

const OWN: Place = { kind: 'own' };

/**
 * Pure. `others`: cases about the same person that are asked or about to be, oldest first. Only what nobody was asked about yet
 * joins, and only what is older takes it: so two that come at once do not join each other.
 */
export function placeOf(current: Case, others: readonly Case[], relatedMs: number): Place {
  if (!mayJoin(current)) return OWN;
  const near = others.filter((other) => isOlder(other, current) && belongs(current, other, relatedMs));
  for (const other of near) {
    const merged = mergeCases(other, current);
    const related = relatedOf(other, current);
    if (merged && related.length <= MOST_RELATED)
      return {
        kind: 'joins',
        into: other,
        merged: {
          ...merged,
          ...(related.length > 0 && { related }),
          policy: {
            ...other.policy,
            offers: joinOffers(other.policy.offers, current.policy.offers),
            asking: strictest(other.policy.asking, current.policy.asking),
          },
        },
      };
  }
  // What is graver than anything that is asked does not wait behind it.
  const behind = near.find((other) => isAtLeast(other.severity, current.severity));
  return behind ? { kind: 'waits', behind } : OWN;
}

/** Asked about neither by a person yet nor by a policy that only watches. */
const mayJoin = (one: Case): boolean =>
  !isMonitored(one) && one.question === null && one.decisions.length === 0 && !one.proposals?.length;

const isOlder = (other: Case, current: Case): boolean =>
  other.openedAt < current.openedAt || (other.openedAt === current.openedAt && other.id < current.id);

/** What only the security team may answer is not handed to a manager, nor hidden from one in the other's question. */
const belongs = (current: Case, other: Case, relatedMs: number): boolean =>
  !isMonitored(other) &&
  other.containedFirst === undefined &&
  other.policy.securityOnly === current.policy.securityOnly &&
  Date.parse(current.firstSeenAt) - Date.parse(other.lastSeenAt) <= relatedMs &&
  Date.parse(other.firstSeenAt) - Date.parse(current.lastSeenAt) <= relatedMs;

function relatedOf(into: Case, joining: Case): readonly RelatedPolicy[] {
  const known = new Set([into.policy.id, ...(into.related ?? []).map(({ id }) => id)]);
  const { id, title, text, hash, question } = joining.policy;
  const its: readonly RelatedPolicy[] = [
    { id, title, text, hash, question, ref: joining.ref },
    ...(joining.related ?? []),
  ];
  return [...(into.related ?? []), ...its.filter((one) => !known.has(one.id))];
}

/** The same key for something else gets a number: a line that somebody types must mean one thing. */
function joinOffers(first: readonly Offer[], second: readonly Offer[]): readonly Offer[] {
  const offers = [...first];
  for (const offer of second) {
    if (offers.some((one) => isSameWork(one, offer))) continue;
    let key = offer.key;
    for (let count = 2; offers.some((one) => one.key === key); count++) key = `${offer.key}-${count}`;
    offers.push({ ...offer, key });
  }
  return offers;
}

const isSameWork = (one: Offer, other: Offer): boolean =>
  one.actions.length === other.actions.length &&
  one.actions.every((action, place) => action === other.actions[place]);

/** What two policies ask of an answer, as the stricter of the two does. */
export function strictest(one: Asking = DEFAULT_ASKING, other: Asking = DEFAULT_ASKING): Asking {
  const comments = ['optional', 'destructive', 'always'] as const;
  return {
    ...one,
    approvers: one.approvers.length > 0 ? one.approvers : other.approvers,
    subjectFirst: one.subjectFirst && other.subjectFirst,
    rule: stricter(one.rule, other.rule),
    comment: comments[Math.max(comments.indexOf(one.comment), comments.indexOf(other.comment))] ?? 'always',
    freshSignIn: one.freshSignIn || other.freshSignIn,
  };
}

function stricter(one: AnswerRule, other: AnswerRule): AnswerRule {
  if (one.kind === 'quorum' && other.kind === 'quorum') return one.of >= other.of ? one : other;
  const rank: Readonly<Record<AnswerRule['kind'], number>> = {
    first: 0,
    quorum: 1,
    everyone: 2,
    sequence: 3,
  };
  return rank[one.kind] >= rank[other.kind] ? one : other;
}

/**
 * In the transaction that would ask: joins or waits instead, where it should. True: nothing is to be asked now. The person was
 * locked (`lockPerson`) before the case was.
 */
export async function joinPerson(
  tx: StoreTransaction,
  current: Case,
  subject: Subject,
  { at, relatedMs }: { readonly at: string; readonly relatedMs: number },
): Promise<boolean> {
  if (relatedMs === 0) return false;
  const others = await tx.askedOfPerson(subject.id);
  const place = placeOf({ ...current, subject }, others, relatedMs);
  if (place.kind === 'joins') await join(tx, current, subject, place, at);
  if (place.kind === 'waits') {
    const isFirst = others.every((other) => other.id === current.id || other.behind === undefined);
    await wait(tx, current, subject, { behind: place.behind, isFirst, at });
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
  // A refused call only counts (0006), once somebody is asked about calls like it.
  const isWider = !current.attempt || merged.related?.length !== into.related?.length;
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
      { ifAbsent: into.state === 'routing' },
    );
  await commitTransition(tx, current, {
    event: 'superseded',
    at,
    patch: { subject, supersededBy: into.id, outcome: [`Asked about as part of case ${into.ref}.`] },
    cancel: ['ask', 'chase'],
    note: { kind: 'case.superseded', actor: SYSTEM, facts: { by: into.ref } },
  });
}

async function wait(
  tx: StoreTransaction,
  current: Case,
  subject: Subject,
  { behind, isFirst, at }: { readonly behind: Case; readonly isFirst: boolean; readonly at: string },
): Promise<void> {
  if (current.behind?.id !== behind.id)
    await commitTransition(tx, current, {
      event: 'noted',
      at,
      patch: {
        subject,
        behind: { id: behind.id, ref: behind.ref },
        outcome: [`Asked once case ${behind.ref}, about the same person, is answered.`],
      },
      // Nobody is asked about it yet, and somebody should know: once, however much of it there is.
      ...(isFirst && { steps: [{ kind: 'tell' as const, key: '' }] }),
      note: { kind: 'case.waits', actor: SYSTEM, facts: { behind: behind.ref } },
    });
  await tx.addStep(current.id, { kind: 'route', key: '', delayMs: BEHIND_POLL_MS });
}
