import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/case/json.ts';
import { isLike, matchStatement, type PolicyRequest } from '../../../src/sandbox/s3/policy-language.ts';

const USER = 'arn:aws:iam::444455556666:user/pat';
const CALLER = { account: '444455556666', canonicalId: 'b'.repeat(64), arns: [USER] };
const request: PolicyRequest = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::files/a/b.txt',
  caller: CALLER,
  keys: { 'aws:sourceip': '192.0.2.7', 'aws:principalorgid': 'o-contoso0001' },
};
const anonymous: PolicyRequest = { ...request, caller: null, keys: { 'aws:sourceip': '192.0.2.7' } };
const statement = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::files/*',
  ...more,
});

describe('the policy language', () => {
  for (const [what, more, expected] of [
    ['everyone', {}, ['direct', 'direct']],
    ['everyone, in the long form', { Principal: { AWS: ['*'] } }, ['direct', 'direct']],
    ['a user by ARN', { Principal: { AWS: USER } }, ['direct', null]],
    ['another user', { Principal: { AWS: 'arn:aws:iam::444455556666:user/sam' } }, [null, null]],
    ['an account by number', { Principal: { AWS: '444455556666' } }, ['account', null]],
    ['an account by its root', { Principal: { AWS: 'arn:aws:iam::444455556666:root' } }, ['account', null]],
    ['an account by canonical id', { Principal: { CanonicalUser: CALLER.canonicalId } }, ['account', null]],
    ['a service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }, [null, null]],
    ['everyone but the caller', { Principal: undefined, NotPrincipal: { AWS: USER } }, [null, 'direct']],
    ['an action in another letter case', { Action: ['S3:getobject'] }, ['direct', 'direct']],
    ['another action', { Action: 's3:Put*' }, [null, null]],
    ['all actions but another', { Action: undefined, NotAction: 's3:Put*' }, ['direct', 'direct']],
    ['all actions but this', { Action: undefined, NotAction: 's3:Get*' }, [null, null]],
    ['another folder', { Resource: 'arn:aws:s3:::files/c/*' }, [null, null]],
    ['all but this folder', { Resource: undefined, NotResource: 'arn:aws:s3:::files/a/*' }, [null, null]],
    [
      'the address range',
      { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
      ['direct', 'direct'],
    ],
    [
      'another address range',
      { Condition: { IpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '::/0'] } } },
      [null, null],
    ],
    ['not this address', { Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.7' } } }, [null, null]],
    [
      'the organisation',
      { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } } },
      ['direct', null],
    ],
    [
      'the organisation, if it has one',
      { Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-contoso0001' } } },
      ['direct', 'direct'],
    ],
    [
      'another VPC endpoint',
      { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
      ['direct', 'direct'],
    ],
    ['a VPC endpoint', { Condition: { StringLike: { 'aws:SourceVpce': 'vpce-*' } } }, [null, null]],
    [
      'callers with no organisation',
      { Condition: { Null: { 'aws:PrincipalOrgID': 'true' } } },
      [null, 'direct'],
    ],
    [
      'two conditions, one of them false',
      {
        Condition: {
          IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
          StringEquals: { 'aws:SourceVpc': 'vpc-1' },
        },
      },
      [null, null],
    ],
    ['a condition that nobody knows', { Condition: { Sounds: { 'aws:SourceIp': 'nice' } } }, [null, null]],
  ] as const)
    it(`matches a statement for ${what}`, () => {
      // JSON.stringify drops what is undefined, as a document would.
      const document = JSON.parse(JSON.stringify(statement(more as JsonObject))) as JsonObject;

      assert.deepEqual([matchStatement(document, request), matchStatement(document, anonymous)], expected);
    });

  it('takes only * and ? for wildcards', () => {
    assert.equal(isLike('a.b', 'a?b'), true);
    assert.equal(isLike('axb', 'a.b'), false);
    assert.equal(isLike('a/b\nc', 'a*c'), true);
    assert.equal(isLike('abc', 'ab'), false);
  });
});
