// What an action says about a made-up world: the sentences of its own plan, so that no page can promise something else.
import { targetLabel } from '../../src/case/target.ts';
import type { GovernanceAction } from '../../src/govern/action.ts';
import { ACTION_SCENES } from '../../test/helpers/action-scenes.ts';
import { settings } from '../../test/helpers/cases.ts';
import { createFakeWorld, worldOf } from '../../test/helpers/fake-world.ts';
import { english } from './english.ts';

export interface SamplePlan {
  readonly on: string;
  readonly says: readonly string[];
  readonly undo: string;
  readonly undoPossible: boolean;
}

/** Everybody can be reached in Teams. Notices are counted nowhere: nothing is carried out here. */
const notices = {
  reach: async () => 'teams' as const,
  ask: async () => ({ requestId: 'notice' }),
  asked: async () => null,
};

/** Throws where there is no scene for the action, or it is not offered even on the one that is made for it. */
export async function planOnSample(action: GovernanceAction): Promise<SamplePlan> {
  const scene = ACTION_SCENES[action.id];
  if (!scene) throw new Error(`${action.id} has no scene in test/helpers/action-scenes.ts`);
  const fake = createFakeWorld();
  scene.set(fake);
  const given = { ...settings, ...scene.settings };
  const world = worldOf(fake, { settings: given, notices });
  const plan = action.plan(scene.target, await action.read(scene.target, world), given);
  if (plan.kind !== 'offered')
    throw new Error(`${action.id} does nothing in its scene: ${english(plan.reason)}`);
  return {
    on: targetLabel(scene.target),
    says: plan.says.map(english),
    undo: english(plan.undo.says),
    undoPossible: plan.undo.possible,
  };
}
