// A claim and the steps behind it on a real store, with actions that a test makes up and a clock that it moves: for tests of the
// runner. Steps run one by one, in order; nothing waits.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import { noteReminded } from '../../src/ask/note-reminded.ts';
import { type AskStep, askSteps } from '../../src/case/ask-step.ts';
import type { Case } from '../../src/case/case.ts';
import { chaseSteps } from '../../src/case/chase-step.ts';
import { CountersignError, isCountersignError } from '../../src/case/errors.ts';
import type { CaseId } from '../../src/case/ids.ts';
import type { Approver, PlannedOffer, Question } from '../../src/case/question.ts';
import type { Run, Step, StepKind } from '../../src/case/run.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { shownSince } from '../../src/case/shown-since.ts';
import type { Target } from '../../src/case/target.ts';
import { chase } from '../../src/chase/chase.ts';
import type { ChaseParts } from '../../src/chase/parts.ts';
import { clockOf } from '../../src/chase/question-clock.ts';
import { approve } from '../../src/decide/approve.ts';
import { claim } from '../../src/decide/claim.ts';
import type { DecideParts } from '../../src/decide/parts.ts';
import type { GovernanceAction, World } from '../../src/govern/action.ts';
import { followUp } from '../../src/govern/follow-up.ts';
import type { GovernParts } from '../../src/govern/parts.ts';
import { planOffers } from '../../src/govern/plan-offers.ts';
import { verify } from '../../src/govern/prove.ts';
import { act } from '../../src/govern/run-action.ts';
import { undo } from '../../src/govern/undo/run.ts';
import { canUndo, undoLetsIn } from '../../src/govern/undo/window.ts';
import type { Answer } from '../../src/ports/answer.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import type { Calendar } from '../../src/ports/calendars.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { aCase, actor, MANAGER, SECURITY, settings as usual } from './cases.ts';
import { english, testWords } from './english.ts';
import { createFakeWorld, worldOf } from './fake-world.ts';

/** What an offer does: actions, each on what it is to change. */
export type Offers = Readonly<Record<string, readonly (readonly [action: string, target: Target])[]>>;

export interface StageOptions {
  readonly actions: readonly GovernanceAction[];
  readonly offers: Offers;
  readonly settings?: Partial<OperatorSettings>;
  readonly world?: Partial<World>;
  readonly recheckMs?: number;
  /** Where the store lies: for a stage that was killed. */
  readonly directory?: string;
  /** PostgreSQL, where others may hold leases: those of a stage that was killed run out. */
  readonly databaseUrl?: string | undefined;
  readonly wrap?: (store: Store) => Store;
  /** Milliseconds since the epoch. */
  readonly startAt?: number;
  /** Questions have clocks, and are chased. */
  readonly chase?: {
    readonly calendar?: Calendar;
    readonly nextToAsk?: ChaseParts['nextToAsk'];
    readonly deciding?: Partial<DecideParts>;
    /** Cards that cannot be sent yet. */
    readonly isHeldUp?: (card: SentCard) => boolean;
  };
}

export interface SentCard {
  readonly at: string;
  readonly reader: string;
  readonly reminder: number;
  readonly question: string;
}

export interface Stage {
  readonly store: Store;
  readonly directory: string;
  readonly clock: { now(): number; at: number };
  /** So much time goes by, and what is due is run. */
  later(about: Case, ms: number): Promise<Case>;
  /** Asks the manager (or, once it is theirs, the security team) with a fresh plan. */
  open(over?: Partial<Case>): Promise<Case>;
  approve(about: Case, offer: string, by?: 'manager' | 'security'): Promise<Case>;
  undo(about: Case, anyway?: true): Promise<Case>;
  /** Runs what is due until nothing is, and answers the case. */
  run(about: Case): Promise<Case>;
  /** One step that is due; null where none is. */
  step(): Promise<Step | null>;
  runs(about: Case): Promise<readonly Run[]>;
  trail(): Promise<readonly AuditEntry[]>;
  readonly parts: GovernParts;
  readonly deciding: DecideParts;
  chase(step: Step): Promise<void>;
  /** Every card that was sent, in order. */
  readonly cards: readonly SentCard[];
  answer(about: Case, answer: Pick<Answer, 'verb' | 'offer'>, by?: 'manager' | 'security'): Promise<Case>;
  close(): Promise<void>;
}

