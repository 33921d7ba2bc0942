import assert from 'node:assert/strict';
import {
  principalsOf,
  statementsForAllBut,
  statementsNaming,
  withoutGrantsOf,
  withoutNames,
  withoutPrincipal,
} from '../../src/case/bucket-principals.ts';
import type { Json, JsonObject } from '../../src/case/json.ts';

const ACCOUNT = '444455556666';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const PAT = `arn:aws:iam::${ACCOUNT}:user/pat`;
const ID = 'b'.repeat(64);
const allow = (Principal: Json, more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal,
  Action: 's3:GetObject',
  ...more,
});
const policy = (...Statement: readonly Json[]): JsonObject => ({ Version: '2012-10-17', Id: 'p', Statement });

describe('whom a bucket policy names', () => {
  it('names each once: Allow statements and grants, no Deny, no service, no everybody, no group', () => {
    const named = policy(
      allow({ AWS: [ROOT, '*', PAT], Service: 'x.amazonaws.com' }),
      allow({ AWS: ACCOUNT }),
      allow('*'),
      { effect: 'allow', principal: { aws: ['AROAEXAMPLEEXAMPLE123', 7] } },
      allow({ AWS: `arn:aws:iam::777788889999:root` }, { Effect: 'Deny' }),
      'not a statement',
    );
    const grants = [
      { permission: 'READ', canonicalId: ID },
      { permission: 'WRITE', canonicalId: ID },
      { permission: 'READ', uri: 'http://acs.amazonaws.com/groups/global/AllUsers' },
    ];

    assert.deepEqual(principalsOf({ policy: named, acl: { ownerId: 'a', grants } }), [
      ACCOUNT,
      PAT,
      'AROAEXAMPLEEXAMPLE123',
      ID,
    ]);
    assert.deepEqual(principalsOf({ policy: null, acl: null }), []);
  });

  it('finds statements for everybody but some, whatever their letter case, and no such Deny', () => {
    const allBut = { Effect: 'Allow', notprincipal: { AWS: ACCOUNT } };

    assert.deepEqual(statementsForAllBut(policy(allow('*'), allBut, { ...allBut, Effect: 'deny' })), [
      allBut,
    ]);
  });
});

describe('a bucket policy without one principal', () => {
  const cases: readonly (readonly [string, Json, Json | undefined])[] = [
    ['a text', { AWS: ROOT }, undefined],
    ['a list of one', { AWS: [ACCOUNT] }, undefined],
    ['both spellings in one list', { AWS: [ACCOUNT, ROOT] }, undefined],
    ['a list with another', { AWS: [ROOT, PAT] }, { AWS: [PAT] }],
    ['a list with everybody', { AWS: [ROOT, '*'] }, { AWS: ['*'] }],
    ['two kinds', { AWS: ROOT, CanonicalUser: ID }, { CanonicalUser: ID }],
    ['a kind beside an empty one', { AWS: ROOT, CanonicalUser: [] }, undefined],
    ['other letter cases', { aws: [ROOT, PAT] }, { aws: [PAT] }],
    ['a bare text', ACCOUNT, undefined],
    ['a service of that name', { Service: [ACCOUNT], AWS: ROOT }, { Service: [ACCOUNT] }],
  ];
  for (const [what, principal, left] of cases)
    it(`takes an account out of ${what}`, () => {
      const other = allow({ AWS: PAT });

      const reduced = withoutPrincipal(policy(allow(principal), other), ROOT);

      assert.deepEqual(reduced, left === undefined ? policy(other) : policy(allow(left), other));
      assert.deepEqual(statementsNaming(reduced, ACCOUNT), []);
    });

  it('is the very same object where nobody of that name is in it', () => {
    const whole = policy(allow({ AWS: PAT }), allow({ AWS: ROOT }, { Effect: 'Deny' }), null, 'x');

    assert.equal(withoutPrincipal(whole, ROOT), whole);
    assert.equal(withoutPrincipal(null, ROOT), null);
  });

  it('is null when no statement is left, and keeps what is no statement', () => {
    assert.equal(withoutPrincipal(policy(allow({ AWS: ROOT })), ACCOUNT), null);
    assert.equal(withoutPrincipal({ Statement: allow({ AWS: ROOT }) }, ACCOUNT), null);
    assert.deepEqual(withoutPrincipal(policy(allow({ AWS: ROOT }), null, 'x'), ACCOUNT), policy(null, 'x'));
  });

  it('keeps a bare statement bare', () => {
    assert.deepEqual(withoutPrincipal({ Statement: allow({ AWS: [ROOT, PAT] }) }, ACCOUNT), {
      Statement: allow({ AWS: [PAT] }),
    });
  });
});

