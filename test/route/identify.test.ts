import assert from 'node:assert/strict';
import type { Alert, AwsIdentity } from '../../src/case/alert.ts';
import { DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import type { UserId } from '../../src/case/ids.ts';
import { DEFAULT_DETECTION, type OperatorSettings } from '../../src/case/settings.ts';
import { DEFAULT_VISIBILITY } from '../../src/case/visibility.ts';
import { groupKey, identifySubject, namedPeople } from '../../src/route/identify.ts';
import { settings as base } from '../helpers/cases.ts';
import { english, inLanguage } from '../helpers/english.ts';

const ACCOUNT = '123456789012';
const SSO_PATH = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com`;
const SSO_NAME = 'AWSReservedSSO_Developer_0123456789abcdef';
const SAML = `arn:aws:iam::${ACCOUNT}:role/AdfsAdmin`;
const FIXED = `arn:aws:iam::${ACCOUNT}:role/FixedSource`;
const ALEX = 'aaaaaaaa-0000-4000-8000-000000000001' as UserId;

const settings: OperatorSettings = {
  timeZone: 'Europe/Berlin',
  locale: 'en-GB',
  security: { members: [], channel: '19:x@thread.tacv2', onCall: [], admins: [] },
  asking: DEFAULT_ASKING_SETTINGS,
  visibility: DEFAULT_VISIBILITY,
  protectedUsers: [],
  users: base.users,
  aws: {
    ...base.aws,
    accounts: [{ id: ACCOUNT, roleArn: `arn:aws:iam::${ACCOUNT}:role/countersign` }],
    organisations: [],
    samlRoles: [SAML],
    sourceIdentityRoles: [FIXED],
    iamUsers: { [`arn:aws:iam::${ACCOUNT}:user/alex`]: ALEX },
  },
  detection: DEFAULT_DETECTION,
  governance: base.governance,
};

const alert = (more: Partial<Alert>): Alert => ({
  source: 'cloudtrail',
  sourceId: 'a/1',
  revision: '',
  fingerprint: '',
  occurredAt: '2026-01-12T09:14:02.000Z',
  title: 'An alert',
  severity: 'medium',
  resolved: false,
  attempt: false,
  mentions: [],
  targets: [],
  facts: [],
  event: {},
  ...more,
});
const graph = (...mentions: Alert['mentions']): Alert => alert({ source: 'graph', mentions });
const hintOf = (identity: AwsIdentity, more: Partial<Alert> = {}) =>
  identifySubject(alert({ identity, ...more }), settings);

/** An assumed role with the STS ARN that belongs to it. */
const session = (roleArn: string, sessionName: string, more: Partial<AwsIdentity> = {}): AwsIdentity => ({
  type: 'AssumedRole',
  accountId: ACCOUNT,
  roleArn,
  arn: `arn:aws:sts::${roleArn.split(':')[4]}:assumed-role/${roleArn.split('/').at(-1)}/${sessionName}`,
  sessionName,
  ...more,
});

describe('The subject of a Graph alert', () => {
  it('is the first one named, by object id', () =>
    assert.deepEqual(
      identifySubject(
        graph({ objectId: ALEX, userPrincipalName: 'a@contoso.example', displayName: 'Alex' }),
        settings,
      ),
      { kind: 'entra', id: ALEX, name: 'Alex' },
    ));

  it('is the first one named, by principal name where the object id is missing', () =>
    assert.deepEqual(
      identifySubject(graph({ userPrincipalName: 'a@contoso.example' }, { objectId: ALEX }), settings),
      {
        kind: 'entra',
        id: 'a@contoso.example',
        name: 'a@contoso.example',
      },
    ));

  for (const [what, mentions] of [
    ['nobody is named', []],
    ['the first has no name in the directory', [{ displayName: 'root' }, { objectId: ALEX }]],
    ['only bystanders are named', [{}, { objectId: ALEX }]],
  ] as const)
    it(`is unknown when ${what}`, () => {
      const hint = identifySubject(graph(...mentions), settings);

      assert.equal(hint.kind, 'unknown');
      assert.match(hint.kind === 'unknown' ? english(hint.reason) : '', /^The alert names .*\.$/);
    });
});

describe('The subject of a CloudTrail record', () => {
  for (const [what, roleArn] of [
    ['an Identity Center role', `${SSO_PATH}/eu-central-1/${SSO_NAME}`],
    ['an Identity Center role of us-east-1', `${SSO_PATH}/${SSO_NAME}`],
    ['a role that the operator lists as SAML', SAML],
  ] as const)
    it(`is the session's name for ${what}`, () =>
      assert.deepEqual(hintOf(session(roleArn, 'alex@contoso.example')), {
        kind: 'entra',
        id: 'alex@contoso.example',
        name: 'alex@contoso.example',
      }));

  for (const [what, identity] of [
    ['an ordinary role', session(`arn:aws:iam::${ACCOUNT}:role/Deploy`, 'alex@contoso.example')],
    [
      'a role that only has the name',
      session(`arn:aws:iam::${ACCOUNT}:role/${SSO_NAME}`, 'alex@contoso.example'),
    ],
    [
      'a role with the path inside another',
      session(
        `arn:aws:iam::${ACCOUNT}:role/evil/aws-reserved/sso.amazonaws.com/${SSO_NAME}`,
        'alex@contoso.example',
      ),
    ],
    [
      'a path that goes on after the region',
      session(`${SSO_PATH}/eu-central-1/evil/${SSO_NAME}`, 'alex@contoso.example'),
    ],
    [
      'a path of another service',
      session(
        `arn:aws:iam::${ACCOUNT}:role/aws-reserved/evil.amazonaws.com/${SSO_NAME}`,
        'alex@contoso.example',
      ),
    ],
    [
      'a host that ssoXamazonaws imitates',
      session(
        `arn:aws:iam::${ACCOUNT}:role/aws-reserved/ssoXamazonaws.com/${SSO_NAME}`,
        'alex@contoso.example',
      ),
    ],
    [
      'a role under the path that Identity Center did not make',
      session(`${SSO_PATH}/eu-central-1/Deploy`, 'alex@contoso.example'),
    ],
    [
      "an Identity Center of somebody else's account",
      session(
        `${SSO_PATH.replace(ACCOUNT, '666666666666')}/eu-central-1/${SSO_NAME}`,
        'alex@contoso.example',
      ),
    ],
    [
      'a session of another role',
      session(`${SSO_PATH}/eu-central-1/${SSO_NAME}`, 'alex@contoso.example', {
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/alex@contoso.example`,
      }),
    ],
    [
      'a session of another account',
      session(`${SSO_PATH}/eu-central-1/${SSO_NAME}`, 'alex@contoso.example', {
        arn: `arn:aws:sts::666666666666:assumed-role/${SSO_NAME}/alex@contoso.example`,
      }),
    ],
    ['a SAML role with something around it', session(`${SAML}2`, 'alex@contoso.example')],
    ['an ARN on a second line', session(`x\n${SSO_PATH}/eu-central-1/${SSO_NAME}`, 'alex@contoso.example')],
    ['a role without an ARN', { type: 'AssumedRole', sessionName: 'alex@contoso.example' }],
    ['a session without a name', { ...session(SAML, 'x'), sessionName: '' }],
    ['a session with a path for a name', session(SAML, '../groups/1')],
    ['root', { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT }],
    [
      'an IAM user whom nobody mapped',
      { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/kim`, userName: 'alex' },
    ],
    ['an IAM user called like a prototype', { type: 'IAMUser', arn: '__proto__' }],
    ['an IAM user without an ARN', { type: 'IAMUser', userName: 'alex' }],
    ['a federated user', { type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/alex` }],
    ['an Identity Center user without a role', { type: 'IdentityCenterUser' }],
    ['a type of the future', { type: 'Hologram' }],
  ] as const satisfies readonly (readonly [string, AwsIdentity])[])
    it(`is unknown for ${what}, with a reason`, () => {
      const hint = hintOf(identity);

      assert.equal(hint.kind, 'unknown');
      assert.match(hint.kind === 'unknown' ? english(hint.reason) : '', /^[A-Z].*\.$/);
    });

  it('is the source identity only for roles that the operator lists', () => {
    const fixed = { sourceIdentity: 'kim@contoso.example' };

    assert.equal(hintOf(session(FIXED, 'whatever', fixed)).kind, 'entra');
    assert.deepEqual(hintOf(session(SAML, 'alex@contoso.example', fixed)), {
      kind: 'entra',
      id: 'alex@contoso.example',
      name: 'alex@contoso.example',
    });
    assert.equal(hintOf(session(`arn:aws:iam::${ACCOUNT}:role/Deploy`, 'x', fixed)).kind, 'unknown');
    assert.equal(hintOf(session(FIXED, 'alex@contoso.example')).kind, 'unknown');
  });

  it("is the operator's mapping for an IAM user", () =>
    assert.deepEqual(
      hintOf({ type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alex`, userName: 'alex' }),
      {
        kind: 'entra',
        id: ALEX,
        name: 'alex',
      },
    ));

  it("is the operator's mapping for a session that an IAM user named as they liked", () => {
    const federated = { type: 'FederatedUser', arn: `arn:aws:sts::${ACCOUNT}:federated-user/kim` };
    const by = (name: string) => ({ ...federated, userArn: `arn:aws:iam::${ACCOUNT}:user/team/${name}` });
    const mapped = { ...settings, aws: { ...settings.aws, iamUsers: { [by('alex').userArn]: ALEX } } };
    const hint = (name: string) => identifySubject(alert({ identity: by(name) }), mapped);

    assert.deepEqual(hint('alex'), { kind: 'entra', id: ALEX, name: 'alex' });
    assert.equal(hint('kim').kind, 'unknown');
  });

  it('is unknown when a sign-in was refused: the name was only typed', () => {
    const identity: AwsIdentity = {
      type: 'IAMUser',
      arn: `arn:aws:iam::${ACCOUNT}:user/alex`,
      userName: 'alex',
    };
    const event = { eventName: 'ConsoleLogin' };

    assert.equal(hintOf(identity, { attempt: true, event }).kind, 'unknown');
    assert.equal(hintOf(identity, { attempt: false, event }).kind, 'entra');
    assert.equal(hintOf(identity, { attempt: true, event: { eventName: 'StopLogging' } }).kind, 'entra');
  });

  it('is unknown for root, and the reason says that it was root', () => {
    const hint = hintOf({ type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` });

    assert.match(hint.kind === 'unknown' ? english(hint.reason) : '', /root is nobody in particular/);
    assert.equal(
      hint.kind === 'unknown' ? inLanguage('de', hint.reason) : '',
      'Der Aufruf kam vom Root-Benutzer des Kontos, und dahinter steht keine bestimmte Person.',
    );
  });

  it('is unknown when the record names no caller', () =>
    assert.equal(identifySubject(alert({}), settings).kind, 'unknown'));

  it('is unknown for what was found by looking, and no record is spoken of: there is none', () => {
    const hint = identifySubject({ ...alert({}), source: 'inventory' }, settings);

    assert.equal(
      hint.kind === 'unknown' && english(hint.reason),
      'It was found by looking: nobody was seen doing it.',
    );
  });
});

describe('The people named in an alert', () => {
  it('are all object ids and principal names of the evidence, in lower case, once', () =>
    assert.deepEqual(
      namedPeople(
        graph(
          { objectId: ALEX, userPrincipalName: 'Alex@contoso.example' },
          {},
          { userPrincipalName: 'alex@contoso.example' },
        ),
      ),
      [ALEX, 'alex@contoso.example'],
    ));

  it('are none in a CloudTrail record: a caller cannot bar a manager by naming a session after them', () =>
    assert.deepEqual(namedPeople(alert({ identity: session(SAML, 'manager@contoso.example') })), []));
});

describe('The group key', () => {
  const entra = { kind: 'entra', id: 'Alex@contoso.example' } as const;
  const unknown = { kind: 'unknown', reason: 'x' } as const;
  const bucket = (name: string) =>
    ({ kind: 'bucket', account: ACCOUNT, region: 'eu-central-1', name }) as const;

  it('joins alerts about the same subject under the same policy, whatever the target', () => {
    assert.equal(
      groupKey('p', entra, alert({ targets: [bucket('a')] })),
      groupKey('p', { ...entra, id: 'alex@contoso.example' }, alert({ targets: [bucket('b')] })),
    );
    assert.notEqual(groupKey('p', entra, alert({})), groupKey('q', entra, alert({})));
  });

  it('joins by the caller while nobody is known by name: a user, or a role as a whole, refused or not', () => {
    const key = (arn: string, more: Partial<Alert> = {}, by?: 'target'): string =>
      groupKey('p', unknown, alert({ identity: { type: 'IAMUser', arn }, ...more }), by);
    const bob = 'arn:aws:iam::123456789012:user/bob';
    const a = { targets: [bucket('a')] };
    const b = { targets: [bucket('b')] };
    const session = (name: string) => ({
      identity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::123456789012:assumed-role/Deploy/${name}`,
        roleArn: 'Deploy',
      },
    });

    assert.equal(key(bob, a), key(bob, b));
    assert.equal(key(bob, a), key(bob, { ...b, attempt: true }));
    assert.equal(key('', session('one')), key('', session('two')));
    const federated = {
      type: 'FederatedUser',
      arn: 'arn:aws:sts::123456789012:federated-user/x',
      userArn: bob,
    };
    assert.equal(key('', { identity: federated }), key(bob), 'whatever the user calls the session');
    assert.notEqual(key(bob, a), key('arn:aws:iam::123456789012:user/eve', a));
    assert.notEqual(key(bob, a, 'target'), key(bob, b, 'target'), 'unless the policy groups by target');
  });

  it('joins by target where there is no caller either, and else not at all', () => {
    const key = (more: Partial<Alert>): string => groupKey('p', unknown, alert(more));

    assert.equal(key({ targets: [bucket('a')] }), key({ targets: [bucket('a')], sourceId: 'other' }));
    assert.notEqual(key({ targets: [bucket('a')] }), key({ targets: [bucket('b')] }));
    assert.notEqual(key({ sourceId: 'one' }), key({ sourceId: 'two' }));
  });

  it('joins by target whoever did it, where the policy groups so', () => {
    const key = (id: string, more: Partial<Alert>): string =>
      groupKey('p', { kind: 'entra', id }, alert(more), 'target');
    const a = { targets: [bucket('a')] };

    assert.equal(key('alex@contoso.example', a), key('lee@contoso.example', a));
    assert.notEqual(key('alex@contoso.example', a), key('alex@contoso.example', { targets: [bucket('b')] }));
    // The name in a refused call is whatever its caller made up, and no target at all is nothing to join by.
    for (const by of [{ ...a, attempt: true }, {}])
      assert.equal(key('alex@contoso.example', by), groupKey('p', entra, alert({})), JSON.stringify(by));
  });

  it('stays short, and different, for endless names', () => {
    const key = (end: string): string =>
      groupKey(
        'p',
        unknown,
        alert({ targets: [{ kind: 'resource', id: 'x'.repeat(900) + end, label: '' }] }),
      );

    assert.ok(key('a').length <= 256);
    assert.notEqual(key('a'), key('b'));
  });
});
