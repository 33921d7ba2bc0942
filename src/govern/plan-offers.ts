// Asks every offered action what it would do to the world as it is now: the card shows those sentences, or why not.
import type { BucketTarget, Target, UserTarget } from '../case/alert.ts';
import { targetLabel } from '../case/alert.ts';
import type { Case, PlannedAction, PlannedOffer, Subject, WithheldOffer } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { Offer } from '../case/policy.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { GovernanceAction, World } from './action.ts';
import { actionOutOfBounds, targetOutOfBounds } from './bounds.ts';

export interface PlannedOffers {
  readonly offers: readonly PlannedOffer[];
  readonly withheld: readonly WithheldOffer[];
}

export interface PlanParts {
  readonly actions: ReadonlyMap<string, GovernanceAction>;
  readonly world: World;
  readonly settings: OperatorSettings;
  /** False while a look-up that failed may still succeed: then the error is thrown and the step comes again. */
  readonly lastTry: boolean;
}

/** Throws only retryable errors, and only while `lastTry` is false. */
export async function planOffers(
  about: Pick<Case, 'policy' | 'targets'>,
  subject: Subject | null,
  parts: PlanParts,
): Promise<PlannedOffers> {
  const offers: PlannedOffer[] = [];
  const withheld: WithheldOffer[] = [];
  for (const offer of about.policy.offers) {
    const label = offer.label.replaceAll('{subject}', subject?.name ?? 'the person');
    const planned = await planOffer(offer, label, about.targets, subject, parts);
    if ('reason' in planned) withheld.push({ label, reason: planned.reason });
    else offers.push(planned);
  }
  return { offers, withheld };
}

async function planOffer(
  offer: Offer,
  label: string,
  targets: readonly Target[],
  subject: Subject | null,
  parts: PlanParts,
): Promise<PlannedOffer | { reason: string }> {
  const { bounds } = parts.settings.detection;
  const planned: PlannedAction[] = [];
  const left: string[] = [];
  for (const id of offer.actions) {
    const action = parts.actions.get(id);
    if (!action) return { reason: `This deployment has no action called ${id}.` };
    const forbidden = actionOutOfBounds(id, bounds);
    if (forbidden) return { reason: forbidden };
    const on = targetsOf(action, targets, subject);
    if (on.length === 0) return { reason: missingTarget(action) };
    const before = planned.length;
    for (const target of on) {
      const kept = targetOutOfBounds(target, subject, bounds);
      const plan = kept ? ({ kind: 'refused', reason: kept } as const) : await planOne(action, target, parts);
      if (plan.kind === 'refused') left.push(plan.reason);
      else planned.push({ action: id, title: action.title, target, says: plan.says, undo: plan.undo });
    }
    // An offer is made whole or not at all: each of its actions must have something to do.
    if (planned.length === before) return { reason: left.at(-1) ?? missingTarget(action) };
  }
  return { key: offer.key, label, actions: planned, left };
}

async function planOne(action: GovernanceAction, target: Target, parts: PlanParts) {
  try {
    return action.plan(target, await action.read(target, parts.world), parts.settings);
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    if (error.retryable && !parts.lastTry) throw error;
    return {
      kind: 'refused',
      reason: `${targetLabel(target)} could not be looked at: ${error.say}`,
    } as const;
  }
}

function targetsOf(
  action: GovernanceAction,
  targets: readonly Target[],
  subject: Subject | null,
): readonly Target[] {
  // A user is acted on only as the case's identified subject: names in evidence alone confer nothing.
  if (action.targetKind === 'user')
    return subject ? [{ kind: 'user', id: subject.id, label: subject.name } satisfies UserTarget] : [];
  return targets.filter((target): target is BucketTarget => target.kind === action.targetKind);
}

function missingTarget(action: GovernanceAction): string {
  return action.targetKind === 'user'
    ? 'Nobody could be identified with certainty, so no account is touched.'
    : `The alert names no ${action.targetKind} to act on.`;
}
