// The made-up case that the sample cards are about: Alex Weber opened a bucket at Contoso. Nothing here is real, but every sentence is
// one that the app says, by its key, so that a sample can be drawn in every language.
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { CaseId, QuestionId, UserId } from '../../src/case/ids.ts';
import { labelSaid } from '../../src/case/policy-words.ts';
import type { PlannedAction, PlannedOffer, Question } from '../../src/case/question.ts';
import { asked, passedBy } from '../../src/case/rung-words.ts';
import { type Said, say } from '../../src/case/said.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';

const id = (n: number): UserId => `00000000-0000-4000-8000-00000000000${n}` as UserId;
export const ALEX = { kind: 'person', id: id(1), name: 'Alex Weber' } as const;
export const MORGAN = { kind: 'person', id: id(2), name: 'Morgan Reyes' } as const;
export const DANA = { kind: 'person', id: id(3), name: 'Dana Fields' } as const;
export const YUKI = { kind: 'person', id: id(4), name: 'Yuki Tanaka' } as const;

const { policies } = requireCatalogue({ knownActions: [...ACTIONS.keys()] }).catalogue;

/** As it is shipped: what is changed about it is no longer said in other languages. */
export function shipped(policyId: string): Case['policy'] {
  const policy = policies.find((one) => one.id === policyId);
  if (!policy) throw new Error(`no policy ${policyId}`);
  const { title, question, offers } = policy;
  return {
    ...{ id: policyId, title, text: '', hash: '', question, offers },
    ...{ securityOnly: false, asking: DEFAULT_ASKING },
  };
}

export const bucket = (name: string) =>
  ({ kind: 'bucket', account: '123456789012', region: 'eu-central-1', name }) as const;
export const BUCKET = bucket('contoso-invoices');
const USER = { kind: 'user', id: ALEX.id, label: ALEX.name } as const;

export const makePrivate = (target: ReturnType<typeof bucket>): PlannedAction => ({
  action: 'aws.s3.make-bucket-private',
  title: say('s3.title.make-bucket-private'),
  target,
  says: [
    say('s3.private.policy', { access: 'read', n: 1, stay: 2 }),
    say('s3.private.no-lists'),
    say('s3.private.turns-blocks-on'),
    say('s3.private.others-keep'),
  ],
  undo: { possible: true, says: say('s3.private.undo') },
});
const MAKE_PRIVATE = makePrivate(BUCKET);

interface Person {
  readonly id: UserId;
  readonly name: string;
}

export const signOut = ({ id: user, name: person }: Person): PlannedAction => ({
  action: 'entra.user.revoke-sessions',
  title: say('users.title.revoke-sessions'),
  target: { kind: 'user', id: user, label: person },
  says: [say('users.sessions.signs-out', { person }), say('users.sessions.slow-apps')],
  undo: { possible: false, says: say('users.sessions.no-way-back') },
});
const SIGN_OUT = signOut(ALEX);

export const SUSPEND: PlannedAction = {
  action: 'entra.user.suspend',
  title: say('users.title.suspend'),
  target: USER,
  says: [say('users.sign-in.blocks', { person: ALEX.name }), say('users.sign-in.open-apps')],
  undo: { possible: true, says: say('users.sign-in.suspend-undo') },
};

export const askThem = ({ id: user, name: person }: Person): PlannedAction => ({
  action: 'entra.user.notify',
  title: say('users.title.notify'),
  target: { kind: 'user', id: user, label: person },
  says: [
    say('users.notify.no-way-back'),
    say('users.notify.asks', { person, way: 'teams' }),
    say('users.notify.changes-nothing'),
  ],
  undo: { possible: false, says: say('users.notify.no-way-back') },
  nature: 'informs',
});

export const offer = (key: string, label: Said, ...actions: readonly PlannedAction[]): PlannedOffer => ({
  ...{ key, label, actions },
  left: [],
});

const label = (text: string): Said => labelSaid({ label: text }, ALEX.name);
export const OFFERS = {
  private: offer('make-private', label('Make private'), MAKE_PRIVATE),
  contain: offer('contain', label('Make private and sign out'), MAKE_PRIVATE, SIGN_OUT),
  signOut: offer('sign-out', label('Sign {subject} out everywhere'), SIGN_OUT),
  suspend: offer('suspend', label('Suspend the account'), SUSPEND),
  ask: offer('ask', label('Ask {subject} if it was them'), askThem(ALEX)),
} as const;

const manager = (name: string): Said => say('route.who.manager', { name, subject: ALEX.name });
export const PASSED_OVER = passedBy(manager('Robin Castillo'), say('route.but.disabled'));

export const QUESTION: Question = {
  id: '5d1c7e4c-8c0a-4f54-9a7e-0f6f6f1b9b11' as QuestionId,
  approver: { ...MORGAN, as: 'manager' },
  clock: {
    remindAt: '2026-11-21T12:59:00.000Z',
    escalateAt: '2026-11-21T15:59:00.000Z',
    timeOutAt: '2026-11-24T10:00:00.000Z',
    onTimeOut: 'escalate',
  },
  path: [],
  reason: asked(manager(MORGAN.name)),
  offers: [OFFERS.private, OFFERS.contain],
  withheld: [
    {
      label: label('Suspend the account'),
      reason: say('users.account.administrator', { person: ALEX.name }),
    },
  ],
  askedAt: '2026-11-21T09:00:05.000Z',
};

const SAMPLE: Case = {
  id: 'case-1' as CaseId,
  ref: 'K7M2PQRS',
  state: 'asking',
  version: 2,
  nonce: '00',
  policy: shipped('aws-s3-bucket-public'),
  groupKey: '',
  severity: 'medium',
  title: say('ingest.call-on', { call: 'PutBucketPolicy', target: BUCKET.name }),
  attempt: false,
  hint: { kind: 'entra', id: 'alex.weber@contoso.example' },
  subject: { id: ALEX.id, name: ALEX.name, userPrincipalName: 'alex.weber@contoso.example' },
  named: [ALEX.id],
  mentioned: [],
  targets: [BUCKET],
  facts: [
    { label: say('ingest.api-call'), value: 'PutBucketPolicy (s3.amazonaws.com)' },
    { label: say('ingest.account'), value: '123456789012' },
    { label: say('ingest.source-ip'), value: '192.0.2.44', kind: 'address' },
  ],
  sources: [{ source: 'cloudtrail', sourceId: '123456789012/1', resolved: false }],
  requestIds: [],
  seen: 1,
  openedAt: '2026-11-21T08:59:30.000Z',
  firstSeenAt: '2026-11-21T08:59:00.000Z',
  lastSeenAt: '2026-11-21T08:59:00.000Z',
  toSecurity: null,
  unreachable: [],
  question: QUESTION,
  decisions: [],
  outcome: [],
  updatedAt: '2026-11-21T09:00:05.000Z',
};

export const sample = (over: Partial<Case> = {}): Case => ({ ...SAMPLE, ...over });
