// Made-up cases and people for tests. Nothing here is real.
import { DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { CaseId, QuestionId, UserId } from '../../src/case/ids.ts';
import { DEFAULT_DETECTION, type OperatorSettings } from '../../src/case/settings.ts';
import { DEFAULT_VISIBILITY } from '../../src/case/visibility.ts';
import type { ChatActor } from '../../src/ports/chat.ts';

export const SUBJECT = '00000000-0000-4000-8000-000000000001' as UserId;
export const MANAGER = '00000000-0000-4000-8000-000000000002' as UserId;
export const SECURITY = '00000000-0000-4000-8000-000000000003' as UserId;
export const STRANGER = '00000000-0000-4000-8000-000000000004' as UserId;
export const TENANT = '00000000-0000-4000-8000-0000000000aa';
export const QUESTION = 'question-1' as QuestionId;

export const settings: OperatorSettings = {
  timeZone: 'Europe/Berlin',
  locale: 'en-GB',
  security: { members: [SECURITY], channel: '19:security@thread.tacv2', onCall: [], admins: [] },
  asking: DEFAULT_ASKING_SETTINGS,
  visibility: DEFAULT_VISIBILITY,
  protectedUsers: [],
  users: { restrictDownloadsGroup: null, removableGroups: null, mailFrom: null },
  aws: {
    accounts: [{ id: '123456789012', roleArn: 'arn:aws:iam::123456789012:role/Countersign' }],
    protectedPrincipals: [],
    serviceControlPolicyRole: null,
    watchBucketsMs: null,
    organisations: [],
    samlRoles: [],
    sourceIdentityRoles: [],
    iamUsers: {},
  },
  detection: DEFAULT_DETECTION,
  governance: {
    dryRun: false,
    capsPerHour: {},
    kindCapsPerHour: {},
    approverCapPerHour: 30,
    undoWindowMs: 30 * 86_400_000,
  },
};

export const actor = (id: UserId, name = 'Somebody'): ChatActor => ({
  tenantId: TENANT,
  id,
  name,
  conversation: { id: `chat-${id}`, serviceUrl: 'https://teams.example' },
});

export function aCase(over: Partial<Case> = {}): Case {
  return {
    id: 'case-1' as CaseId,
    ref: 'K7M2PQRS',
    state: 'asking',
    version: 2,
    nonce: '00',
    policy: {
      id: 'aws-s3-bucket-public',
      title: 'S3 bucket made public',
      text: 'title: S3 bucket made public',
      hash: 'f'.repeat(64),
      question: 'Should {subject} have opened {target} to everyone?',
      offers: [
        { key: 'make-private', label: 'Make it private', actions: ['aws.s3.make-bucket-private'] },
        { key: 'sign-out', label: 'Sign {subject} out', actions: ['entra.user.revoke-sessions'] },
      ],
      securityOnly: false,
    },
    groupKey: 'aws-s3-bucket-public|alex',
    severity: 'medium',
    title: 'PutBucketPolicy on invoices',
    attempt: false,
    hint: { kind: 'entra', id: 'alex.weber@contoso.example' },
    subject: { id: SUBJECT, name: 'Alex Weber', userPrincipalName: 'alex.weber@contoso.example' },
    named: [SUBJECT],
    mentioned: [SUBJECT],
    targets: [{ kind: 'bucket', account: '123456789012', region: 'eu-central-1', name: 'invoices' }],
    facts: [{ label: 'Source address', value: '192.0.2.44' }],
    sources: [{ source: 'cloudtrail', sourceId: '123456789012/1', resolved: false }],
    requestIds: [],
    seen: 1,
    openedAt: '2026-11-21T09:00:00.000Z',
    firstSeenAt: '2026-11-21T08:59:00.000Z',
    lastSeenAt: '2026-11-21T08:59:00.000Z',
    toSecurity: null,
    unreachable: [],
    question: {
      id: QUESTION,
      approver: { kind: 'person', id: MANAGER, name: 'Morgan Reyes' },
      path: [],
      reason: "Morgan Reyes is Alex Weber's manager.",
      offers: [
        {
          key: 'make-private',
          label: 'Make it private',
          left: [],
          actions: [
            {
              action: 'aws.s3.make-bucket-private',
              title: 'Make the bucket private',
              target: { kind: 'bucket', account: '123456789012', region: 'eu-central-1', name: 'invoices' },
              says: [
                'Removes public read from the bucket policy (1 statement); 2 other policy statements stay.',
              ],
              undo: { possible: true, says: 'Undo puts everything back.' },
            },
          ],
        },
      ],
      withheld: [{ label: 'Suspend the account', reason: 'The account is an administrator.' }],
      askedAt: '2026-11-21T09:00:01.000Z',
    },
    decisions: [],
    outcome: [],
    updatedAt: '2026-11-21T09:00:01.000Z',
    ...over,
  };
}
