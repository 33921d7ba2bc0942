// Where claims are tried out: real stores (two replicas on one database, either engine), a clock of the test's own, cases that are
// being asked about, and a runner that does nothing but wait its turn and let go.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import type { CaseId, QuestionId, UserId } from '../../src/case/ids.ts';
import { proposalKey } from '../../src/case/proposal.ts';
import type { PlannedOffer } from '../../src/case/question.ts';
import type { Run, Step } from '../../src/case/run.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import type { Target } from '../../src/case/target.ts';
import { type Written, writeOut } from '../../src/case/written.ts';
import { type Claim, claim } from '../../src/decide/claim.ts';
import type { ConversationParts } from '../../src/decide/conversation.ts';
import type { DecideParts } from '../../src/decide/parts.ts';
import type { Answer } from '../../src/ports/answer.ts';
import { isoTime } from '../../src/ports/clock.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { letGo, WAITING_POLL_MS } from '../../src/ports/target-line.ts';
import { aCase, actor, MANAGER, settings } from '../helpers/cases.ts';
import { english, testWords } from '../helpers/english.ts';
import { createDatabase } from '../helpers/postgres.ts';

export const START = Date.parse('2026-11-21T10:00:00.000Z');

export const bucket = (name: string): Target => ({
  kind: 'bucket',
  account: '123456789012',
  region: 'eu-central-1',
  name,
});

/** An offer of these actions, each `<id>` or `<id> <bucket>`; the key is the first id. How strong one is stands behind its dot. */
export const offerOf = (...actions: readonly string[]): PlannedOffer => ({
  key: actions[0]?.split(' ')[0] ?? '',
  label: `Do ${actions.join(', ')}`,
  left: [],
  actions: actions.map((one) => {
    const [action = '', name = 'contoso-invoices'] = one.split(' ');
    return {
      action,
      title: `The ${action}`,
      target: bucket(name),
      says: [`Does ${one}.`],
      undo: { possible: true, says: 'Undo puts it back.' },
      basis: { of: one },
    };
  }),
});

export interface Desk {
  time: number;
  readonly stores: readonly Store[];
  settings: OperatorSettings;
  parts(over?: Partial<DecideParts>): DecideParts;
  open(offers: readonly PlannedOffer[], over?: Partial<Case>): Promise<Case>;
  /** The case as it is now, in English. */
  now(about: Case): Promise<Written<Case>>;
  answer(about: Case, answer: Partial<Answer>, who?: UserId, over?: Partial<DecideParts>): Promise<Claim>;
  approve(about: Case, offer: string, who?: UserId, over?: Partial<DecideParts>): Promise<Claim>;
  /** The same offers in a new question, as the route step would ask it, and what was proposed besides, but for `impossible` ones. */
  askAgain(about: Case, impossible?: readonly string[]): Promise<Case>;
  /** Runs what is due of the case by the stub: its runs are verified (or, waiting, looked at again later). */
  run(step: Step, store: Store, during?: (runs: readonly Run[]) => Promise<void>): Promise<void>;
  /** Closes every store and opens it anew, as after a crash. */
  restart(): Promise<void>;
}

/** Declares the tests twice: on SQLite, and on PostgreSQL. */
export function onBothDatabases(declare: (desk: () => Desk) => void): void {
  for (const engine of ['SQLite', 'PostgreSQL'])
    describe(`on ${engine}`, function () {
      this.timeout(60_000);
      let desk: Desk & { close(): Promise<void> };
      let opened = false;
      beforeEach(async function () {
        opened = false;
        const database = engine === 'PostgreSQL' ? await createDatabase(this) : null;
        desk = await createDesk(database?.url, () => database?.drop());
        opened = true;
      });
      afterEach(() => (opened ? desk.close() : undefined));
      declare(() => desk);
    });
}

