// kill -9 of the real process, at moments that hurt, and a start in the same directory: the case goes on, nothing is lost,
// nothing is done twice. The world around it lives on, as it does outside a test.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fire } from '../../src/sandbox/fire.ts';
import { people } from '../../src/sandbox/people.ts';
import { readRunning } from '../../src/sandbox/running.ts';
import { freePort } from '../../src/sandbox/teams/free-port.ts';
import { type CommandOptions, jsonLines, runCommand } from '../helpers/command.ts';
import { type CountersignProcess, createServiceProcesses, startProcess } from '../helpers/service-process.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;

/** `countersign ...` beside the running bot: what it printed, line by line. */
async function command(
  args: readonly string[],
  options: CommandOptions,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { code, stdout, stderr } = await runCommand([...args, '--json'], options);
  assert.equal(code, 0, stderr);
  return jsonLines(stdout);
}

describe('kill -9', function () {
  this.timeout(180_000);
  const processes = createServiceProcesses();
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ boot: processes.boot });
  });
  afterEach(() => world.close());

  const graph = () => world.sandbox.graph;
  const s3 = () => world.sandbox.s3.world;
  const graphCalls = (method: string, path: RegExp): number =>
    graph().requests.filter((one) => one.method === method && path.test(one.path)).length;
  const s3Writes = (operation: string): number =>
    s3().calls.filter(
      (one) => one.operation === operation && one.caller.includes('assumed-role') && one.status < 300,
    ).length;
  const faultsMet = () =>
    until('the moment', async () => graph().faults.pending() + s3().faults.pending() === 0);
  const cardsOf = async (ref: string) =>
    (await world.messages(MORGAN)).filter((one) => one.kind === 'card' && one.words.includes(ref));
  const count = async (ref: string, kind: string): Promise<number> =>
    (await world.trail(ref)).filter((one) => one === kind).length;

  async function killAndStart(): Promise<void> {
    await processes.current().kill();
    await world.restart();
  }
  /** Somebody presses again when they got no answer. */
  const sayUntilItCounts = (line: string, counts: () => Promise<boolean>) =>
    until(line, async () => {
      if (await counts()) return true;
      await world.say(MORGAN, line);
      return counts();
    });
  /** What somebody is still said to work on. */
  function leasedSteps(): unknown {
    const database = new DatabaseSync(path.join(world.directory, 'countersign.sqlite'), { readOnly: true });
    const row = database.prepare('select count(*) as n from step where leased_until_ms is not null').get();
    database.close();
    return row?.n;
  }
  async function checkTrail(): Promise<Readonly<Record<string, unknown>>> {
    const [report] = await command(['audit', 'verify'], {
      cwd: world.directory,
      env: { COUNTERSIGN_STATE_DIR: world.directory },
    });
    assert.deepEqual([report?.ok, report?.problems], [true, []]);
    return report ?? {};
  }

  interface Moment {
    readonly when: string;
    /** Arranged before the event, before the approval, or before the undo: the process is killed once it was met. */
    readonly before: 'event' | 'approval' | 'undo';
    readonly arrange: () => void;
    /** Calls that arrived and were never carried out. */
    readonly lost?: number;
  }

  const MOMENTS: readonly Moment[] = [
    { when: 'right after the event was acknowledged', before: 'event', arrange: () => undefined },
    {
      when: 'while it looks up the subject',
      before: 'event',
      arrange: () => graph().faults.add({ path: /^\/v1\.0\/users\//, answer: { kind: 'hang' } }),
    },
    {
      when: 'while it installs the app, which is done and not answered',
      before: 'event',
      arrange: () =>
        graph().faults.add({ method: 'POST', path: /installedApps$/, answer: { kind: 'lose-answer' } }),
    },
    { when: 'right after the approval', before: 'approval', arrange: () => undefined },
    {
      when: 'between the commit and the first change',
      before: 'approval',
      arrange: () => s3().faults.add('PutBucketPolicy', 1, { kind: 'hang' }),
    },
    {
      when: 'after a change whose answer is lost',
      before: 'approval',
      arrange: () => s3().faults.add('PutBucketPolicy', 1, { kind: 'cut', after: true }),
    },
    {
      when: 'after the last change of an action whose answer is lost',
      before: 'approval',
      arrange: () => s3().faults.add('PutPublicAccessBlock', 1, { kind: 'cut', after: true }),
    },
    {
      when: 'before the sign-out is carried out',
      before: 'approval',
      arrange: () => graph().faults.add({ path: /revokeSignInSessions$/, answer: { kind: 'hang' } }),
      lost: 1,
    },
    {
      when: 'after the sign-out, whose answer is lost',
      before: 'approval',
      arrange: () => graph().faults.add({ path: /revokeSignInSessions$/, answer: { kind: 'lose-answer' } }),
    },
    {
      when: 'in the middle of the undo',
      before: 'undo',
      arrange: () => s3().faults.add('PutBucketPolicy', 1, { kind: 'hang' }),
    },
    {
      when: 'after the undo, whose last answer is lost',
      before: 'undo',
      arrange: () => s3().faults.add('PutBucketPolicy', 1, { kind: 'cut', after: true }),
    },
  ];

  for (const { when, before, arrange, lost = 0 } of MOMENTS)
    it(`${when}: the case goes on, and everything happens once`, async () => {
      const at = async (point: Moment['before']): Promise<void> => {
        if (point !== before) return;
        await faultsMet();
        await killAndStart();
      };
      const stateIs = (ref: string, states: readonly string[]) => async (): Promise<boolean> =>
        states.includes((await world.theCase(ref)).state);

      if (before === 'event') arrange();
      const ref = refOf(await world.fire('bucket-public'));
      const opened = s3().state().buckets;
      await at('event');
      await world.cardFor(MORGAN, ref);
      await world.untilIdle();

      if (before === 'approval') arrange();
      await sayUntilItCounts(`approve ${ref} contain`, stateIs(ref, ['executing', 'contained']));
      await at('approval');
      await world.untilState(ref, 'contained');

      if (before === 'undo') arrange();
      await sayUntilItCounts(`undo ${ref}`, stateIs(ref, ['undoing', 'undone']));
      await at('undo');
      await world.untilState(ref, 'undone');
      await world.untilIdle();

      assert.deepEqual(s3().state().buckets, opened);
      assert.equal(graphCalls('POST', /revokeSignInSessions$/) - lost, 1);
      assert.equal(graphCalls('POST', /installedApps$/), 1);
      const writes = { PutBucketPolicy: 2, PutPublicAccessBlock: 1, DeletePublicAccessBlock: 1 };
      for (const [operation, once] of Object.entries(writes))
        assert.equal(s3Writes(operation), once, operation);
      for (const kind of [
        'case.opened',
        'question.asked',
        'decision.approve',
        'decision.undo',
        'run.reverted',
      ])
        assert.equal(await count(ref, kind), 1, kind);
      assert.equal(await count(ref, 'run.verified'), 2);
      assert.equal((await world.store.listCases()).length, 1);
      for (const card of await cardsOf(ref)) assert.match(card.words, /Undone/);
      assert.ok((await cardsOf(ref)).length >= 1);
      await checkTrail();
    });

  it('after a card whose answer was lost leaves a second card at most, and never a second question', async () => {
    world.sandbox.teams.service.fault({ kind: 'lost-answer', times: 1 });
    const ref = refOf(await world.fire('mass-download'));
    await until('the card', async () => (await cardsOf(ref)).length > 0);
    await killAndStart();
    await until('the copy on record', async () => (await count(ref, 'question.sent')) === 1);
    await world.untilIdle();

    assert.equal((await cardsOf(ref)).length, 2);
    assert.equal(await count(ref, 'question.asked'), 1);
    await checkTrail();
  });

  it('in the middle of a write-back leaves one comment', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await world.cardFor(MORGAN, ref);
    await world.untilIdle();
    graph().faults.add({ method: 'POST', path: /comments$/, answer: { kind: 'lose-answer' } });
    await world.say(MORGAN, `dismiss ${ref}`);
    await faultsMet();
    await killAndStart();
    await world.untilState(ref, 'dismissed');
    await world.untilIdle();

    const alert = graph().state().alerts.at(-1);
    assert.equal((alert?.comments as readonly unknown[] | undefined)?.length, 1);
    assert.equal(alert?.status, 'resolved');
    assert.equal(await count(ref, 'alert.written-back'), 1);
    await checkTrail();
  });

  it('is not needed: on SIGTERM it finishes what it is at, leaves the rest for later, and ends with 0', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    await world.untilIdle();
    const before = s3().calls.length;
    await world.say(MORGAN, `approve ${ref} contain`);
    await until('it to be at it', async () => s3().calls.length > before);
    assert.deepEqual(await processes.current().terminate(), { code: 0, signal: null });

    // No step is left half done: what had begun is on record, with the ids of its requests.
    const answered = s3().calls.filter(
      (one) => one.caller.includes('assumed-role') && /^Put/.test(one.operation),
    );
    const noted = (await world.runs(ref)).flatMap((run) => run.requestIds);
    for (const call of answered) assert.ok(noted.includes(call.requestId), call.operation);
    assert.equal(leasedSteps(), 0);
    assert.equal((await checkTrail()).unprotected, 0);
    await world.restart();
    await world.untilState(ref, 'contained');
    assert.deepEqual([s3Writes('PutBucketPolicy'), s3Writes('PutPublicAccessBlock')], [1, 1]);
    assert.equal(graphCalls('POST', /revokeSignInSessions$/), 1);
  });
});

