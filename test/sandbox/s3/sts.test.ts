import assert from 'node:assert/strict';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import {
  BOT_USER,
  bucket,
  clientOf,
  OWNER_USER,
  outcome,
  PARTNER_USER,
  REGION,
  ROLE_ARN,
  startWorld,
} from './world-fixture.ts';

const HOUR_MS = 3_600_000;

describe('the stand-in STS', () => {
  let server: S3Server;
  let aheadMs: number;

  beforeEach(async () => {
    aheadMs = 0;
    server = await startWorld({ buckets: [bucket('enforced')], now: () => Date.now() + aheadMs });
  });
  afterEach(() => server.close());

  const assume = (user: typeof BOT_USER, input: { RoleArn?: string; RoleSessionName?: string } = {}) => {
    const sts = new STSClient({
      endpoint: `${server.url}/sts`,
      region: REGION,
      maxAttempts: 1,
      credentials: user,
    });
    return sts.send(new AssumeRoleCommand({ RoleArn: ROLE_ARN, RoleSessionName: 'countersign', ...input }));
  };
  const keysOf = async () => {
    const {
      AccessKeyId = '',
      SecretAccessKey = '',
      SessionToken = '',
    } = (await assume(BOT_USER)).Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  const list = (keys: Awaited<ReturnType<typeof keysOf>>) =>
    outcome(clientOf(server.url, keys).send(new ListBucketsCommand({})));

  it('gives keys that S3 takes for the role’s session', async () => {
    const answer = await assume(BOT_USER);
    const listed = await list(await keysOf());

    assert.match(
      answer.AssumedRoleUser?.Arn ?? '',
      /^arn:aws:sts::123456789012:assumed-role\/countersign\/countersign$/,
    );
    assert.equal(listed, 'ok');
    assert.equal(server.world.calls.at(-1)?.caller, answer.AssumedRoleUser?.Arn);
  });

  it('refuses a role that is not there and a caller whom the role does not trust, in the same words', async () => {
    const missing = await outcome(assume(BOT_USER, { RoleArn: 'arn:aws:iam::123456789012:role/other' }));
    const strange = await outcome(assume(PARTNER_USER));

    assert.deepEqual([missing, strange], ['403 AccessDenied', '403 AccessDenied']);
  });

  it('refuses unknown keys, a wrong secret, and a session name that AWS would refuse', async () => {
    const unknown = await outcome(assume({ ...BOT_USER, accessKeyId: 'NOBODY' }));
    const forged = await outcome(assume({ ...BOT_USER, secretAccessKey: 'guess' }));
    const odd = await outcome(assume(BOT_USER, { RoleSessionName: 'two words' }));

    assert.deepEqual(
      [unknown, forged, odd],
      ['403 InvalidClientTokenId', '403 SignatureDoesNotMatch', '400 ValidationError'],
    );
  });

  it('refuses temporary keys without their token, with another token, and after their hour', async () => {
    const keys = await keysOf();
    const { sessionToken: _token, ...bare } = keys;

    const results = [
      await list(bare as typeof keys),
      await list({ ...keys, sessionToken: 'made-up' }),
      await list({ ...OWNER_USER, sessionToken: 'made-up' }),
    ];
    aheadMs = HOUR_MS;
    // Signed by a clock that agrees with the server's.
    const late = clientOf(server.url, keys);
    late.config.systemClockOffset = HOUR_MS;
    const expired = await outcome(late.send(new ListBucketsCommand({})));

    assert.deepEqual(results, ['403 InvalidAccessKeyId', '400 InvalidToken', '400 InvalidToken']);
    assert.equal(expired, '400 ExpiredToken');
  });
});
