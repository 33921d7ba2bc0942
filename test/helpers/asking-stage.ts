// A case that is routed and asked on a real store, in the made-up company, with a clock that a test moves: who is asked, and what lies
// where. Steps run one by one, in order; nothing waits.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import { type AskParts, ask } from '../../src/ask/deliver.ts';
import { refresh } from '../../src/ask/refresh-copy.ts';
import { tell } from '../../src/ask/tell.ts';
import { tellAdmin } from '../../src/ask/tell-admin.ts';
import { drawCase } from '../../src/ask/view.ts';
import { type Asking, DEFAULT_ASKING, type Delegation } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { CaseId, UserId } from '../../src/case/ids.ts';
import type { Approver } from '../../src/case/question.ts';
import type { Step } from '../../src/case/run.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { createClockFor } from '../../src/chase/question-clock.ts';
import { recordStatement } from '../../src/decide/record-statement.ts';
import { takesFor } from '../../src/decide/takes.ts';
import { isoTime } from '../../src/ports/clock.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import type { Reader } from '../../src/ports/words.ts';
import type { RouteParts } from '../../src/route/parts.ts';
import { routeCase } from '../../src/route/route-case.ts';
import { type Person, people, SECURITY_TEAM, TENANT_ID } from '../../src/sandbox/people.ts';
import { actorOf } from './app.ts';
import { aCase, settings as usual } from './cases.ts';
import { allEnglish, english, testWords } from './english.ts';
import { createFakeWorld, type FakeWorld } from './fake-world.ts';

const HOUR_MS = 3_600_000;
export const START = Date.parse('2026-11-20T10:00:00.000Z');

export interface Sent {
  /** Id of the conversation: a person's (`chatOf`), or the security channel. */
  readonly to: string;
  readonly card: CardContent;
  readonly activityId: string;
}

export interface AskingStage {
  readonly store: Store;
  readonly world: FakeWorld;
  readonly clock: { at: number; now(): number };
  readonly settings: OperatorSettings;
  readonly sent: Sent[];
  /** Conversations that answer 403, and people for whom the app cannot be installed. */
  readonly blocked: Set<string>;
  readonly notInstallable: Set<string>;
  readonly routing: RouteParts;
  readonly asking: AskParts;
  /** A case about Alex, routed and asked. */
  open(over?: Partial<Case>, asking?: Partial<Asking>): Promise<Case>;
  /** Runs what is due until nothing is, and answers the case. */
  run(about: Case): Promise<Case>;
  /** Sends the step again, as after a crash. */
  again(step: Step): Promise<void>;
  readonly steps: readonly Step[];
  delegate(from: Person, to: Person, until: string): Promise<void>;
  away(person: Person, until: string | null): void;
  says(about: Case, person: Person, was: 'me' | 'not-me', more?: object): ReturnType<typeof recordStatement>;
  close(): Promise<void>;
}

export const chatOf = (person: Pick<Person, 'id'>): string => `chat-${person.id}`;

