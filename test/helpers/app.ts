// The app behind its own ports: a real SQLite store, the world in memory, the shipped policies, cards and actions. For tests of
// what people write and press; no socket is opened.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds, systemClock } from '../../src/adapters/system.ts';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { createApp } from '../../src/app.ts';
import type { App } from '../../src/app-parts.ts';
import type { Case } from '../../src/case/case.ts';
import type { JsonObject } from '../../src/case/json.ts';
import type { Step } from '../../src/case/run.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import type { ChatActor, ChatReply } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { type Person, SECURITY_TEAM, TENANT_ID } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { createWorker, type StepHandlers } from '../../src/worker.ts';
import { settings } from './cases.ts';
import { testWords } from './english.ts';
import { createFakeWorld, type FakeWorld } from './fake-world.ts';
import { isIdle } from './idle.ts';

export interface TestApp {
  /** Where the store lies. */
  readonly directory: string;
  readonly app: App;
  readonly store: Store;
  readonly world: FakeWorld;
  /** Lets a sample happen, and answers its case once the question is asked. */
  open(sample: string): Promise<Case>;
  /** What the bot answers this person: its text, or all the words of its card. */
  say(person: Person, line: string): Promise<string>;
  click(person: Person, click: { readonly verb: string; readonly about: Case }): Promise<string>;
  /** The text of an answer, or all the words of its card. */
  draw(reply: ChatReply): string;
  /** The case once nothing is owed any more. */
  settled(ref: string): Promise<Case>;
  close(): Promise<void>;
}

/** Less than a lease lasts, more than any pause before an edit. */
const PAUSE_MS = 5_000;
const CARDS = path.join(import.meta.dirname, '../../cards');
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export const actorOf = (person: Person): ChatActor => ({
  tenantId: TENANT_ID,
  id: person.id,
  name: person.displayName,
  conversation: { id: `chat-${person.id}`, serviceUrl: 'https://teams.example' },
});

/** The system's clock and no log, unless a test brings its own. */
export interface TestParts {
  readonly clock?: Clock;
  readonly log?: Log;
  /** PostgreSQL in the place of a file. */
  readonly databaseUrl?: string;
}

export async function createTestApp(
  over: Partial<OperatorSettings> = {},
  { clock = systemClock, log = silent, databaseUrl }: TestParts = {},
): Promise<TestApp> {
  const directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
  const given = {
    ...settings,
    security: { ...settings.security, members: SECURITY_TEAM.map((one) => one.id) },
    // Most tests set off several things of one person, to see each asked about.
    asking: { ...settings.asking, relatedMs: 0 },
    ...over,
  };
  const { catalogue } = requireCatalogue({ settings: given, knownActions: [...ACTIONS.keys()] });
  const store = await openStore({ words: testWords, directory, clock, databaseUrl });
  const world = createFakeWorld();
  const render = createCardRenderer(CARDS);
  let wake = (): void => {};
  const app = createApp({
    tenantId: TENANT_ID,
    settings: given,
    catalogue,
    actions: ACTIONS,
    store,
    trail: store,
    alerts: world.alerts,
    world: world.world,
    calendars: world.calendars,
    mailer: world.mailer,
    installer: world.installer,
    messenger: world.messenger,
    defaultServiceUrl: 'https://teams.example',
    words: testWords,
    clock,
    ids: randomIds,
    log,
    askAnewMs: 0,
    recheckMs: 0,
    pause: async () => {},
    wake: () => wake(),
  });
  let running = 0;
  const counted = (handle: StepHandlers[keyof StepHandlers]) => async (step: Step) => {
    running += 1;
    await handle(step).finally(() => {
      running -= 1;
    });
  };
  const handlers = Object.fromEntries(
    Object.entries(app.steps).map(([kind, handle]) => [kind, counted(handle)]),
  ) as StepHandlers;
  const worker = createWorker({ store, handlers, log: silent });
  wake = worker.wake;
  worker.start();

  const settled = async (ref: string): Promise<Case> => {
    for (;;) {
      const before = clock.now();
      const due = await store.nextDueInMs();
      if (isIdle(due)) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
      // Where the clock stands still, what is not due now will not be. Leases are longer than pauses.
      if (running === 0 && due !== null && due > 0 && due < PAUSE_MS && clock.now() === before) break;
    }
    const found = await store.findCase(ref);
    assert.ok(found, `no case ${ref}`);
    return found;
  };
  const wordsOf = (reply: ChatReply): string =>
    reply.kind === 'text' ? reply.text : JSON.stringify(render(reply.card));

  return {
    directory,
    app,
    store,
    world,
    settled,
    draw: wordsOf,
    open: async (name) => {
      const sample = SAMPLES[name];
      assert.ok(sample, `no sample ${name}`);
      const body = sample.build(new Date(), randomUUID());
      if (sample.door === 'graph') world.addAlert(body as JsonObject);
      const [receipt] = await (sample.door === 'graph' ? app.acceptGraph(body) : app.acceptCloudTrail(body));
      assert.ok(receipt?.case, JSON.stringify(receipt));
      return settled(receipt.case);
    },
    say: async (person, line) => wordsOf(await app.chat.said(line, actorOf(person))),
    click: async (person, { verb, about }) =>
      wordsOf(
        await app.chat.clicked(
          { verb, caseRef: about.ref, questionId: about.question?.id ?? '' },
          actorOf(person),
        ),
      ),
    async close() {
      await worker.stop();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
