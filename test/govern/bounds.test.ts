// What the operator lets no policy go beyond: said on the card as a reason, and looked at again before anything is changed.
import assert from 'node:assert/strict';
import type { Case, Subject } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import { DEFAULT_DETECTION, type PolicyBounds } from '../../src/case/settings.ts';
import type { Target } from '../../src/case/target.ts';
import { matches } from '../../src/case/wildcard.ts';
import { writeOut } from '../../src/case/written.ts';
import type { GovernanceAction, World } from '../../src/govern/action.ts';
import { aimed, theSubject } from '../../src/govern/aims.ts';
import { actionOutOfBounds, targetOutOfBounds } from '../../src/govern/bounds.ts';
import { planOffers } from '../../src/govern/plan-offers.ts';
import { aBucket } from '../helpers/alerts.ts';
import { aCase, SUBJECT, settings } from '../helpers/cases.ts';
import { allEnglish, english, inLanguage } from '../helpers/english.ts';

const all = DEFAULT_DETECTION.bounds;
const alex: Subject = {
  id: SUBJECT,
  name: 'Alex Weber',
  userPrincipalName: 'Alex.Weber@contoso.example',
};
const account: Target = { kind: 'user', id: SUBJECT, label: 'Alex Weber' };

describe('a pattern of the bounds', () => {
  for (const [text, pattern, expected] of [
    ['contoso-invoices', 'contoso-*', true],
    ['contoso-', 'contoso-*', true],
    ['fabrikam-contoso-x', 'contoso-*', false],
    ['invoices-2026', 'invoices-????', true],
    ['invoices-26', 'invoices-????', false],
    ['a.b', 'a?b', true],
    ['ab', 'a.b', false],
    ['abab-abc', '*ab*abc', true],
    ['abab-abd', '*ab*abc', false],
    ['anything', '*', true],
    ['', '*', true],
    ['x', '', false],
    ['a+(b)', 'a+(b)', true],
  ] as const)
    it(`${expected ? 'takes' : 'refuses'} ${JSON.stringify(text)} for ${JSON.stringify(pattern)}`, () =>
      assert.equal(matches(text, pattern), expected));

  it('stays quick on what would send a backtracking engine round for ever', () => {
    assert.equal(matches('a'.repeat(2_000), `${'*a'.repeat(100)}b`), false);
  });
});

describe('the bounds of policies', () => {
  it('allow everything unless the settings say otherwise, and nothing where they list nothing', () => {
    assert.equal(actionOutOfBounds('entra.user.suspend', all), null);
    assert.equal(targetOutOfBounds(aBucket('invoices'), alex, all), null);
    assert.equal(targetOutOfBounds(account, alex, all), null);
    const none: PolicyBounds = { ...all, actions: [], buckets: [], users: [] };
    assert.match(english(actionOutOfBounds('entra.user.suspend', none) ?? ''), /do not allow this action/);
    assert.match(english(targetOutOfBounds(aBucket('invoices'), alex, none) ?? ''), /the bucket invoices/);
    assert.match(english(targetOutOfBounds(account, alex, none) ?? ''), /the account of Alex Weber/);
    assert.equal(
      inLanguage('es', targetOutOfBounds(account, alex, none) ?? ''),
      'La configuración del operador no permite cambios en la cuenta de Alex Weber.',
    );
  });

  it('keep a whole account from being closed where not every bucket may be changed', () => {
    const whole: Target = { kind: 'aws-account', account: '123456789012' };

    assert.match(
      english(targetOutOfBounds(whole, alex, { ...all, buckets: ['contoso-*'] }) ?? ''),
      /every bucket of the account 123456789012/,
    );
    assert.equal(targetOutOfBounds(whole, alex, { ...all, buckets: ['*'] }), null);
    assert.equal(targetOutOfBounds(whole, alex, all), null);
  });

  it('go by the principal name that the directory has, in any letter case', () => {
    const contoso = { ...all, users: ['*@CONTOSO.example'] };

    assert.equal(targetOutOfBounds(account, alex, contoso), null);
    assert.ok(targetOutOfBounds(account, { ...alex, userPrincipalName: 'a@fabrikam.example' }, contoso));
    assert.ok(targetOutOfBounds(account, null, contoso));
  });

  describe('on somebody else than the subject', () => {
    const KIM = '00000000-0000-4000-8000-000000000005' as UserId;
    const theirs = { user: KIM, userLabel: 'Kim Lee', label: 'x' };
    const contoso = { ...all, users: ['*@contoso.example'] };
    const kinds: readonly Target[] = [
      { kind: 'user', id: KIM, label: 'Kim Lee' },
      { kind: 'membership', ...theirs, group: 'g' },
      { kind: 'app-grant', ...theirs, app: 'a' },
    ];
    for (const target of kinds) {
      it(`do not know a ${target.kind} other than the subject's to be within them`, () => {
        assert.match(english(targetOutOfBounds(target, alex, contoso) ?? ''), /the account of Kim Lee/);
        assert.equal(targetOutOfBounds(target, alex, { ...all, users: ['*'] }), null);
        assert.equal(targetOutOfBounds(target, alex, all), null);
      });

      it(`go by the name of whoever the ${target.kind} was named as, and not by the subject's`, () => {
        const of = (principalName: string) =>
          targetOutOfBounds({ ...target, principalName } as Target, alex, contoso);

        assert.equal(of('Kim.Lee@contoso.example'), null);
        assert.match(english(of('kim.lee@fabrikam.example') ?? ''), /the account of Kim Lee/);
      });
    }
  });

  it('hold for what a person is in AWS through IAM Identity Center, by the name that AWS knows', () => {
    const session = (user: string): Target => ({
      kind: 'sso-session',
      account: '123456789012',
      role: 'AWSReservedSSO_Developer_0123456789abcdef',
      user,
    });
    const contoso = { ...all, users: ['*@CONTOSO.example'] };

    assert.equal(targetOutOfBounds(session('alex@contoso.example'), null, contoso), null);
    assert.equal(targetOutOfBounds(session('alex'), alex, all), null);
    assert.match(
      english(targetOutOfBounds(session('alex@fabrikam.example'), alex, contoso) ?? ''),
      /the account of alex@fabrikam\.example/,
    );
  });
});

