// Which case a match goes to: one that is open, one that was answered, or one of its own. In the transaction that stores the
// alert, on locked rows. Never drops what nobody was shown.
import type { Alert } from '../case/alert.ts';
import { askedAnew } from '../case/asked-anew.ts';
import { answeredAt, type Case, SYSTEM } from '../case/case.ts';
import { caseDigest } from '../case/case-digest.ts';
import type { Exception } from '../case/exception.ts';
import type { CaseId } from '../case/ids.ts';
import { say } from '../case/said.ts';
import { isOpen } from '../case/transitions.ts';
import type { CaseStore, NewStep, StoreTransaction } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { commitTransition } from '../ports/commit-transition.ts';
import type { Ids } from '../ports/ids.ts';
import { isRepeat, mayReopen, reopen, repeat, sourceFacts } from './absorb.ts';
import { endWatch } from './end-watch.ts';
import { holdBack } from './hold-back.ts';
import { isAnswered, isKnown, isListable, joinCase, type Opening, openCase } from './open-case.ts';
import { MOST_PARTS, partKey } from './parts.ts';
import { supersede, takeOver } from './supersede.ts';

/**
 * `repeat`: known in this revision. `recorded`: stored, nothing to ask; its case, where it has one, was answered before.
 * `reopened`: asks anew in a case that was answered. `held-back`: an exception says that it asks nobody.
 */
export type Outcome = 'opened' | 'joined' | 'reopened' | 'recorded' | 'repeat' | 'held-back';

export interface OpenParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How long a case of this policy waits before it is routed, in milliseconds. */
  routingDelayMs(policyId: string): number;
  /** How long one that asks anew waits, in milliseconds; `ASK_ANEW_MS` when absent. */
  readonly askAnewMs?: number;
}

/** A script does its work within seconds of its first call: what it does becomes one more question instead of one for each call. */
export const ASK_ANEW_MS = 3_000;

/** The case that the alert already went to, and the policies whose matches belong there. */
export interface Home {
  readonly about: Case;
  readonly policies: readonly string[];
}

export interface Landed {
  /** Null where it was held back and belongs to no case. */
  readonly id: CaseId | null;
  readonly ref: string | null;
  readonly outcome: Outcome;
  /** The id of the exception that holds it back. */
  readonly exception?: string;
}

export async function placeAlert(
  tx: StoreTransaction,
  home: Home | null,
  opening: Opening,
  alert: Alert,
  parts: OpenParts,
): Promise<Landed> {
  const at = isoTime(parts.clock);
  const isHome = home && isOpen(home.about.state) && home.policies.includes(opening.policy.id);
  if (isHome && isListable(home.about, opening, alert, at) && !(await endWatch(tx, home.about, opening, at)))
    return join(tx, home.about, opening, alert, at, parts);
  let room: Case | null = null;
  let answered: { readonly about: Case; readonly groupKey: string } | null = null;
  const since = new Date(Date.parse(at) - opening.policy.grouping.withinMs).toISOString();
  for (let part = 1; ; part++) {
    const groupKey = partKey(opening.groupKey, part);
    const found = (await tx.findOpenCase(groupKey)) ?? (await takenOver(tx, groupKey, opening, isOpenCase));
    if (found && !(await endWatch(tx, found, opening, at))) {
      const isAside = isAnswered(found, opening, alert, at);
      const expected = isAside && (await holdBack(tx, opening, alert, at, ['expected']));
      if (expected) return heldBack(tx, expected);
      if (isKnown(found, opening, alert, at)) return join(tx, found, opening, alert, at, parts);
      if (isListable(found, opening, alert, at) || part === MOST_PARTS) room ??= found;
      if (part < MOST_PARTS) continue;
    }
    const closed = found ? null : await tx.findAnsweredCase(groupKey, since);
    const elsewhere = found || closed ? null : await takenOver(tx, groupKey, opening, isAnsweredSince(since));
    const like = closed ?? elsewhere;
    if (like && isRepeat(like, opening, alert, at))
      return landed(await repeat(tx, like, alert, at), 'recorded');
    if (closed && mayReopen(closed, opening)) {
      answered ??= { about: closed, groupKey };
      if (part < MOST_PARTS) continue;
    }
    // Somebody is being asked already, and shown all of it: quiet is for what would ask somebody else.
    const exception = await holdBack(tx, opening, alert, at, room ? ['expected'] : undefined);
    if (exception) return heldBack(tx, exception);
    // What is open is asked about soonest; a case that was answered asks before another one does.
    if (room) return join(tx, room, opening, alert, at, parts);
    if (answered) {
      const step = routeStep(opening, parts);
      return landed(
        await reopen(tx, answered.about, opening, alert, { at, groupKey: answered.groupKey, step }),
        'reopened',
      );
    }
    return open(tx, opening, alert, { at, groupKey, part }, parts);
  }
}

