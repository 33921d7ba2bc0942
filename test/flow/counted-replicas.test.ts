// Counting among replicas that share one PostgreSQL, and by the running service itself.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { DEFAULT_DETECTION } from '../../src/case/settings.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { deletion } from '../helpers/cloudtrail.ts';
import { createCountingRules, LONELY_TITLE } from '../helpers/counting-rules.ts';
import { english } from '../helpers/english.ts';
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { startWorld, until } from '../helpers/world.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE = 60_000;
const CALLERS = [people.alex, people.priya, people.sam].map((one) => one.userPrincipalName);

describe('counting on two replicas', () => {
  let folder: string;
  let database: TestDatabase | undefined;
  const replicas: TestApp[] = [];
  let now: number;
  beforeEach(async function () {
    database = await createDatabase(this);
    const { url } = database;
    now = START;
    folder = createCountingRules('30m');
    const detection = { ...DEFAULT_DETECTION, ruleFolders: [folder] };
    const open = () => createTestApp({ detection }, { clock: { now: () => now }, databaseUrl: url });
    replicas.push(await open(), await open());
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((one) => one.close()));
    await database?.drop();
    database = undefined;
    rmSync(folder, { recursive: true, force: true });
  });
  const replica = (turn: number): TestApp => {
    const found = replicas[turn % 2];
    assert.ok(found);
    return found;
  };

  it('opens one case a person, though both get every event, in opposite orders and in deliveries of many', async () => {
    const events = Array.from({ length: 10 }, (_, number) =>
      CALLERS.map((caller) => deletion(number, START - number * MINUTE, caller)),
    ).flat();
    const batches = (all: readonly object[]) =>
      Array.from({ length: 5 }, (_, turn) => all.slice(turn * 6, turn * 6 + 6));

    const receipts = await Promise.all([
      ...batches(events).map((batch) => replica(0).app.acceptCloudTrail(batch)),
      ...batches(events.toReversed()).map((batch) => replica(1).app.acceptCloudTrail(batch)),
    ]);

    const opened = receipts.flat().filter((one) => one.outcome === 'opened');
    assert.equal(opened.length, CALLERS.length);
    const cases = (await replica(0).store.listCases()).filter(
      (one) => one.policy.id === 'aws-multiple-storage-deletion',
    );
    assert.deepEqual(
      cases.map((one) => english(one.facts[0]?.value ?? '')),
      CALLERS.map(() => '10 times in 1 hour'),
    );
  });

  it('judges what is due once, though both sweep', async () => {
    for (const [turn, caller] of CALLERS.entries())
      await replica(turn).app.acceptCloudTrail(deletion(turn, START, caller));

    now = START + 60 * MINUTE;
    await Promise.all([0, 1, 0, 1].map((turn) => replica(turn).app.sweep()));

    const lonely = (await replica(0).store.listCases()).filter((one) => one.policy.title === LONELY_TITLE);
    assert.equal(lonely.length, CALLERS.length);
    assert.ok(lonely.every((one) => one.seen === 1));
  });
});

describe('the running service', function () {
  this.timeout(60_000);

  it('judges windows that are over by itself', async () => {
    const folder = createCountingRules('1s');
    const world = await startWorld({
      settings: { detection: { rules: [folder], lateness: '1s' } },
      waits: { sweepMs: 50 },
    });
    try {
      const [key] = world.config.cloudtrailKeys;
      const response = await world.post('/api/alerts/cloudtrail', deletion(1, Date.now()), {
        'x-countersign-key': key?.reveal() ?? '',
      });
      assert.equal(response.status, 202);

      const about = await until('a case of what stayed alone', async () =>
        (await world.store.listCases()).find((one) => one.policy.title === LONELY_TITLE),
      );

      await world.cardFor(people.morgan.userPrincipalName, about.ref);
    } finally {
      await world.close();
      rmSync(folder, { recursive: true });
    }
  });
});
