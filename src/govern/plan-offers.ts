// Asks every offered action what it would do to the world as it is now: the card shows those sentences, or why not.
import type { Case, Subject } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { Offer } from '../case/policy.ts';
import { labelSaid } from '../case/policy-words.ts';
import { type Proposal, proposalKey } from '../case/proposal.ts';
import type { PlannedAction, PlannedOffer, WithheldOffer } from '../case/question.ts';
import { distinctSaid, type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { type Target, targetKey } from '../case/target.ts';
import { targetSaid } from '../case/target-words.ts';
import type { GovernanceAction, Plan, World } from './action.ts';
import { ownerProtected } from './aws/own-identities.ts';
import { actionOutOfBounds, targetOutOfBounds } from './bounds.ts';
import { isGoneError } from './failure.ts';

export interface PlannedOffers {
  readonly offers: readonly PlannedOffer[];
  readonly withheld: readonly WithheldOffer[];
}

export interface PlanParts {
  readonly actions: ReadonlyMap<string, GovernanceAction>;
  readonly world: World;
  /** False while a look-up that failed may still succeed: then the error is thrown and the step comes again. */
  readonly lastTry: boolean;
}

type About = Pick<Case, 'policy' | 'targets' | 'callers' | 'proposals'> & Partial<Pick<Case, 'id' | 'facts'>>;
/** One action and what it would act on, where somebody named that. */
interface Wanted {
  readonly action: string;
  readonly target?: Target;
}

/** Throws only retryable errors, and only while `lastTry` is false. */
export async function planOffers(
  about: About,
  subject: Subject | null,
  parts: PlanParts,
): Promise<PlannedOffers> {
  const offers: PlannedOffer[] = [];
  const withheld: WithheldOffer[] = [];
  for (const { key, label, wanted } of [
    ...(about.proposals ?? []).map((proposal, index) => proposed(proposal, index, parts)),
    ...about.policy.offers.map((offer) => ofPolicy(offer, subject)),
  ]) {
    const planned = await planOffer(key, label, wanted, { about, subject }, parts);
    if ('actions' in planned) offers.push(planned);
    else if (planned.reason !== null) withheld.push({ label, reason: planned.reason });
  }
  return { offers, withheld };
}

const ofPolicy = ({ key, label, actions }: Offer, subject: Subject | null) => ({
  key,
  label: labelSaid({ label }, subject?.name ?? say('case.the-person')),
  wanted: actions.map((action): Wanted => ({ action })),
});

function proposed(proposal: Proposal, index: number, { actions }: PlanParts) {
  const { action, target, by } = proposal;
  return {
    key: proposalKey(proposal, index),
    label: say('govern.proposed', {
      action: actions.get(action)?.title ?? action,
      ...{ target: targetSaid(target), name: by.name },
    }),
    wanted: [{ action, target }] satisfies readonly Wanted[],
  };
}

interface Context {
  readonly about: About;
  readonly subject: Subject | null;
}

/** With `reason` null there was nothing for it to do, and nobody would miss it. */
async function planOffer(
  key: string,
  label: Said,
  wanted: readonly Wanted[],
  context: Context,
  parts: PlanParts,
): Promise<PlannedOffer | { readonly reason: Said | null }> {
  const { bounds } = parts.world.settings.detection;
  const planned: PlannedAction[] = [];
  const left: Said[] = [];
  for (const { action: id, target: named } of wanted) {
    const action = parts.actions.get(id);
    if (!action) return { reason: say('govern.no-such-action', { id }) };
    const forbidden = actionOutOfBounds(id, bounds);
    if (forbidden) return { reason: forbidden };
    const found = named ? [named] : await findTargets(action, context, parts);
    if ('reason' in found) return found;
    if (found.length === 0) return { reason: missingTarget(action) };
    const { taken, reasons, beyond, allMet } = await planTargets(
      action,
      found,
      named !== undefined,
      context,
      parts,
    );
    planned.push(...taken);
    left.push(...reasons, ...beyond);
    // An offer is made whole or not at all: each of its actions must have something to do, or have nothing left to do. What was
    // done before a part of it failed must not keep anybody from the rest.
    if (taken.length === 0 && !allMet) return { reason: inOne(reasons, beyond) };
  }
  if (planned.length === 0) return { reason: inOne(left, []) };
  const isProposed = wanted.some(({ target }) => target !== undefined);
  return { key, label: isProposed ? label : namingOthers(label, planned, context), actions: planned, left };
}

/** "Shut them out" speaks of whoever called: where a user or a role is another one, the label says which. */
function namingOthers(label: Said, planned: readonly PlannedAction[], { about }: Context): Said {
  const isPrincipal = ({ kind }: Target): boolean => kind === 'iam-user' || kind === 'iam-role';
  const principals = planned.map(({ target }) => target).filter(isPrincipal);
  const callers = new Set((about.callers ?? []).map(targetKey));
  if (principals.every((one) => callers.has(targetKey(one)))) return label;
  const distinct = new Map(principals.map((one) => [targetKey(one), one]));
  return say('govern.offer-on', { label, targets: listed([...distinct.values()]) });
}

/** Null where there is none. */
const inOne = (reasons: readonly Said[], beyond: readonly Said[]): Said | null =>
  sentences([...someOf(reasons), ...beyond]) || null;

/** One button takes so many of a kind: a card has room for their sentences, and nobody reads more. */
export const MOST_TARGETS = 20;
/** Each costs a handful of calls, and an attacker can name hundreds in one policy. */
const MOST_LOOKED = 60;

async function planTargets(
  action: GovernanceAction,
  found: readonly Target[],
  isNamed: boolean,
  context: Context,
  parts: PlanParts,
) {
  const { bounds } = parts.world.settings.detection;
  const taken: PlannedAction[] = [];
  const reasons: Said[] = [];
  let looked = 0;
  let met = 0;
  while (looked < found.length && looked < MOST_LOOKED && taken.length < MOST_TARGETS) {
    const target = found[looked++];
    if (!target) break;
    const kept = targetOutOfBounds(target, context.subject, bounds);
    const plan = kept
      ? ({ kind: 'refused', reason: kept } as const)
      : await planOne(action, target, context, parts);
    if (plan.kind === 'offered') taken.push(plannedAction(action, target, plan));
    else if (plan.kind === 'refused' || isNamed) reasons.push(plan.reason);
    if (plan.kind === 'refused' && plan.met) met++;
  }
  return { taken, reasons, beyond: notTakenOn(found.slice(looked)), allMet: met === found.length };
}

const MOST_NAMED = 5;

/** Said on the card before and after: a Done must not hide that there were more. */
function notTakenOn(targets: readonly Target[]): readonly Said[] {
  if (targets.length === 0) return [];
  return [say('govern.not-taken-on', { n: targets.length, targets: listed(targets) })];
}

function listed(targets: readonly Target[]): readonly Said[] {
  const names = targets.slice(0, MOST_NAMED).map(targetSaid);
  const rest = targets.length - MOST_NAMED;
  return rest > 0 ? [...names, say('govern.others', { n: rest })] : names;
}

/** More than that nobody reads of what is not offered. */
const MOST_REASONS = 3;

function someOf(reasons: readonly Said[]): readonly Said[] {
  const different = distinctSaid(reasons);
  const more = different.length - MOST_REASONS;
  return [
    ...different.slice(0, MOST_REASONS),
    ...(more > 0 ? [say('govern.more-like-that', { n: more })] : []),
  ];
}

function plannedAction(
  { id, title, informs, letsIn }: GovernanceAction,
  target: Target,
  { says, undo, basis }: Extract<Plan, { kind: 'offered' }>,
): PlannedAction {
  const nature = informs ? 'informs' : letsIn ? 'lets-in' : null;
  return { action: id, title, target, says, undo, basis, ...(nature && { nature }) };
}

/** Why the world cannot be looked at: retried while it may pass, else said on the card. */
function unseen(error: unknown, { lastTry }: PlanParts): Said {
  if (!isCountersignError(error)) throw error;
  if (error.retryable && !lastTry) throw error;
  return error.say;
}

async function findTargets(action: GovernanceAction, { about, subject }: Context, parts: PlanParts) {
  try {
    return await action.find({ ...about, subject }, parts.world);
  } catch (error) {
    return { reason: say('govern.unseen-action', { action: action.title, why: unseen(error, parts) }) };
  }
}

async function planOne(
  action: GovernanceAction,
  target: Target,
  { about, subject }: Context,
  parts: PlanParts,
): Promise<Plan> {
  try {
    const reason = await ownerProtected(action, target, { ...about, subject }, parts.world);
    if (reason) return { kind: 'refused', reason };
    const state = await action.read(target, parts.world, about.id);
    return action.plan(target, state, parts.world.settings);
  } catch (error) {
    const why = unseen(error, parts);
    // It was looked at: it is not there.
    if (isGoneError(error)) return { kind: 'refused', reason: why };
    return { kind: 'refused', reason: say('govern.unseen', { target: targetSaid(target), why }) };
  }
}

/** Null where nobody would miss the action: the case is not about a thing of that kind. */
function missingTarget({ targetKind }: GovernanceAction): Said | null {
  return targetKind === 'user' ? say('govern.nobody-identified') : null;
}
