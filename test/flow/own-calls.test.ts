// Whose calls by Countersign's own role are believed: those that are on its record, and no others.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStore } from '../../src/adapters/store/index.ts';
import { systemClock } from '../../src/adapters/system.ts';
import { COUNTERSIGN_ROLE } from '../../src/sandbox/identities.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLE_ACCOUNT } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { allEnglish, testWords } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
/** As CloudTrail words what S3 answered. */
const ERROR_CODES: Readonly<Record<number, string>> = {
  403: 'AccessDenied',
  404: 'NoSuchBucketPolicy',
  500: 'InternalError',
  503: 'SlowDown',
};

describe("calls by Countersign's own role", function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ waits: { backOff: () => 5, ownRoleMs: 1 } });
  });
  afterEach(() => world.close());

  /** As CloudTrail reports a call of the role. */
  const callBy = (requestID: string, over: Record<string, unknown> = {}) => {
    const sample = SAMPLES['bucket-public']?.build(new Date(), randomUUID()) as {
      detail: Record<string, unknown>;
    };
    const userIdentity = {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${SAMPLE_ACCOUNT}:assumed-role/Countersign/countersign`,
      accountId: SAMPLE_ACCOUNT,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          arn: COUNTERSIGN_ROLE,
          accountId: SAMPLE_ACCOUNT,
          userName: 'Countersign',
        },
      },
    };
    return { ...sample, detail: { ...sample.detail, userIdentity, requestID, ...over } };
  };
  const deliver = async (event: unknown) => {
    const response = await world.post('/api/alerts/cloudtrail', event, {
      'x-countersign-key': world.running.cloudtrailKey,
    });
    const { alerts } = (await response.json()) as { alerts: { outcome: string; case: string | null }[] };
    return alerts[0];
  };

  /** The request ids in the latest entry of a kind. */
  const factOf = async (ref: string, kind: string): Promise<unknown> => {
    const { id } = await world.theCase(ref);
    let found: unknown;
    for await (const entry of world.store.entries())
      if (entry.caseId === id && entry.kind === kind) found = entry.facts.requestIds;
    return found;
  };

  const idOf = (operation: string, status: number) =>
    world.sandbox.s3.world.calls.findLast((one) => one.operation === operation && one.status === status)
      ?.requestId;

  it('open a critical case for the security team alone, when the request id is not in our record', async () => {
    const receipt = await deliver(callBy('UNKNOWNREQUEST00'));
    assert.equal(receipt?.outcome, 'opened');
    const ref = receipt?.case ?? '';
    const card = await world.cardFor('channel', ref);

    const about = await world.theCase(ref);
    assert.equal(about.policy.id, 'countersign-role-misuse');
    assert.equal(about.severity, 'critical');
    assert.deepEqual(about.question?.approver, { kind: 'security' });
    assert.equal(about.subject, null);
    assert.deepEqual(about.question?.offers, []);
    assert.match(card.words, /own role was used for a call that Countersign did not make/);
    assert.match(card.words, /Questions like this always go to the security team/);
    assert.deepEqual(await world.messages(MORGAN), []);
    assert.match(await world.say(MORGAN, `case ${ref}`), /no such case/);
    assert.match(await world.say(YUKI, `case ${ref}`), /./);
  });

  it('open nothing, when the request id is of a change that we made', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    const ours = (await world.runs(ref)).flatMap((run) => run.requestIds);
    assert.equal(ours.length, 2);

    for (const requestId of ours) {
      const receipt = await deliver(callBy(requestId, { eventName: 'PutBucketPolicy' }));
      assert.deepEqual([receipt?.outcome, receipt?.case], ['recorded', null]);
    }
    await world.say(MORGAN, `undo ${ref}`);
    await world.untilState(ref, 'undone');
    // Putting back makes the bucket public again: that is ours as well.
    const all = (await world.runs(ref)).flatMap((run) => run.requestIds);
    assert.ok(all.length > ours.length);
    for (const requestId of all.slice(ours.length))
      assert.equal((await deliver(callBy(requestId)))?.outcome, 'recorded');
    assert.equal((await world.store.listCases()).length, 1);
  });

  it('close by themselves, when the request id gets on record while the case waits', async () => {
    await world.close();
    world = await startWorld({ waits: { backOff: () => 5, ownRoleMs: 2_000 } });
    const receipt = await deliver(callBy('JUSTANSWERED0000'));
    const joined = await deliver(callBy('JUSTANSWERED0001', { eventName: 'GetBucketAcl', readOnly: true }));
    assert.deepEqual([receipt?.outcome, joined?.outcome], ['opened', 'joined']);
    const writer = await openStore({ words: testWords, directory: world.directory, clock: systemClock });
    await writer.noteRequests(['JUSTANSWERED0000', 'JUSTANSWERED0001']);
    await writer.close();

    const about = await world.untilState(receipt?.case ?? '', 'closed');
    assert.match(allEnglish(about.outcome).join(), /in our own governance record/);
    assert.equal(about.question, null);
    assert.deepEqual(await world.messages('channel'), []);
  });

  it('open nothing, whatever the call was and whatever came of it: read, changed, refused, throttled, failed', async () => {
    const { faults, calls } = world.sandbox.s3.world;
    faults.add('GetBucketPolicy', 1, { kind: 'slow-down' });
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    for (const call of ['PutBucketPolicy', 'PutPublicAccessBlock'] as const)
      faults.add(call, 1, { kind: 'forbidden', message: 'not authorized' });
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.cardFor('channel', ref);
    await world.untilIdle();
    faults.add('PutPublicAccessBlock', 1, { kind: 'internal-error' });
    await world.say(YUKI, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    await world.say(YUKI, `undo ${ref}`);
    await world.untilState(ref, 'undone');
    await world.untilIdle();
    assert.equal(faults.pending(), 0);

    const session = `:assumed-role/${COUNTERSIGN_ROLE.split('/').at(-1)}/`;
    // A fault strikes before the stand-in knows who calls.
    const ours = calls.filter(({ caller }) => caller.includes(session) || caller === 'unknown');
    const statuses = new Set(ours.map((one) => one.status));
    for (const status of [200, 204, 403, 404, 500, 503]) assert.ok(statuses.has(status), String(status));
    assert.ok(ours.length > 20);
    for (const { operation, status, requestId } of ours) {
      if (operation === 'AssumeRole') continue;
      const errorCode = ERROR_CODES[status];
      const receipt = await deliver(
        callBy(requestId, {
          eventName: operation,
          readOnly: operation.startsWith('Get'),
          ...(errorCode && { errorCode, errorMessage: errorCode }),
        }),
      );
      assert.deepEqual([receipt?.outcome, receipt?.case], ['recorded', null], `${operation} ${status}`);
    }
    assert.equal((await world.store.listCases()).length, 1);

    const unknown = await deliver(callBy('UNKNOWNREQUEST00', { eventName: 'GetBucketAcl', readOnly: true }));
    assert.equal(unknown?.outcome, 'opened');
    assert.equal((await world.theCase(unknown?.case ?? '')).severity, 'critical');
  });

  it('go to the security team when one of those that came early turns out not to be ours', async () => {
    await world.close();
    world = await startWorld({ waits: { backOff: () => 5, ownRoleMs: 1_000 } });
    const ref = (await deliver(callBy('JUSTANSWERED0000')))?.case ?? '';
    await deliver(callBy('UNKNOWNREQUEST00'));
    const writer = await openStore({ words: testWords, directory: world.directory, clock: systemClock });
    await writer.noteRequests(['JUSTANSWERED0000']);
    await writer.close();

    await world.cardFor('channel', ref);
    assert.equal((await world.theCase(ref)).state, 'asking');
  });

  it('stay on the run, and in the trail, when a later call of the same run is refused for good', async () => {
    const { faults } = world.sandbox.s3.world;
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    faults.add('PutPublicAccessBlock', 1, { kind: 'forbidden', message: 'not authorized' });
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.cardFor('channel', ref);
    await world.untilIdle();

    const [failed] = await world.runs(ref);
    const written = idOf('PutBucketPolicy', 204);
    assert.equal(failed?.state, 'kept', 'half done, and undoable');
    assert.ok(written);
    assert.deepEqual(failed?.requestIds, [written]);
    assert.ok(failed?.before, 'what it was before is still known');
    assert.deepEqual(await factOf(ref, 'run.failed'), [written]);
  });

  it('stay on the run, and in the trail, when a later call of its undo is refused for good', async () => {
    const { faults } = world.sandbox.s3.world;
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    const done = (await world.runs(ref))[0]?.requestIds ?? [];
    // S3 may need a minute to know that the block is off: until then a refusal is no last word.
    faults.add('PutBucketPolicy', 20, { kind: 'forbidden', message: 'not authorized' });
    await world.say(MORGAN, `undo ${ref}`);
    await until('the undo to be refused', async () => factOf(ref, 'run.revert-failed'));

    const all = [...done, idOf('DeletePublicAccessBlock', 204)];
    const onRun = (await world.runs(ref))[0]?.requestIds ?? [];
    assert.equal(all.length, 3);
    assert.deepEqual(onRun.slice(0, 3), all);
    // What had been taken off already went back on, so that the bucket is no weaker than before the undo.
    assert.equal(onRun.length, 4);
    assert.deepEqual(await factOf(ref, 'run.revert-failed'), onRun);
  });
});
