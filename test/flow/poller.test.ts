// Pulling alerts from Graph: nothing missed, nothing twice, whether they were pushed as well or not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/case/json.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const MINUTE_MS = 60_000;

describe('the poller', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let asked: (number | undefined)[];
  beforeEach(async () => {
    asked = [];
    world = await startWorld({
      env: { COUNTERSIGN_POLL_SECONDS: '1' },
      waits: {
        pollMs: 100,
        backOff: (_attempts, retryAfterMs) => {
          asked.push(retryAfterMs);
          return 5;
        },
      },
    });
  });
  afterEach(() => world.close());

  const alertOf = (sample = 'mass-download', over: JsonObject = {}): JsonObject => ({
    ...(SAMPLES[sample]?.build(new Date(), randomUUID()) as JsonObject),
    ...over,
  });
  /** As Defender would raise it: nobody pushes it. */
  const raise = (alert = alertOf()): JsonObject => world.sandbox.graph.addAlert(alert);
  const atMicrosoft = (id: unknown) => world.sandbox.graph.state().alerts.find((one) => one.id === id);
  const polls = () =>
    world.sandbox.graph.requests.filter((one) => /alerts_v2\?/.test(decodeURIComponent(one.path)));
  /** Where the rounds so far began, in milliseconds since 1970. */
  const begins = (): readonly number[] =>
    polls().map((one) => {
      const filter = new URL(one.path, 'https://graph.example').searchParams.get('$filter') ?? '';
      return Date.parse(filter.replace('lastUpdateDateTime ge ', ''));
    });
  /** A whole round that began after now: its request, and the next one, which only follows once it is done. */
  async function aRound(): Promise<void> {
    const before = polls().length;
    await until('a round of the poller', async () => polls().length >= before + 2);
  }
  const cases = () => world.store.listCases({ limit: 100 });
  const caseFor = (alert: JsonObject) =>
    until(`a case for ${alert.id}`, async () =>
      (await cases()).find((one) => one.sources.some((source) => source.sourceId === alert.id)),
    );
  const cardsOf = async (user: string) =>
    (await world.messages(user)).filter((one) => one.kind === 'card').length;

  it('picks up an alert that nobody pushed', async () => {
    const { ref } = await caseFor(raise());
    const card = await world.cardFor(MORGAN, ref);

    assert.match(card.words, /Alex Weber downloaded far more files than usual/);
  });

  it('opens nothing twice for an alert that is pushed and polled', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await world.cardFor(MORGAN, ref);
    await aRound();

    const [only, ...others] = await cases();
    assert.deepEqual([only?.ref, only?.seen, others.length], [ref, 1, 0]);
    assert.equal(await cardsOf(MORGAN), 1);
    assert.equal((await world.trail(ref)).filter((kind) => kind.startsWith('case.')).length, 1);
  });

  it('looks back a day at its first start, and five minutes behind its watermark from then on, across a restart', async () => {
    await caseFor(raise());
    await aRound();
    const [first = 0, ...later] = begins();
    const before = later.length;
    let missed: JsonObject = {};
    await world.restart(async () => {
      missed = raise(alertOf('no-manager'));
    });
    await caseFor(missed);

    assert.ok(Math.abs(Date.now() - 24 * 60 * MINUTE_MS - first) < 5 * MINUTE_MS);
    const afterRestart = begins()[before + 1] ?? 0;
    const watermark = Date.parse((await world.store.readMark('graph.alerts.watermark')) ?? '');
    assert.ok(afterRestart > first + 23 * 60 * MINUTE_MS, new Date(afterRestart).toISOString());
    assert.ok(afterRestart <= watermark - 5 * MINUTE_MS, new Date(afterRestart).toISOString());
    assert.equal((await cases()).length, 2);
  });

  it('sees an alert that Microsoft shows late, with a time before the watermark', async () => {
    await caseFor(raise());
    await aRound();
    const late = alertOf('no-manager', {
      lastUpdateDateTime: new Date(Date.now() - 4 * MINUTE_MS).toISOString(),
    });
    await caseFor(raise(late));

    assert.equal((await cases()).length, 2);
  });

  it('reads on behind an alert that it cannot read, and takes that one up once it is readable', async () => {
    const older = new Date(Date.now() - MINUTE_MS).toISOString();
    const broken = raise(alertOf('no-manager', { lastUpdateDateTime: older, evidence: 'none' }));
    const good = raise();
    await caseFor(good);
    await aRound();
    assert.equal((await cases()).length, 1);

    raise({ id: broken.id ?? '', evidence: alertOf('no-manager').evidence ?? [] });
    await caseFor(broken);
  });

  it('reopens nothing when it meets the verdict that was written back', async () => {
    const alert = raise();
    const { ref } = await caseFor(alert);
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');
    await until('the verdict', async () => atMicrosoft(alert.id)?.status === 'resolved');
    await world.untilIdle();
    await aRound();

    const [only, ...others] = await cases();
    assert.deepEqual([only?.state, only?.seen, others.length], ['dismissed', 1, 0]);
    assert.equal(await cardsOf(MORGAN), 1);
    // It was met: what is known of the alert has moved on to the revision that we made.
    const mark = await world.store.readMark('graph.alerts.watermark');
    assert.equal(Date.parse(mark ?? ''), Date.parse(String(atMicrosoft(alert.id)?.lastUpdateDateTime)));
  });

  it('asks nothing anew when it meets its own word that the alert is in progress', async () => {
    const alert = raise();
    const { ref } = await caseFor(alert);
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `escalate ${ref}`);
    await world.cardFor('channel', ref);
    await until('the word', async () => atMicrosoft(alert.id)?.status === 'inProgress');
    await world.untilIdle();
    const before = await world.theCase(ref);
    await aRound();

    assert.deepEqual(await world.theCase(ref), before);
    assert.equal((await cases()).length, 1);
  });

  it('closes the question when the alert is resolved in Defender', async () => {
    const alert = raise();
    const { ref } = await caseFor(alert);
    await world.cardFor(MORGAN, ref);
    raise({ id: alert.id ?? '', status: 'resolved', classification: 'falsePositive' });
    await world.untilState(ref, 'closed');

    const card = await world.cardFor(MORGAN, ref);
    assert.match(card.words, /resolved in Microsoft Defender/);
    assert.equal(card.buttons.length, 0);
    // Somebody else's verdict stays as it is.
    await world.untilIdle();
    assert.equal(atMicrosoft(alert.id)?.classification, 'falsePositive');
    assert.deepEqual(atMicrosoft(alert.id)?.comments, []);
  });

  it('asks anew when new evidence comes in on an alert that is being asked about', async () => {
    const alert = raise();
    const { ref } = await caseFor(alert);
    await world.cardFor(MORGAN, ref);
    const [question] = [(await world.theCase(ref)).question?.id];
    raise({ id: alert.id ?? '', severity: 'high' });
    const about = await until('a new question', async () => {
      const found = await world.theCase(ref);
      return found.state === 'asking' && found.question?.id !== question ? found : null;
    });

    assert.equal(about.severity, 'high');
    assert.equal((await cases()).length, 1);
  });

  it('waits as long as Graph asks for, and misses nothing meanwhile', async () => {
    world.sandbox.graph.faults.add({
      path: /alerts_v2$/,
      times: 1,
      answer: { kind: 'throttle', retryAfter: '9' },
    });
    world.sandbox.graph.faults.add({ path: /alerts_v2$/, times: 1, answer: { kind: 'status', status: 503 } });
    // A round that began before the faults may still be reading: the alert comes once the first fault has struck.
    await until('the first refusal', async () => world.sandbox.graph.faults.pending() === 1);
    await caseFor(raise());

    assert.equal(world.sandbox.graph.faults.pending(), 0);
    assert.deepEqual(asked, [9_000, undefined]);
  });
});
