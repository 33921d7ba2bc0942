// The card that holds a flood of questions, a line each.
import { digestCard, movedCard, selectLines } from '../../src/ask/digest-data.ts';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import type { Case } from '../../src/case/case.ts';
import type { CaseId, DigestId, QuestionId, UserId } from '../../src/case/ids.ts';
import { labelSaid } from '../../src/case/policy-words.ts';
import type { PlannedAction, PlannedOffer } from '../../src/case/question.ts';
import { type Said, say } from '../../src/case/said.ts';
import { sentences } from '../../src/case/sentences.ts';
import type { DigestLine } from '../../src/ports/digests.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import {
  askThem,
  bucket,
  MORGAN,
  makePrivate,
  offer,
  QUESTION,
  sample,
  shipped,
  signOut,
} from './sample-case.ts';
import { decided, HIGH, taking } from './sample-view.ts';
import type { Write } from './writer.ts';

const DIGEST = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f' as DigestId;
const KAI = { kind: 'person', id: '00000000-0000-4000-8000-00000000000a', name: 'Kai Brandt' } as const;
const REFS = [
  'K7M2PQRS',
  'B4D8WXYZ',
  'C5E9TVWX',
  'D6F0RSTV',
  'E7G1PQRS',
  'F8H2MNPQ',
  'G9J3KMNP',
  'H0K4HJKM',
  'J1M5HJKN',
  'K2N6PQRT',
  'L3P7STVX',
  'M4Q8WXYB',
  'N5R9YZCD',
  'P6S0BCDF',
];

interface Person {
  readonly id: UserId;
  readonly name: string;
}
type Offering = (person: Person, name: string) => PlannedOffer;

const offering =
  (key: string, label: string, plan: (person: Person, name: string) => PlannedAction): Offering =>
  (person, name) =>
    offer(key, labelSaid({ label }, person.name), plan(person, name));

const SIGN_OUT = offering('sign-out', 'Sign {subject} out everywhere', signOut);
const PRIVATE = offering('make-private', 'Make private', (_, name) => makePrivate(bucket(name)));
const ASK = offering('ask', 'Ask {subject} if it was them', askThem);
const STOP = offering('stop', 'Take back what they allowed the app', ({ id: user, name: userLabel }) => ({
  action: 'entra.app.revoke-grant',
  title: say('users.title.revoke-app-grant'),
  target: { kind: 'app-grant', user, userLabel, app: 'app-1', label: 'PDF Wizard Pro' },
  says: [
    say('users.app.takes-back', {
      ...{ app: 'PDF Wizard Pro', n: 3 },
      permissions: [say('users.scope.mail'), say('users.scope.files'), say('users.scope.stay')],
    }),
    say('users.app.goes-on'),
    say('users.app.may-allow-again'),
  ],
  undo: { possible: true, says: say('users.app.undo') },
}));

interface Row {
  readonly policy: string;
  readonly name: string;
  readonly offer: Offering;
  readonly severity?: Case['severity'];
  /** Its bucket. */
  readonly on?: string;
  readonly over?: Partial<Case>;
}

const OPENED = 'aws-s3-bucket-public';
const SEVERAL: Partial<Case> = {
  seen: 3,
  deeds: ['1', '2', '3'].map((key) => ({ key, says: '' })),
  related: [{ ...shipped('m365-app-governance-alert'), ref: 'P4R7TZX2' }],
  targets: [bucket('contoso-site'), bucket('contoso-exports')],
  moreTargets: 4,
};

const ROWS: readonly Row[] = [
  { policy: 'm365-risky-sign-in', name: 'Alex Weber', offer: SIGN_OUT, severity: 'high' },
  { policy: OPENED, name: 'Priya Nair', offer: PRIVATE, on: 'contoso-invoices', severity: 'medium' },
  { policy: OPENED, name: 'Sam Okafor', offer: PRIVATE, severity: 'medium', over: SEVERAL },
  { policy: 'm365-mass-download', name: 'Lee Gu', offer: ASK, severity: 'medium' },
  { policy: 'm365-impossible-travel', name: 'Jo Martin', offer: SIGN_OUT },
  { policy: OPENED, name: 'Kim Sato', offer: PRIVATE, on: 'contoso-exports' },
  { policy: 'm365-app-governance-alert', name: 'Ana Ruiz', offer: STOP },
  { policy: 'm365-mass-share', name: 'Tom Berg', offer: SIGN_OUT, severity: 'informational' },
  ...['Kim Brook', 'Ida Holm', 'Max Orel', 'Eva Lind'].map((name) => ({
    policy: 'm365-mass-deletion',
    ...({ name, offer: SIGN_OUT, severity: 'informational' } as const),
  })),
];

