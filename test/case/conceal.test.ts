// What is hidden is nowhere in a text or a target: by value where the case names it, by its form where it does not.
import assert from 'node:assert/strict';
import type { Fact } from '../../src/case/alert.ts';
import type { Case } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { Said } from '../../src/case/said.ts';
import { type Target, targetKey, targetLabel } from '../../src/case/target.ts';
import { principalSaid } from '../../src/case/target-words.ts';
import {
  caseFor,
  DEFAULT_VISIBILITY,
  SEES_ALL,
  textFor,
  type Visibility,
  visibilityFor,
} from '../../src/case/visibility.ts';
import { aCase, MANAGER, SECURITY, SUBJECT, settings } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const NOTHING: Visibility = { files: false, addresses: false, people: false };
const withRules = (visibility: Partial<Visibility>, policies = {}) => ({
  ...settings,
  visibility: { ...DEFAULT_VISIBILITY, ...visibility, policies },
});
const hide = (text: string, visibility: Partial<Visibility>, about: Case = aCase()): string =>
  textFor(text, about, MANAGER, withRules(visibility), [], english);
const fact = (kind: Fact['kind'], value: string): Fact => ({ label: 'Label', value, ...(kind && { kind }) });

describe('whoever sees a case', () => {
  it('sees all of it with the security role and in its channel, whatever is hidden from others', () => {
    const about = aCase();

    for (const reader of [SECURITY, 'security'])
      assert.equal(caseFor(about, reader, withRules(NOTHING), [], english), about);
    assert.equal(caseFor(about, MANAGER, withRules({}), [], english), about);
    assert.notDeepEqual(caseFor(about, MANAGER, withRules(NOTHING), [], english), about);
  });

  it('sees what the settings say, and of a policy what they say of that: of several, what the strictest lets', () => {
    const about = aCase();
    const id = about.policy.id;
    const related = [{ id: 'other', title: '', text: '', hash: '', question: '', ref: '' }];
    const sees = (rules: Partial<Visibility>, policies: object, over: Partial<Case> = {}) =>
      visibilityFor({ ...about, ...over }, MANAGER, withRules(rules, policies));

    assert.deepEqual(sees({ files: false }, {}), { ...SEES_ALL, files: false });
    assert.deepEqual(sees({ files: false }, { [id]: { files: true, people: false } }), {
      ...SEES_ALL,
      people: false,
    });
    assert.deepEqual(sees({}, { other: { files: false } }), SEES_ALL);
    assert.deepEqual(sees({}, { other: { files: false } }, { related }), { ...SEES_ALL, files: false });
    assert.deepEqual(sees({}, {}, { policy: { ...about.policy, id: 'constructor' } }), SEES_ALL);
  });
});

describe('a text that hides', () => {
  const addresses = [
    'from 192.0.2.44.',
    'from 192.0.2.44, 198.51.100.7',
    'range 192.0.2.0/24;',
    'from 2001:db8::1',
    'from 2001:db8:0:0:0:0:0:1 now',
    'from ::ffff:192.0.2.44',
    'range 2001:db8::/32',
    'to mallory@evil.example',
    '<mallory+x@evil.example>',
  ];
  for (const text of addresses)
    it(`addresses has none of ${text}`, () => {
      const shown = hide(text, { addresses: false });

      assert.match(shown, /hidden by policy/);
      assert.doesNotMatch(shown, /192\.|198\.|2001|db8|ffff|mallory|evil/i);
      assert.equal(hide(text, {}), text);
    });

  it('addresses leaves times, ARNs, versions of two parts and the person in question as they are', () => {
    for (const text of [
      'at 10:42:07 CET',
      '{time:2026-11-21T10:42:07.000Z}',
      'arn:aws:s3:::contoso-invoices',
      'arn:aws:iam::123456789012:role/x',
      'TLS 1.2, 99.5%',
      'Alex Weber (alex.weber@contoso.example)',
      'Alex.Weber@contoso.example.',
    ])
      assert.equal(hide(text, { addresses: false }), text);
  });

  it('files has no name of one, known from the case or by its form', () => {
    const about = aCase({
      facts: [fact('file', 'Q3 results.xlsx, strategy without ending and 7 more')],
      targets: [
        {
          kind: 'object',
          account: '123456789012',
          region: 'eu-central-1',
          bucket: 'invoices',
          key: 'a/b/secret plan',
        },
      ],
    });
    for (const name of [
      'Q3 results.xlsx',
      'strategy without ending',
      'a/b/secret plan',
      'secret plan',
      'x.DOCX',
    ])
      assert.equal(
        hide(`Shared "${name}" today.`, { files: false }, about),
        'Shared "(hidden by policy)" today.',
      );
    assert.equal(hide('Q3 results.xlsx', { addresses: false, people: false }, about), 'Q3 results.xlsx');
  });

  it('people has nobody else in it: as the evidence, its targets and the actions name them; whole words, in any case', () => {
    const bystander: Target = {
      ...{ kind: 'user', id: 'x' as UserId, label: 'Tom Vega' },
      principalName: 'tv01@contoso.example',
    };
    const about = aCase({
      facts: [fact('person', 'Mia Novak, Ben Ito')],
      named: [SUBJECT, 'tom.vega@contoso.example'],
      mentioned: ['alex.weber@contoso.example'],
      targets: [
        { kind: 'user', id: SUBJECT, label: 'Alex Weber' },
        bystander,
        { kind: 'iam-user', account: '123456789012', name: 'backdoor' },
        {
          ...{ kind: 'collaborator', account: '123456789012', region: 'eu-central-1', bucket: 'invoices' },
          principal: 'arn:aws:iam::444455556666:user/ops/reader-1',
        },
      ],
    });
    for (const name of [
      'Tom Vega',
      'TOM VEGA',
      'Mia Novak',
      'Ben Ito',
      'Tom.Vega@contoso.example',
      'tv01@contoso.example',
      'backdoor',
      'reader-1',
    ])
      assert.equal(hide(`Removes ${name}.`, { people: false }, about), 'Removes (hidden by policy).', name);
    for (const text of [
      'Alex Weber is named.',
      'alex.weber@contoso.example',
      'Tommy Vegas',
      'backdoors',
      'xbackdoor',
    ])
      assert.equal(hide(text, { people: false }, about), text);
  });

  it('people has nobody in it whom the security team proposed to do something to, whatever came of it', () => {
    const by = { kind: 'person', id: SECURITY, name: 'Yuki Mori' } as const;
    const target: Target = { kind: 'user', id: 'x' as UserId, label: 'Tom Vega' };
    const about = aCase({
      proposals: [{ number: 1, action: 'entra.user.suspend', target, by, at: '2026-11-21T09:00:00.000Z' }],
    });

    assert.equal(
      hide('proposes it on Tom Vega.', { people: false }, about),
      'proposes it on (hidden by policy).',
    );
  });

  it('people leaves what the person in question called themselves in AWS', () => {
    const own: Target = { kind: 'iam-user', account: '123456789012', name: 'alex-admin' };
    const about = aCase({ targets: [own], callers: [own] });

    assert.equal(hide('Deactivates alex-admin.', { people: false }, about), 'Deactivates alex-admin.');
  });

  it('takes hostile names for what they are', () => {
    const about = aCase({
      facts: [fact('person', '.*'), fact('person', 'a(b'), fact('person', '$&'), fact('person', '[x]{9}+')],
    });

    assert.equal(
      hide('Removes a(b and [x]{9}+ of all.', { people: false }, about),
      'Removes (hidden by policy) and (hidden by policy) of all.',
    );
  });
});

