// What comes of a no that no later try will change: words for the manager, the question with its reason for the security team,
// and word to where the alert came from.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { english } from '../helpers/english.ts';
import { CALL_MS, troublesOf } from '../helpers/troubles.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const BUCKET = 'contoso-invoices';

describe('a refusal for good', function () {
  this.timeout(60_000);
  let world: TestWorld;
  /** How often something was to be tried again. */
  let retries: number;
  beforeEach(async () => {
    retries = 0;
    const backOff = (): number => {
      retries += 1;
      return 5;
    };
    world = await startWorld({ waits: { backOff, callMs: CALL_MS } });
  });
  afterEach(() => world.close());
  const { graphFault, graphCalls, s3Fault, bucket, count, alertAtMicrosoft, comments } = troublesOf(
    () => world,
  );

  /** The manager has words for it, the security team the question with the reason, and nothing is held any more. */
  async function handedOver(ref: string, says: RegExp): Promise<void> {
    const security = await world.cardFor('channel', ref);
    await world.untilIdle();
    const manager = await world.cardFor(MORGAN, ref);

    assert.match(security.words, says);
    assert.match(manager.words, says);
    assert.match(manager.words, /With the security team/);
    assert.equal(manager.buttons.length, 0);
    const about = await world.theCase(ref);
    assert.equal(about.state, 'asking');
    assert.equal(about.question?.approver.kind, 'security');
    assert.match(english(about.question?.reason ?? ''), says);
    assert.equal(await count(ref, 'run.failed'), 1);
    assert.equal(retries, 0);
  }

  it('of the role in AWS is told to both, and nothing was changed', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const before = bucket();
    await world.cardFor(MORGAN, ref);
    for (const call of ['PutBucketPolicy', 'PutPublicAccessBlock'])
      s3Fault(call, 1, {
        kind: 'forbidden',
        message: `User: arn:aws:sts::123456789012:assumed-role/Countersign/countersign is not authorized to perform: s3:${call}`,
      });
    await world.say(MORGAN, `approve ${ref} contain`);

    await handedOver(ref, /not allowed to do this in AWS account 123456789012.* missing permission/);
    assert.deepEqual(bucket(), before);
    assert.deepEqual(
      (await world.runs(ref)).map((run) => [run.action, run.state]),
      [
        ['aws.s3.make-bucket-private', 'failed'],
        ['entra.user.revoke-sessions', 'failed'],
      ],
    );
    assert.equal(graphCalls('POST', /revokeSignInSessions$/), 0);
    const log = (await world.say(people.yuki.userPrincipalName, `log ${ref}`)).split('\\n');
    assert.match(
      log.find((line) => / failed .*aws\.s3/.test(line)) ?? '',
      /requests: \S+.*aws\.forbidden.*not authorized to perform: s3:PutBucketPolicy/,
    );
    // The bucket is free for another case.
    const other = refOf(await world.fire('unknown-session'));
    await world.cardFor('channel', other);
    await world.say(people.yuki.userPrincipalName, `approve ${other} make-private`);
    await world.untilState(other, 'contained');
  });

  it('to assume the role is told to both', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    // A new process has no keys yet.
    await world.restart();
    s3Fault('AssumeRole', 1, {
      kind: 'forbidden',
      message:
        'User: arn:aws:iam::123456789012:user/countersign-base is not authorized to perform: sts:AssumeRole',
    });
    await world.say(MORGAN, `approve ${ref} make-private`);

    await handedOver(ref, /cannot take on its role in AWS account 123456789012/);
  });

  it('because the bucket is gone is told to both, and it is not offered again', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    world.sandbox.s3.world.removeBucket(BUCKET);
    await world.say(MORGAN, `approve ${ref} make-private`);

    await handedOver(ref, /There is no bucket contoso-invoices in AWS account/);
    const { question } = await world.theCase(ref);
    assert.deepEqual(
      question?.offers.map((offer) => offer.key),
      ['deny-sso', 'sign-out', 'suspend', 'block-account'],
    );
  });

  it('to disable the account is told to both with the permission to give, and written back', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await world.cardFor(MORGAN, ref);
    graphFault(/^\/v1\.0\/users\/[^/]+$/, 1, { kind: 'status', status: 403, code: 'Forbidden' }, 'PATCH');
    await world.say(MORGAN, `approve ${ref} suspend`);

    await handedOver(ref, /Suspend the account.{1,3} did not succeed.*User\.EnableDisableAccount\.All/);
    assert.equal(alertAtMicrosoft().status, 'inProgress');
    assert.match(comments().join('\n'), /Suspend the account" did not succeed/);
    assert.equal(world.sandbox.graph.state().accounts[people.alex.id]?.accountEnabled, true);
  });

  it('of the verdict ends in the trail, and the decision stands', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await world.cardFor(MORGAN, ref);
    graphFault(/alerts_v2\/[^/]+$/, 1, { kind: 'status', status: 403, code: 'Forbidden' }, 'PATCH');
    await world.say(MORGAN, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');
    await world.untilIdle();

    assert.equal(await count(ref, 'alert.written-back'), 1);
    assert.equal(retries, 0);
  });
});
