// Cases, alerts and the like with everything filled in, for tests that care about one field.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../../../src/case/alert.ts';
import type { CardCopy, Case } from '../../../src/case/case.ts';
import type { CaseId, CopyId, QuestionId, RunId, UserId } from '../../../src/case/ids.ts';
import type { Run } from '../../../src/case/run.ts';

export const AN_HOUR_MS = 3_600_000;
export const newUserId = (): UserId => randomUUID() as UserId;
export const newCaseId = (): CaseId => randomUUID() as CaseId;

export function sampleCase(over: Partial<Case> = {}): Case {
  const id = newCaseId();
  return {
    id,
    ref: id.replaceAll('-', '').slice(0, 8).toUpperCase(),
    state: 'routing',
    version: 1,
    nonce: '0f'.repeat(16),
    policy: {
      id: 's3-bucket-public',
      title: 'Bucket made public',
      text: 'title: Bucket made public\n',
      hash: '0f'.repeat(32),
      question: 'Did {subject} mean to make {target} public?',
      offers: [],
      securityOnly: false,
    },
    groupKey: `s3-bucket-public:${id}`,
    severity: 'high',
    title: 'Bucket "quarterly-reports" was made public',
    attempt: false,
    hint: { kind: 'unknown', reason: 'an IAM user without a mapping' },
    subject: null,
    named: ['lee.gu@contoso.example'],
    mentioned: ['lee.gu@contoso.example'],
    targets: [{ kind: 'bucket', account: '123456789012', region: 'eu-west-1', name: 'quarterly-reports' }],
    facts: [{ label: 'Source address', value: '192.0.2.17' }],
    sources: [{ source: 'cloudtrail', sourceId: `123456789012/${id}`, resolved: false }],
    requestIds: [],
    seen: 1,
    openedAt: '2026-03-02T09:00:00.000Z',
    firstSeenAt: '2026-03-02T08:58:00.000Z',
    lastSeenAt: '2026-03-02T08:58:00.000Z',
    toSecurity: null,
    unreachable: [],
    question: null,
    decisions: [],
    outcome: [],
    updatedAt: '2026-03-02T09:00:00.000Z',
    ...over,
  };
}

/** The case one version later. */
export const moved = (from: Case, over: Partial<Case>): Case => ({
  ...from,
  version: from.version + 1,
  ...over,
});

export const sampleAlert = (over: Partial<Alert> = {}): Alert => ({
  source: 'graph',
  sourceId: randomUUID(),
  revision: '2026-03-02T08:59:00Z',
  fingerprint: 'first',
  occurredAt: '2026-03-02T08:58:00Z',
  title: 'Mass download by a single user',
  severity: 'medium',
  resolved: false,
  attempt: false,
  mentions: [],
  targets: [],
  facts: [],
  event: {},
  ...over,
});

export const sampleRun = (caseId: CaseId, over: Partial<Run> = {}): Run => ({
  id: randomUUID() as RunId,
  caseId,
  position: 0,
  action: 'aws.s3.make-bucket-private',
  target: { kind: 'bucket', account: '123456789012', region: 'eu-west-1', name: 'quarterly-reports' },
  state: 'pending',
  before: null,
  after: null,
  requestIds: [],
  says: null,
  verifiedAt: null,
  ...over,
});

export const sampleCopy = (caseId: CaseId, over: Partial<CardCopy> = {}): CardCopy => ({
  id: randomUUID() as CopyId,
  caseId,
  questionId: randomUUID() as QuestionId,
  reader: newUserId(),
  conversation: { id: '19:a@thread.tacv2', serviceUrl: 'https://smba.trafficmanager.net/emea/' },
  activityId: '1',
  shownVersion: 1,
  ...over,
});
