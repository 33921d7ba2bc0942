// What an action says about a made-up world: the sentences of its own plan, so that no page can promise something else.
import { type Target, targetLabel } from '../../src/case/target.ts';
import type { GovernanceAction } from '../../src/govern/action.ts';
import { SAMPLE_ACCOUNT, SAMPLE_REGION } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { settings } from '../../test/helpers/cases.ts';
import { createFakeWorld, SUSPECT } from '../../test/helpers/fake-world.ts';

const TARGETS: { readonly [Kind in Target['kind']]: Extract<Target, { readonly kind: Kind }> } = {
  user: { kind: 'user', id: SUSPECT.id, label: SUSPECT.displayName },
  resource: { kind: 'resource', id: 'sample', label: 'a resource' },
  bucket: { kind: 'bucket', account: SAMPLE_ACCOUNT, region: SAMPLE_REGION, name: 'contoso-invoices' },
};

export interface SamplePlan {
  readonly on: string;
  readonly says: readonly string[];
  readonly undo: string;
  readonly undoPossible: boolean;
}

/** Throws where the action is not offered even on the sample that it is made for. */
export async function planOnSample(action: GovernanceAction): Promise<SamplePlan> {
  const target = TARGETS[action.targetKind];
  const plan = action.plan(target, await action.read(target, createFakeWorld()), settings);
  if (plan.kind === 'refused') throw new Error(`${action.id} refuses its sample: ${plan.reason}`);
  return {
    on: targetLabel(target),
    says: plan.says,
    undo: plan.undo.says,
    undoPossible: plan.undo.possible,
  };
}
