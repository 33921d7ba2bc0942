// The made-up case that the sample cards are about: Alex Weber opened a bucket at Contoso. Nothing here is real.
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { CaseId, QuestionId, UserId } from '../../src/case/ids.ts';
import type { PlannedAction, PlannedOffer, Question } from '../../src/case/question.ts';

const id = (n: number): UserId => `00000000-0000-4000-8000-00000000000${n}` as UserId;
export const ALEX = { kind: 'person', id: id(1), name: 'Alex Weber' } as const;
export const MORGAN = { kind: 'person', id: id(2), name: 'Morgan Reyes' } as const;
export const DANA = { kind: 'person', id: id(3), name: 'Dana Fields' } as const;
export const YUKI = { kind: 'person', id: id(4), name: 'Yuki Tanaka' } as const;

const BUCKET = {
  kind: 'bucket',
  account: '123456789012',
  region: 'eu-central-1',
  name: 'contoso-invoices',
} as const;
const USER = { kind: 'user', id: ALEX.id, label: ALEX.name } as const;

const MAKE_PRIVATE: PlannedAction = {
  action: 'aws.s3.make-bucket-private',
  title: 'Make the bucket private',
  target: BUCKET,
  says: [
    'Removes public read from the bucket policy (1 statement); 2 other policy statements stay.',
    'ACLs are disabled on this bucket; nothing to remove there.',
    'Turns on all four public access blocks.',
    'The owner, and everybody whom another rule names, keep their access.',
  ],
  undo: {
    possible: true,
    says: 'Undo puts the policy, the access list and the blocks back exactly as they were.',
  },
};
const SIGN_OUT: PlannedAction = {
  action: 'entra.user.revoke-sessions',
  title: 'Sign out everywhere',
  target: USER,
  says: [
    'Signs Alex Weber out of every app and device that takes their work account. It takes a few minutes.',
    'An app without continuous access evaluation may keep them signed in for up to an hour.',
  ],
  undo: { possible: false, says: 'This cannot be undone: they will have to sign in again.' },
};
export const SUSPEND: PlannedAction = {
  action: 'entra.user.suspend',
  title: 'Suspend the account',
  target: USER,
  says: ['Alex Weber can no longer sign in. What they have open ends within an hour.'],
  undo: { possible: true, says: 'Undo lets them sign in again.' },
};
const ASK_THEM: PlannedAction = {
  action: 'message.user.was-this-you',
  title: 'Ask them',
  target: USER,
  says: ['Asks Alex Weber in Teams whether it was them. You are asked again with what they say.'],
  undo: { possible: false, says: 'A question cannot be taken back.' },
  nature: 'informs',
};

export const offer = (key: string, label: string, ...actions: readonly PlannedAction[]): PlannedOffer => ({
  key,
  label,
  actions,
  left: [],
});
export const OFFERS = {
  private: offer('make-private', 'Make private', MAKE_PRIVATE),
  contain: offer('contain', 'Make private and sign out', MAKE_PRIVATE, SIGN_OUT),
  signOut: offer('sign-out', 'Sign Alex Weber out', SIGN_OUT),
  suspend: offer('suspend', 'Suspend the account', SUSPEND),
  ask: offer('ask', 'Ask Alex Weber', ASK_THEM),
} as const;

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
  reason: "Morgan Reyes is Alex Weber's manager.",
  offers: [OFFERS.private, OFFERS.contain],
  withheld: [
    {
      label: 'Suspend the account',
      reason:
        'Alex Weber is an administrator: the accounts of administrators are only changed by the security team, by hand.',
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
  policy: {
    id: 'aws-s3-bucket-public',
    title: 'S3 bucket made public',
    text: '',
    hash: '',
    question:
      '{subject} made it possible for people outside the company to reach {target}. Was that meant to happen?',
    offers: [],
    securityOnly: false,
    asking: DEFAULT_ASKING,
  },
  groupKey: '',
  severity: 'medium',
  title: 'PutBucketPolicy',
  attempt: false,
  hint: { kind: 'entra', id: 'alex.weber@contoso.example' },
  subject: { id: ALEX.id, name: ALEX.name, userPrincipalName: 'alex.weber@contoso.example' },
  named: [ALEX.id],
  mentioned: [],
  targets: [BUCKET],
  facts: [
    { label: 'API call', value: 'PutBucketPolicy (s3.amazonaws.com)' },
    { label: 'Account', value: '123456789012' },
    { label: 'Source IP', value: '192.0.2.44', kind: 'address' },
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
