// What the security role may propose in a case: every action of the registry with what it would act on there. Changes nothing.
import type { Case } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { Said } from '../case/said.ts';
import type { Target } from '../case/target.ts';
import type { GovernanceAction, World } from './action.ts';
import { actionOutOfBounds, targetOutOfBounds } from './bounds.ts';

export interface Choice {
  readonly action: string;
  readonly title: Said;
  readonly targetKind: Target['kind'];
  readonly alsoOn?: Target['kind'];
  readonly targets: readonly Target[];
}

/** Actions that find nothing are listed too: they may be proposed on something that the case does not name. */
export async function choicesIn(
  about: Case,
  { actions, world }: { readonly actions: ReadonlyMap<string, GovernanceAction>; readonly world: World },
): Promise<readonly Choice[]> {
  const { bounds } = world.settings.detection;
  const choices: Choice[] = [];
  for (const { id, title, targetKind, alsoOn, find } of actions.values()) {
    if (actionOutOfBounds(id, bounds)) continue;
    const targets = await find(about, world).catch((error: unknown): readonly Target[] => {
      // Where the world cannot be looked at now, there is just nothing to list: the question makes its own plan.
      if (isCountersignError(error)) return [];
      throw error;
    });
    const allowed = targets.filter((target) => !targetOutOfBounds(target, about.subject, bounds));
    choices.push({ action: id, title, targetKind, ...(alsoOn && { alsoOn }), targets: allowed });
  }
  return choices;
}
