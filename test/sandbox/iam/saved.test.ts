// The sandbox keeps what was changed in IAM and in the organisation, as it keeps its buckets.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAwsIdentities } from '../../../src/adapters/aws/identities.ts';
import { parseConfig } from '../../../src/config.ts';
import { ALEX_KEY, COUNTERSIGN_ROLE, MANAGEMENT_ROLE } from '../../../src/sandbox/identities.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { SAMPLE_ACCOUNT } from '../../../src/sandbox/samples/cloudtrail-samples.ts';

describe('the sandbox’s identities in AWS', () => {
  let directory: string;
  let sandbox: Sandbox;
  const start = async (): Promise<void> => {
    sandbox = await startSandbox({
      stateDirectory: directory,
      botPort: 20_000,
      client: false,
      ports: { graph: 0, s3: 0, teams: 0 },
    });
  };
  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
    await start();
  });
  afterEach(async () => {
    await sandbox.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const connect = () => {
    const { aws, settings } = parseConfig(sandbox.env);
    return createAwsIdentities({
      accounts: settings.aws.accounts,
      otherRoles:
        settings.aws.serviceControlPolicyRole === null ? [] : [settings.aws.serviceControlPolicyRole],
      region: aws.region,
      endpoint: aws.iamUrl ?? assert.fail('no address for IAM'),
      stsEndpoint: aws.stsUrl ?? assert.fail('no address for STS'),
      credentials: {
        accessKeyId: aws.credentials?.accessKeyId ?? '',
        secretAccessKey: aws.credentials?.secretAccessKey.reveal() ?? '',
      },
      requestLog: { noteRequests: async () => {} },
    });
  };
  const keyStates = () =>
    sandbox.iam.world
      .state()
      .users.find(({ name }) => name === 'alex')
      ?.keys.map(({ active }) => active);

  it('are reached with what the sandbox configures, the organisation’s role among our own', async () => {
    assert.deepEqual(await connect().ownArns(), [
      COUNTERSIGN_ROLE,
      MANAGEMENT_ROLE,
      `arn:aws:iam::${SAMPLE_ACCOUNT}:user/countersign-base`,
    ]);
  });

  it('are after a start what they were before', async () => {
    assert.deepEqual(keyStates(), [true, false]);
    sandbox.iam.world.change((state) => ({
      ...state,
      users: state.users.map((user) => ({
        ...user,
        keys: user.keys.map((key) => (key.id === ALEX_KEY ? { ...key, active: false } : key)),
      })),
    }));
    await sandbox.stop();

    await start();

    assert.deepEqual(keyStates(), [false, false]);
  });
});
