import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../src/case/json.ts';
import { isSamePolicy } from '../../src/case/policy-form.ts';

const statement = (more: JsonObject = {}): JsonObject => ({
  Sid: 'Partner',
  Effect: 'Allow',
  Principal: { AWS: '444455556666' },
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: 'arn:aws:s3:::files/*',
  Condition: { StringEquals: { 'aws:SourceVpc': ['vpc-1', 'vpc-2'] } },
  ...more,
});
const policy = (...Statement: readonly Json[]): JsonObject => ({ Version: '2012-10-17', Statement });
const same = (more: JsonObject): boolean => isSamePolicy(policy(statement()), policy(statement(more)));

describe('two policies that AWS does not tell apart', () => {
  const alike: readonly (readonly [string, JsonObject])[] = [
    ['the root of an account for its digits', { Principal: { AWS: 'arn:aws:iam::444455556666:root' } }],
    [
      'a list of one for a text',
      { Principal: { AWS: ['444455556666'] }, Resource: ['arn:aws:s3:::files/*'] },
    ],
    ['another order of actions', { Action: ['s3:ListBucket', 's3:GetObject'] }],
    ['another order of values', { Condition: { StringEquals: { 'aws:SourceVpc': ['vpc-2', 'vpc-1'] } } }],
  ];
  for (const [what, more] of alike)
    it(`are the same with ${what}`, () => {
      assert.ok(same(more));
    });

  it('are the same with a bare statement for a list of one, and whatever the order of keys', () => {
    assert.ok(isSamePolicy({ Statement: statement(), Version: '2012-10-17' }, policy(statement())));
    assert.ok(isSamePolicy(null, null));
  });

  const unlike: readonly (readonly [string, JsonObject])[] = [
    ['another account', { Principal: { AWS: '777788889999' } }],
    ['a user for the account', { Principal: { AWS: 'arn:aws:iam::444455556666:user/root' } }],
    ['one action fewer', { Action: 's3:GetObject' }],
    ['another effect', { Effect: 'Deny' }],
    ['the digits of an account in a condition for its root', { Sid: 'arn:aws:iam::444455556666:root' }],
  ];
  for (const [what, more] of unlike)
    it(`are not the same with ${what}`, () => {
      assert.ok(!same(more));
    });

  it('are not the same with statements in another order, or without one', () => {
    const other = statement({ Sid: 'Other' });

    assert.ok(!isSamePolicy(policy(statement(), other), policy(other, statement())));
    assert.ok(!isSamePolicy(policy(statement()), null));
  });
});
