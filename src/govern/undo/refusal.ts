// What an undo must not touch, asked anew before anything is written: bounds and protection may have come since it was done.
import type { Case } from '../../case/case.ts';
import type { JsonObject } from '../../case/json.ts';
import type { Run } from '../../case/run.ts';
import type { Said } from '../../case/said.ts';
import type { GovernanceAction, World } from '../action.ts';
import { ownerProtected } from '../aws/own-identities.ts';
import { isListed, unlistedSentence } from '../aws/principals.ts';
import { actionOutOfBounds, targetOutOfBounds } from '../bounds.ts';

/** Why the settings keep it from being put back, a sentence; null where they do not. Asks nobody anything. */
export function undoOutOfBounds(
  { action, target }: Pick<Run, 'action' | 'target'>,
  { subject }: Pick<Case, 'subject'>,
  { settings }: Pick<World, 'settings'>,
): Said | null {
  const { bounds } = settings.detection;
  const forbidden = actionOutOfBounds(action, bounds) ?? targetOutOfBounds(target, subject, bounds);
  if (forbidden) return forbidden;
  // What cannot be looked at reads as gone, and that is not what became of it.
  return 'account' in target && !isListed(target.account, settings) ? unlistedSentence(target.account) : null;
}

/** Undoing what let somebody in shuts them out: whoever must not be shut out stays in. */
export async function shutsOutProtected(
  { letsIn, revert }: Pick<GovernanceAction, 'letsIn' | 'revert'>,
  { target }: Pick<Run, 'target'>,
  about: Case,
  now: JsonObject,
  world: World,
): Promise<Said | null> {
  if (!letsIn) return null;
  return revert?.refusal?.(target, now, world.settings) ?? ownerProtected({}, target, about, world);
}
