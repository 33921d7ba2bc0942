// The whole product in one process, through its own doors: the sandbox's stand-ins, the real service, a Teams client without a
// screen. Everything on loopback and free ports, in a temporary directory that goes at the end.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { createLog } from '../../src/adapters/log.ts';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import type { Case } from '../../src/case/case.ts';
import type { Run } from '../../src/case/run.ts';
import type { Waits } from '../../src/compose.ts';
import type { Environment } from '../../src/config/reader.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import { type Fired, fire, pusherToken } from '../../src/sandbox/fire.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import type { Person } from '../../src/sandbox/people.ts';
import { type RunningSandbox, readRunning } from '../../src/sandbox/running.ts';
import { freePort } from '../../src/sandbox/teams/free-port.ts';
import { type Service, startService } from '../../src/service.ts';
import { forgetBotKeys } from './bot-keys.ts';
import { testWords } from './english.ts';
import { assertGraphRequest } from './graph-contract.ts';
import { isIdle } from './idle.ts';

export interface WorldOptions {
  /** Beside or over what the sandbox sets. */
  readonly env?: Environment;
  /** Microsoft's own Teams client instead of the one without a screen. */
  readonly client?: boolean;
  /** Who is played in one of them each; Morgan alone, unless told. */
  readonly players?: readonly Person[];
  readonly limits?: { readonly rate?: number; readonly burst?: number };
  /** Top-level keys of the operator's settings file, over the sandbox's. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly waits?: Waits;
  /** Starts the service otherwise than in this process; `settings` and `waits` do not reach it. */
  readonly boot?: (sandbox: Sandbox, env: Environment) => Promise<Service>;
}

export interface Message {
  readonly activityId: string;
  readonly kind: 'card' | 'text';
  /** How often it was written over. */
  readonly edits: number;
  /** Everything that a card says, or the text. */
  readonly words: string;
  readonly buttons: readonly {
    readonly title: string;
    readonly verb?: string;
    readonly data: Record<string, unknown>;
  }[];
  readonly card: unknown;
}

