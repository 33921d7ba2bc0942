// Every state of the cards about one case, as the app draws them: the sample data in cards/ is written from here.
import { caseCard } from '../../src/ask/card-data.ts';
import type { CardView, Takes } from '../../src/ask/card-view.ts';
import { noticeCard } from '../../src/ask/notice-card.ts';
import { DEFAULT_ASKING, DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import type { Case, Decision } from '../../src/case/case.ts';
import type { CaseId, RunId } from '../../src/case/ids.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { ALEX, DANA, MORGAN, OFFERS, offer, QUESTION, SUSPEND, sample, YUKI } from './sample-case.ts';

const ZONE = 'Europe/Berlin';
const view = (over: Partial<CardView> = {}): CardView => ({
  timeZone: ZONE,
  now: '2026-11-21T09:45:00.000Z',
  longestMs: DEFAULT_ASKING_SETTINGS.longestMs,
  mayAnswer: true,
  mayUndo: false,
  undoFor: '30 days',
  ...over,
});
const reader = (over: Partial<CardView> = {}): CardView => view({ mayAnswer: false, ...over });
const undoing = (over: Partial<CardView> = {}): CardView =>
  reader({
    mayUndo: true,
    mayCorrect: false,
    undoSays: ['Undo puts the policy, the access list and the blocks back exactly as they were.'],
    undoUntil: '2026-12-21T09:42:00.000Z',
    ...over,
  });

const HIGH = 'One more person has to agree. From high severity that takes two people.';
const taking = (over: Partial<Takes>): Takes => ({
  ...{ dismiss: '', keep: '', undo: '', offers: {}, some: true },
  ...over,
});

const decided = (over: Partial<Decision> = {}): Decision => ({
  verb: 'approve',
  offer: 'make-private',
  by: MORGAN,
  at: '2026-11-21T09:42:00.000Z',
  comment: 'Not agreed with anybody',
  ...over,
});
const PROOF =
  "Took effect at {time:2026-11-21T09:42:07.000Z}, checked twice. Nobody outside has access any more: read back from the bucket's policy, access list (ACLs are disabled) and all four public access blocks.";
const EXPECTED: Decision = { verb: 'dismiss', by: MORGAN, at: '2026-11-21T09:42:00.000Z' };
const CONFLICT =
  'contoso-invoices, bucket policy: it was 3 statements, 1 of them public. We left 2 statements. Now it is 4 statements, 1 of them public.';

const asked = (over: Partial<typeof QUESTION>, about: Partial<Case> = {}): Case =>
  sample({ question: { ...QUESTION, ...over }, ...about });
const asking = (over: Partial<typeof DEFAULT_ASKING>): Pick<Case, 'policy'> => ({
  policy: { ...sample().policy, asking: { ...DEFAULT_ASKING, ...over } },
});
const done = (over: Partial<Case> = {}): Case =>
  sample({ state: 'contained', decisions: [decided()], outcome: [PROOF], ...over });

/** A question of the security team's alone has no clock. */
const { clock: _clock, ...unhurried } = QUESTION;

const HOSTILE = '**curl** [x](https://evil.example) $' + '{ref} <at>all</at>';

/** By file name without `.data.json`. */
export const SAMPLES: Readonly<Record<string, CardContent>> = {
  question: caseCard(sample(), view()),
  'question.high': caseCard(
    asked(
      {
        path: [
          {
            name: 'Robin Castillo',
            outcome: 'passed-over',
            reason: "Robin Castillo is Alex Weber's manager but the account is disabled.",
          },
        ],
        reason: 'Morgan Reyes is 2 levels above Alex Weber, and nobody nearer can answer.',
      },
      { severity: 'high', seen: 15, facts: [...sample().facts, { label: 'Client', value: HOSTILE }] },
    ),
    view({ takes: taking({ dismiss: HIGH }) }),
  ),
  'question.signed': caseCard(
    asked(
      {
        beside: [DANA, { kind: 'security' }],
        twoPeople: 'Alex Weber is an administrator.',
      },
      {
        decisions: [decided({ awaits: 'One more person has to agree. Alex Weber is an administrator.' })],
      },
    ),
    view(),
  ),
  'question.contained-first': caseCard(
    asked(
      { offers: [OFFERS.private], withheld: [] },
      {
        ...asking({ contain: 'suspend' }),
        severity: 'high',
        containedFirst: { decision: 0, at: '2026-11-21T09:40:00.000Z' },
        decisions: [
          decided({ by: { kind: 'system', id: 'countersign', name: 'Countersign' }, offer: 'suspend' }),
        ],
        decidedBefore: 1,
        policy: {
          ...asking({ contain: 'suspend' }).policy,
          offers: [{ key: 'suspend', label: 'Suspend the account', actions: [SUSPEND.action] }],
        },
      },
    ),
    view(),
  ),
  'question.comment-demanded': caseCard(
    asked({ offers: [OFFERS.ask, OFFERS.private] }, asking({ comment: 'destructive' })),
    view(),
  ),
  'question.comment-always': caseCard(sample(asking({ comment: 'always' })), view()),
  'question.sign-in': caseCard(
    sample(),
    view({
      notice:
        'This takes a sign-in of yours that is no older than 10 minutes. Sign in again, then choose it once more.',
      signInUrl: 'https://countersign.contoso.example/sign-in?for=K7M2PQRS',
    }),
  ),
  'question.many-offers': caseCard(
    sample({
      question: {
        ...unhurried,
        approver: { kind: 'security' },
        offers: [
          OFFERS.private,
          OFFERS.contain,
          OFFERS.signOut,
          OFFERS.suspend,
          OFFERS.ask,
          offer('both', 'Suspend the account and make private', SUSPEND, ...OFFERS.private.actions),
        ],
        reason: 'Morgan Reyes handed this to the security team.',
        withheld: [],
      },
      related: ['Mass download from SharePoint', 'Impossible travel'].map((title, n) => ({
        ...{ id: `policy-${n}`, title, text: '', hash: '', question: '' },
        ref: `P4R7TZX${n + 2}`,
      })),
    }),
    view({ forOperator: true }),
  ),
  outcome: caseCard(done(), undoing()),
  'outcome.working': caseCard(
    sample({ state: 'executing', decisions: [decided()] }),
    reader({ mayCorrect: true }),
  ),
  'outcome.already-decided': caseCard(
    done(),
    undoing({ notice: 'Already decided by Morgan Reyes at 10:42 CET.' }),
  ),
  'outcome.undo-conflict': caseCard(
    done({ undoConflicts: [{ run: 'run-1' as RunId, over: '', says: [CONFLICT] }] }),
    undoing({ mayUndoAnyway: true }),
  ),
  'outcome.undo-asked': caseCard(
    done({
      severity: 'high',
      policy: asking({ comment: 'always' }).policy,
      decisions: [decided(), { verb: 'undo', by: MORGAN, at: '2026-11-21T09:44:00.000Z', awaits: HIGH }],
    }),
    undoing(),
  ),
  'question.with-another': caseCard(
    asked({
      approver: { ...DANA, as: 'reassigned' },
      reason: 'Dana Fields was named by Morgan Reyes as the one to answer.',
    }),
    view({ isBystander: true, forOperator: true }),
  ),
  'outcome.finding': caseCard(
    sample({
      state: 'routing',
      question: null,
      toSecurity: 'Morgan Reyes handed this to the security team.',
    }),
    reader(),
  ),
  'outcome.with-somebody': caseCard(asked({ beside: [DANA], rule: { kind: 'everyone' } }), reader()),
  'outcome.with-subject': caseCard(
    asked({
      approver: { kind: 'subject', id: ALEX.id, name: ALEX.name },
      reason: 'Alex Weber is asked first whether it was them.',
    }),
    reader(),
  ),
  'outcome.watched': caseCard(sample({ state: 'monitored' }), reader()),
  'outcome.partly': caseCard(
    done({ outcome: [PROOF, 'Sign out everywhere did not succeed: Graph did not answer.'] }),
    undoing({ partly: 'done' }),
  ),
  'outcome.dry-run': caseCard(done({ outcome: ['Dry run: nothing was changed.'] }), reader({ dryRun: true })),
  'outcome.expected': caseCard(
    sample({
      state: 'dismissed',
      decisions: [{ ...EXPECTED, until: '2026-12-01T23:00:00.000Z' }],
      outcome: [
        'Expected until {time:2026-12-01T23:00:00.000Z}: the same by Alex Weber on contoso-invoices asks nobody until then.',
      ],
      repeats: 3,
    }),
    reader({ mayCorrect: true }),
  ),
  'outcome.undoing': caseCard(
    done({
      state: 'undoing',
      decisions: [decided(), { verb: 'undo', by: YUKI, at: '2026-11-21T09:44:00.000Z' }],
    }),
    reader(),
  ),
  'outcome.undone': caseCard(
    done({
      state: 'undone',
      decisions: [decided(), { verb: 'undo', by: YUKI, at: '2026-11-21T09:44:00.000Z' }],
      outcome: ['Everything is back as it was before.'],
    }),
    reader({ mayCorrect: true }),
  ),
  'outcome.closed': caseCard(
    sample({
      state: 'closed',
      question: null,
      supersededBy: 'case-2' as CaseId,
      outcome: ['It was resolved in Microsoft Defender.'],
    }),
    reader(),
  ),
  'outcome.newer-below': caseCard(sample(), reader({ superseded: true })),
  notice: noticeCard(sample(), ZONE),
  'notice.answered': noticeCard(
    sample({ statements: [{ by: ALEX, at: '2026-11-21T09:20:00.000Z', was: 'not-me' }] }),
    ZONE,
  ),
};
