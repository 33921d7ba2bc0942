// Who is behind a target, and so does not decide on it.
import assert from 'node:assert/strict';
import { peopleAtStake, peopleBehind } from '../../src/case/behind-target.ts';
import type { Target } from '../../src/case/target.ts';
import { MANAGER, SECURITY, STRANGER } from '../helpers/cases.ts';

const account = '123456789012';
const place = { account, region: 'eu-central-1', bucket: 'contoso-invoices' } as const;
const aws = {
  iamUsers: {
    [`arn:aws:iam::${account}:user/ops/Ben`]: 'Ben@contoso.example',
    'arn:aws:iam::444455556666:user/ben': MANAGER,
    [`arn:aws:iam::${account}:role/ben`]: STRANGER,
  },
};

describe('Whoever is behind', () => {
  for (const [what, target, people] of [
    ['an account', { kind: 'user', id: SECURITY, label: 'Yuki' }, [SECURITY]],
    [
      'a place in a group',
      { kind: 'membership', user: SECURITY, userLabel: 'Yuki', group: 'g', label: 'Ops' },
      [SECURITY],
    ],
    [
      'a consent',
      { kind: 'app-grant', user: SECURITY, userLabel: 'Yuki', app: 'a', label: 'Sorter' },
      [SECURITY],
    ],
    ['an IAM user', { kind: 'iam-user', account, name: 'ben' }, ['ben@contoso.example']],
    [
      'an access key',
      { kind: 'access-key', account, user: 'BEN', id: 'AKIAIOSFODNN7EXAMPLE' },
      ['ben@contoso.example'],
    ],
    [
      'a session of Identity Center',
      { kind: 'sso-session', account, role: 'AWSReservedSSO_Ops_1', user: 'Ben@contoso.example' },
      ['ben@contoso.example'],
    ],
    [
      'access to a bucket',
      { ...place, kind: 'collaborator', principal: `arn:aws:iam::${account}:user/ops/Ben` },
      ['ben@contoso.example'],
    ],
  ] as const satisfies readonly (readonly [string, Target, readonly string[]])[])
    it(`${what} is one person`, () => assert.deepEqual(peopleBehind(target, aws), people));

  for (const target of [
    { kind: 'iam-user', account, name: 'alex' },
    { kind: 'iam-role', account, name: 'ben' },
    { kind: 'bucket', account, region: 'eu-central-1', name: 'ben' },
    { ...place, kind: 'collaborator', principal: '444455556666' },
  ] as const satisfies readonly Target[])
    it(`${target.kind} ${'name' in target ? target.name : ''} is nobody in particular`, () =>
      assert.deepEqual(peopleBehind(target, aws), []));

  it('what is offered, what was proposed and who called are all meant, each once', () => {
    const by = { kind: 'person', id: MANAGER, name: 'Morgan' } as const;
    const about = {
      proposals: [
        { action: 'a', target: { kind: 'user', id: STRANGER, label: 'x' } as const, by, at: '2026-01-01' },
      ],
      callers: [{ kind: 'iam-user', account: '444455556666', name: 'ben' } as const],
    };
    const planned = {
      ...{ action: 'a', title: 'A', says: [], undo: { possible: true, says: 'Undo.' } },
      target: { kind: 'user', id: SECURITY, label: 'y' } as const,
    };
    const offers = [{ key: 'a', label: 'A', left: [], actions: [planned, planned] }];

    assert.deepEqual(peopleAtStake(about, offers, aws), [SECURITY, STRANGER, MANAGER]);
    assert.deepEqual(peopleAtStake({}, [], aws), []);
  });
});
