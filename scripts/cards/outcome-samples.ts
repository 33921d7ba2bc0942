// The card that tells what became of a question, in each of its states.
import { caseCard } from '../../src/ask/card-data.ts';
import { type Case, type Decision, SYSTEM } from '../../src/case/case.ts';
import type { CaseId, RunId } from '../../src/case/ids.ts';
import { asked as askedFor } from '../../src/case/rung-words.ts';
import { say } from '../../src/case/said.ts';
import { sentences } from '../../src/case/sentences.ts';
import { labelled } from '../../src/case/standing.ts';
import { targetSaid } from '../../src/case/target-words.ts';
import { DRY_RUN } from '../../src/govern/settle.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { ALEX, BUCKET, bucket, DANA, MORGAN, SUSPEND, sample, YUKI } from './sample-case.ts';
import { asked, asking, decided, HIGH, taking, type ViewOver, view } from './sample-view.ts';
import type { Write } from './writer.ts';

const PROOF = say('govern.took-effect', {
  when: { time: '2026-11-21T09:42:07.000Z' },
  says: sentences([
    say('s3.private.strangers-out'),
    say('s3.private.nobody-outside'),
    say('s3.private.read-back-no-lists'),
  ]),
});
const PUT_BACK = say('govern.undone', {
  when: { time: '2026-11-21T09:44:09.000Z' },
  says: say('s3.private.is-back'),
});
const FAILED = say('govern.did-not-succeed', {
  action: say('users.title.revoke-sessions'),
  why: sentences([say('govern.happened.timed-out'), say('govern.next.tried-often')]),
});
const EXPECTED: Decision = { verb: 'dismiss', by: MORGAN, at: '2026-11-21T09:42:00.000Z' };
const UNDO: Decision = { verb: 'undo', by: YUKI, at: '2026-11-21T09:44:00.000Z' };
/** The end of a day in Berlin. */
const UNTIL = '2026-12-01T22:59:59.000Z';
const policyWas = (n: number, open: number, version: string) =>
  say('s3.state.policy', { n, open, sids: 0, names: [], version });
const CONFLICT = say('govern.differs', {
  ...{ target: targetSaid(BUCKET), part: say('s3.part.policy') },
  ...{ before: policyWas(3, 1, '8f2c11'), left: policyWas(2, 0, '41d09b'), now: policyWas(4, 1, 'c7a35e') },
});

const done = (over: Partial<Case> = {}): Case =>
  sample({ state: 'contained', decisions: [decided()], outcome: [PROOF], ...over });

export function outcomeSamples(write: Write): Readonly<Record<string, CardContent>> {
  const draw = (about: Case, over: ViewOver = {}): CardContent =>
    caseCard(about, view(write, { mayAnswer: false, ...over }));
  const drawDone = (about: Case, over: ViewOver = {}): CardContent =>
    draw(about, {
      mayUndo: true,
      mayCorrect: false,
      undoSays: [say('s3.private.undo')],
      undoUntil: '2026-12-21T09:42:00.000Z',
      ...over,
    });
  return {
    outcome: drawDone(done()),
    'outcome.working': draw(sample({ state: 'executing', decisions: [decided()] }), { mayCorrect: true }),
    'outcome.already-decided': drawDone(done(), {
      notice: say('decide.already-decided', {
        name: MORGAN.name,
        at: { time: '2026-11-21T09:42:00.000Z' },
      }),
    }),
    'outcome.undo-conflict': drawDone(
      done({ undoConflicts: [{ run: 'run-1' as RunId, over: '', says: [CONFLICT] }] }),
      { mayUndoAnyway: true },
    ),
    'outcome.undo-asked': drawDone(
      done({
        severity: 'high',
        policy: asking({ comment: 'always' }).policy,
        decisions: [decided(), { ...UNDO, by: MORGAN, awaits: HIGH }],
      }),
      { takes: taking({ undo: HIGH }) },
    ),
    'outcome.finding': draw(
      sample({
        state: 'routing',
        question: null,
        toSecurity: say('decide.handed-over', { name: MORGAN.name }),
      }),
    ),
    'outcome.with-somebody': draw(asked({ beside: [DANA], rule: { kind: 'everyone' } })),
    'outcome.with-subject': draw(
      asked({
        approver: { kind: 'subject', id: ALEX.id, name: ALEX.name },
        reason: say('route.subject.asked-first', { name: ALEX.name }),
      }),
    ),
    'outcome.reassigned': draw(
      asked(
        {
          approver: { ...DANA, as: 'reassigned' },
          reason: askedFor(say('route.who.named-by-person', { name: DANA.name, by: MORGAN.name })),
        },
        { decisions: [{ ...EXPECTED, verb: 'reassign', to: DANA }] },
      ),
    ),
    'outcome.watched': draw(sample({ state: 'monitored' })),
    'outcome.partly': drawDone(done({ outcome: [PROOF, FAILED] }), { partly: 'done' }),
    'outcome.partly-undone': drawDone(
      done({
        decisions: [decided(), UNDO],
        outcome: [
          labelled({ target: BUCKET }, PUT_BACK),
          labelled(SUSPEND, say('govern.left-alone-changed')),
          labelled({ target: bucket('contoso-site') }, say('govern.not-undone-late')),
        ],
      }),
      { partly: 'undone' },
    ),
    'outcome.dry-run': draw(done({ outcome: [DRY_RUN.says] }), { dryRun: true }),
    'outcome.expected': draw(
      sample({
        state: 'dismissed',
        decisions: [{ ...EXPECTED, until: UNTIL }],
        outcome: [
          say('decide.expected.until', {
            until: { time: UNTIL },
            id: 'HJKM3P',
            what: say('decide.expected.what-on', {
              what: say('decide.expected.deed', { title: sample().title }),
              who: ALEX.name,
              target: targetSaid(BUCKET),
            }),
          }),
        ],
        repeats: 3,
      }),
      { mayCorrect: true },
    ),
    'outcome.unanswered': draw(
      sample({
        state: 'dismissed',
        decisions: [{ ...EXPECTED, by: SYSTEM }],
      }),
    ),
    'outcome.kept': drawDone(
      done({
        containedFirst: { decision: 0, at: '2026-11-21T09:40:00.000Z' },
        decisions: [
          { ...decided({ by: SYSTEM, at: '2026-11-21T09:40:00.000Z' }) },
          { ...EXPECTED, verb: 'keep', comment: 'Nobody should read invoices' },
        ],
      }),
    ),
    'outcome.undoing': draw(done({ state: 'undoing', decisions: [decided(), UNDO] })),
    'outcome.undone': draw(done({ state: 'undone', decisions: [decided(), UNDO], outcome: [PUT_BACK] }), {
      mayCorrect: true,
    }),
    'outcome.closed': draw(
      sample({
        state: 'closed',
        question: null,
        supersededBy: 'case-2' as CaseId,
        outcome: [say('ingest.over.defender')],
      }),
    ),
    'outcome.newer-below': draw(sample(), { superseded: true }),
  };
}