describe('offers within bounds', () => {
  const MAKE_PRIVATE = 'aws.s3.make-bucket-private';
  const SIGN_OUT = 'entra.user.revoke-sessions';
  let read: string[];
  const action = (id: string, targetKind: Target['kind']): GovernanceAction => ({
    ...{
      id,
      targetKind,
      title: id,
      needs: '',
      effect: 'converges',
      strength: 1,
      permissions: {},
      capPerHour: 1,
    },
    find: targetKind === 'user' ? theSubject : aimed('bucket'),
    read: async (target) => {
      read.push(target.kind === 'bucket' ? target.name : target.kind);
      return {};
    },
    plan: () => ({ kind: 'offered', says: ['Does it.'], undo: { possible: false, says: '' }, basis: null }),
    execute: () => assert.fail('planning changed something'),
    verify: () => assert.fail('planning verified something'),
  });
  const actions = new Map([
    [MAKE_PRIVATE, action(MAKE_PRIVATE, 'bucket')],
    [SIGN_OUT, action(SIGN_OUT, 'user')],
  ]);
  const plan = (over: Partial<PolicyBounds>, about: Partial<Case> = {}) => {
    read = [];
    const detection = { ...DEFAULT_DETECTION, bounds: { ...all, ...over } };
    const world = { settings: { ...settings, detection } } as World;
    const parts = { actions, world, lastTry: true };
    return planOffers(aCase(about), { ...alex, id: SUBJECT as UserId }, parts);
  };

  it('are made, each with its plan', async () => {
    const { offers, withheld } = await plan({
      actions: [MAKE_PRIVATE, SIGN_OUT],
      buckets: ['in*'],
      users: ['alex.*'],
    });

    assert.deepEqual([offers.map((one) => one.key), withheld], [['make-private', 'sign-out'], []]);
  });

  it('are not missed where the case is about no such thing, but say so where nobody could be identified', async () => {
    const nothing = await plan({}, { targets: [account] });
    const world = { settings } as World;
    const nobody = await planOffers(aCase({ targets: [] }), null, { actions, world, lastTry: true });

    assert.deepEqual(
      nothing.offers.map(({ key }) => key),
      ['sign-out'],
    );
    assert.deepEqual(nothing.withheld, []);
    assert.deepEqual(nobody.offers, []);
    assert.deepEqual(
      nobody.withheld.map(({ reason }) => english(reason)),
      ['Nobody could be identified with certainty, so no account is touched.'],
    );
  });

  it('leave out an action that the settings no longer allow, though the case was opened with it', async () => {
    const { offers, withheld } = await plan({ actions: [SIGN_OUT] });

    assert.deepEqual(
      offers.map((one) => one.key),
      ['sign-out'],
    );
    assert.deepEqual(writeOut(withheld, english), [
      { label: 'Make it private', reason: "The operator's settings do not allow this action." },
    ]);
  });

  it('leave a target alone that no pattern takes, without looking at it, and say so', async () => {
    const { offers } = await plan(
      { buckets: ['inv*'] },
      { targets: [aBucket('invoices'), aBucket('payroll')] },
    );

    const [first] = offers;
    assert.deepEqual(
      first?.actions.map((one) => one.target),
      [aBucket('invoices')],
    );
    assert.deepEqual(allEnglish(first?.left ?? []), [
      "The operator's settings do not allow changes to the bucket payroll.",
    ]);
    assert.deepEqual(read, ['invoices', 'user']);
  });

  it('are withheld with the reason where nothing is left to act on', async () => {
    const { offers, withheld } = await plan({ buckets: [], users: ['*@fabrikam.example'] });

    assert.deepEqual(offers, []);
    assert.deepEqual(
      withheld.map((one) => english(one.reason)),
      [
        "The operator's settings do not allow changes to the bucket invoices.",
        "The operator's settings do not allow changes to the account of Alex Weber.",
      ],
    );
  });
});
