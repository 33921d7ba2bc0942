// One person's clean-up, through the CloudTrail door: dozens of events, one case, one question, one answer.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLE_ACCOUNT, SAMPLE_REGION } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const ROLE = 'AWSReservedSSO_Developer_0123456789abcdef';
const BUCKETS = ['contoso-invoices', 'contoso-press-kit'];
const CALLS = ['DeleteBucketCors', 'PutBucketLogging', 'DeleteBucketLifecycle'];

/** A change of a bucket by Alex, so many minutes ago, as EventBridge delivers it. */
function change(minutesAgo: number, eventName: string, bucketName: string): object {
  const eventTime = `${new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(0, 19)}Z`;
  const id = randomUUID();
  return {
    version: '0',
    id,
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.s3',
    account: SAMPLE_ACCOUNT,
    time: eventTime,
    region: SAMPLE_REGION,
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventTime,
      awsRegion: SAMPLE_REGION,
      eventID: id,
      requestID: id,
      eventType: 'AwsApiCall',
      eventCategory: 'Management',
      managementEvent: true,
      readOnly: false,
      recipientAccountId: SAMPLE_ACCOUNT,
      sourceIPAddress: '192.0.2.44',
      eventSource: 's3.amazonaws.com',
      eventName,
      requestParameters: { bucketName },
      responseElements: null,
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${SAMPLE_ACCOUNT}:assumed-role/${ROLE}/${people.alex.userPrincipalName}`,
        accountId: SAMPLE_ACCOUNT,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            arn: `arn:aws:iam::${SAMPLE_ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${SAMPLE_REGION}/${ROLE}`,
            accountId: SAMPLE_ACCOUNT,
            userName: ROLE,
          },
        },
      },
    },
  };
}

describe("an hour of one person's clean-up", function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  async function send(event: object): Promise<{ readonly outcome: string; readonly case: string | null }> {
    const response = await world.post('/api/alerts/cloudtrail', event, {
      'x-countersign-key': world.running.cloudtrailKey,
    });
    const { alerts } = (await response.json()) as { alerts: [{ outcome: string; case: string | null }] };
    return alerts[0];
  }
  /** The nth of sixty: every call on every bucket comes within any six. */
  const nth = (n: number): object =>
    change(60 - n, CALLS[n % CALLS.length] ?? '', BUCKETS[n % BUCKETS.length] ?? '');

  it('is one case: sixty events with the answer in the middle, and the card says what came after it', async () => {
    const refs = new Set<string | null>();
    for (let n = 0; n < 30; n++) refs.add((await send(nth(n))).case);
    const [ref] = refs;
    assert.ok(ref);
    await world.untilState(ref, 'asking');
    await world.untilIdle();
    await world.say(MORGAN, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');
    const sent = (await world.messages(MORGAN)).length;
    for (let n = 30; n < 60; n++) refs.add((await send(nth(n))).case);
    await world.untilIdle();

    assert.deepEqual([...refs], [ref]);
    assert.equal((await world.store.listCases()).length, 1);
    const about = await world.theCase(ref);
    assert.deepEqual([about.state, about.seen, about.repeats], ['dismissed', 60, 30]);
    assert.equal((await world.messages(MORGAN)).length, sent);
    assert.match((await world.cardFor(MORGAN, ref)).words, /done 30 times more since then/);
  });

  it('asks again about the first thing that nobody was asked about', async () => {
    const { case: ref } = await send(nth(0));
    assert.ok(ref);
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');

    const again = await send(nth(0));
    const other = await send(change(0, 'DeleteBucketEncryption', BUCKETS[0] ?? ''));

    assert.deepEqual(again, { ...again, outcome: 'recorded', case: ref });
    assert.deepEqual([other.outcome, other.case], ['reopened', ref]);
    await until('a card that says what is new', async () =>
      (await world.cardFor(MORGAN, ref)).words.includes('This is new since then'),
    );
  });
});
