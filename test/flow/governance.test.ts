// What bounds an approval: dry run, a cap an hour, a target that another case is changing, a protected account; and whose calls
// by Countersign's own role are believed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStore } from '../../src/adapters/store/index.ts';
import { systemClock } from '../../src/adapters/system.ts';
import { COUNTERSIGN_ROLE } from '../../src/sandbox/buckets.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLE_ACCOUNT } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { refOf, startWorld, type TestWorld, until, type WorldOptions } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
const HOUR_MS = 3_600_000;

describe('the bounds of an approval', function () {
  this.timeout(60_000);
  let world: TestWorld;
  const start = async (options: WorldOptions = {}): Promise<void> => {
    world = await startWorld({ waits: { backOff: () => 5 }, ...options });
  };
  afterEach(() => world.close());

  const access = (bucket = 'contoso-invoices') => world.sandbox.s3.world.state().buckets[bucket];
  const account = () => world.sandbox.graph.state().accounts[people.alex.id];
  const changes = (): readonly string[] => [
    ...world.sandbox.s3.world.calls
      .filter((one) => one.caller.includes('assumed-role') && /^(Put|Delete)/.test(one.operation))
      .map((one) => one.operation),
    ...world.sandbox.graph.requests
      .filter(
        (one) =>
          one.method !== 'GET' && one.path.startsWith('/v1.0/users/') && !one.path.includes('teamwork'),
      )
      .map((one) => `${one.method} ${one.path}`),
  ];
  const alertAtMicrosoft = (): Record<string, unknown> => world.sandbox.graph.state().alerts.at(-1) ?? {};
  const commentsAtMicrosoft = (): string =>
    ((alertAtMicrosoft().comments ?? []) as { comment: string }[]).map((one) => one.comment).join('\n');

  describe('in a dry run', () => {
    beforeEach(() => start({ settings: { governance: { dryRun: true, capsPerHour: {} } } }));

    it('plans, asks and records, but changes nothing, and the card says so', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const before = { access: access(), account: account() };
      const question = await world.cardFor(MORGAN, ref);
      assert.match(question.words, /Dry run: whatever is answered here is recorded, and nothing is changed/);
      await world.say(MORGAN, `approve ${ref} contain`);
      await world.untilState(ref, 'contained');
      await world.untilIdle();

      assert.deepEqual(changes(), []);
      assert.deepEqual({ access: access(), account: account() }, before);
      const card = await world.cardFor(MORGAN, ref);
      assert.match(card.words, /Dry run: nothing was changed/);
      assert.doesNotMatch(card.words, /"Done"/);
      assert.equal(card.buttons.length, 0);
      assert.deepEqual(
        (await world.runs(ref)).map((run) => run.state),
        ['dry-run', 'dry-run'],
      );
      assert.match(await world.say(MORGAN, `undo ${ref}`), /This is a dry run, so nothing is undone either/);
    });

    it('leaves the alert in progress', async () => {
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      await world.say(MORGAN, `approve ${ref} suspend-and-sign-out`);
      await world.untilState(ref, 'contained');
      await world.untilIdle();

      assert.deepEqual(changes(), []);
      assert.equal(alertAtMicrosoft().status, 'inProgress');
      assert.match(commentsAtMicrosoft(), /Dry run: nothing was changed/);
    });
  });

  describe('with a cap an hour', () => {
    before(async () => {
      // The cap counts by the clock's hour: both approvals must fall into the same one.
      const left = HOUR_MS - (Date.now() % HOUR_MS);
      if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left));
    });
    beforeEach(() =>
      start({
        settings: { governance: { dryRun: false, capsPerHour: { 'aws.s3.make-bucket-private': 1 } } },
      }),
    );

    it('refuses the one too many in words, changes nothing, and leaves the question open', async () => {
      const first = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, first);
      await world.say(MORGAN, `approve ${first} make-private`);
      await world.untilState(first, 'contained');
      const done = changes();

      const second = refOf(await world.fire('bucket-public-acl'));
      await world.cardFor(MORGAN, second);
      const before = access('contoso-press-kit');
      const card = await world.cardFor(MORGAN, second);
      const title = card.buttons.find((one) => one.data.offer === 'contain')?.title;
      const answer = await world.click({ user: MORGAN, activityId: card.activityId, title });
      await world.untilIdle();

      assert.match(JSON.stringify(answer.answer), /an hour is reached. Nothing was changed/);
      assert.deepEqual(changes(), done);
      assert.deepEqual(access('contoso-press-kit'), before);
      assert.equal((await world.theCase(second)).state, 'asking');
      assert.deepEqual(await world.runs(second), []);
      assert.ok((await world.trail(second)).includes('decision.refused'));
      // What has no cap of its own is still there to choose.
      await world.say(MORGAN, `approve ${second} suspend`);
      await world.untilState(second, 'contained');
    });
  });

  describe('on a target that another case is changing', () => {
    it('refuses in words, starts no part of the offer, and lets the rest go ahead', async () => {
      await start({ waits: { backOff: () => HOUR_MS } });
      const download = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, download);
      const opened = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, opened);
      await world.untilIdle();
      world.sandbox.graph.faults.add({ path: /revokeSignInSessions$/, answer: { kind: 'throttle' } });
      await world.say(MORGAN, `approve ${download} sign-out`);
      await until('the other case to be at it', async () => world.sandbox.graph.faults.pending() === 0);
      const before = access();

      const refusal = await world.say(MORGAN, `approve ${opened} contain`);
      assert.match(refusal, /Another case is changing the same thing right now. Nothing was changed/);
      assert.equal((await world.theCase(opened)).state, 'asking');
      assert.deepEqual(await world.runs(opened), []);
      assert.deepEqual(access(), before);
      await world.say(MORGAN, `approve ${opened} make-private`);
      await world.untilState(opened, 'contained');
    });

    it('lets go of the target when it is done', async () => {
      await start();
      const download = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, download);
      const opened = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, opened);
      await world.say(MORGAN, `approve ${download} sign-out`);
      await world.untilState(download, 'contained');

      await world.say(MORGAN, `approve ${opened} contain`);
      await world.untilState(opened, 'contained');
    });
  });

  describe('on a protected account', () => {
    beforeEach(() => start({ settings: { protectedUsers: [people.alex.id] } }));

    it('offers nothing on it and says why, and offers the rest', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const card = await world.cardFor(MORGAN, ref);

      assert.match(card.words, /The account of Alex Weber is protected by the settings/);
      const { question } = await world.theCase(ref);
      assert.deepEqual(
        question?.offers.map((offer) => offer.key),
        ['make-private'],
      );
      assert.match(await world.say(MORGAN, `approve ${ref} suspend`), /Nothing was done/);
      assert.deepEqual(changes(), []);
    });

    it('refuses at the last moment when it became protected after the card was sent', async () => {
      await world.close();
      await start();
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      // An administrator's hand: Countersign is started again with the account protected.
      await world.restart(async () => world.changeSettings({ protectedUsers: [people.alex.id] }));
      await world.say(MORGAN, `approve ${ref} suspend`);
      const security = await world.cardFor('channel', ref);

      assert.match(
        security.words,
        /Suspend the account.{1,3} did not succeed: The account of Alex Weber is protected/,
      );
      assert.equal(account()?.accountEnabled, true);
      assert.deepEqual(changes(), []);
    });
  });
});

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
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    const [run] = await world.runs(ref);
    assert.ok(run);

    const receipt = await deliver(callBy('JUSTANSWERED0000'));
    assert.equal(receipt?.outcome, 'opened');
    const writer = await openStore({ directory: world.directory, clock: systemClock });
    await writer.transact((tx) =>
      tx.saveRun({ ...run, requestIds: [...run.requestIds, 'JUSTANSWERED0000'] }),
    );
    await writer.close();

    const about = await world.untilState(receipt?.case ?? '', 'closed');
    assert.match(about.outcome.join(), /in our own governance record/);
    assert.equal(about.question, null);
    assert.deepEqual(await world.messages('channel'), []);
  });
});