export async function createGovernStage(options: StageOptions): Promise<Stage> {
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), 'countersign-govern-'));
  const clock = { at: options.startAt ?? Date.parse('2026-11-21T10:00:00Z'), now: () => clock.at };
  const settings: OperatorSettings = { ...usual, ...options.settings };
  const { databaseUrl } = options;
  const where = databaseUrl ? { databaseUrl } : { alone: true };
  const opened = await openStore({ words: testWords, directory, clock, ...where });
  const store = options.wrap?.(opened) ?? opened;
  const actions = new Map(options.actions.map((action) => [action.id, action]));
  const world = worldOf(createFakeWorld(), { clock, settings, ...options.world });
  const { recheckMs = 5_000 } = options;
  const parts: GovernParts = { store, actions, world, clock, recheckMs };
  const { undoWindowMs } = settings.governance;
  const deciding: DecideParts = {
    ...{ store, clock, settings, ids: randomIds },
    isAtRisk: async () => false,
    accountOf: async () => ({ enabled: true, guest: false }),
    findPerson: async () => null,
    capOf: () => 1_000,
    strengthOf: (id: string) => actions.get(id)?.strength ?? 0,
    canUndo: (run: Run) => canUndo(run, actions, { now: clock.now(), undoWindowMs }),
    undoLetsIn: (run: Run) => undoLetsIn(run, actions),
    ...options.chase?.deciding,
  };
  const cards: SentCard[] = [];
  const chasing: ChaseParts = {
    ...{ store, clock, settings },
    nextToAsk: options.chase?.nextToAsk ?? (async () => null),
    approve: (tx, about, decision) => approve(tx, about, decision, deciding),
  };
  const isoNow = () => new Date(clock.now()).toISOString();

  /** As `route` does, without looking anybody up. */
  const ask = async (about: Case): Promise<void> => {
    const offers = await planned(about);
    await store.transact(async (tx) => {
      const current = await tx.lockCase(about.id);
      if (current?.state !== 'routing') return;
      const question = withClock(current, {
        id: randomIds.questionId(),
        approver: approverOf(current),
        path: [],
        reason: current.toSecurity ?? 'Morgan Reyes is the manager.',
        offers,
        withheld: [],
        askedAt: isoNow(),
      });
      await commitTransition(tx, current, {
        event: 'asked',
        at: isoNow(),
        patch: { question },
        steps: question.clock ? [...askSteps(question), ...chaseSteps(question)] : [],
        note: { kind: 'question.asked', actor: { kind: 'system', id: 'test', name: 'Test' }, facts: {} },
      });
    });
  };
  const approverOf = ({ toSecurity, policy, subject, subjectAsked }: Case): Approver => {
    if (toSecurity !== null) return { kind: 'security' };
    if (policy.asking?.subjectFirst && subject && !subjectAsked)
      return { kind: 'subject', id: subject.id, name: subject.name };
    return { kind: 'person', id: MANAGER, name: 'Morgan Reyes' };
  };
  const withClock = (about: Case, question: Question): Question =>
    options.chase
      ? { ...question, clock: clockOf(about, question, options.chase.calendar ?? null, settings) }
      : question;
  /** Each offer by way of the product's own planning: one proposal for each of its parts. */
  const planned = async (about: Case): Promise<readonly PlannedOffer[]> => {
    const by = { kind: 'person', id: SECURITY, name: 'Security' } as const;
    const all: PlannedOffer[] = [];
    for (const [key, list] of Object.entries(options.offers)) {
      const proposals = list.map(([action, target]) => ({ action, target, by, at: isoNow() }));
      const { offers } = await planOffers(
        { ...about, proposals, policy: { ...about.policy, offers: [] } },
        about.subject,
        { actions, world, lastTry: true },
      );
      if (offers.length > 0)
        all.push({ key, label: key, left: [], actions: offers.flatMap((offer) => offer.actions) });
    }
    return all;
  };

  const handlers: Partial<Record<StepKind, (step: Step) => Promise<void>>> = {
    act: (step) => act(step, parts),
    verify: (step) => verify(step, parts),
    'follow-up': (step) => followUp(step, parts),
    revert: (step) => undo(step, parts),
    chase: (step) => chase(step, chasing),
    ask: async (step) => {
      const { question, reader, reminder } = step.body as unknown as AskStep['body'];
      const card: SentCard = { at: isoNow(), question, reader, reminder };
      if (options.chase?.isHeldUp?.(card))
        throw new CountersignError('teams.unavailable', 'cannot be sent yet', {
          retryable: true,
          retryAfterMs: 6 * 3_600_000,
        });
      cards.push(card);
      await store.transact(async (tx) => {
        const since = shownSince(await tx.copiesOf(step.caseId), question, reader) ?? isoNow();
        for (const copy of await tx.copiesOf(step.caseId))
          if (copy.reader === reader) await tx.removeCopy(copy.id);
        await tx.saveCopy({
          ...{ id: randomIds.copyId(), caseId: step.caseId, questionId: question, reader, shownVersion: 1 },
          ...{
            activityId: step.key,
            ...{ since, sentAt: isoNow() },
            conversation: { id: `chat-${reader}`, serviceUrl: 'https://teams.example' },
          },
        });
        if (reminder > 0)
          await noteReminded(tx, await tx.lockCase(step.caseId), { question, reader }, isoNow());
        await tx.finishStep(step);
      });
    },
    route: async (step) => {
      const about = await store.readCase(step.caseId);
      if (about) await ask(about);
      await store.transact((tx) => tx.finishStep(step));
    },
  };

  const stage: Stage = {
    ...{ store, directory, clock, parts, cards, deciding },
    chase: (step) => chase(step, chasing),
    async open(over = {}) {
      const id = randomIds.caseId();
      const created = aCase({
        id,
        ref: randomIds.caseRef(),
        nonce: randomIds.nonce(),
        state: 'routing',
        version: 1,
        question: null,
        groupKey: `group-${id}`,
        ...over,
      });
      await store.transact(async (tx) => {
        await tx.insertCase(created);
        await tx.audit(created.id, {
          kind: 'case.opened',
          actor: { kind: 'system', id: 'test', name: 'Test' },
          facts: {},
        });
      });
      await ask(created);
      return theCase(id);
    },
    async approve(about, offer, by = 'manager') {
      const who = actor(by === 'manager' ? MANAGER : SECURITY, by === 'manager' ? 'Morgan Reyes' : 'Sam');
      const result = await claim(about.id, { verb: 'approve', questionId: null, offer }, who, deciding);
      assert.equal(result.kind, 'decided', 'say' in result ? english(result.say) : '');
      return theCase(about.id);
    },
    async answer(about, { verb, offer }, by = 'manager') {
      const who = actor(by === 'manager' ? MANAGER : SECURITY, by === 'manager' ? 'Morgan Reyes' : 'Sam');
      const result = await claim(
        about.id,
        { verb, questionId: null, ...(offer && { offer }) },
        who,
        deciding,
      );
      assert.equal(result.kind, 'decided', 'say' in result ? english(result.say) : '');
      return theCase(about.id);
    },
    async undo(about, anyway) {
      const result = await claim(
        about.id,
        { verb: 'undo', questionId: null, ...(anyway && { anyway }) },
        actor(SECURITY, 'Sam'),
        deciding,
      );
      assert.equal(result.kind, 'decided', 'say' in result ? english(result.say) : '');
      return theCase(about.id);
    },
    async run(about) {
      for (let count = 0; await stage.step(); count++) assert.ok(count < 2_000, 'never comes to an end');
      return theCase(about.id);
    },
    async later(about, ms) {
      clock.at += ms;
      return stage.run(about);
    },
    async step() {
      const [step] = await store.takeSteps(1, 60_000);
      if (!step) return null;
      try {
        await (handlers[step.kind] ?? ((one) => store.transact((tx) => tx.finishStep(one))))(step);
      } catch (error) {
        if (!isCountersignError(error)) throw error;
        await store.retryStep(step, error.retryAfterMs ?? 1_000, error.message);
      }
      return step;
    },
    runs: (about) => store.runsOf(about.id),
    async trail() {
      const entries: AuditEntry[] = [];
      for await (const entry of store.entries()) entries.push(entry);
      return entries;
    },
    async close() {
      await opened.close();
      if (!options.directory) rmSync(directory, { recursive: true, force: true });
    },
  };
  const theCase = async (id: CaseId): Promise<Case> => {
    const found = await store.readCase(id);
    assert.ok(found);
    return found;
  };
  return stage;
}