/**
 * The case that took over the latest one of this group, as part of one question about one person. What is counted is counted in a
 * case of its own, and joins when it is routed.
 */
async function takenOver(
  tx: StoreTransaction,
  groupKey: string,
  { counted, policy }: Opening,
  fits: (about: Case) => boolean,
): Promise<Case | null> {
  if (counted) return null;
  let about = await tx.findTakenOver(groupKey);
  while (about?.supersededBy) about = await tx.lockCase(about.supersededBy);
  if (!about || !fits(about)) return null;
  return about.related?.some(({ id, hash }) => id === policy.id && hash === policy.hash) ? about : null;
}

const isOpenCase = ({ state }: Case): boolean => isOpen(state);
const isAnsweredSince =
  (since: string) =>
  (about: Case): boolean =>
    (answeredAt(about) ?? '') >= since;

async function join(
  tx: StoreTransaction,
  about: Case,
  opening: Opening,
  alert: Alert,
  at: string,
  parts: OpenParts,
): Promise<Landed> {
  const { patch, widened } = joinCase(about, opening, alert, at);
  const note = { kind: 'case.joined', actor: SYSTEM, facts: sourceFacts(alert) };
  if (!widened)
    return landed(await commitTransition(tx, about, { event: 'joined', at, patch, note }), 'joined');
  const next = await commitTransition(tx, about, {
    event: 'widened',
    at,
    patch: { ...patch, ...askedAnew(about) },
    cancel: ['ask'],
    note,
  });
  // One that is to be routed anyway stays due as it is: whoever goes on and on must not keep the question from being asked. But
  // what has become graver neither waits its turn nor for a look-up that failed before.
  const stays = about.state === 'routing' && next.severity === about.severity;
  await tx.addStep(about.id, routeStep(opening, parts), { ifAbsent: stays });
  return landed(next, 'joined');
}

async function open(
  tx: StoreTransaction,
  opening: Opening,
  alert: Alert,
  { at, groupKey, part }: { readonly at: string; readonly groupKey: string; readonly part: number },
  { ids, routingDelayMs }: OpenParts,
): Promise<Landed> {
  const fresh = { id: ids.caseId(), ref: ids.caseRef(), nonce: ids.nonce() };
  const alone = openCase({ ...opening, groupKey }, alert, fresh, at);
  const taken = await takeOver(tx, part === MOST_PARTS ? { ...alone, toSecurity: FLOOD } : alone, opening);
  const created = taken.about;
  await tx.insertCase(created);
  await tx.addStep(created.id, { kind: 'route', key: '', delayMs: routingDelayMs(opening.policy.id) });
  await tx.audit(created.id, {
    kind: 'case.opened',
    actor: SYSTEM,
    facts: {
      ...sourceFacts(alert),
      ref: created.ref,
      policy: created.policy.id,
      policyHash: created.policy.hash,
      severity: created.severity,
      version: created.version,
      digest: caseDigest(created),
    },
    personal: { title: created.title, hint: { ...created.hint }, named: created.named },
  });
  await supersede(tx, taken, at);
  return landed(created, 'opened');
}

const FLOOD = say('ingest.flood');

const routeStep = (opening: Opening, { askAnewMs = ASK_ANEW_MS, routingDelayMs }: OpenParts): NewStep => ({
  kind: 'route',
  key: '',
  delayMs: Math.max(askAnewMs, routingDelayMs(opening.policy.id)),
});

async function heldBack(tx: StoreTransaction, { id, caseId }: Exception): Promise<Landed> {
  const about = caseId ? await tx.lockCase(caseId) : null;
  return { id: about?.id ?? null, ref: about?.ref ?? null, outcome: 'held-back', exception: id };
}

const landed = ({ id, ref }: Case, outcome: Outcome): Landed => ({ id, ref, outcome });