describe('a condition that only some callers can meet', () => {
  const onlyIf = (Condition: Json, Principal: Json = '*') => allow(Principal, { Condition });

  it('names them: accounts and ARNs, by operators that a caller must meet, patterns left out', () => {
    const named = policy(
      onlyIf({ StringEquals: { 'aws:PrincipalAccount': [ACCOUNT, 111122223333] } }),
      onlyIf({ 'ForAnyValue:ArnLike': { 'AWS:principalARN': [PAT, `arn:aws:iam::${ACCOUNT}:role/*`] } }),
      onlyIf({
        StringNotEquals: { 'aws:PrincipalAccount': '777788889999' },
        StringEqualsIfExists: { 'aws:PrincipalAccount': '777788889999' },
        'ForAllValues:StringEquals': { 'aws:PrincipalAccount': '777788889999' },
        StringEquals: { 'aws:SourceAccount': '777788889999', 'aws:PrincipalOrgID': 'o-1' },
        ArnEquals: 'aws:PrincipalArn',
      }),
      { ...onlyIf({ StringEquals: { 'aws:PrincipalAccount': '777788889999' } }), Effect: 'Deny' },
    );

    assert.deepEqual(principalsOf({ policy: named, acl: null }), [ACCOUNT, '111122223333', PAT]);
  });

  const cases: readonly (readonly [string, JsonObject, JsonObject | undefined])[] = [
    [
      'the list, which keeps its others',
      onlyIf({ StringLike: { 'aws:PrincipalArn': [PAT, ROOT] }, Bool: { 'aws:SecureTransport': 'true' } }),
      onlyIf({ StringLike: { 'aws:PrincipalArn': [ROOT] }, Bool: { 'aws:SecureTransport': 'true' } }),
    ],
    [
      'the whole statement where the list would be empty',
      onlyIf({ ArnEquals: { 'aws:PrincipalArn': [PAT] } }),
      undefined,
    ],
    [
      'the whole statement where it is the one value',
      onlyIf({ ArnEquals: { 'aws:PrincipalArn': PAT } }),
      undefined,
    ],
    [
      'the whole statement where one of two lists would be empty',
      onlyIf({ ArnEquals: { 'aws:PrincipalArn': [PAT, ROOT] }, StringEquals: { 'aws:principalarn': PAT } }),
      undefined,
    ],
    [
      'principal and condition alike',
      onlyIf({ ArnEquals: { 'aws:PrincipalArn': [PAT, ROOT] } }, { AWS: [PAT, ROOT] }),
      onlyIf({ ArnEquals: { 'aws:PrincipalArn': [ROOT] } }, { AWS: [ROOT] }),
    ],
    [
      'no condition that holds for everybody else as well',
      onlyIf({ ArnNotEquals: { 'aws:PrincipalArn': PAT } }, { AWS: [PAT, ROOT] }),
      onlyIf({ ArnNotEquals: { 'aws:PrincipalArn': PAT } }, { AWS: [ROOT] }),
    ],
  ];
  for (const [what, statement, left] of cases)
    it(`loses somebody: ${what}`, () => {
      const other = allow({ AWS: ROOT });

      const reduced = withoutPrincipal(policy(statement, other), PAT);

      assert.deepEqual(reduced, left === undefined ? policy(other) : policy(left, other));
      assert.deepEqual(statementsNaming(reduced, PAT), []);
    });

  it('counts for nothing in what a statement says beside names', () => {
    const one = onlyIf({ ArnEquals: { 'aws:PrincipalArn': [PAT] } });
    const two = onlyIf({ ArnEquals: { 'aws:PrincipalArn': [ROOT, PAT] } }, { AWS: ROOT });

    assert.deepEqual(withoutNames(one), withoutNames(two));
    assert.notDeepEqual(withoutNames(one), withoutNames(allow('*')));
  });
});

it('takes every grant of a grantee off an access list, and no other', () => {
  const grants = [
    { permission: 'READ', canonicalId: ID },
    { permission: 'READ', canonicalId: 'a' },
    { permission: 'WRITE', canonicalId: ID },
    { permission: 'READ', email: 'pat@partner.example' },
  ];

  assert.deepEqual(withoutGrantsOf({ ownerId: 'a', grants }, ID).grants, [grants[1], grants[3]]);
  assert.deepEqual(
    withoutGrantsOf({ ownerId: 'a', grants }, 'pat@partner.example').grants,
    grants.slice(0, 3),
  );
});
