// What a button is called where it acts on somebody else than whoever called.
import assert from 'node:assert/strict';
import type { Actor } from '../../src/case/case.ts';
import type { Target } from '../../src/case/target.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { planOffers } from '../../src/govern/plan-offers.ts';
import { aCase } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { alex, createAwsSite, deploy, session } from './actions/aws-site.ts';

const DENY = 'aws.iam.attach-deny';
const LABEL = 'Shut them out of AWS';

async function labels(callers: readonly Target[], targets: readonly Target[], proposed?: Target) {
  const about = aCase();
  const by: Actor = { kind: 'person', id: 'yuki', name: 'Yuki Tanaka' };
  const { offers, withheld } = await planOffers(
    {
      ...about,
      policy: { ...about.policy, offers: [{ key: 'deny', label: LABEL, actions: [DENY] }] },
      ...{ callers, targets },
      ...(proposed && { proposals: [{ action: DENY, target: proposed, by, at: '2026-03-02T10:00:00Z' }] }),
    },
    null,
    {
      ...{ actions: ACTIONS, lastTry: true },
      world: createAwsSite().world,
    },
  );
  return [...offers, ...withheld].map(({ label }) => english(label));
}

describe('the label of an offer', () => {
  it('is that of the policy where it is about whoever called', async () =>
    assert.deepEqual(await labels([alex], [deploy]), [LABEL]));

  it('names the user or the role where nobody is known who called', async () =>
    assert.deepEqual(await labels([], [deploy, alex, deploy]), [
      'Shut them out of AWS (role Deploy and user alex)',
    ]));

  it('is on no card where somebody else called than it could act on', async () =>
    assert.deepEqual(await labels([session], [deploy]), []));

  it('names what is proposed once', async () =>
    assert.deepEqual(await labels([alex], [], deploy), [
      'Deny everything in AWS: role Deploy (proposed by Yuki Tanaka)',
      LABEL,
    ]));
});
