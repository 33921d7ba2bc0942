// What happens while Graph, AWS or Teams is down, slow, throttling, or loses an answer: the case waits and comes back, nothing is
// lost, nothing is done twice.
import assert from 'node:assert/strict';
import type { FaultAnswer } from '../../src/sandbox/graph/faults.ts';
import { people } from '../../src/sandbox/people.ts';
import type { Fault as S3Fault } from '../../src/sandbox/s3/faults.ts';
import type { BackOff } from '../../src/worker.ts';
import { CALL_MS, troublesOf } from '../helpers/troubles.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const BUCKET = 'contoso-invoices';

describe('while others are down', function () {
  this.timeout(60_000);
  let world: TestWorld;
  /** What each failure asked the worker to wait at least, in milliseconds. */
  let asked: (number | undefined)[];
  const backOff: BackOff = (_attempts, retryAfterMs) => {
    asked.push(retryAfterMs);
    return 5;
  };
  beforeEach(async () => {
    asked = [];
    world = await startWorld({ waits: { backOff, callMs: CALL_MS } });
  });
  afterEach(() => world.close());

  const {
    graphFault,
    graphCalls,
    s3Fault,
    s3Writes,
    bucket,
    teamsFault,
    cardsOf,
    count,
    alertAtMicrosoft,
    comments,
  } = troublesOf(() => world);

  /** The waits that the other side named must have reached the worker. */
  function honoured(expectedMs: number | undefined, failures: number): void {
    assert.equal(asked.length, failures, JSON.stringify(asked));
    if (expectedMs !== undefined) assert.deepEqual([...new Set(asked)], [expectedMs]);
  }

  const GRAPH_TROUBLE: readonly (readonly [string, FaultAnswer, number?])[] = [
    ['throttles, and says for how long', { kind: 'throttle', retryAfter: '7' }, 7_000],
    ['throttles, and does not say for how long', { kind: 'throttle' }],
    ['answers 500', { kind: 'status', status: 500, code: 'InternalServerError' }],
    ['answers 503', { kind: 'status', status: 503 }],
    ['is hidden behind a proxy that answers in HTML', { kind: 'html' }],
    ['drops the connection', { kind: 'drop' }],
    ['hangs', { kind: 'hang' }],
    ['loses its answers', { kind: 'lose-answer' }],
  ];

  describe('Graph', () => {
    for (const [what, answer, waitMs] of GRAPH_TROUBLE) {
      it(`asks once it has looked everybody up, when Graph ${what}`, async () => {
        const times = answer.kind === 'hang' ? 1 : 2;
        graphFault(/^\/v1\.0\/users\//, times, answer);
        const ref = refOf(await world.fire('mass-download'));
        await world.cardFor(MORGAN, ref);
        await world.untilIdle();

        assert.equal(world.sandbox.graph.faults.pending(), 0);
        honoured(waitMs, times);
        assert.equal((await cardsOf(MORGAN, ref)).length, 1);
        assert.equal(await count(ref, 'question.asked'), 1);
        assert.equal((await world.theCase(ref)).subject?.name, 'Alex Weber');
      });

      it(`signs out once, when Graph ${what}`, async () => {
        const ref = refOf(await world.fire('mass-download'));
        await world.cardFor(MORGAN, ref);
        graphFault(/revokeSignInSessions$/, 1, answer);
        await world.say(MORGAN, `approve ${ref} sign-out`);
        await world.untilState(ref, 'contained');
        await world.untilIdle();

        assert.equal(world.sandbox.graph.faults.pending(), 0);
        honoured(waitMs, 1);
        // A call that took effect without an answer is found in the directory, and never made again.
        const calls = graphCalls('POST', /revokeSignInSessions$/);
        assert.equal(calls, answer.kind === 'lose-answer' ? 1 : 2);
        assert.deepEqual(
          (await world.runs(ref)).map((run) => run.state),
          ['verified'],
        );
      });
    }

    it('installs the app once, when the answer to the installation is lost', async () => {
      graphFault(/installedApps$/, 1, { kind: 'lose-answer' }, 'POST');
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);

      assert.equal(graphCalls('POST', /installedApps$/), 1);
    });

    it('asks when the login gives no token at first', async () => {
      // Not throttled: Microsoft's own login client would then refuse by itself, for a minute.
      graphFault(/oauth2\/v2\.0\/token$/, 3, { kind: 'drop' });
      const ref = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, ref);

      assert.equal(world.sandbox.graph.faults.pending(), 0);
      assert.equal((await cardsOf(MORGAN, ref)).length, 1);
    });

    it('writes the verdict back once, with one comment, whatever fails on the way', async () => {
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      graphFault(/alerts_v2\/[^/]+$/, 1, { kind: 'throttle', retryAfter: '4' }, 'GET');
      graphFault(/alerts_v2\/[^/]+$/, 1, { kind: 'status', status: 503 }, 'PATCH');
      graphFault(/alerts_v2\/[^/]+$/, 1, { kind: 'lose-answer' }, 'PATCH');
      graphFault(/comments$/, 1, { kind: 'drop' }, 'POST');
      graphFault(/comments$/, 1, { kind: 'lose-answer' }, 'POST');
      await world.say(MORGAN, `dismiss ${ref}`);
      await world.untilState(ref, 'dismissed');
      await world.untilIdle();

      assert.equal(world.sandbox.graph.faults.pending(), 0);
      assert.ok(asked.includes(4_000));
      assert.equal(alertAtMicrosoft().status, 'resolved');
      assert.equal(comments().length, 1, comments().join('\n'));
      assert.equal(await count(ref, 'alert.written-back'), 1);
    });

    it('waits for the directory however long it stays away: nobody is asked who might be the subject', async () => {
      graphFault(/^\/v1\.0\/users\//, 20, { kind: 'status', status: 503 });
      const ref = refOf(await world.fire('mass-download'));
      const card = await world.cardFor(MORGAN, ref);

      assert.ok(card.buttons.length > 2);
      assert.equal((await world.messages('channel')).length, 0);
      assert.equal((await world.theCase(ref)).subject?.id, people.alex.id);
    });
  });

  const S3_TROUBLE: readonly (readonly [string, S3Fault, number?])[] = [
    ['asks to slow down, and says for how long', { kind: 'slow-down', retryAfterSeconds: 6 }, 6_000],
    ['asks to slow down, and does not say for how long', { kind: 'slow-down' }],
    ['answers 500', { kind: 'internal-error' }],
    ['says that the keys have run out', { kind: 'expired-token' }],
    ['drops the connection', { kind: 'cut' }],
    ['hangs', { kind: 'hang' }],
    ['loses its answer', { kind: 'cut', after: true }],
  ];

  describe('AWS', () => {
    for (const [what, fault, waitMs] of S3_TROUBLE)
      for (const operation of ['PutBucketPolicy', 'PutPublicAccessBlock'])
        it(`makes the bucket private with one ${operation}, when S3 ${what}`, async () => {
          const ref = refOf(await world.fire('bucket-public'));
          await world.cardFor(MORGAN, ref);
          s3Fault(operation, 1, fault);
          await world.say(MORGAN, `approve ${ref} make-private`);
          await world.untilState(ref, 'contained');

          assert.equal(world.sandbox.s3.world.faults.pending(), 0);
          honoured(waitMs, 1);
          assert.deepEqual([s3Writes('PutBucketPolicy'), s3Writes('PutPublicAccessBlock')], [1, 1]);
          assert.equal((await fetch(`${world.running.s3}/${BUCKET}/invoices-2026.csv`)).status, 403);
          // Where nothing was written yet, it begins anew with a snapshot and a preview of its own.
          const begunAnew = operation === 'PutBucketPolicy' && !('after' in fault);
          assert.equal(await count(ref, 'run.executing'), begunAnew ? 2 : 1);
          // Keys that AWS no longer takes are thrown away, and only those. The role of the management account is asked for one thing.
          const roles = world.sandbox.s3.world.calls.filter((one) => one.operation === 'AssumeRole').length;
          assert.equal(roles, 1 + (fault.kind === 'expired-token' ? 2 : 1));
        });

    for (const [what, fault] of S3_TROUBLE.filter(([, { kind }]) => kind !== 'expired-token'))
      it(`asks once it could look at the bucket, when AWS ${what} where the role is assumed`, async () => {
        s3Fault('AssumeRole', fault.kind === 'hang' ? 1 : 2, fault);
        const ref = refOf(await world.fire('bucket-public'));
        const card = await world.cardFor(MORGAN, ref);

        assert.equal(world.sandbox.s3.world.faults.pending(), 0);
        assert.ok(card.buttons.some((one) => one.data.offer === 'make-private'));
        assert.equal((await cardsOf(MORGAN, ref)).length, 1);
      });

    it('puts everything back once, when S3 throttles and loses answers during the undo', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const before = bucket();
      await world.cardFor(MORGAN, ref);
      await world.say(MORGAN, `approve ${ref} make-private`);
      await world.untilState(ref, 'contained');
      s3Fault('DeletePublicAccessBlock', 1, { kind: 'slow-down', retryAfterSeconds: 2 });
      s3Fault('PutBucketPolicy', 1, { kind: 'cut', after: true });
      await world.say(MORGAN, `undo ${ref}`);
      await world.untilState(ref, 'undone');

      assert.equal(world.sandbox.s3.world.faults.pending(), 0);
      assert.deepEqual(bucket(), before);
      // One to make it private, one to put it back.
      assert.equal(s3Writes('PutBucketPolicy'), 2);
      assert.equal(await count(ref, 'run.reverted'), 1);
    });

    it('hands over with the reason when an outage outlives every try, and does the rest on the next approval', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      await world.cardFor(MORGAN, ref);
      s3Fault('PutBucketPolicy', 1_000, { kind: 'internal-error' });
      await world.say(MORGAN, `approve ${ref} make-private`);
      const handed = await world.cardFor('channel', ref);
      await world.untilIdle();

      assert.match(handed.words, /Make the bucket private.{1,3} did not succeed: AWS does not answer/);
      const manager = await world.cardFor(MORGAN, ref);
      assert.match(manager.words, /AWS does not answer/);
      assert.equal(manager.buttons.length, 0);
      world.sandbox.s3.world.faults.clear();
      await world.click({ user: people.yuki.userPrincipalName, channel: true, verb: 'approve' });
      await world.untilState(ref, 'contained');
      assert.equal(s3Writes('PutBucketPolicy'), 1);
      assert.deepEqual(
        (await world.runs(ref)).map((run) => run.state),
        ['failed', 'verified'],
      );
    });
  });

  describe('Teams', () => {
    it('sends the card once, when Teams throttles and then fails', async () => {
      teamsFault({ kind: 'throttled', times: 2, retryAfterSeconds: 9 });
      teamsFault({ kind: 'unavailable', times: 2 });
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      await world.untilIdle();

      assert.deepEqual(asked, [9_000, 9_000, undefined, undefined]);
      assert.equal((await cardsOf(MORGAN, ref)).length, 1);
      assert.equal(await count(ref, 'question.sent'), 1);
    });

    it('may leave a second card when an answer is lost, but never a second question, and both come true', async () => {
      teamsFault({ kind: 'lost-answer', times: 1 });
      const ref = refOf(await world.fire('mass-download'));
      await until('both cards', async () => (await cardsOf(MORGAN, ref)).length === 2);
      await world.untilIdle();
      assert.equal(await count(ref, 'question.asked'), 1);

      // The one that nobody knows of is pressed.
      const [lost] = await cardsOf(MORGAN, ref);
      await world.click({ user: MORGAN, activityId: lost?.activityId, title: 'This was expected' });
      await world.untilState(ref, 'dismissed');

      assert.equal((await world.theCase(ref)).decisions.length, 1);
      for (const card of await cardsOf(MORGAN, ref)) {
        assert.match(card.words, /Closed as expected/);
        assert.deepEqual(
          card.buttons.map(({ title }) => title),
          ['That was a mistake'],
        );
      }
    });

    it('brings a card that was pressed on a lost copy to the outcome, too', async () => {
      teamsFault({ kind: 'lost-answer', times: 1 });
      const ref = refOf(await world.fire('bucket-public'));
      await until('both cards', async () => (await cardsOf(MORGAN, ref)).length === 2);
      await world.untilIdle();
      const [lost] = await cardsOf(MORGAN, ref);
      const title = lost?.buttons.find((one) => one.data.offer === 'make-private')?.title;
      await world.click({ user: MORGAN, activityId: lost?.activityId, title });
      await world.untilState(ref, 'contained');

      for (const card of await cardsOf(MORGAN, ref)) assert.match(card.words, /Done/);
    });

    it('edits the card until it shows the outcome, when Teams throttles, fails and loses the answer', async () => {
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      await world.untilIdle();
      await world.say(people.yuki.userPrincipalName, `dismiss ${ref}`);
      teamsFault({ kind: 'throttled', times: 1, retryAfterSeconds: 5 });
      teamsFault({ kind: 'unavailable', times: 1 });
      teamsFault({ kind: 'lost-answer', times: 1 });
      await until('the outcome', async () =>
        /Closed as expected/.test((await world.cardFor(MORGAN, ref)).words),
      );
      await world.untilIdle();

      assert.equal((await cardsOf(MORGAN, ref)).length, 1);
    });
  });
});
