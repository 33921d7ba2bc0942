// What our adapters change in IAM and in the organisation, proved by requests to the stand-in S3: 200 before, 403 after, 200 again.
import assert from 'node:assert/strict';
import { createAccountPolicies } from '../../../src/adapters/aws/account-policies.ts';
import { createAwsIdentities } from '../../../src/adapters/aws/identities.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import { OWNER, OWNER_USER, readStatus } from '../s3/world-fixture.ts';
import {
  ALEX,
  ALEX_KEY,
  type IamGround,
  MANAGEMENT_ROLE_ARN,
  PIPELINE_ARN,
  sessionOf,
  startGround,
} from './iam-fixture.ts';

const alex = { kind: 'iam-user', account: OWNER.id, name: 'alex' } as const;
const pipeline = { kind: 'iam-role', account: OWNER.id, name: 'pipeline' } as const;
const NAME = 'CountersignDeny';
const deny = (condition?: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', ...(condition ? { Condition: condition } : {}) }],
});

describe('what is changed in IAM', () => {
  let ground: IamGround;
  let now: number;
  const identities = () => createAwsIdentities(ground.options);
  const read = (user: { accessKeyId: string; secretAccessKey: string }) =>
    readStatus(ground.s3.url, 'files', user);
  beforeEach(async () => {
    ground = await startGround();
    now = Date.now();
  });
  afterEach(() => ground.close());

  it('shuts out a key that is deactivated, and lets it in again', async () => {
    const key = { kind: 'access-key', account: OWNER.id, user: 'alex', id: ALEX_KEY } as const;

    const before = await read(ALEX);
    await identities().setKeyActive(key, false);
    const off = [await read(ALEX), await read(OWNER_USER)];
    await identities().setKeyActive(key, true);

    assert.deepEqual([before, off, await read(ALEX)], [200, [403, 200], 200]);
  });

  it('shuts out a user with an explicit deny, and nobody else', async () => {
    const before = await read(ALEX);
    await identities().writeInlinePolicy(alex, NAME, deny());
    const denied = [await read(ALEX), await read(OWNER_USER)];
    await identities().writeInlinePolicy(alex, NAME, null);

    assert.deepEqual([before, denied, await read(ALEX)], [200, [403, 200], 200]);
  });

  it('ends the sessions of a role that were there before a moment, and not the later ones', async () => {
    const old = await sessionOf(ground, PIPELINE_ARN, ALEX);
    const before = await read(old);
    const olderThan = (moment: number) =>
      deny({ DateLessThan: { 'aws:TokenIssueTime': new Date(moment).toISOString() } });

    await identities().writeInlinePolicy(pipeline, NAME, olderThan(now + 60_000));
    const ended = await read(old);
    await identities().writeInlinePolicy(pipeline, NAME, olderThan(now - 60_000));

    assert.deepEqual([before, ended, await read(old)], [200, 403, 200]);
  });

  it('shuts one session name out of an account by a service control policy, and no other', async () => {
    const policies = createAccountPolicies({
      ...ground.options,
      endpoint: ground.iam.organizationsUrl,
      managementRoleArn: MANAGEMENT_ROLE_ARN,
    });
    const theirs = await sessionOf(ground, PIPELINE_ARN, ALEX, 'alex@contoso.example');
    const others = await sessionOf(ground, PIPELINE_ARN, ALEX, 'morgan@contoso.example');
    const before = await read(theirs);

    const userid = 'AROAPIPELINE:Alex@contoso.example';
    await policies.attach(OWNER.id, NAME, deny({ StringEqualsIgnoreCase: { 'aws:userid': userid } }));
    const denied = [await read(theirs), await read(others)];
    await policies.remove(OWNER.id, NAME);

    assert.deepEqual([before, denied, await read(theirs)], [200, [403, 200], 200]);
  });

  it('shuts nobody out of the account that manages the organisation by a service control policy', async () => {
    await ground.close();
    ground = await startGround({ organisation: { id: 'o-contoso0001', management: OWNER.id, members: [] } });
    const content = JSON.stringify(deny());
    ground.iam.world.change((state) => ({
      ...state,
      policies: state.policies.map((policy) => ({ ...policy, content, targets: [OWNER.id] })),
    }));

    assert.equal(await read(ALEX), 200);
  });
});
