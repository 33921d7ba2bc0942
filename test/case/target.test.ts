import assert from 'node:assert/strict';
import type { UserId } from '../../src/case/ids.ts';
import { holdKey, parseTarget, type Target, targetKey } from '../../src/case/target.ts';

const account = '123456789012';
const region = '';
const WRITABLE: readonly Target[] = [
  { kind: 'bucket', account, region, name: 'contoso-invoices' },
  { kind: 'object', account, region, bucket: 'contoso-invoices', key: 'a/b:c d.pdf' },
  {
    kind: 'collaborator',
    account,
    region,
    bucket: 'contoso-invoices',
    principal: 'arn:aws:iam::444455556666:role/auditor',
  },
  { kind: 'aws-account', account },
  { kind: 'iam-user', account, name: 'alex' },
  { kind: 'iam-role', account, name: 'DataPipeline' },
  {
    kind: 'sso-session',
    account,
    role: 'AWSReservedSSO_Developer_0123456789abcdef',
    user: 'alex@contoso.example',
  },
];

describe('a target that somebody writes', () => {
  for (const target of WRITABLE)
    it(`is read as what its key says: ${targetKey(target)}`, () => {
      assert.deepEqual(parseTarget(targetKey(target)), target);
    });

  it('names the user of an access key, which its key does not', () => {
    assert.deepEqual(parseTarget(`access-key:${account}:alex/AKIAIOSFODNN7EXAMPLE`), {
      kind: 'access-key',
      account,
      user: 'alex',
      id: 'AKIAIOSFODNN7EXAMPLE',
    });
  });

  for (const text of [
    '',
    'bucket',
    'bucket:123:contoso-invoices',
    'bucket:123456789012:',
    'bucket:123456789012:UPPER',
    'bucket:123456789012:a/b',
    'object:123456789012:contoso-invoices',
    'aws-account:123456789012:more',
    'iam-user:123456789012:a b',
    'iam-role:123456789012:path/name',
    'access-key:123456789012:AKIAIOSFODNN7EXAMPLE',
    'access-key:123456789012:alex/ASIAIOSFODNN7EXAMPLE',
    'sso-session:123456789012:role',
    'sso-session:123456789012:role/user/more',
    'user:ec7719b6-7d1b-4d8c-acd1-cf8b20742202',
    'resource:123456789012:x',
    '__proto__:123456789012:x',
  ])
    it(`is nothing where it names nothing that could be meant: ${JSON.stringify(text)}`, () => {
      assert.equal(parseTarget(text), null);
    });
});

describe('what must not be changed by two at once', () => {
  const bucket = { kind: 'bucket', account, region, name: 'contoso-invoices' } as const;

  it('is a bucket with whoever it is shared with, and not with its objects', () => {
    const shared = {
      kind: 'collaborator',
      account,
      region,
      bucket: bucket.name,
      principal: '444455556666',
    } as const;
    const object = { kind: 'object', account, region, bucket: bucket.name, key: 'a' } as const;

    assert.equal(holdKey(shared), holdKey(bucket));
    assert.notEqual(holdKey(object), holdKey(bucket));
  });

  it('is an IAM user with all of their keys', () => {
    const user = { kind: 'iam-user', account, name: 'alex' } as const;

    assert.equal(
      holdKey({ kind: 'access-key', account, user: 'alex', id: 'AKIAIOSFODNN7EXAMPLE' }),
      holdKey(user),
    );
  });

  it('is the policy against an Identity Center user, however their name is written', () => {
    const named = (user: string): Target => ({
      kind: 'sso-session',
      account,
      role: 'AWSReservedSSO_A_1',
      user,
    });

    assert.equal(holdKey(named('Alex@contoso.example')), holdKey(named('alex@contoso.example')));
    assert.notEqual(holdKey(named('sam@contoso.example')), holdKey(named('alex@contoso.example')));
  });

  it('is one thing for every target of one kind, and another for every other', () => {
    const user = 'ec7719b6-7d1b-4d8c-acd1-cf8b20742202' as UserId;
    const all: readonly Target[] = [
      ...WRITABLE,
      { kind: 'user', id: user, label: 'Alex' },
      { kind: 'membership', user, userLabel: 'Alex', group: 'g', label: 'G' },
      { kind: 'app-grant', user, userLabel: 'Alex', app: 'a', label: 'A' },
    ];

    assert.equal(new Set(all.map(targetKey)).size, all.length);
  });
});
