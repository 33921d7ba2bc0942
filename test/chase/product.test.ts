// The whole product but for its sockets, over days that a test owns: routed, sent, chased and contained, with a new process now and then.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { createApp } from '../../src/app.ts';
import type { App } from '../../src/app-parts.ts';
import { type Asking, DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import { isCountersignError } from '../../src/case/errors.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import type { Messenger } from '../../src/ports/messenger.ts';
import { type Person, people, SECURITY_TEAM, TENANT_ID } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { actorOf } from '../helpers/app.ts';
import { settings as usual } from '../helpers/cases.ts';
import { testWords } from '../helpers/english.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/fake-world.ts';
import { DAY, HOUR, MINUTE, patience, withAsking } from './life.ts';

const START = Date.parse('2026-11-20T09:00:00Z');
const CARDS = path.join(import.meta.dirname, '../../cards');
const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('the product, while nobody answers', () => {
  let directory: string;
  let world: FakeWorld;
  const render = createCardRenderer(CARDS);
  const clock = { at: START, now: () => clock.at };
  /** `hours since the start, conversation`. */
  let sent: string[] = [];
  const shown = new Map<string, string>();
  let given: OperatorSettings = usual;
  let store: Store;
  let app: App;

  const messenger: Messenger = {
    async send(to, card) {
      const activityId = randomUUID();
      shown.set(activityId, `${to.id} ${JSON.stringify(render(card))}`);
      sent.push(`${Math.floor(((clock.at - START) / HOUR) * 100) / 100} ${nameOf(to.id)}`);
      return { activityId };
    },
    update: async (to, activityId, card) =>
      void shown.set(activityId, `${to.id} ${JSON.stringify(render(card))}`),
  };
  const nameOf = (conversation: string): string =>
    Object.values(people).find(({ id }) => conversation.includes(id))?.displayName ?? 'channel';
  const begin = async (settings: Partial<OperatorSettings> = {}): Promise<void> => {
    const members = SECURITY_TEAM.map(({ id }) => id);
    given = { ...usual, security: { ...usual.security, members, onCall: members }, ...settings };
    store = await openStore({ words: testWords, directory, clock, alone: true });
    const { catalogue } = requireCatalogue({ settings: given, knownActions: [...ACTIONS.keys()] });
    app = createApp({
      ...{ tenantId: TENANT_ID, settings: given, catalogue, actions: ACTIONS, store, trail: store },
      ...{ alerts: world.alerts, world: world.world, calendars: world.calendars, mailer: world.mailer },
      ...{ installer: world.installer, messenger, defaultServiceUrl: 'https://teams.example' },
      ...{ clock, words: testWords, ids: randomIds, log: silent, askAnewMs: 0, recheckMs: 0, wake: () => {} },
    });
  };
  const reboot = async (): Promise<void> => {
    await store.close();
    await begin(given);
  };
  const run = async (): Promise<void> => {
    for (let count = 0; ; count++) {
      const [step] = await store.takeSteps(1, MINUTE);
      if (!step) return;
      assert.ok(count < 2_000, `never comes to an end: ${step.kind}`);
      try {
        await app.steps[step.kind](step);
      } catch (error) {
        if (!isCountersignError(error)) throw error;
        await store.retryStep(step, error.retryAfterMs ?? MINUTE, error.message);
      }
    }
  };
  const theCase = async (ref: string): Promise<Case> => (await store.findCase(ref)) ?? assert.fail(ref);
  const pass = async (ref: string, ms: number): Promise<Case> => {
    const end = clock.at + ms;
    for (;;) {
      await run();
      const due = await store.nextDueInMs();
      if (due === null || clock.at + due > end) break;
      clock.at += Math.max(1, due);
      await reboot();
    }
    clock.at = end;
    return theCase(ref);
  };
  const open = async (over: Partial<Case> = {}, asking: Partial<Asking> = {}): Promise<Case> => {
    const sample = SAMPLES['bucket-public'] ?? assert.fail();
    const [receipt] = await app.acceptCloudTrail(sample.build(new Date(clock.at), randomUUID()));
    const about = await theCase(receipt?.case ?? assert.fail(JSON.stringify(receipt)));
    const policy = { ...about.policy, asking: { ...DEFAULT_ASKING, ...asking } };
    await store.transact(async (tx) => {
      const current = (await tx.lockCase(about.id)) ?? assert.fail();
      await tx.saveCase({ ...current, ...over, policy, version: current.version + 1 });
    });
    await run();
    return theCase(about.ref);
  };
  const press = (person: Person, verb: string, { ref, question }: Case) =>
    app.chat.clicked({ verb, caseRef: ref, questionId: question?.id ?? '' }, actorOf(person));

  /** By somebody of the security team, with what is offered first. */
  const answer = async (about: Case): Promise<Case> => {
    const offer = about.question?.offers[0]?.key ?? assert.fail('nothing is offered');
    const person = SECURITY_TEAM[1] ?? assert.fail();
    const click = { verb: 'approve', offer, caseRef: about.ref, questionId: about.question?.id ?? '' };
    await app.chat.clicked(click, actorOf(person));
    return theCase(about.ref);
  };

  beforeEach(() => {
    sent = [];
    shown.clear();
    clock.at = START;
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-days-'));
    world = createFakeWorld();
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('asks the manager, reminds, asks the next above, then the security team, then on and on; and is answered', async () => {
    await begin();
    const opened = await open({ severity: 'high' });

    const about = await pass(opened.ref, 5 * DAY);

    const [first, second] = SECURITY_TEAM.map(({ displayName }) => displayName);
    const firstDay = [
      ...['0 Morgan Reyes', '0.5 Morgan Reyes', '1 Priya Nair', `4 ${first}`, '4 channel'],
      ...[`4.5 ${first}`, '4.5 channel', `5 ${second}`, `8 ${first}`, `8 ${second}`, '8 channel'],
      ...[`12 ${first}`, `12 ${second}`, '12 channel', `20 ${first}`, `20 ${second}`, '20 channel'],
    ];
    assert.deepEqual(sent.slice(0, firstDay.length).toSorted(), firstDay.toSorted());
    assert.equal(about.state, 'asking');
    const channel = sent.filter((line) => line.endsWith('channel')).map((line) => Number.parseFloat(line));
    assert.deepEqual(
      channel.slice(-3).map((at, index, all) => at - (all[index - 1] ?? at - 24)),
      [24, 24, 24],
    );

    const answered = await pass((await answer(about)).ref, DAY);
    const count = sent.length;
    await pass(answered.ref, 5 * DAY);

    assert.equal(answered.state, 'contained');
    assert.equal(sent.length, count);
  });

  it('contains first what the policy names, shows it to whoever was asked, and lets go of it when they say so', async () => {
    const soon = { timeOutMs: HOUR, onTimeOut: 'contain' } as const;
    await begin(
      withAsking({
        containFirst: ['aws.s3.make-bucket-private'],
        ...patience('medium', { ...soon, escalateMs: HOUR, remindMs: HOUR, hours: 'clock' }),
      }),
    );
    const before = JSON.stringify(world.bucket());
    const opened = await open({}, { contain: 'make-private' });

    const contained = await pass(opened.ref, 90 * MINUTE);

    assert.equal(contained.containedFirst?.decision, 0);
    assert.notEqual(JSON.stringify(world.bucket()), before);
    assert.ok(
      [...shown.values()].some(
        (card) => card.startsWith(`chat-${people.morgan.id}`) && /Contained at/.test(card),
      ),
    );
    assert.ok(sent.includes('1 channel'), sent.join('\n'));

    await press(people.morgan, 'dismiss', contained);
    const released = await pass(opened.ref, HOUR);

    assert.equal(released.state, 'undone');
    assert.equal(JSON.stringify(world.bucket()), before);
  });

  /** Reminded after an hour, asked of others besides after two, contained after four. */
  const openToContain = async (): Promise<Case> => {
    const soon = { remindMs: HOUR, escalateMs: 2 * HOUR, timeOutMs: 4 * HOUR, onTimeOut: 'contain' } as const;
    await begin(
      withAsking({
        containFirst: ['aws.s3.make-bucket-private'],
        ...patience('medium', { ...soon, hours: 'clock' }),
      }),
    );
    return open({}, { contain: 'make-private' });
  };

  it('takes the question from nobody where it contains something first: whoever was asked besides has their say', async () => {
    const opened = await openToContain();

    const contained = await pass(opened.ref, 4 * HOUR + MINUTE);

    assert.equal(contained.containedFirst?.decision, 0);
    assert.match(cardOf(people.priya), /Contained at .*Keep it as it is/);
    assert.match(cardOf(people.priya), new RegExp(`"question":"${contained.question?.id}"`));
    assert.equal(sent.filter((line) => line === '4 Priya Nair').length, 1, sent.join());
    await press(people.priya, 'keep', contained);
    const kept = await theCase(opened.ref);
    assert.equal(kept.state, 'contained');
    assert.equal(kept.decisions.at(-1)?.by.id, people.priya.id);
  });

  it('lets both answer late, where nobody answers after that either', async () => {
    const opened = await openToContain();

    const about = await pass(opened.ref, 10 * HOUR);

    assert.equal(about.question?.approver.kind, 'security');
    const late = about.question?.late ?? [];
    assert.ok(late.includes(people.morgan.id) && late.includes(people.priya.id));
  });

  const hurried = () =>
    withAsking(
      patience('medium', { remindMs: HOUR, escalateMs: 2 * HOUR, timeOutMs: 3 * HOUR, hours: 'clock' }),
    );
  const cardOf = (person: Person): string =>
    [...shown.values()].findLast((card) => card.startsWith(`chat-${person.id}`)) ?? '';

  it('takes the answer of whoever had the question first, however late, and says so on their card', async () => {
    await begin(hurried());
    const opened = await open();

    const about = await pass(opened.ref, 20 * DAY);

    assert.equal(about.question?.approver.kind, 'security');
    assert.deepEqual(about.question?.late?.includes(people.morgan.id), true);
    assert.match(cardOf(people.morgan), /With the security team\. You may answer as well\./);
    assert.match(cardOf(people.morgan), new RegExp(`"question":"${about.question?.id}"`));
    const atTimeOut = sent.filter((line) => line.endsWith('Morgan Reyes')).length;
    await pass(opened.ref, 5 * DAY);
    assert.equal(sent.filter((line) => line.endsWith('Morgan Reyes')).length, atTimeOut, 'is left in peace');

    await press(people.morgan, 'dismiss', about);
    const answered = await theCase(opened.ref);

    assert.equal(answered.state, 'dismissed');
    assert.equal(answered.decisions.at(-1)?.by.id, people.morgan.id);
  });

  it('takes nothing else of them: the question is not theirs to hand on, nor what others decided theirs to undo', async () => {
    await begin(hurried());
    const opened = await open();
    const about = await pass(opened.ref, 20 * DAY);
    const { ref, question } = about;
    const click = { verb: 'reassign', caseRef: ref, questionId: question?.id ?? '', to: people.grace.id };

    await app.chat.clicked(click, actorOf(people.morgan));

    assert.deepEqual((await theCase(ref)).question?.approver, { kind: 'security' });
    assert.doesNotMatch(cardOf(people.morgan), /Not mine to say/);

    await answer(about);
    const done = await pass(ref, HOUR);
    await press(people.morgan, 'undo', done);

    assert.equal((await theCase(ref)).state, 'contained');
  });

  it('gives the question back to the security team where they take their late answer back', async () => {
    await begin(hurried());
    const opened = await open();
    const about = await pass(opened.ref, 20 * DAY);
    await press(people.morgan, 'dismiss', about);

    await press(people.morgan, 'correct', await theCase(opened.ref));
    const again = await pass(opened.ref, HOUR);

    assert.equal(again.question?.approver.kind, 'security');
    assert.ok(again.question?.late?.includes(people.morgan.id));
  });

  it('makes one person of nobody who was to be several: waiting shortens no rule', async () => {
    await begin(hurried());
    for (const rule of [{ kind: 'everyone' }, { kind: 'quorum', of: 2 }, { kind: 'sequence' }] as const) {
      const opened = await open({}, { rule });

      const about = await pass(opened.ref, 20 * DAY);
      await press(people.morgan, 'dismiss', about);

      assert.equal((await theCase(opened.ref)).state, 'asking', rule.kind);
    }
  });

  it('takes none of whoever handed the question on', async () => {
    await begin(hurried());
    const opened = await open();
    await press(people.morgan, 'escalate', opened);

    const about = await pass(opened.ref, 20 * DAY);
    await press(people.morgan, 'dismiss', about);

    assert.equal(about.question?.late?.includes(people.morgan.id) ?? false, false);
    assert.equal((await theCase(opened.ref)).state, 'asking');
  });
});
