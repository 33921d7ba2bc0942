// The actions on AWS identities as they run: through the adapters, against the stand-ins, with the permissions that each declares
// and not one more. What they say took effect is proved by requests: 200 before, 403 after, 200 once it is undone.
import assert from 'node:assert/strict';
import { createAccountPolicies } from '../../../src/adapters/aws/account-policies.ts';
import { createAwsIdentities } from '../../../src/adapters/aws/identities.ts';
import { systemClock } from '../../../src/adapters/system.ts';
import type { CaseId, RunId } from '../../../src/case/ids.ts';
import type { Target } from '../../../src/case/target.ts';
import type { World } from '../../../src/govern/action.ts';
import { ACTIONS } from '../../../src/govern/actions/index.ts';
import { settings } from '../../helpers/cases.ts';
import { createFakeWorld, worldOf } from '../../helpers/fake-world.ts';
import { OWNER, OWNER_USER, readStatus } from '../s3/world-fixture.ts';
import {
  ALEX,
  ALEX_KEY,
  type IamGround,
  MANAGEMENT_ROLE_ARN,
  PIPELINE_ARN,
  SSO_ROLE,
  SSO_ROLE_ARN,
  sessionOf,
  startGround,
} from './iam-fixture.ts';

type Keys = { accessKeyId: string; secretAccessKey: string };
interface Scene {
  readonly action: string;
  readonly target: Target;
  /** Whose requests are to be refused. */
  readonly who: (ground: IamGround) => Promise<Keys>;
  /** Whose are to go on. */
  readonly others: (ground: IamGround) => Promise<Keys>;
}

const account = OWNER.id;
const alex = async () => ALEX;
const owner = async () => OWNER_USER;
const SCENES: readonly Scene[] = [
  {
    action: 'aws.iam.deactivate-key',
    target: { kind: 'access-key', account, user: 'alex', id: ALEX_KEY },
    who: alex,
    others: owner,
  },
  {
    action: 'aws.iam.attach-deny',
    target: { kind: 'iam-user', account, name: 'alex' },
    who: alex,
    others: owner,
  },
  {
    action: 'aws.iam.attach-deny',
    target: { kind: 'iam-role', account, name: 'pipeline' },
    who: (ground) => sessionOf(ground, PIPELINE_ARN, ALEX),
    others: alex,
  },
  {
    action: 'aws.iam.revoke-role-sessions',
    target: { kind: 'iam-role', account, name: 'pipeline' },
    who: (ground) => sessionOf(ground, PIPELINE_ARN, ALEX),
    others: alex,
  },
  {
    action: 'aws.organizations.deny-sso-user',
    target: { kind: 'sso-session', account, role: SSO_ROLE, user: 'alex@contoso.example' },
    who: (ground) => sessionOf(ground, SSO_ROLE_ARN, ALEX, 'alex@contoso.example'),
    others: (ground) => sessionOf(ground, SSO_ROLE_ARN, ALEX, 'morgan@contoso.example'),
  },
];

describe('actions on AWS identities, through the adapters', () => {
  let ground: IamGround;
  afterEach(() => ground.close());

  function worldHere(): World {
    const bounds = { ...settings.aws, accounts: ground.options.accounts };
    return worldOf(createFakeWorld(), {
      clock: systemClock,
      settings: { ...settings, aws: { ...bounds, serviceControlPolicyRole: MANAGEMENT_ROLE_ARN } },
      identities: createAwsIdentities(ground.options),
      accountPolicies: createAccountPolicies({
        ...ground.options,
        endpoint: ground.iam.organizationsUrl,
        managementRoleArn: MANAGEMENT_ROLE_ARN,
      }),
    });
  }

  for (const { action: id, target, who, others } of SCENES)
    it(`${id} on a ${target.kind}: shuts out, proves it, and undo leaves AWS as it was`, async () => {
      const action = ACTIONS.get(id) ?? assert.fail(`no action ${id}`);
      const declared = action.permissions.aws ?? [];
      ground = await startGround({ allows: declared, managementAllows: declared });
      const world = worldHere();
      const untouched = ground.iam.world.state();
      const [theirs, somebodyElses] = [await who(ground), await others(ground)];
      const statuses = async () => [
        await readStatus(ground.s3.url, 'files', theirs),
        await readStatus(ground.s3.url, 'files', somebodyElses),
      ];
      const noted: string[] = [];
      const note = async (requestId: string): Promise<void> => void noted.push(requestId);
      const before = await action.read(target, world);
      const task = { key: 'run-1' as RunId, caseId: 'case-1' as CaseId, caseRef: 'K7M2PQRS', target, before };

      const plan = action.plan(target, before, world.settings);
      const open = await statuses();
      await action.execute(task, world, note);
      const shut = await statuses();
      const verified = await action.verify(task, world);
      // A step that ran already may run again.
      await action.execute(task, world, note);
      const after = await action.read(target, world);
      await action.revert?.execute({ ...task, after }, world, note);
      const undone = await action.revert?.verify({ ...task, after }, world);

      assert.equal(plan.kind, 'offered');
      assert.deepEqual(
        [open, shut, await statuses()],
        [
          [200, 200],
          [403, 200],
          [200, 200],
        ],
      );
      assert.equal(verified.kind, 'took-effect', JSON.stringify(verified));
      assert.equal(undone?.kind, 'took-effect', JSON.stringify(undone));
      assert.deepEqual(ground.iam.world.state(), untouched);
      const answered = new Set(ground.iam.world.calls.map(({ requestId }) => requestId));
      assert.ok(noted.length >= 2 && noted.every((one) => answered.has(one)));
    });
});