function lineOf({ policy, name, offer: offering, severity = 'low', on, over }: Row, at: number): DigestLine {
  const id = `00000000-0000-4000-8000-0000000001${String(at).padStart(2, '0')}`;
  const person = { id: id as UserId, name };
  const seenAt = new Date(Date.parse('2026-11-21T09:42:00.000Z') - at * 20_000).toISOString();
  const questionId = id as QuestionId;
  const about = sample({
    id: id as CaseId,
    ref: REFS[at] ?? '',
    policy: shipped(policy),
    severity,
    subject: { ...person, userPrincipalName: `${name.toLowerCase().replace(' ', '.')}@contoso.example` },
    targets: on ? [bucket(on)] : [],
    firstSeenAt: seenAt,
    lastSeenAt: seenAt,
    updatedAt: seenAt,
    question: { ...QUESTION, id: questionId, offers: [offering(person, on ?? 'contoso-site')] },
    ...over,
  });
  return { about, questionId, atMs: Date.parse(seenAt) };
}

const lines = (overs: Readonly<Record<number, Partial<Case>>> = {}): readonly DigestLine[] =>
  ROWS.map((row, at) => lineOf({ ...row, over: { ...row.over, ...overs[at] } }, at));

const settled = (ref: string, at: number): DigestLine => {
  const line = lineOf({ policy: OPENED, name: 'Ben Ode', offer: PRIVATE, on: 'contoso-photos' }, at);
  return { ...line, about: { ...line.about, ref, ...EXPECTED } };
};
const EXPECTED: Partial<Case> = {
  state: 'dismissed',
  decisions: [{ verb: 'dismiss', by: MORGAN, at: '2026-11-21T09:43:00.000Z' }],
};
const DECIDED_AT = '2026-11-21T09:44:02.000Z';

/** Two are open; the others show each thing that may have become of them. */
const ANSWERED: Readonly<Record<number, Partial<Case>>> = {
  1: { containedFirst: { decision: 0, at: '2026-11-21T09:40:00.000Z' } },
  2: { ...EXPECTED, updatedAt: '2026-11-21T09:44:50.000Z' },
  3: {
    state: 'executing',
    decisions: [decided({ offer: 'ask', by: KAI, at: DECIDED_AT })],
    updatedAt: '2026-11-21T09:44:40.000Z',
  },
  4: {
    question: { ...QUESTION, approver: { kind: 'security' } },
    updatedAt: '2026-11-21T09:44:30.000Z',
  },
  5: { state: 'contained', decisions: [decided()], updatedAt: '2026-11-21T09:44:20.000Z' },
  6: { state: 'undone', decisions: [decided()], updatedAt: '2026-11-21T09:44:10.000Z' },
  7: { state: 'routing', question: null, updatedAt: '2026-11-21T09:44:00.000Z' },
};

const ALREADY = sentences([
  say('decide.all-done.dismiss', { done: 3 }),
  say('decide.all-left-alone', { refused: 1 }),
  say('decide.case-says', {
    ref: REFS[3] ?? '',
    says: say('decide.already-decided', { name: KAI.name, at: { time: DECIDED_AT } }),
  }),
]);

export function digestSamples(write: Write): Readonly<Record<string, CardContent>> {
  const draw = (all: readonly DigestLine[], version: number, reader: string, notice?: Said): CardContent =>
    digestCard(DIGEST, version, selectLines(all, reader), reader, {
      write,
      isDryRun: () => false,
      takes: ({ severity }) => taking(severity === 'high' ? { dismiss: HIGH } : {}),
      shown: (about) => about,
      ...(notice && { notice }),
    });
  const withSecurity = lines().map((line) => ({
    ...line,
    about: {
      ...line.about,
      question: line.about.question && {
        ...line.about.question,
        approver: { kind: 'security' },
        dryRun: true,
      },
    } as Case,
  }));
  return {
    digest: draw([...lines(), settled('N5R9YZCD', 12), settled('P6S0BCDF', 13)], 7, MORGAN.id),
    'digest.answered': draw(
      [...lines(ANSWERED).slice(0, 8), settled('N5R9YZCD', 12), settled('P6S0BCDF', 13)],
      9,
      MORGAN.id,
      ALREADY,
    ),
    'digest.security': draw(withSecurity.slice(1, 4), 3, SECURITY_READER),
    'digest.moved': movedCard(write),
  };
}