describe('words that hide', () => {
  const PRINCIPALS = [
    ['arn:aws:sts::444455556666:assumed-role/Audit/mia.mueller', /mia\.mueller/],
    ['arn:aws:iam::444455556666:role/mia.mueller', /mia\.mueller/],
    ['arn:aws:iam::444455556666:user/people/mia.mueller', /mia\.mueller/],
    ['arn:aws:iam::444455556666:root', /444455556666/],
    ['a1b2c3d4'.repeat(8), /a1b2c3d4/],
  ] as const;

  for (const [principal, name] of PRINCIPALS)
    it(`have no name of somebody outside among what is filled in: ${principal.slice(0, 45)}`, () => {
      const target: Target = {
        ...{ kind: 'collaborator', account: '123456789012', region: 'eu-central-1' },
        ...{ bucket: 'invoices', principal },
      };
      const about = aCase({ targets: [target] });
      const rules = withRules({ people: false });

      const shown = textFor(principalSaid(principal) as Said, about, MANAGER, rules, [], english);

      assert.match(english(principalSaid(principal)), name);
      assert.doesNotMatch(english(shown), name);
    });
});

describe('a case that hides', () => {
  it('keeps the label of every fact, and of none the value that its kind hides', () => {
    const facts = [
      fact('file', 'plan.docx'),
      fact('address', 'cloudformation'),
      fact('person', 'Tom Vega'),
      fact('words', 'Somebody did something.'),
      fact(undefined, '123456789012'),
    ];
    const valuesFor = (visibility: Partial<Visibility>) =>
      caseFor(aCase({ facts }), MANAGER, withRules(visibility), [], english).facts.map(({ label, value }) => {
        assert.equal(label, 'Label');
        return english(value) === 'hidden by policy';
      });

    assert.deepEqual(valuesFor({ files: false }), [true, false, false, true, false]);
    assert.deepEqual(valuesFor({ addresses: false }), [false, true, false, false, false]);
    assert.deepEqual(valuesFor({ people: false }), [false, false, true, true, false]);
  });

  it('still tells one hidden target from another', () => {
    const place = { account: '123456789012', region: 'eu-central-1', bucket: 'invoices' };
    const targets: readonly Target[] = [
      ...['a', 'b'].map((name) => ({
        kind: 'iam-user' as const,
        account: '123456789012',
        name: `user-${name}`,
      })),
      ...['a', 'b'].map((name) => ({ kind: 'object' as const, ...place, key: `key-${name}` })),
      ...['a', 'b'].map((name) => ({
        kind: 'collaborator' as const,
        ...place,
        principal: `arn:aws:iam::444455556666:user/${name}${name}${name}`,
      })),
      ...['a', 'b'].map((name) => ({
        kind: 'user' as const,
        id: name as UserId,
        label: `Tom ${name}`,
        principalName: `tom.${name}@contoso.example`,
      })),
    ];
    const shown = caseFor(aCase({ targets }), MANAGER, withRules(NOTHING), [], english).targets;

    assert.equal(new Set(shown.map(targetKey)).size, targets.length);
    for (const target of shown) {
      assert.match(targetLabel(target), /hidden by policy/);
      assert.doesNotMatch(JSON.stringify(target), /@/);
    }
  });
});
