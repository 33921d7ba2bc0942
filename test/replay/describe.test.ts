import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import { targetLabel } from '../../src/case/target.ts';
import { parseCloudTrail } from '../../src/ingest/sources/cloudtrail-event.ts';
import { describe as describeRecord } from '../../src/replay/describe.ts';

const ACCOUNT = '123456789012';
const record = (more: JsonObject): JsonObject => ({
  userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alex`, accountId: ACCOUNT },
  eventTime: '2026-01-12T09:14:02Z',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'ModifySnapshotAttribute',
  awsRegion: 'eu-central-1',
  eventID: 'event-1',
  recipientAccountId: ACCOUNT,
  ...more,
});

describe('The description of a record in a replay', () => {
  for (const [what, more, attempt] of [
    ['an error', { errorCode: 'AccessDenied' }, true],
    ['a refused console sign-in', { responseElements: { ConsoleLogin: 'Failure' } }, true],
    ['a refused change of role', { responseElements: { SwitchRole: 'Failure' } }, true],
    ['a refused portal sign-in', { serviceEventDetails: { CredentialVerification: 'Failure' } }, true],
    ['a portal sign-in', { serviceEventDetails: { CredentialVerification: 'Success' } }, false],
    ['an answer that is no object', { responseElements: 'Failure', serviceEventDetails: ['Failure'] }, false],
  ] as const)
    it(`calls ${what} ${attempt ? 'an attempt' : 'done'}, as live detection does`, () => {
      const event = record(more as JsonObject);

      assert.equal(describeRecord(event).attempt, attempt);
      assert.equal(parseCloudTrail(event, { accounts: [ACCOUNT] })[0]?.attempt, attempt);
    });

  it('names the target as live detection does', () => {
    const event = record({ requestParameters: { snapshotId: 'snap-1' } });
    const [target] = parseCloudTrail(event, { accounts: [ACCOUNT] })[0]?.targets ?? [];

    assert.equal(describeRecord(event).target, 'snapshot snap-1');
    assert.equal(target && targetLabel(target), 'snapshot snap-1');
  });

  it('survives a request that is nested without end', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);

    assert.equal(describeRecord(record({ requestParameters: deep })).target, 'user/alex');
  });
});