describe('kill -9 of the whole sandbox', function () {
  this.timeout(180_000);
  let directory: string;
  let current: CountersignProcess | null = null;
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-sandbox-'));
  });
  after(async () => {
    await current?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it('takes its world and its cases up again in the same directory, and ends with 0 on SIGTERM', async () => {
    const PORT = String(await freePort(20_000 + Math.floor(Math.random() * 10_000)));
    const start = async (): Promise<CountersignProcess> =>
      startProcess(['--sandbox', '--no-client'], { cwd: directory, env: { PORT } });
    const where = () => readRunning(path.join(directory, '.countersign'));
    const say = async (text: string): Promise<void> => {
      await fetch(`${where().teams}/say`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: MORGAN, text }),
      });
    };
    const untilCase = (ref: string, state: string) =>
      until(`case ${ref} to be ${state}`, async () =>
        (await command(['cases'], { cwd: directory })).find((one) => one.case === ref && one.state === state),
      );

    current = await start();
    assert.equal(current.ready.bot, `http://127.0.0.1:${PORT}`);
    const ref = refOf(await fire('bucket-public', where()));
    await current.kill();

    current = await start();
    await untilCase(ref, 'asking');
    await say(`approve ${ref} contain`);
    await current.kill();

    current = await start();
    const contained = await untilCase(ref, 'contained');
    const runs = contained.runs as readonly { readonly state: string }[];
    assert.deepEqual(
      runs.map((one) => one.state),
      ['verified', 'verified'],
    );
    assert.equal((await fetch(`${where().s3}/contoso-invoices/invoices-2026.csv`)).status, 403);
    const exported = await runCommand(['audit', 'export'], { cwd: directory });
    const trail = jsonLines(exported.stdout);
    assert.equal(trail.filter((one) => one.kind === 'run.executing').length, 2);
    assert.equal(trail.filter((one) => one.kind === 'decision.approve').length, 1);
    const [report] = await command(['audit', 'verify'], { cwd: directory });
    assert.deepEqual([report?.ok, report?.problems], [true, []]);
    assert.deepEqual(await current.terminate(), { code: 0, signal: null });
  });
});