async function createDesk(databaseUrl: string | undefined, drop: () => Promise<void> | undefined) {
  const directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
  let time = START;
  const clock = { now: () => time };
  const openAll = () =>
    Promise.all([1, 2].map(() => openStore({ words: testWords, directory, clock, databaseUrl })));
  let stores = await openAll();
  let turn = 0;
  const next = (): Store => stores[turn++ % 2] ?? assert.fail();
  let opened = 0;

  const desk: Desk & { close(): Promise<void> } = {
    get time() {
      return time;
    },
    set time(next) {
      time = next;
    },
    settings: { ...settings, governance: { ...settings.governance, approverCapPerHour: 1_000 } },
    get stores() {
      return stores;
    },
    parts: (over = {}) => ({
      store: next(),
      clock,
      ids: randomIds,
      settings: desk.settings,
      isAtRisk: async () => false,
      accountOf: async () => ({ enabled: true, guest: false }),
      findPerson: async () => null,
      capOf: () => 1_000,
      strengthOf: (action) => Number(action.split('.').at(-1)),
      canUndo: (run) => run.state === 'verified' && run.after !== null,
      undoLetsIn: () => false,
      ...over,
    }),
    async open(offers, over = {}) {
      const { question } = aCase();
      assert.ok(question);
      const created = aCase({
        id: randomUUID() as CaseId,
        ref: randomIds.caseRef(),
        version: 1,
        groupKey: `group ${opened++}`,
        question: { ...question, offers },
        ...over,
      });
      await next().transact((tx) => tx.insertCase(created));
      return created;
    },
    now: async (about) => asRead((await next().readCase(about.id)) ?? assert.fail('no such case')),
    answer: (about, answer, who = MANAGER, over = {}) =>
      claim(about.id, { verb: 'approve', questionId: null, ...answer }, actor(who, who), desk.parts(over)),
    approve: (about, offer, who, over) => desk.answer(about, { offer }, who, over),
    askAgain: (about, impossible = []) =>
      next().transact(async (tx) => {
        const current = await tx.lockCase(about.id);
        assert.ok(current?.question);
        // It stays with whoever was asked where they can say the rest.
        if (current.state === 'asking') return current;
        return commitTransition(tx, current, {
          event: 'asked',
          at: isoTime(clock),
          patch: {
            question: {
              ...current.question,
              id: randomIds.questionId() as QuestionId,
              approver: { kind: 'security' },
              offers: [
                ...current.question.offers.filter(({ key }) => !key.startsWith('proposed-')),
                ...(current.proposals ?? [])
                  .map((one, index) => ({ ...offerOf(one.action), key: proposalKey(one, index) }))
                  .filter(({ key }) => !impossible.includes(key)),
              ],
            },
          },
          cancel: ['route'],
          note: { kind: 'question.asked', actor: SYSTEM, facts: {} },
        });
      }),
    async run(step, store, during) {
      const runs = await store.transact(async (tx) => {
        await tx.assertLease(step);
        if (await tx.holdsTargets(step.caseId)) return tx.runsOf(step.caseId);
        await tx.addStep(step.caseId, { kind: step.kind, key: step.key, delayMs: WAITING_POLL_MS });
        await tx.finishStep(step);
        return null;
      });
      if (!runs) return;
      await during?.(runs);
      await store.transact(async (tx) => {
        await tx.assertLease(step);
        const current = await tx.lockCase(step.caseId);
        assert.ok(current);
        const at = isoTime(clock);
        for (const one of runs)
          await tx.saveRun({ ...one, state: 'verified', before: {}, after: {}, verifiedAt: at });
        const note = { kind: 'run.verified', actor: SYSTEM, facts: {} };
        await commitTransition(tx, current, { event: 'verified', at, note });
        await letGo(tx, step.caseId, at);
        await tx.finishStep(step);
      });
    },
    async restart() {
      await Promise.all(stores.map((store) => store.close()));
      stores = await openAll();
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()));
      rmSync(directory, { recursive: true, force: true });
      await drop();
    },
  };
  return desk;
}

const asRead = (about: Case): Written<Case> => writeOut(about, english);

/** In English. */
export function decided(result: Claim): Written<Case> {
  assert.equal(result.kind, 'decided', JSON.stringify(result));
  return result.kind === 'decided' ? asRead(result.about) : assert.fail();
}

export function refusal(result: Claim): { readonly code: string; readonly say: string } {
  assert.equal(result.kind, 'refused', JSON.stringify(result));
  return result.kind === 'refused' ? { code: result.code, say: english(result.say) } : assert.fail();
}

/** Chat in English, where nothing is escaped. */
export const inEnglish: Pick<ConversationParts, 'words' | 'write'> = {
  words: (said, _actor, hide = (text) => text) => hide(english(said)),
  write: english,
};
