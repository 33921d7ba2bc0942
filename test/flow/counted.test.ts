// Counted policies through the whole flow: one case for many events, whatever the order in which they come and however often.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import sinon from 'sinon';
import type { Case } from '../../src/case/case.ts';
import { DEFAULT_DETECTION, type DetectionSettings } from '../../src/case/settings.ts';
import { targetLabel } from '../../src/case/target.ts';
import { writeOut } from '../../src/case/written.ts';
import { windowOf } from '../../src/detect/onward.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { deedOf } from '../../src/ingest/deeds.ts';
import { parseCloudTrail } from '../../src/ingest/sources/cloudtrail-event.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import { MAX_WINDOW_EVENTS } from '../../src/ports/windows.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { bucketDeletion, deletion, deletions, failedSignIn } from '../helpers/cloudtrail.ts';
import { createCountingRules, LONELY_TITLE, PAIR_TITLE } from '../helpers/counting-rules.ts';
import { english } from '../helpers/english.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE = 60_000;

describe('a counted policy', () => {
  let app: TestApp;
  let now: number;
  const log = { debug: sinon.fake(), info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const start = async (detection: Partial<DetectionSettings> = {}): Promise<void> => {
    app = await createTestApp(
      { detection: { ...DEFAULT_DETECTION, ...detection } },
      { clock: { now: () => now }, log },
    );
  };
  beforeEach(() => {
    now = START;
    sinon.reset();
    for (const write of Object.values(log)) write.resetHistory();
  });
  afterEach(() => app.close());

  const send = async (events: readonly object[]) => {
    const receipts = [];
    for (const event of events) receipts.push(...(await app.app.acceptCloudTrail(event)));
    return receipts;
  };
  const counted = async () =>
    (await app.store.listCases()).filter((one) => one.policy.id === 'aws-multiple-storage-deletion');
  const factsOf = ({ facts }: Case) => writeOut(facts, english);

  it('asks once, about all of them, when there are enough', async () => {
    await start();

    const nine = await send(deletions(9, START - 30 * MINUTE));
    const [tenth] = await send([deletion(10, START - MINUTE)]);

    assert.deepEqual(
      nine.map(({ outcome, case: ref }) => ({ outcome, ref })),
      Array(9).fill({ outcome: 'recorded', ref: null }),
    );
    assert.equal(tenth?.outcome, 'opened');
    const about = await app.settled(tenth?.case ?? '');
    assert.equal(about.policy.id, 'aws-multiple-storage-deletion');
    assert.equal(about.state, 'asking');
    assert.equal(about.question?.approver.kind, 'person');
    assert.deepEqual(factsOf(about)[0], { label: 'Counted', value: '10 times in 1 hour' });
    assert.equal(about.seen, 10);
    assert.equal(about.firstSeenAt, new Date(START - 30 * MINUTE).toISOString());
  });

  it('counts on, and does not ask again for each further one', async () => {
    await start();
    const receipts = await send(deletions(10, START - 30 * MINUTE));
    const asked = await app.settled(receipts.at(-1)?.case ?? '');

    const further = await send([deletion(11, START), deletion(12, START)]);

    assert.deepEqual(
      further.map(({ outcome, case: ref }) => ({ outcome, ref })),
      Array(2).fill({ outcome: 'joined', ref: asked.ref }),
    );
    const about = await app.settled(asked.ref);
    assert.equal(about.question?.id, asked.question?.id);
    assert.equal(about.state, 'asking');
    assert.equal(about.seen, 12);
    assert.equal(factsOf(about).filter((fact) => fact.label === 'Counted').length, 1);
    assert.equal(factsOf(about)[0]?.value, '12 times in 1 hour');
    assert.match(await app.say(people.morgan, `case ${about.ref}`), /12 times in 1 hour/);
  });

  it('shows what further ones were aimed at, and leaves the question as it is', async () => {
    await start();
    const buckets = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, place) => bucketDeletion(from + place, START));
    await send(buckets(1, 10));
    const [before] = await counted();
    const asked = await app.settled(before?.ref ?? '');

    await send(buckets(11, 13));

    const about = await app.settled(asked.ref);
    assert.deepEqual(
      about.targets.map(targetLabel),
      [10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13].map((number) => `contoso-archive-${number}`),
    );
    assert.equal(about.question?.id, asked.question?.id);
  });

  it('is one case for what counts together, where nobody knows who it was', async () => {
    await start();

    await send(Array.from({ length: 14 }, (_, number) => bucketDeletion(number, START, 'root')));

    assert.deepEqual(
      (await counted()).map(({ hint, seen }) => ({ kind: hint.kind, seen })),
      [{ kind: 'unknown', seen: 14 }],
    );
  });

  it('comes to the same whatever the order in which events arrive, and however often', async () => {
    await start();
    const events = deletions(10, START - 30 * MINUTE);
    const shuffled = [7, 2, 9, 0, 4, 4, 1, 7, 8, 3, 6, 2, 5].flatMap((place) => events[place] ?? []);

    const receipts = await send(shuffled);

    assert.equal(receipts.filter((one) => one.outcome === 'opened').length, 1);
    assert.equal(receipts.at(-1)?.outcome, 'opened', 'and not before all were there');
    const [about, ...others] = await counted();
    assert.deepEqual(others, []);
    assert.equal(about && factsOf(about)[0]?.value, '10 times in 1 hour');
    assert.equal(about?.firstSeenAt, new Date(START - 30 * MINUTE).toISOString());
  });

  it('counts a late event where it belongs', async () => {
    await start();
    await send(deletions(9, START - 20 * MINUTE));

    now = START + 40 * MINUTE;
    const [outside] = await send([deletion(20, START + 40 * MINUTE)]);
    const [late] = await send([deletion(10, START - 15 * MINUTE)]);

    assert.equal(outside?.outcome, 'recorded', 'its hour holds nine');
    assert.equal(late?.outcome, 'opened');
  });

  it('reports an event that comes too late, and does not count it', async () => {
    await start();
    await send(deletions(9, START - 20 * MINUTE));

    now = START + 80 * MINUTE;
    const [late] = await send([deletion(10, START - 15 * MINUTE)]);

    assert.equal(late?.outcome, 'recorded');
    sinon.assert.calledOnceWithMatch(
      log.warn,
      { correlations: ['aws-multiple-storage-deletion'] },
      'event came too late to be counted',
    );
  });

  it('counts what one person does apart from what another does', async () => {
    await start();

    const receipts = await send([
      ...deletions(9, START - 30 * MINUTE),
      deletion(10, START, people.dana.userPrincipalName),
    ]);

    assert.ok(receipts.every((one) => one.outcome === 'recorded'));
  });

  it('keeps nothing of a delivery that fails: what comes again is counted once', async () => {
    await start();
    const events = deletions(10, START - 30 * MINUTE);
    const failing = sinon.stub(app.store, 'transact').callsFake(async (work) => {
      failing.restore();
      return app.store.transact(async (tx) => {
        await work(tx);
        throw new Error('the power went');
      });
    });
    await assert.rejects(send(events.slice(0, 1)), /the power went/);

    const receipts = await send(events);

    assert.deepEqual(
      receipts.map((one) => one.outcome),
      [...Array(9).fill('recorded'), 'opened'],
    );
  });

  it('locks every window of a delivery in one order, before anything else', async () => {
    await start();
    const asked: string[] = [];
    const { transact } = app.store;
    sinon.replace(app.store, 'transact', (work) =>
      transact((tx) => {
        const { windows, findAlert } = tx;
        const lock = async (window: string) => {
          asked.push(window);
          await windows.lock(window);
        };
        return work({
          ...tx,
          windows: { ...windows, lock },
          findAlert: async (...which) => {
            asked.push('alert');
            return findAlert(...which);
          },
        });
      }),
    );

    await app.app.acceptCloudTrail([
      deletion(1, START, 'zoe@contoso.example'),
      deletion(1, START, 'abe@contoso.example'),
    ]);

    const before = asked.slice(0, asked.indexOf('alert'));
    assert.equal(before.length, 2);
    assert.deepEqual(before, before.toSorted());
  });

  it('asks about refused sign-ins in one case, whoever was tried from that address', async () => {
    await start();

    const receipts = await send(
      Array.from({ length: 14 }, (_, turn) => failedSignIn(turn, START - turn * 1_000)),
    );

    const many = (await app.store.listCases()).filter(
      (one) => one.policy.id === 'aws-multiple-failed-logins',
    );
    assert.equal(many.length, 1);
    assert.equal(many[0]?.seen, 14);
    assert.deepEqual(
      receipts.slice(9).map((one) => one.case),
      Array(5).fill(many[0]?.ref),
      'nor are they asked about one by one',
    );
  });

  it('counts an alert once, however often Defender revises it', async () => {
    const folder = createCountingRules('10m');
    await start({ ruleFolders: [folder] });
    rmSync(folder, { recursive: true });
    const download = (seed: string, revision: object) => ({
      ...(SAMPLES['mass-download']?.build(new Date(START), seed) as object),
      ...revision,
    });
    const pairs = async () => (await app.store.listCases()).filter((one) => one.policy.title === PAIR_TITLE);

    await app.app.acceptGraph(download('one', {}));
    const [revised] = await app.app.acceptGraph(
      download('one', { severity: 'high', lastUpdateDateTime: new Date(START).toISOString() }),
    );
    assert.equal(revised?.outcome, 'joined', 'it was news');
    assert.deepEqual(await pairs(), []);

    await app.app.acceptGraph(download('two', {}));

    assert.deepEqual(
      (await pairs()).map((one) => factsOf(one)[0]?.value),
      ['2 times in 1 hour'],
    );
  });

  describe('with a window that is full', () => {
    const fillWindow = (): void => {
      const { catalogue } = requireCatalogue({ knownActions: [...ACTIONS.keys()] });
      const { detail } = deletion(0, START) as { readonly detail: never };
      const [observation] = catalogue.evaluate('cloudtrail', detail).observations;
      assert.ok(observation);
      const database = new DatabaseSync(path.join(app.directory, 'countersign.sqlite'));
      database
        .prepare(
          `insert into window_event (window_id, event_id, at_ms, rule, value, crossed, onward)
           with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?)
           select ?, 'filled ' || n, ?, ?, '', 1, '{"id":"filled","to":[]}' from numbers`,
        )
        .run(MAX_WINDOW_EVENTS, windowOf(observation), START - MINUTE, observation.rule);
      database.close();
    };

    it('tells the operator and the security team once, and still records every event', async () => {
      await start();
      fillWindow();

      const receipts = await send(deletions(3, START));

      assert.deepEqual(
        receipts.map((one) => one.outcome),
        ['opened', 'recorded', 'recorded'],
      );
      const about = await app.settled(receipts[0]?.case ?? '');
      assert.equal(about.question?.approver.kind, 'security');
      assert.equal(factsOf(about)[0]?.label, 'Counting stopped');
      sinon.assert.calledOnceWithMatch(
        log.error,
        { correlation: 'aws-multiple-storage-deletion' },
        'window is full, its events are no longer counted',
      );
    });
  });

  describe('whose condition more events could unmake', () => {
    let folder: string;
    beforeEach(async () => {
      folder = createCountingRules('10m');
      await start({ ruleFolders: [folder] });
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const lonely = async () =>
      (await app.store.listCases()).filter((one) => one.policy.title === LONELY_TITLE);

    it('asks once its window is over and no late event can come, and only once', async () => {
      const [receipt] = await send([deletion(1, START)]);
      await app.app.sweep();
      now = START + 40 * MINUTE - 1;
      await app.app.sweep();
      assert.equal(receipt?.outcome, 'recorded');
      assert.deepEqual(await lonely(), []);

      now = START + 40 * MINUTE;
      await Promise.all([app.app.sweep(), app.app.sweep()]);
      await app.app.sweep();

      const [about, ...others] = await lonely();
      assert.deepEqual(others, []);
      assert.ok(about);
      assert.equal((await app.settled(about.ref)).state, 'asking');
      assert.equal(about.hint.kind, 'entra');
      const [alert] = parseCloudTrail(deletion(1, START), { accounts: ['123456789012'] });
      assert.ok(alert);
      assert.deepEqual(
        about.deeds,
        [deedOf(alert, about.hint)],
        'so that a repeat after the answer is known',
      );
      assert.deepEqual(factsOf(about)[0], { label: 'Counted', value: 'once in 10 minutes' });
      const [again] = await send([deletion(1, START)]);
      assert.deepEqual(
        { outcome: again?.outcome, case: again?.case },
        { outcome: 'repeat', case: about.ref },
      );
    });

    it('asks nothing when another event came, however late', async () => {
      await send([deletion(2, START + 5 * MINUTE)]);
      now = START + 30 * MINUTE;
      await send([deletion(1, START)]);

      now = START + 90 * MINUTE;
      await app.app.sweep();

      assert.deepEqual(await lonely(), []);
    });

    it('keeps nothing for ever', async () => {
      await send(deletions(12, START));

      now = START + 24 * 60 * MINUTE;
      await app.app.sweep();

      const database = new DatabaseSync(path.join(app.directory, 'countersign.sqlite'), { readOnly: true });
      const left = ['window_event', 'window_due'].map((table) =>
        Number(database.prepare(`select count(*) as left from ${table}`).get()?.left),
      );
      database.close();
      assert.deepEqual(left, [0, 0]);
    });
  });
});
