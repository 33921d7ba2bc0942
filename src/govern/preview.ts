// Makes the preview again after the claim, before anything is changed: whoever decided, decided on what they were shown.
import type { Case } from '../case/case.ts';
import { canonicalJson, type JsonObject } from '../case/json.ts';
import { materialOf } from '../case/material.ts';
import type { Run } from '../case/run.ts';
import { isAmong, type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import { isDryRun } from '../case/settings.ts';
import { labelled } from '../case/standing.ts';
import { isDoneAsItStands } from '../case/voids.ts';
import type { GovernanceAction, Plan } from './action.ts';
import { moreThanShown } from './guard.ts';
import { type GovernParts, taskOf } from './parts.ts';
import { ofSameDecision, sharesTarget } from './runs.ts';

/** What a run would do to the world as it is now. */
export interface Look {
  readonly before: JsonObject;
  readonly plan: Plan;
}

/** What of a decision is no longer as it was shown. */
export interface Change {
  readonly run: Run;
  readonly says: Said;
}

export async function lookAt(run: Run, action: GovernanceAction, { world }: GovernParts): Promise<Look> {
  const before = await action.read(run.target, world, run.caseId);
  return { before, plan: action.plan(run.target, before, world.settings) };
}

/**
 * Everything of the decision that has materially changed. Before its first run begins that is every run of it; later only
 * `run` itself. Where a run of the same decision has had its hands on the same thing, what is less is as decided, and only what is
 * more is not. What has changed too often is done as it is by now, as long as it is offered at all.
 */
export async function changesSince(
  run: Run,
  look: Look,
  about: Case,
  runs: readonly Run[],
  parts: GovernParts,
): Promise<readonly Change[]> {
  const mates = ofSameDecision(run, runs);
  const isFirst = mates.every((one) => one.state === 'pending');
  const looked = isFirst ? mates : [run];
  const changes: Change[] = [];
  for (const one of looked) {
    const action = parts.actions.get(one.action);
    if (!one.shown || !action) continue;
    const seen = one.id === run.id ? look : await lookAt(one, action, parts);
    const says = await changeOf(one, seen, action, about, runs, parts);
    if (says !== null) changes.push({ run: one, says: labelled(one, says) });
  }
  return changes;
}

async function changeOf(
  run: Run,
  { before, plan }: Look,
  action: GovernanceAction,
  about: Case,
  runs: readonly Run[],
  parts: GovernParts,
): Promise<Said | null> {
  if (run.shown?.dryRun && !isDryRun(about.policy.id, parts.world.settings))
    return say('govern.now-for-real');
  if (sharesTarget(run, runs)) return moreThanShown(run, plan, about);
  if (plan.kind !== 'offered')
    return (await isSoAlready(run, before, action, about, parts)) ? null : plan.reason;
  return run.shown && !isDoneAsItStands(about) ? differenceOf(run.shown, plan) : null;
}

const isSoAlready = async (
  run: Run,
  before: JsonObject,
  action: GovernanceAction,
  about: Case,
  parts: GovernParts,
): Promise<boolean> =>
  (await action.verify(taskOf({ ...run, before }, about), parts.world)).kind === 'took-effect';

/** Pure. What is new in the plan, a sentence or several; null while nothing is. */
export function differenceOf(
  shown: NonNullable<Run['shown']>,
  plan: Extract<Plan, { kind: 'offered' }>,
): Said | null {
  // Where no basis was kept, nothing but the sentences says it.
  const compared = (says: readonly Said[]): string =>
    canonicalJson(shown.basis === undefined ? says : materialOf(says));
  const is = [...plan.says, plan.undo.says];
  const areSame = compared(shown.says) === compared(is);
  if (areSame && (shown.basis === undefined || canonicalJson(shown.basis) === canonicalJson(plan.basis)))
    return null;
  const fresh = is.filter((sentence) => !isAmong(shown.says, sentence));
  if (fresh.length > 0) return sentences(fresh);
  return say(areSame ? 'govern.not-exactly-same' : 'govern.would-do-less');
}

/** What the run will have been shown to do, where it is done as things stand. */
export function shownNow(
  run: Run,
  plan: Extract<Plan, { kind: 'offered' }>,
  about: Case,
): Pick<Run, 'shown'> {
  if (!run.shown || !isDoneAsItStands(about)) return {};
  const { says, basis, undo } = plan;
  return { shown: { says: [...says, undo.says], basis, undo: undo.possible } };
}