export async function createAskingStage(over: Partial<OperatorSettings> = {}): Promise<AskingStage> {
  const directory = mkdtempSync(path.join(tmpdir(), 'countersign-asking-'));
  const clock = { at: START, now: () => clock.at };
  const store = await openStore({ words: testWords, directory, clock });
  const world = createFakeWorld();
  const settings: OperatorSettings = {
    ...usual,
    security: { ...usual.security, members: SECURITY_TEAM.map(({ id }) => id) },
    ...over,
    // Each case asks for itself.
    asking: { ...(over.asking ?? usual.asking), relatedMs: 0 },
  };
  const [sent, steps, blocked, notInstallable] = [
    [] as Sent[],
    [] as Step[],
    new Set<string>(),
    new Set<string>(),
  ];
  const { calendars } = world;
  const routing: RouteParts = {
    ...{ store, clock, settings, calendars, ids: randomIds, tenantId: TENANT_ID },
    ...{ directory: world.world.directory, risk: world.world.risk },
    installer: {
      openChat: async (user) =>
        notInstallable.has(user) ? null : { id: `chat-${user}`, serviceUrl: 'https://teams.example' },
    },
    clockFor: createClockFor({ calendars, settings }),
    plan: async () => ({ offers: [], withheld: [] }),
  };
  const refuse = (id: string): void => {
    if (blocked.has(id)) throw new CountersignError('teams.unreachable', 'blocked');
  };
  const readerOf = async (): Promise<Reader> => ({
    locale: settings.locale,
    timeZone: settings.timeZone,
    now: isoTime(clock),
  });
  const asking: AskParts = {
    ...{ store, clock, settings, ids: randomIds, tenantId: TENANT_ID, words: testWords },
    ...{ readers: { readerOf }, takes: takesFor },
    securityChannel: settings.security.channel,
    defaultServiceUrl: 'https://teams.example',
    messenger: {
      async send(to, card) {
        refuse(to.id);
        const activityId = `activity-${sent.length + 1}`;
        sent.push({ to: to.id, card, activityId });
        return { activityId };
      },
      async update(to, activityId, card) {
        refuse(to.id);
        const at = sent.findIndex((one) => one.activityId === activityId);
        sent[at] = { to: to.id, card, activityId };
      },
    },
    isHere: async (user: UserId) => (await world.world.directory.findUser(user))?.enabled === true,
    draw: (about, reader, options) =>
      drawCase(about, reader, options, {
        ...{ store, clock, settings, tenantId: TENANT_ID, words: testWords, readerOf },
        ...{ canUndo: () => false, undoLetsIn: () => false, takes: takesFor },
      }),
  };
  const { installer } = routing;
  const handlers: Partial<Record<Step['kind'], (step: Step) => Promise<void>>> = {
    route: (step) => routeCase(step, routing),
    ask: (step) => ask(step, asking),
    refresh: (step) => refresh(step, asking),
    tell: (step) => tell(step, asking),
    'tell-admin': (step) => tellAdmin(step, { ...asking, installer, admins: settings.security.admins }),
  };

  const run = async (about: Case): Promise<Case> => {
    for (let round = 0; ; round += 1) {
      assert.ok(round < 200, 'it never comes to rest');
      const due = await store.takeSteps(10, HOUR_MS);
      if (due.length === 0) return (await store.readCase(about.id)) ?? assert.fail();
      for (const step of due) {
        steps.push(step);
        const handle = handlers[step.kind];
        if (handle) await handle(step);
        else await store.transact((tx) => tx.finishStep(step));
      }
    }
  };

  return {
    ...{ store, world, clock, settings, sent, blocked, notInstallable, routing, asking, steps, run },
    async open(given = {}, wishes = {}) {
      const { alex } = people;
      const { policy } = aCase();
      const about = aCase({
        ...{ id: randomUUID() as CaseId, ref: randomIds.caseRef(), groupKey: randomUUID() },
        ...{ state: 'routing', question: null, version: 1, named: [alex.id] },
        subject: { id: alex.id, name: alex.displayName, userPrincipalName: alex.userPrincipalName },
        hint: { kind: 'entra', id: alex.id },
        policy: { ...policy, asking: { ...DEFAULT_ASKING, ...wishes } },
        ...given,
      });
      await store.transact(async (tx) => {
        await tx.insertCase(about);
        await tx.addStep(about.id, { kind: 'route', key: '' });
      });
      return run(about);
    },
    async again(step) {
      await store.transact((tx) => tx.addStep(step.caseId, step));
      const found = await store.readCase(step.caseId);
      if (found) await run(found);
    },
    async delegate(from, to, until) {
      const delegation: Delegation = {
        ...{ id: randomUUID(), from: from.id, to: to.id, toName: to.displayName, until },
        setAt: new Date(START).toISOString(),
      };
      await store.transact((tx) => tx.delegations.save(delegation));
    },
    away(person, until) {
      world.state.calendars.set(person.id, { timeZone: null, hours: null, locale: null, away: { until } });
    },
    says: (about, person, was, more = {}) =>
      recordStatement(about.id, { was, questionId: about.question?.id ?? '', ...more }, actorOf(person), {
        store,
        clock,
        isAtRisk: async (user) => world.state.risks.has(user),
      }),
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** "Morgan Reyes", "Alex Weber?" for the person in question, "security". */
export const nameOf = (asked: Approver | undefined): string => {
  if (!asked || asked.kind === 'security') return asked?.kind ?? 'nobody';
  return asked.kind === 'subject' ? `${asked.name}?` : asked.name;
};

/** Whom the question is with, in order. */
export const askedIn = ({ question }: Case): readonly string[] =>
  question ? [question.approver, ...(question.beside ?? [])].map(nameOf) : [];

export const passedIn = ({ question }: Case): readonly string[] =>
  allEnglish(
    (question?.path ?? []).filter(({ outcome }) => outcome === 'passed-over').map(({ reason }) => reason),
  );

/** Why it is they who are asked. */
export const reasonIn = ({ question }: Case): string | undefined =>
  question ? english(question.reason) : undefined;
