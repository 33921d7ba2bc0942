// Asked before every write of a run, the first one and every one that is made again: settings and protection may have come between.
import type { Case } from '../case/case.ts';
import { canonicalJson, type Json, type JsonObject } from '../case/json.ts';
import type { Run } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import { isDoneAsItStands } from '../case/voids.ts';
import type { GovernanceAction, Plan } from './action.ts';
import { ownerProtected } from './aws/own-identities.ts';
import { actionOutOfBounds, targetOutOfBounds } from './bounds.ts';
import { type Failure, ourFailure } from './failure.ts';
import type { GovernParts } from './parts.ts';

/** Why the settings or whose it is keep it from being touched, a sentence; null where they do not. */
export async function outOfBounds(
  run: Run,
  about: Case,
  { actions, world }: Pick<GovernParts, 'actions' | 'world'>,
): Promise<Said | null> {
  const { bounds } = world.settings.detection;
  const forbidden =
    actionOutOfBounds(run.action, bounds) ?? targetOutOfBounds(run.target, about.subject, bounds);
  const action = actions.get(run.action);
  return forbidden ?? (action ? ownerProtected(action, run.target, about, world) : null);
}

/**
 * Why a run that has begun may not go on, as the world is `now`; null where it may. Whether there is anything left to do is not asked:
 * of what is half done, the plan may say that there is not.
 */
export async function guard(
  run: Run,
  about: Case,
  action: GovernanceAction,
  now: JsonObject,
  parts: GovernParts,
): Promise<Failure | null> {
  const { settings } = parts.world;
  const forbidden = await outOfBounds(run, about, parts);
  if (forbidden) return ourFailure('govern.out-of-bounds', forbidden);
  if (isDryRun(about.policy.id, settings)) return ourFailure('govern.dry-run', say('govern.dry-run-by-now'));
  const plan = action.plan(run.target, { ...run.before, ...standingOf(now) }, settings);
  if (plan.kind !== 'offered') return ourFailure('govern.refused-at-execution', plan.reason);
  const more = moreThanShown(run, action.plan(run.target, now, settings), about);
  return more === null ? null : ourFailure('govern.changed-meanwhile', more);
}

/** That it would do more than was shown, where another run or half of this one has changed some of it already; null where it does not. */
export const moreThanShown = ({ shown }: Run, left: Plan, about: Case): Said | null =>
  left.kind === 'offered' &&
  shown?.basis !== undefined &&
  !isDoneAsItStands(about) &&
  isMore(left.basis, shown.basis)
    ? say('govern.more-by-now')
    : null;

/** A list has something that was not in it. What is half done has less in its lists, and other words. */
function isMore(now: Json, shown: Json): boolean {
  if (Array.isArray(now)) {
    const known = new Set(Array.isArray(shown) ? shown.map(canonicalJson) : []);
    return now.some((one) => !known.has(canonicalJson(one)));
  }
  const was = asObject(shown);
  return Object.entries(asObject(now)).some(([key, value]) => isMore(value, was[key] ?? null));
}

const asObject = (value: Json): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};

/** Whose it is and whether they are protected, as it is by now: nothing of that is anything that an action changes. */
const STANDING = ['exists', 'principalName', 'administrator', 'guest', 'synced'] as const;
const standingOf = (now: JsonObject): JsonObject =>
  Object.fromEntries(STANDING.flatMap((key) => (now[key] === undefined ? [] : [[key, now[key]]])));

/** Nothing that the action changes is another than it was when the run was claimed. */
export const isAsBefore = (
  { revert }: Pick<GovernanceAction, 'revert'>,
  before: JsonObject,
  now: JsonObject,
): boolean =>
  revert
    ? revert.differences(before, before, now).length === 0
    : canonicalJson(now) === canonicalJson(before);
