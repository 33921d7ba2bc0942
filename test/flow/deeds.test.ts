// Nothing that was done may be left unseen by whoever answers: what makes a deed, what asks anew, and what is one case.
// The whole app on a real store, with the shipped policies.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Case } from '../../src/case/case.ts';
import { targetLabel } from '../../src/case/target.ts';
import type { Receipt } from '../../src/ingest/accept-alerts.ts';
import { type Person, people, SECURITY_TEAM } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { bucketCall, bucketDeletion, deletion } from '../helpers/cloudtrail.ts';
import { allEnglish, english } from '../helpers/english.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE_MS = 60_000;
const [security, other] = SECURITY_TEAM as readonly [Person, Person];
const S3_CHANGES = 'aws-s3-config-changes';

describe('what was done', function () {
  this.timeout(60_000);
  let app: TestApp;
  let now: number;
  beforeEach(async () => {
    now = START;
    app = await createTestApp({}, { clock: { now: () => now } });
  });
  afterEach(() => app.close());

  const send = async (event: object): Promise<Receipt> => {
    const [receipt] = await app.app.acceptCloudTrail(event);
    assert.ok(receipt);
    return receipt;
  };
  const call = (
    eventName: string,
    bucket = 'contoso-invoices',
    over: Omit<Parameters<typeof bucketCall>[2], 'atMs'> = {},
  ): Promise<Receipt> => {
    now += 1;
    return send(bucketCall(eventName, bucket, { atMs: now, ...over }));
  };
  const cases = async (policy = S3_CHANGES): Promise<readonly Case[]> => {
    const all = (await app.store.listCases({ limit: 500 })).filter((one) => one.policy.id === policy);
    return all.toReversed();
  };
  const theOnly = async (policy = S3_CHANGES): Promise<Case> => {
    const [one, ...others] = await cases(policy);
    assert.ok(one);
    assert.deepEqual(others, []);
    return app.settled(one.ref);
  };
  async function dismiss(about: Case, by: Person = people.morgan): Promise<Case> {
    const asked = await app.settled(about.ref);
    assert.equal(asked.state, 'asking');
    await app.click(by, { verb: 'dismiss', about: asked });
    return app.settled(about.ref);
  }
  const says = ({ deeds = [] }: Case): readonly string[] => allEnglish(deeds.map((deed) => deed.says));

  describe('once it was said to be expected', () => {
    it('is counted only where it is the same call with the same parameters', async () => {
      const asks = (Action: string) => ({ asks: { CORSConfiguration: { Action } } });
      await call('PutBucketCors', undefined, asks('s3:GetObject'));
      const answered = await dismiss(await theOnly());

      const same = await call('PutBucketCors', undefined, asks('s3:GetObject'));
      const other = await call('PutBucketCors', undefined, asks('s3:*'));

      assert.deepEqual([same.outcome, other.outcome], ['recorded', 'reopened']);
      const about = await theOnly();
      assert.equal(about.state, 'asking');
      assert.notEqual(about.question?.id, answered.question?.id);
      assert.equal(about.question?.approver.kind, 'person');
      assert.deepEqual(says(about), ['PutBucketCors on contoso-invoices: Action: s3:*']);
    });

    it('is asked about anew where the record does not say what was asked for', async () => {
      const asks = { CORSConfiguration: 'HIDDEN_DUE_TO_SECURITY_REASONS' };
      await call('PutBucketCors', undefined, { asks });
      await dismiss(await theOnly());

      assert.equal((await call('PutBucketCors', undefined, { asks })).outcome, 'reopened');
    });

    it('says on the card what is new, of what came before who answered, and offers it alone', async () => {
      await call('PutBucketCors', 'contoso-press-kit');
      await dismiss(await theOnly());
      await call('DeleteBucketLifecycle');

      const about = await theOnly();
      assert.deepEqual(about.targets.map(targetLabel), ['contoso-invoices']);
      const words = await app.say(people.morgan, `case ${about.ref}`);
      assert.match(
        words,
        /Morgan Reyes said at .* that what came before was expected\. This is new since then\./,
      );
      assert.match(words, /New \(1\)","value":"DeleteBucketLifecycle on contoso-invoices/);
    });

    it('joins what is asked anew, and is one case, until it is answered again', async () => {
      await call('PutBucketCors');
      await dismiss(await theOnly());
      await call('DeleteBucketLifecycle');
      const joined = await call('PutBucketLogging');
      const known = await call('PutBucketCors');

      assert.deepEqual([joined.outcome, known.outcome], ['joined', 'joined']);
      assert.equal((await theOnly()).deeds?.length, 2, 'what was answered is not asked again');
      await dismiss(await theOnly());
      const all = ['PutBucketCors', 'DeleteBucketLifecycle', 'PutBucketLogging'];
      for (const one of all) assert.equal((await call(one)).outcome, 'recorded', one);
    });

    it('is asked about again once the grouping time since its own answer is over', async () => {
      await call('PutBucketCors');
      await dismiss(await theOnly());
      now += 50 * MINUTE_MS;
      await call('DeleteBucketLifecycle');
      await dismiss(await theOnly());
      now += 11 * MINUTE_MS;

      assert.equal((await call('DeleteBucketLifecycle')).outcome, 'recorded');
      assert.equal((await call('PutBucketCors')).outcome, 'reopened');
    });

    it('is asked about once where several things come at the same time', async () => {
      await call('PutBucketCors');
      await dismiss(await theOnly());
      const names = ['DeleteBucketLifecycle', 'PutBucketLogging', 'DeleteBucketCors'];
      const receipts = await Promise.all(names.map((name) => call(name)));

      assert.deepEqual(receipts.map(({ outcome }) => outcome).sort(), ['joined', 'joined', 'reopened']);
      assert.equal((await theOnly()).deeds?.length, 3);
    });

    it('is accepted in writing only by who has been sent the card that shows it', async () => {
      await call('PutBucketCors');
      await dismiss(await theOnly());
      await call('DeleteBucketLifecycle');
      const about = await theOnly();
      for (const copy of await app.store.copiesOf(about.id))
        if (copy.questionId === about.question?.id) await app.store.transact((tx) => tx.removeCopy(copy.id));

      assert.match(await app.say(people.morgan, `dismiss ${about.ref}`), /A new card is on its way/);
      assert.equal((await app.settled(about.ref)).state, 'asking');
    });
  });

  it('takes both signatures again from high severity, when something was added or came after them', async () => {
    const policy = 'm365-mass-download';
    const alert = (title: string) => ({
      ...(SAMPLES['mass-download-high']?.build(new Date(now), randomUUID()) as object),
      title,
    });
    const fire = async (title: string) => app.app.acceptGraph(alert(title));
    await fire('Mass download by a single user');
    await dismiss(await theOnly(policy));
    await fire('Mass download (by user)');
    const widened = await theOnly(policy);
    assert.equal(widened.question?.approver.kind, 'person', 'the manager has not seen this one');

    const once = await dismiss(widened, security);
    assert.equal(once.state, 'asking', 'the first signature was given to an earlier question');
    const twice = await dismiss(once, other);
    assert.equal(twice.state, 'dismissed');

    await fire('Unusual file download (by user)');
    const reopened = await theOnly(policy);
    assert.deepEqual([reopened.state, reopened.question?.approver.kind], ['asking', 'person']);
    assert.equal((await dismiss(reopened)).state, 'asking');
  });

  describe('while a case is open', () => {
    it('asks anew about every deed that went through, whatever the target, and lists each', async () => {
      await call('PutBucketCors');
      const first = await theOnly();
      await call('DeleteBucketLifecycle');
      const about = await theOnly();

      assert.notEqual(about.question?.id, first.question?.id);
      assert.deepEqual(says(about), [
        'PutBucketCors on contoso-invoices',
        'DeleteBucketLifecycle on contoso-invoices',
      ]);
    });

    it('asks nothing anew for a deed that it lists, nor for any that was refused', async () => {
      await call('PutBucketCors');
      const first = await theOnly();
      await call('PutBucketCors');
      for (let n = 0; n < 30; n++) await call('PutBucketCors', `made-up-${n}`, { refused: true });

      const about = await theOnly();
      assert.equal(about.question?.id, first.question?.id);
      assert.deepEqual([about.deeds?.length, about.targets.length, about.seen], [1, 1, 32]);
    });

    it('asks about each of three alerts of Defender before "expected" is written on them', async () => {
      const titles = ['Unusual administrative activity', 'Suspicious inbox rule', 'Multiple failed sign-ins'];
      for (const title of titles) {
        const body = { ...(SAMPLES['cloud-app-alert']?.build(new Date(now), randomUUID()) as object), title };
        app.world.addAlert(body as never);
        await app.app.acceptGraph(body);
      }
      const about = await theOnly('m365-cloud-app-alert');

      const words = await app.say(people.morgan, `case ${about.ref}`);
      for (const title of titles) assert.ok(words.includes(title), `${title}\n${words}`);
    });

    it('is not pushed out by decoys: what no longer fits has a question of its own', async () => {
      for (let n = 0; n < 20; n++) await call('PutBucketCors', `decoy-${n}`);
      const [first] = await cases();
      const real = await call('DeleteBucketLifecycle', 'contoso-payroll');
      await call('PutBucketCors', 'decoy-3');

      const [whole, rest, ...more] = await cases();
      assert.deepEqual(more, []);
      assert.deepEqual([whole?.ref, whole?.deeds?.length], [first?.ref, 20]);
      assert.deepEqual([real.outcome, real.case], ['opened', rest?.ref]);
      const about = await app.settled(rest?.ref ?? '');
      assert.equal(about.state, 'asking');
      assert.deepEqual(about.targets.map(targetLabel), ['contoso-payroll']);
    });

    it('ends a flood in a case for the security team that says how much it does not list', async () => {
      for (let n = 0; n < 205; n++) await call('PutBucketCors', `decoy-${n}`);

      const all = await cases();
      assert.equal(all.length, 10);
      const last = await app.settled(all.at(-1)?.ref ?? '');
      assert.equal(last.question?.approver.kind, 'security');
      assert.deepEqual([last.deeds?.length, last.moreDeeds], [20, 5]);
      assert.match(await app.say(security, `case ${last.ref}`), /and 20 more/);
    });
  });

  it('is one case for an hour of clean-up by one person, answered as it goes, and no deed is answered unseen', async () => {
    const seen = new Set<string>();
    const refs = new Set<string | null>();
    for (let n = 0; n < 60; n++) {
      const name = ['PutBucketCors', 'DeleteBucketLifecycle', 'PutBucketLogging'][n % 3] ?? '';
      refs.add((await call(name, `project-${n % 20}`)).case);
      now += MINUTE_MS;
      if (n % 12 !== 11) continue;
      const about = await theOnly();
      if (about.state !== 'asking') continue;
      for (const deed of says(about)) seen.add(deed);
      await dismiss(about);
    }

    assert.equal(refs.size, 1);
    const about = await theOnly();
    assert.deepEqual([about.state, about.seen], ['dismissed', 60]);
    assert.equal(seen.size, 60, 'each of the three calls on each of twenty buckets');
  });

  describe('by a caller whom nobody knows', () => {
    it('is one case for the caller: an IAM user and their six buckets', async () => {
      for (let n = 0; n < 6; n++) await call('DeleteBucketCors', `archive-${n}`, { by: 'bob' });

      const about = await theOnly();
      assert.deepEqual([about.deeds?.length, about.question?.approver.kind], [6, 'security']);
    });

    it('is one case for a role, and nothing that its sessions do again is taken for answered', async () => {
      await call('DeleteBucketCors', 'archive-1', { by: 'role' });
      await call('DeleteBucketCors', 'archive-2', { by: 'role' });
      await dismiss(await theOnly(), security);

      assert.equal((await call('DeleteBucketCors', 'archive-1', { by: 'role' })).outcome, 'reopened');
    });
  });

  it('leaves no card behind that was on its way when something was added', async () => {
    const { messenger } = app.world;
    const { send: deliver } = messenger;
    let isFirst = true;
    Object.assign(messenger, {
      send: async (...card: Parameters<typeof deliver>) => {
        const sent = await deliver(...card);
        if (isFirst) {
          isFirst = false;
          await call('PutBucketLogging');
        }
        return sent;
      },
    });
    await call('PutBucketCors');

    const about = await theOnly();
    const copies = await app.store.copiesOf(about.id);
    assert.deepEqual(
      copies.map(({ shownVersion }) => shownVersion),
      [about.version],
    );
  });

  it('is taken over by a more telling case about the same bucket, and by none about another', async () => {
    await call('PutBucketCors', 'archive');
    await call('DeleteBucketPublicAccessBlock', 'press-kit');
    assert.equal((await theOnly()).state, 'asking');

    await call('DeleteBucketPublicAccessBlock', 'archive');
    assert.equal(
      (await theOnly()).state,
      'asking',
      'that bucket joined the other case, which took over nothing',
    );
    await call('PutBucketCors', 'holidays', { by: 'bob' });
    await call('DeleteBucketPublicAccessBlock', 'holidays', { by: 'bob' });

    const [, bobs] = await cases();
    assert.equal(bobs?.state, 'closed');
    assert.ok(bobs?.supersededBy);
  });

  it('follows an alert to the case that took over the one that it went to', async () => {
    const graph = (id: string, over: object = {}): object => ({
      ...(SAMPLES['mass-download']?.build(new Date(now), 'seed') as object),
      ...{ id, ...over },
    });
    const precise = 'm365-activity-by-terminated-user';
    await app.app.acceptGraph(graph('broad'));
    await app.app.acceptGraph(graph('precise', { title: 'Activity performed by terminated user' }));
    const about = await theOnly(precise);
    assert.equal((await theOnly('m365-mass-download')).supersededBy, about.id);
    now += MINUTE_MS;
    const [revised] = await app.app.acceptGraph(graph('broad', { title: 'Mass download (by user)' }));

    assert.deepEqual([revised?.outcome, revised?.case], ['joined', about.ref]);
    assert.ok(says(await theOnly(precise)).includes('Mass download (by user)'));
    assert.equal((await cases('m365-mass-download')).length, 1);
  });

  describe('that is counted', () => {
    const COUNTED = 'aws-multiple-storage-deletion';
    const buckets = async (from: number, to: number): Promise<void> => {
      for (let n = from; n <= to; n++) await send(bucketDeletion(n, now));
    };

    it('is one question: the broader case is closed, and all that it asked about is carried along', async () => {
      await buckets(1, 9);
      const broad = await theOnly();
      await buckets(10, 10);

      const about = await theOnly(COUNTED);
      const closed = await theOnly();
      assert.equal(closed.ref, broad.ref);
      assert.deepEqual(
        [closed.state, allEnglish(closed.outcome)],
        ['closed', [`Asked about as part of case ${about.ref}.`]],
      );
      assert.equal(about.deeds?.length, 10);
      assert.equal(about.sources.length, 10);
      const words = await app.say(people.morgan, `case ${about.ref}`);
      assert.match(words, /10 times in 1 hour/);
      assert.match(words, /and 5 more/);
      assert.match(await app.say(people.morgan, `dismiss ${broad.ref}`), /Nothing was done/);
    });

    it('leaves a case alone whose deeds it could not list beside its own', async () => {
      for (let n = 0; n < 20; n++) await call('PutBucketCors', `project-${n}`);
      await buckets(1, 10);

      assert.equal((await theOnly(COUNTED)).deeds?.length, 10, 'what had gone on in a second case');
      assert.deepEqual(
        (await cases()).map(({ state, deeds }) => [state === 'closed', deeds?.length]),
        [
          [false, 20],
          [true, 9],
        ],
      );
    });

    it('leaves a case alone that is claimed', async () => {
      await buckets(1, 9);
      const broad = await theOnly();
      await app.say(people.morgan, `approve ${broad.ref} sign-out`);
      await app.settled(broad.ref);
      await buckets(10, 10);

      assert.equal((await theOnly(COUNTED)).deeds?.length, 1);
      assert.notEqual((await theOnly()).state, 'closed');
    });

    it('is asked about anew after the answer when the count grows, and lists what came', async () => {
      for (let n = 1; n <= 10; n++) await send(deletion(n, now));
      await dismiss(await theOnly(COUNTED), people.morgan);
      await dismiss(await theOnly(COUNTED), security);
      const before = await theOnly(COUNTED);
      assert.equal(before.state, 'dismissed');
      const eleventh = await send(deletion(11, now));

      assert.deepEqual([eleventh.outcome, eleventh.case], ['reopened', before.ref]);
      const about = await theOnly(COUNTED);
      assert.equal(english(about.facts[0]?.value ?? ''), '11 times in 1 hour');
      assert.equal(about.question?.approver.kind, 'person');
    });
  });
});