export interface TestWorld {
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly running: RunningSandbox;
  /** What the service was started with. */
  readonly config: Config;
  readonly url: string;
  /** A connection of its own, for looking. */
  readonly store: Store;
  fire(sample: string): Promise<Fired>;
  token(): Promise<string>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  messages(user: string): Promise<readonly Message[]>;
  /** Waits for a card about the case, and answers the latest as it stands now. */
  cardFor(user: string, ref: string): Promise<Message>;
  click(body: Record<string, unknown>): Promise<{ status: number; answer: unknown }>;
  say(user: string, text: string): Promise<string>;
  /** What their Teams says from now on that it speaks; null: nothing. */
  speaks(user: string, locale: string | null): Promise<void>;
  /** The service's own, but for a service of another process. */
  readonly clock: { now(): number };
  /** So much time goes by: what is due by then is done within a moment (a worker sleeps a second at most). */
  later(ms: number): void;
  theCase(ref: string): Promise<Case>;
  runs(ref: string): Promise<readonly Run[]>;
  /** The kinds of the case's audit entries, oldest first. */
  trail(ref: string): Promise<readonly string[]>;
  /** Waits until the case owes nothing more. */
  untilIdle(): Promise<void>;
  /** Waits until the case is in that state, and every card copy shows it. */
  untilState(ref: string, state: Case['state']): Promise<Case>;
  /** From the next restart on: top-level keys of the operator's settings file, over the sandbox's. */
  changeSettings(settings: Readonly<Record<string, unknown>>): void;
  /** Stops the service, lets something happen while it is away, and starts it again. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** Fails where a request to Graph was none that Countersign may send, in its form. */
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;
/** Of Entra's risk register, which takes one request a second: the same limit, sooner over. */
const RISK_PACE_MS = 20;
/** Polls until `look` answers something; what it waited for is in the error. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The case's reference in the answer of a door. */
export function refOf(fired: Fired): string {
  const alerts = (fired.answer as { alerts?: readonly { case: string | null }[] }).alerts ?? [];
  const ref = alerts[0]?.case;
  assert.ok(ref, `no case in ${JSON.stringify(fired)}`);
  return ref;
}

export async function startWorld(options: WorldOptions = {}): Promise<TestWorld> {
  const directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
  forgetBotKeys();
  const sandbox = await startSandbox({
    stateDirectory: directory,
    // Below the ephemeral range: the stand-ins, which take any free port, must not get the one that is promised here.
    botPort: await freePort(20_000 + Math.floor(Math.random() * 10_000)),
    client: options.client ?? false,
    ...(options.players && { players: options.players }),
    ports: { graph: 0, s3: 0, teams: 0 },
    riskPaceMs: RISK_PACE_MS,
  });
  const env = {
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...sandbox.env,
    COUNTERSIGN_POLL_SECONDS: '0',
    ...options.env,
  };
  const configure = (settings?: Readonly<Record<string, unknown>>): Config =>
    parseConfig({
      ...env,
      COUNTERSIGN_SETTINGS: changedSettings(directory, { ...EACH_FOR_ITSELF, ...settings }),
    });
  let config = configure(options.settings);
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const boot = (): Promise<Service> =>
    options.boot?.(sandbox, env) ??
    startService(config, createLog(config.logLevel), {
      clock,
      // A test presses in a second what people press in an hour.
      rate: { take: () => undefined },
      limits: { rate: 5_000, burst: 5_000, ...options.limits },
      waits: { askAnewMs: 0, recheckMs: 0, riskPaceMs: RISK_PACE_MS * 1.1, ...options.waits },
    });
  let service = await boot();
  sandbox.ready(service.url);
  const running = readRunning(directory);
  const store = await openStore({
    words: testWords,
    directory,
    databaseUrl: config.databaseUrl?.reveal(),
    clock,
    readOnly: true,
  });

  const json = async (url: string, body: unknown) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, never> };
  };
  const theCase = async (ref: string): Promise<Case> => {
    const found = await store.findCase(ref);
    assert.ok(found, `no case ${ref}`);
    return found;
  };
  const messages = async (user: string): Promise<readonly Message[]> => {
    const response = await fetch(`${running.teams}/messages?user=${encodeURIComponent(user)}`);
    const found = (await response.json()) as {
      words?: unknown;
      text?: string;
      buttons?: Message['buttons'];
    }[];
    return found.map(
      (one) =>
        ({
          buttons: [],
          card: null,
          ...one,
          words: one.text ?? JSON.stringify(one.words),
        }) as unknown as Message,
    );
  };

  return {
    directory,
    sandbox,
    running,
    get config() {
      return config;
    },
    get url() {
      return service.url;
    },
    store,
    fire: (sample) => fire(sample, running),
    token: () => pusherToken(running),
    post: (door, body, headers = {}) =>
      fetch(`${service.url}${door}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body:
          typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
    messages,
    cardFor: (user, ref) =>
      until(`a card about ${ref} for ${user}`, async () =>
        (await messages(user)).findLast((one) => one.kind === 'card' && one.words.includes(ref)),
      ),
    click: async (body) =>
      (await json(`${running.teams}/click`, body)).body as unknown as { status: number; answer: unknown },
    say: async (user, text) => {
      const { body } = await json(`${running.teams}/say`, { user, text });
      return JSON.stringify((body as { replies?: unknown }).replies ?? body);
    },
    async speaks(user, locale) {
      const response = await fetch(`${running.teams}/language`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user, locale }),
      });
      assert.equal(response.status, 204);
    },
    clock,
    later: (ms) => {
      ahead += ms;
    },
    theCase,
    runs: async (ref) => store.runsOf((await theCase(ref)).id),
    async trail(ref) {
      const { id } = await theCase(ref);
      const kinds: string[] = [];
      for await (const entry of store.entries()) if (entry.caseId === id) kinds.push(entry.kind);
      return kinds;
    },
    untilIdle: async () => {
      await until('nothing more to be owed', async () => isIdle(await store.nextDueInMs()));
    },
    untilState: (ref, state) =>
      until(`case ${ref} to be ${state}`, async () => {
        const found = await store.findCase(ref);
        if (found?.state !== state) return null;
        const copies = await store.copiesOf(found.id);
        return copies.every((copy) => copy.shownVersion === found.version) ? found : null;
      }),
    changeSettings: (settings) => {
      config = configure(settings);
    },
    restart: async (meanwhile) => {
      await service.stop();
      await meanwhile?.();
      service = await boot();
    },
    async close() {
      await store.close();
      await service.stop();
      await sandbox.stop();
      rmSync(directory, { recursive: true, force: true });
      for (const request of sandbox.graph.requests) assertGraphRequest(request);
    },
  };
}

/** Most tests set off several things of one person, to see each asked about. */
const EACH_FOR_ITSELF = { asking: { related: '0s' } };

function changedSettings(directory: string, over: Readonly<Record<string, unknown>>): string {
  const file = path.join(directory, 'settings-of-the-test.yml');
  const given = parse(readFileSync(path.join(directory, 'settings.yml'), 'utf8')) as object;
  writeFileSync(file, stringify({ ...given, ...over }));
  return file;
}
