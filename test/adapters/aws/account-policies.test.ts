import assert from 'node:assert/strict';
import { createAccountPolicies } from '../../../src/adapters/aws/account-policies.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import type { AccountPolicies } from '../../../src/ports/aws-identities.ts';
import type { ServiceControlPolicy } from '../../../src/sandbox/iam/state.ts';
import { english } from '../../helpers/english.ts';
import { failureOf } from '../../helpers/failure.ts';
import {
  type GroundOptions,
  type IamGround,
  MANAGEMENT,
  MANAGEMENT_ROLE_ARN,
  POLICY_ACTIONS,
  startGround,
} from '../../sandbox/iam/iam-fixture.ts';
import { OWNER, PARTNER } from '../../sandbox/s3/world-fixture.ts';

const NAME = 'CountersignDeny-run-1';
const POLICY: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEqualsIgnoreCase: { 'aws:userid': 'AROAEXAMPLE:alex@contoso.example' } },
    },
  ],
};

describe('service control policies in AWS Organizations', () => {
  let ground: IamGround;
  let policies: AccountPolicies;

  const connect = (over: Partial<Parameters<typeof createAccountPolicies>[0]> = {}): AccountPolicies =>
    createAccountPolicies({
      ...ground.options,
      endpoint: ground.iam.organizationsUrl,
      managementRoleArn: MANAGEMENT_ROLE_ARN,
      ...over,
    });
  const start = async (options: GroundOptions = {}): Promise<void> => {
    await ground?.close();
    ground = await startGround(options);
    policies = connect();
  };
  const operations = (): readonly string[] => ground.iam.world.calls.map(({ operation }) => operation);
  const ours = (): readonly ServiceControlPolicy[] =>
    ground.iam.world.state().policies.filter(({ awsManaged }) => !awsManaged);
  /** Others of the organisation, so that lists have pages. */
  const addOthers = (count: number, attached = 3): void =>
    ground.iam.world.change((state) => ({
      ...state,
      policies: [
        ...Array.from({ length: count }, (_, index) => ({
          id: `p-other${index}`,
          name: `Other ${index}`,
          description: '',
          content: JSON.stringify(POLICY),
          targets: index < attached ? [OWNER.id] : [],
          awsManaged: false,
        })),
        ...state.policies,
      ],
    }));
  beforeEach(() => start());
  after(() => ground.close());

  it('makes a policy and attaches it, finds it, and removes it without a trace', async () => {
    const before = await policies.find(OWNER.id, NAME);
    const attached = await policies.attach(OWNER.id, NAME, POLICY);
    const found = await policies.find(OWNER.id, NAME);
    const removed = await policies.remove(OWNER.id, NAME);
    const after = await policies.find(OWNER.id, NAME);
    const again = await policies.remove(OWNER.id, NAME);

    assert.equal(again.requestId, ground.iam.world.calls.at(-1)?.requestId, 'the answer that there is none');
    assert.deepEqual([before, after], [null, null]);
    assert.deepEqual([found?.policy, found?.attached], [POLICY, true]);
    assert.deepEqual(ours(), []);
    const answered = (operation: string) =>
      ground.iam.world.calls.find((call) => call.operation === operation)?.requestId;
    assert.deepEqual(
      [attached.requestId, removed.requestId],
      [answered('AttachPolicy'), answered('DeletePolicy')],
    );
  });

  it('touches no other policy, and finds its own however many there are', async () => {
    await start({ pageSize: 2 });
    addOthers(3);
    const before = ground.iam.world.state();

    await policies.attach(OWNER.id, NAME, POLICY);
    assert.equal((await policies.find(OWNER.id, NAME))?.attached, true);
    await policies.remove(OWNER.id, NAME);

    assert.deepEqual(ground.iam.world.state(), before);
  });

  it('sees a policy that is not attached, to this account or to any', async () => {
    addOthers(4);

    assert.equal((await policies.find(OWNER.id, 'Other 3'))?.attached, false);
    assert.equal((await policies.find(OWNER.id, 'Other 1'))?.attached, true);
    // AWS's own is nobody's to detach.
    assert.equal(await policies.find(OWNER.id, 'FullAWSAccess'), null);
  });

  for (const operation of ['CreatePolicy', 'AttachPolicy'])
    for (const after of [false, true])
      it(`leaves one policy, attached once, when it is cut off ${after ? 'after' : 'before'} ${operation} and tried again`, async () => {
        ground.iam.world.faults.add(operation, 1, { kind: 'cut', after });

        const error = await failureOf(policies.attach(OWNER.id, NAME, POLICY));
        await policies.attach(OWNER.id, NAME, POLICY);
        await policies.attach(OWNER.id, NAME, POLICY);

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
        assert.deepEqual(
          ours().map(({ name, targets }) => [name, targets]),
          [[NAME, [OWNER.id]]],
        );
      });

  for (const operation of ['DetachPolicy', 'DeletePolicy'])
    for (const after of [false, true])
      it(`leaves nothing when it is cut off ${after ? 'after' : 'before'} ${operation} and tried again`, async () => {
        await policies.attach(OWNER.id, NAME, POLICY);
        ground.iam.world.faults.add(operation, 1, { kind: 'cut', after });

        await failureOf(policies.remove(OWNER.id, NAME));
        await policies.remove(OWNER.id, NAME);
        await policies.remove(OWNER.id, NAME);

        assert.deepEqual(ours(), []);
      });

  it('takes up a policy that was made and is not on the list yet, when tried again', async () => {
    ground.iam.world.faults.add('CreatePolicy', 1, { kind: 'error', code: 'DuplicatePolicyException' });

    const error = await failureOf(policies.attach(OWNER.id, NAME, POLICY));

    assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
  });

  it('does not attach a policy of that name that says something else', async () => {
    await policies.attach(OWNER.id, NAME, POLICY);

    const error = await failureOf(policies.attach(OWNER.id, NAME, { ...POLICY, Id: 'other' }));

    assert.deepEqual([error.code, error.retryable], ['aws.refused', false]);
    assert.match(english(error.say), /has a policy named CountersignDeny-run-1 already, with other rules/);
  });

  it('does not take a document that is no JSON object for a policy', async () => {
    addOthers(1);
    ground.iam.world.change((state) => ({
      ...state,
      policies: state.policies.map((one) => ({ ...one, content: '[]' })),
    }));

    assert.equal((await failureOf(policies.find(OWNER.id, 'Other 0'))).code, 'aws.refused');
  });

  it('says that there is no room when the account has as many policies as AWS allows, and leaves none lying about', async () => {
    addOthers(9, 9);
    const before = ground.iam.world.state();

    const error = await failureOf(policies.attach(OWNER.id, NAME, POLICY));

    assert.deepEqual([error.code, error.retryable], ['aws.refused', false]);
    assert.match(english(error.say), /quota is used up/);
    assert.deepEqual(ground.iam.world.state(), before);
  });

  it('leaves none lying about that an earlier try has made, and says why it was not bound where it cannot be deleted', async () => {
    ground.iam.world.faults.add('AttachPolicy', 1, { kind: 'throttled' });
    ground.iam.world.faults.add('AttachPolicy', 2, { kind: 'error', code: 'AccessDeniedException' });

    await failureOf(policies.attach(OWNER.id, NAME, POLICY));
    const kept = ours().length;
    ground.iam.world.faults.add('DeletePolicy', 1, { kind: 'error', code: 'PolicyInUseException' });
    const codes = [
      (await failureOf(policies.attach(OWNER.id, NAME, POLICY))).code,
      (await failureOf(policies.attach(OWNER.id, NAME, POLICY))).code,
    ];

    assert.deepEqual([kept, codes, ours()], [1, ['aws.forbidden', 'aws.forbidden'], []]);
  });

  it('says which account manages the organisation', async () =>
    assert.equal(await policies.managementAccount(), MANAGEMENT.id));

  it('asks nobody where the settings name no role', async () => {
    const none = connect({ managementRoleArn: null });

    for (const work of [
      none.find(OWNER.id, NAME),
      none.attach(OWNER.id, NAME, POLICY),
      none.remove(OWNER.id, NAME),
      none.managementAccount(),
    ]) {
      const error = await failureOf(work);
      assert.deepEqual([error.code, error.retryable], ['aws.not-allowed', false]);
    }
    assert.deepEqual([...ground.iam.world.calls, ...ground.s3.world.calls], []);
  });

  it('asks nothing about an account that is not listed, the management account included', async () => {
    for (const account of [PARTNER.id, MANAGEMENT.id])
      for (const work of [
        policies.find(account, NAME),
        policies.attach(account, NAME, POLICY),
        policies.remove(account, NAME),
      ]) {
        const error = await failureOf(work);
        assert.deepEqual([error.code, error.retryable], ['aws.not-listed', false]);
      }
    assert.deepEqual([...ground.iam.world.calls, ...ground.s3.world.calls], []);
  });

  it('uses the role of the management account, and no role of the account that is bound', async () => {
    await policies.attach(OWNER.id, NAME, POLICY);

    const callers = new Set(ground.iam.world.calls.map(({ caller }) => caller));
    assert.deepEqual([...callers], [`arn:aws:sts::${MANAGEMENT.id}:assumed-role/policies/countersign`]);
  });

  it('puts every answer on record', async () => {
    await policies.attach(OWNER.id, NAME, POLICY);
    await policies.remove(OWNER.id, NAME);

    const answered = [...ground.s3.world.calls, ...ground.iam.world.calls].map(({ requestId }) => requestId);
    assert.deepEqual([...ground.recorded].sort(), answered.sort());
  });

  describe('what fails', () => {
    const all = async (): Promise<void> => {
      await policies.managementAccount();
      await policies.attach(OWNER.id, NAME, POLICY);
      await policies.find(OWNER.id, NAME);
      await policies.remove(OWNER.id, NAME);
    };

    it('is nothing with the eight permissions, and each of them is needed', async () => {
      await all();

      assert.deepEqual(
        [...new Set(operations())].map((one) => `organizations:${one}`).sort(),
        [...POLICY_ACTIONS].sort(),
      );
    });

    for (const permission of POLICY_ACTIONS) {
      const operation = permission.split(':')[1] ?? '';

      it(`${operation}: a missing permission is final, and the operator reads which, and where`, async () => {
        await start({ managementAllows: POLICY_ACTIONS.filter((one) => one !== permission) });

        const error = await failureOf(all());

        assert.deepEqual([error.code, error.retryable], ['aws.forbidden', false]);
        assert.ok(
          error.message.startsWith(`${operation} in account ${MANAGEMENT.id}: AccessDenied`),
          error.message,
        );
        assert.ok(error.message.includes(`perform: ${permission} on resource: `), error.message);
      });

      for (const [fault, code] of [
        [{ kind: 'throttled', retryAfterSeconds: 3 }, 'aws.throttled'],
        [{ kind: 'error', code: 'ConcurrentModificationException' }, 'aws.unavailable'],
      ] as const)
        it(`${operation}: ${code} passes, and nothing is tried twice here`, async () => {
          ground.iam.world.faults.add(operation, 1, fault);

          const error = await failureOf(all());

          assert.deepEqual([error.code, error.retryable], [code, true]);
          assert.equal(operations().filter((one) => one === operation).length, 1);
        });
    }

    it('is said plainly where service control policies are turned off', async () => {
      ground.iam.world.faults.add('AttachPolicy', 1, {
        kind: 'error',
        code: 'PolicyTypeNotEnabledException',
      });

      const error = await failureOf(all());

      assert.deepEqual([error.code, error.retryable], ['aws.refused', false]);
      assert.match(english(error.say), /turned off in the AWS organisation/);
    });

    it('gives up on an answer that never comes', async () => {
      ground.iam.world.faults.add('ListPoliciesForTarget', 1, { kind: 'hang' });

      const error = await failureOf(connect({ timeoutMs: 200 }).find(OWNER.id, NAME));

      assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
    });
  });
});
