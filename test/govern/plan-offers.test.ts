// What a button is called where it acts on somebody else than whoever called, and what becomes of an offer that cannot be planned.
import assert from 'node:assert/strict';
import type { Actor } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { Target } from '../../src/case/target.ts';
import type { GovernanceAction, World } from '../../src/govern/action.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { planOffers } from '../../src/govern/plan-offers.ts';
import { aCase, settings } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';
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

describe('an offer', () => {
  const about = aCase();
  const by: Actor = { kind: 'person', id: 'yuki', name: 'Yuki Tanaka' };
  const plan = async (
    over: Partial<MadeUp['action']>,
    { named = false, lastTry = true, first = [] as readonly string[] } = {},
  ) => {
    const { action } = madeUpAction({ find: async () => [thing('invoices')], ...over });
    const offer = { key: 'close', label: 'Close', actions: [...first, action.id] };
    const proposal = { action: action.id, target: thing('invoices'), by, at: '2026-03-02T10:00:00Z' };
    const { offers, withheld } = await planOffers(
      {
        ...about,
        policy: { ...about.policy, offers: named ? [] : [offer] },
        proposals: named ? [proposal] : [],
      },
      null,
      {
        actions: new Map<string, GovernanceAction>([[action.id, erased(action)]]),
        world: { settings } as unknown as World,
        lastTry,
      },
    );
    return {
      natures: offers.flatMap(({ actions }) => actions.map(({ nature }) => nature)),
      reasons: withheld.map(({ reason }) => english(reason)),
    };
  };
  const down = () =>
    Promise.reject(new CountersignError('aws.unavailable', 'down', { say: 'No answer.', retryable: true }));

  for (const over of [{ read: down }, { find: down }])
    it(`waits for a ${Object.keys(over)} that may still succeed, and says why on the card once it does not`, async () => {
      await assert.rejects(plan(over, { lastTry: false }), { code: 'aws.unavailable' });
      const { natures, reasons } = await plan(over);

      assert.deepEqual(natures, []);
      assert.match(reasons.join(' '), /No answer\./);
    });

  it('of which nobody would miss anything is on no card, unless somebody proposed it', async () => {
    const moot = { plan: () => ({ kind: 'moot', reason: 'There is nothing to close.' }) as const };

    assert.deepEqual(await plan(moot), { natures: [], reasons: [] });
    assert.deepEqual((await plan(moot, { named: true })).reasons, ['There is nothing to close.']);
  });

  it('is made whole or not at all: not without an action that there is not', async () => {
    const { natures, reasons } = await plan({}, { first: ['test.thing.vanish'] });

    assert.deepEqual(natures, []);
    assert.match(reasons.join(' '), /test\.thing\.vanish/);
  });

  it('says of what nature it is: that it lets somebody in, only informs, or neither', async () => {
    assert.deepEqual((await plan({ letsIn: true })).natures, ['lets-in']);
    assert.deepEqual((await plan({ informs: true })).natures, ['informs']);
    assert.deepEqual((await plan({})).natures, [undefined]);
  });

  it('is planned for the case that it is in', async () => {
    let readFor: string | undefined;
    const read: MadeUp['action']['read'] = async (_target, _world, id) => {
      readFor = id;
      return { value: 'open' };
    };
    await plan({ read });

    assert.equal(readFor, about.id);
  });
});
