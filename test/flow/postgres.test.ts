// The main job on PostgreSQL, and two replicas that share one: one case, one card, one decision, no change done twice.
import assert from 'node:assert/strict';
import path from 'node:path';
import { createLog } from '../../src/adapters/log.ts';
import { createCheckpointFile } from '../../src/adapters/store/checkpoint-file.ts';
import { publicKeyOf, readPrivateKey } from '../../src/audit/key.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { PEOPLE, people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { type Service, startService } from '../../src/service.ts';
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { activitiesOf, deliver } from '../helpers/teams-activities.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const { morgan, yuki } = people;
const MORGAN = morgan.userPrincipalName;
const INVOICE = '/contoso-invoices/invoices-2026.csv';

describe('on PostgreSQL', function () {
  this.timeout(120_000);
  let database: TestDatabase | undefined;
  let world: TestWorld;
  let second: Service | null = null;
  beforeEach(async function () {
    database = await createDatabase(this);
    world = await startWorld({
      env: { DATABASE_URL: database.url, COUNTERSIGN_SEAL_SECONDS: '1' },
    });
  });
  afterEach(async () => {
    if (!database) return;
    await second?.stop();
    second = null;
    await world.close();
    await database.drop();
    database = undefined;
  });

  const anonymous = async (): Promise<number> => (await fetch(`${world.running.s3}${INVOICE}`)).status;
  const cardsOf = async (user: string) =>
    (await world.messages(user)).filter((one) => one.kind === 'card').length;
  /** Changes by Countersign, by what they were. */
  function changes(): Readonly<Record<string, number>> {
    const made = [
      ...world.sandbox.s3.world.calls
        .filter((one) => one.caller.includes('assumed-role') && /^(Put|Delete)/.test(one.operation))
        .map((one) => one.operation),
      ...world.sandbox.graph.requests
        .filter((one) => one.method === 'POST' && !one.path.includes('/teamwork/'))
        .map((one) => one.path.split('/').at(-1) ?? ''),
    ];
    return Object.fromEntries([...new Set(made)].map((one) => [one, made.filter((it) => it === one).length]));
  }
  async function checkTrail(checkpoints = world.config.audit.checkpoints): Promise<void> {
    const report = await verifyTrail({
      trail: world.store,
      log: createCheckpointFile(checkpoints),
      publicKey: publicKeyOf(readPrivateKey(world.config.audit.key.reveal())),
    });
    assert.deepEqual(report.problems, []);
    assert.ok(report.entries > 5);
  }

  it('does the main job: asks, acts, proves, undoes, and leaves a trail that checks', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const card = await world.cardFor(MORGAN, ref);
    assert.equal(await anonymous(), 200);
    const title = card.buttons.find((one) => one.data.offer === 'contain')?.title;
    await world.click({ user: MORGAN, title });
    await world.untilState(ref, 'contained');
    assert.equal(await anonymous(), 403);
    await world.restart();
    await world.click({ user: MORGAN, verb: 'undo' });
    await world.untilState(ref, 'undone');

    assert.equal(await anonymous(), 200);
    assert.deepEqual(changes(), {
      PutBucketPolicy: 2,
      PutPublicAccessBlock: 1,
      DeletePublicAccessBlock: 1,
      revokeSignInSessions: 1,
    });
    await checkTrail();
  });

  describe('with two replicas', () => {
    /** The same settings, but for the port and the file of checkpoints: a replica has no more of its own. */
    beforeEach(async () => {
      const checkpoints = path.join(world.directory, 'checkpoints-2.jsonl');
      const config = { ...world.config, port: 0, audit: { ...world.config.audit, checkpoints } };
      second = await startService(config, createLog(config.logLevel), {
        limits: { rate: 5_000, burst: 5_000 },
      });
    });
    const replicas = (): readonly string[] => [world.url, second?.url ?? ''];

    /** Delivers one event to both at once, several times over; answers the case's reference. */
    async function toBoth(body: unknown, door: string, headers: Record<string, string>): Promise<string> {
      const answers = await Promise.all(
        [...replicas(), ...replicas(), ...replicas()].map((url) =>
          fetch(`${url}${door}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify(body),
          }),
        ),
      );
      const receipts = await Promise.all(
        answers.map(async (answer) => {
          const { alerts } = (await answer.json()) as { alerts: { outcome: string; case: string }[] };
          return { status: answer.status, ...alerts[0] };
        }),
      );
      assert.deepEqual(
        receipts.map((one) => one.status).sort(),
        [200, 200, 200, 200, 200, 202],
        JSON.stringify(receipts),
      );
      const [ref = '', ...others] = new Set(receipts.map((one) => one.case));
      assert.deepEqual(others, []);
      return ref ?? '';
    }

    it('opens one case, sends one card, takes one of two clicks, and changes everything once', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const card = await world.cardFor(MORGAN, ref);
      await world.untilIdle();
      assert.equal(await cardsOf(MORGAN), 1);

      const activities = activitiesOf(world);
      const press = (offer: string) => {
        const button = card.buttons.find((one) => one.data.offer === offer);
        assert.ok(button);
        return activities.pressed({ person: morgan }, card.activityId, { type: 'Action.Execute', ...button });
      };
      const answers = await Promise.all(
        replicas().flatMap((url) => [
          deliver(world, press('contain'), url),
          deliver(world, press('make-private'), url),
        ]),
      );
      await world.untilState(ref, 'contained');
      await world.untilIdle();

      assert.deepEqual(
        answers.map((one) => one.status),
        [200, 200, 200, 200],
      );
      assert.equal(answers.filter((one) => one.text.includes('Already decided by Morgan Reyes')).length, 3);
      const about = await world.theCase(ref);
      assert.equal(about.decisions.length, 1);
      const both = about.decisions[0]?.offer === 'contain';
      assert.deepEqual(changes(), {
        PutBucketPolicy: 1,
        PutPublicAccessBlock: 1,
        ...(both && { revokeSignInSessions: 1 }),
      });
      await Promise.all([second?.stop(), world.restart()]);
      second = null;
      await checkTrail();
      await checkTrail(path.join(world.directory, 'checkpoints-2.jsonl'));
    });

    it('takes one event at both doors for one', async () => {
      const alert = world.sandbox.graph.addAlert(
        SAMPLES['mass-download']?.build(new Date(), 'replicas') as Record<string, never>,
      );
      const ref = await toBoth(alert, '/api/alerts/graph', {
        authorization: `Bearer ${await world.token()}`,
      });
      await world.cardFor(MORGAN, ref);
      await world.untilIdle();

      assert.equal((await world.store.listCases()).length, 1);
      assert.equal((await world.theCase(ref)).seen, 1);
      assert.equal(await cardsOf(MORGAN), 1);
      const trail = await world.trail(ref);
      assert.deepEqual(trail, ['case.opened', 'question.asked', 'question.sent']);
    });

    it('sends one card for each of many cases that come in at both at once', async () => {
      const samples = ['mass-download', 'no-manager', 'disabled-manager', 'guest-manager', 'contact-manager'];
      samples.push('unreachable-manager', 'guest', 'administrator', 'synced-user', 'manager-is-suspect');
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${await world.token()}`,
      };
      const answers = await Promise.all(
        samples.map(async (sample, n) => {
          const response = await fetch(`${replicas()[n % 2]}/api/alerts/graph`, {
            method: 'POST',
            headers,
            body: JSON.stringify(SAMPLES[sample]?.build(new Date(), `many-${n}`)),
          });
          const { alerts } = (await response.json()) as { alerts: { case: string }[] };
          return alerts[0]?.case ?? '';
        }),
      );
      for (const ref of answers) await world.untilState(ref, 'asking');
      await world.untilIdle();

      assert.equal(new Set(answers).size, samples.length);
      for (const ref of answers)
        assert.deepEqual(await world.trail(ref), ['case.opened', 'question.asked', 'question.sent']);
      const readers = ['channel', ...PEOPLE.map((one) => one.userPrincipalName)];
      const sent = await Promise.all(readers.map(cardsOf));
      assert.equal(
        sent.reduce((sum, one) => sum + one, 0),
        samples.length,
      );
    });

    it('joins different events of one person at both doors into one case', async () => {
      const headers = { 'x-countersign-key': world.running.cloudtrailKey };
      const events = Array.from({ length: 8 }, (_, n) =>
        SAMPLES['bucket-public']?.build(new Date(), `replicas-${n}`),
      );
      const answers = await Promise.all(
        events.map((event, n) =>
          fetch(`${replicas()[n % 2]}/api/alerts/cloudtrail`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify(event),
          }),
        ),
      );
      assert.deepEqual(
        answers.map((one) => one.status),
        events.map(() => 202),
      );
      const [only, ...others] = await world.store.listCases();
      assert.equal(others.length, 0);
      assert.equal(only?.seen, 8);
    });

    it('writes one verdict, when the manager and the security team answer at different replicas at once', async () => {
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      await world.untilIdle();
      const activities = activitiesOf(world);
      const [one = '', other = ''] = replicas();
      await Promise.all([
        deliver(world, activities.said({ person: morgan }, `dismiss ${ref}`), one),
        deliver(world, activities.said({ person: yuki }, `dismiss ${ref}`), other),
      ]);
      await world.untilState(ref, 'dismissed');
      await world.untilIdle();

      assert.equal((await world.theCase(ref)).decisions.length, 1);
      const comments = world.sandbox.graph.state().alerts.at(-1)?.comments as readonly unknown[];
      assert.equal(comments.length, 1);
    });

    it('goes on with what a replica left that was stopped', async () => {
      const ref = refOf(await world.fire('bucket-public'));
      const card = await world.cardFor(MORGAN, ref);
      const button = card.buttons.find((one) => one.data.offer === 'contain');
      assert.ok(button);
      const press = activitiesOf(world).pressed({ person: morgan }, card.activityId, {
        type: 'Action.Execute',
        ...button,
      });
      await deliver(world, press, second?.url);
      await second?.stop();
      second = null;
      await world.untilState(ref, 'contained');

      assert.equal(await anonymous(), 403);
      assert.deepEqual(changes(), { PutBucketPolicy: 1, PutPublicAccessBlock: 1, revokeSignInSessions: 1 });
    });
  });
});
