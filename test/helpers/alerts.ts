// Made-up alerts and openings for tests of what becomes of them. Nothing here is real.

import type { Alert } from '../../src/case/alert.ts';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Policy } from '../../src/case/policy.ts';
import type { BucketTarget } from '../../src/case/target.ts';
import type { Opening } from '../../src/ingest/open-case.ts';

export const ACCOUNT = '123456789012';

export const aBucket = (name: string): BucketTarget => ({
  ...{ kind: 'bucket', account: ACCOUNT, region: 'eu-central-1' },
  name,
});

/** A call that deleted a bucket's policy. */
export const anAlert = (over: Partial<Alert> = {}): Alert => ({
  source: 'cloudtrail',
  sourceId: `${ACCOUNT}/1`,
  revision: '',
  fingerprint: '',
  occurredAt: '2026-11-21T08:59:00.000Z',
  title: 'DeleteBucketPolicy on invoices',
  severity: 'medium',
  resolved: false,
  attempt: false,
  mentions: [],
  targets: [aBucket('invoices')],
  facts: [],
  parameters: 'bucketName=invoices',
  event: { eventSource: 's3.amazonaws.com', eventName: 'DeleteBucketPolicy' },
  ...over,
});

export const aPolicy = (over: Partial<Policy> = {}): Policy => ({
  id: 'aws-s3-config-changes',
  title: 'S3 configuration changed',
  description: '',
  text: 'title: S3 configuration changed',
  hash: 'f'.repeat(64),
  source: 'cloudtrail',
  stage: 'ask',
  outside: false,
  counted: false,
  severity: 'medium',
  techniques: [],
  question: 'Was {subject} meant to change {target}?',
  offers: [],
  grouping: { by: 'subject', withinMs: 3_600_000 },
  covers: [],
  fallback: false,
  securityOnly: false,
  asking: DEFAULT_ASKING,
  ...over,
});

/** Of Alex Weber's deed. */
export const anOpening = (over: Partial<Opening> = {}): Opening => ({
  policy: aPolicy(),
  severity: 'medium',
  hint: { kind: 'entra', id: 'alex.weber@contoso.example' },
  groupKey: 'aws-s3-config-changes|subject:alex.weber@contoso.example',
  named: [],
  ...over,
});
