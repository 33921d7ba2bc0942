import assert from 'node:assert/strict';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Json } from '../../src/case/json.ts';
import type { PolicyAsking, PolicyScope, PolicySettings } from '../../src/case/settings.ts';
import { load, loadFiles, ruleText } from './rule.ts';

const DETECTION = { sel: { a: 'x' }, condition: 'sel' };
const BOUNDS = { actions: null, ask: ['manager', 'security'], buckets: null, users: null } as const;
const NOWHERE: PolicyScope = { accounts: [], regions: [], networks: [], users: [], groups: [] };
const scope = (more: Partial<PolicyScope>): PolicyScope => ({ ...NOWHERE, ...more });
const COUNTED = [
  'title: Many',
  'correlation:',
  '  type: event_count',
  '  rules: one',
  '  group-by: who',
  '  timespan: 5m',
  '  condition: { gte: 3 }',
  '---',
  ruleText(DETECTION, { name: 'one' }),
].join('\n');

const loaded = (own: PolicySettings, text = ruleText(DETECTION)) =>
  load(text, 'a-rule.yml', { policies: { 'a-rule': own } });
const reasons = (own: PolicySettings, text?: string): readonly string[] => {
  const { problems } = loaded(own, text);
  for (const { file } of problems) assert.equal(file, 'settings');
  return problems.map(({ reason }) => reason);
};

describe('The stage of a policy', () => {
  it('is what its file says, unless the settings say otherwise', () => {
    const monitored = ruleText(DETECTION, { countersign: { stage: 'monitor' } });

    assert.equal(loaded({}).catalogue.policies[0]?.stage, 'ask');
    assert.equal(loaded({}, monitored).catalogue.policies[0]?.stage, 'monitor');
    assert.equal(loaded({ stage: 'ask' }, monitored).catalogue.policies[0]?.stage, 'ask');
  });

  it('off: it is listed, never matches, and explains why', () => {
    const { catalogue } = loaded({ stage: 'off' });

    assert.equal(catalogue.policies[0]?.stage, 'off');
    assert.deepEqual(catalogue.evaluate('cloudtrail', { a: 'x' }).policies, []);
    assert.deepEqual(catalogue.needs('cloudtrail'), []);
    assert.equal(catalogue.explain('a-rule', 'cloudtrail', { a: 'x' }).holds, false);
  });

  it('off: a counted policy counts nothing', () => {
    const { catalogue } = loaded({ stage: 'off' }, COUNTED);

    assert.deepEqual(catalogue.evaluate('cloudtrail', { a: 'x' }).observations, []);
  });
});

describe('A fresh sign-in', () => {
  const demands = (own: PolicySettings, countersign = {}): boolean | undefined =>
    loaded(own, ruleText(DETECTION, { countersign })).catalogue.policies[0]?.asking.freshSignIn;

  it('is demanded where the policy or the settings say so, and the settings have the last word', () => {
    assert.equal(demands({}), false);
    assert.equal(demands({ asking: { freshSignIn: true } }), true);
    assert.equal(demands({}, { asking: { freshSignIn: true } }), true);
    assert.equal(demands({ asking: { freshSignIn: false } }, { asking: { freshSignIn: true } }), false);
  });
});

describe('How a policy asks', () => {
  const offers = [
    { key: 'stop', label: 'Stop', actions: ['entra.user.suspend'] },
    { key: 'sign-out', label: 'Sign out', actions: ['entra.user.revoke-sessions'] },
  ];
  const own = { approvers: ['kim@contoso.example'], comment: 'always', contain: 'sign-out', rule: 3 };
  const text = ruleText(DETECTION, { countersign: { offers, asking: own } });
  const containFirst = ['entra.user.suspend'];
  const ask = (asking: PolicyAsking, more: Partial<Parameters<typeof load>[2]> = {}, rule = text) =>
    load(rule, 'a-rule.yml', { containFirst, policies: { 'a-rule': { asking } }, ...more });
  const refused = (...given: Parameters<typeof ask>): readonly string[] =>
    ask(...given).problems.map(({ path, reason }) => `${path?.slice(2).join('.')}: ${reason}`);

  it('is what the settings say, key by key, and else what the policy says', () => {
    const said: PolicyAsking = {
      subjectFirst: true,
      rule: { kind: 'first' },
      contain: 'stop',
      onTimeOut: 'contain',
    };

    const { catalogue, problems } = ask(said);

    assert.deepEqual(problems, []);
    assert.deepEqual(catalogue.policies[0]?.asking, {
      ...{ approvers: ['kim@contoso.example'], comment: 'always', freshSignIn: false },
      ...said,
    });
    const emptied = ask({ approvers: [], contain: null, comment: undefined }).catalogue.policies[0]?.asking;
    assert.deepEqual([emptied?.approvers, emptied?.contain, emptied?.comment], [[], null, 'always']);
  });

  it('is what the settings say of a rule from outside, whose own block says nothing', () => {
    const files = [{ name: 'rules/a-rule.yml', text, outside: true }];
    const policies = { 'a-rule': { asking: { subjectFirst: true } } };

    const { catalogue, problems } = loadFiles(files, { policies });

    assert.deepEqual(problems, []);
    assert.deepEqual(catalogue.policies[0]?.asking, { ...DEFAULT_ASKING, subjectFirst: true });
  });

  for (const [what, asking, reason] of [
    [
      'an offer that there is not',
      { contain: 'stopp' },
      'contain: .*"stopp" is the key of none .* stop, sign-out$',
    ],
    [
      'an offer that may not be taken first',
      { contain: 'sign-out' },
      'contain: .*"sign-out" takes entra.user.revoke-sessions, which asking.containFirst does not list$',
    ],
    [
      "silence that does the policy's offer, which may not be taken first",
      { onTimeOut: 'contain' },
      'onTimeOut: .*asking.containFirst does not list$',
    ],
    [
      'silence that does nothing in particular',
      { onTimeOut: 'contain', contain: null },
      'onTimeOut: .*contain needs `contain`',
    ],
    [
      'silence that dismisses it',
      { onTimeOut: 'dismiss' },
      'onTimeOut: .*above low severity, and this is medium',
    ],
  ] as const satisfies readonly (readonly [string, PolicyAsking, string])[])
    it(`is refused with the place: ${what}`, () => {
      const [only, ...more] = refused(asking);

      assert.match(only ?? '', new RegExp(`^a-rule\\.asking\\.${reason}`));
      assert.deepEqual(more, []);
    });

  it('may be dismissed by silence where the alert says how severe it is, or the rule that it is low', () => {
    const graph = ruleText(DETECTION, { logsource: { product: 'm365' } });

    assert.deepEqual(refused({ onTimeOut: 'dismiss' }, {}, graph), []);
    assert.deepEqual(refused({ onTimeOut: 'dismiss' }, {}, ruleText(DETECTION, { level: 'low' })), []);
  });

  for (const [what, more, rule] of [
    ['beyond the bounds', { bounds: BOUNDS }, text],
    [
      'of what is for the security team alone',
      {},
      ruleText(DETECTION, { countersign: { securityOnly: true } }),
    ],
  ] as const)
    it(`is refused where it names people, or asks the person in question, ${what}`, () => {
      const reasons = refused({ approvers: ['kim@contoso.example'], subjectFirst: true }, more, rule);

      assert.equal(reasons.length, 2);
      assert.match(reasons[0] ?? '', /^a-rule\.asking\.approvers: /);
      assert.match(reasons[1] ?? '', /^a-rule\.asking\.subjectFirst: /);
      assert.deepEqual(refused({ approvers: [], subjectFirst: false }, more, rule), []);
    });

  for (const [what, asking, reason] of [
    [
      'an offer that it does not make',
      { contain: 'stopp' },
      /^countersign\.asking\.contain: "stopp" is the key of none/,
    ],
    ['silence without an offer', { onTimeOut: 'contain' }, /^countersign\.asking\.onTimeOut: contain needs/],
  ] as const)
    it(`is refused in the policy itself: ${what}`, () => {
      const { problems } = load(ruleText(DETECTION, { countersign: { offers, asking } }));

      assert.match(problems[0]?.reason ?? '', reason);
    });
});

describe('The scope of a policy', () => {
  const event = {
    a: 'x',
    recipientAccountId: '123456789012',
    userIdentity: { accountId: '999999999999' },
    awsRegion: 'eu-west-1',
    sourceIPAddress: '192.0.2.7',
  };
  const { recipientAccountId: _, ...foreign } = event;

  for (const [what, own, where, expected] of [
    ['only its account', { only: scope({ accounts: ['123456789012'] }) }, event, true],
    ['only another account', { only: scope({ accounts: ['999999999999'] }) }, event, false],
    [
      "the caller's account where no other is named",
      { only: scope({ accounts: ['999999999999'] }) },
      foreign,
      true,
    ],
    ['only accounts, of an event without one', { only: scope({ accounts: ['1'] }) }, { a: 'x' }, false],
    ['except its account', { except: scope({ accounts: ['123456789012'] }) }, event, false],
    ['except accounts, of an event without one', { except: scope({ accounts: ['1'] }) }, { a: 'x' }, true],
    ['only its region', { only: scope({ regions: ['EU-West-1'] }) }, event, true],
    ['only another region', { only: scope({ regions: ['us-east-1'] }) }, event, false],
    ['only its network', { only: scope({ networks: ['192.0.2.0/24'] }) }, event, true],
    ['only another network', { only: scope({ networks: ['198.51.100.0/24'] }) }, event, false],
    ['except its network', { except: scope({ networks: ['10.0.0.0/8', '192.0.2.0/24'] }) }, event, false],
    [
      'only a network, of a service',
      { only: scope({ networks: ['0.0.0.0/0', '::/0'] }) },
      { ...event, sourceIPAddress: 'cloudformation.amazonaws.com' },
      false,
    ],
    [
      'its account, but another region',
      { only: scope({ accounts: ['123456789012'], regions: ['x'] }) },
      event,
      false,
    ],
    [
      'except its region or another account',
      { except: scope({ accounts: ['1'], regions: ['eu-west-1'] }) },
      event,
      false,
    ],
    ['users, which are looked at later', { only: scope({ users: ['nobody'], groups: ['g'] }) }, event, true],
    ['nothing in particular', { only: NOWHERE, except: NOWHERE }, event, true],
  ] as const)
    it(`${what}: ${expected ? 'matches' : 'does not match'}`, () => {
      const single = loaded(own).catalogue;
      const counted = loaded(own, COUNTED).catalogue;

      assert.equal(single.evaluate('cloudtrail', where).policies.length === 1, expected);
      assert.equal(counted.evaluate('cloudtrail', where).observations.length === 1, expected);
      assert.equal(single.explain('a-rule', 'cloudtrail', where).holds, expected);
      assert.equal(counted.explain('a-rule', 'cloudtrail', where).holds, expected);
    });
});

describe('The threshold and the timespan of a counted policy', () => {
  it('are what the settings say', () => {
    const text = COUNTED.replace('gte: 3', 'lt: 3');
    const [correlation] = loaded({ threshold: 7, timespanMs: 1000 }, text).catalogue.correlations.values();

    assert.deepEqual(correlation?.condition, { gte: 7 });
    assert.equal(correlation?.timespanMs, 1000);
    assert.equal(correlation?.grows, true);
    assert.equal(loaded({}, text).catalogue.correlations.get('a-rule')?.grows, false);
  });
});

describe('A setting that would do nothing, or cannot be, is a problem:', () => {
  it('of a policy that does not exist', () => {
    const { problems } = load(ruleText(DETECTION), 'a-rule.yml', { policies: { nowhere: { stage: 'off' } } });

    assert.deepEqual(problems, [
      {
        file: 'settings',
        line: 1,
        path: ['detection', 'policies', 'nowhere'],
        reason: 'detection.policies.nowhere: there is no such policy',
      },
    ]);
  });

  it('a threshold or a timespan of what is not counted', () => {
    assert.match(reasons({ threshold: 3 })[0] ?? '', /no threshold/);
    assert.match(reasons({ timespanMs: 3 })[0] ?? '', /no timespan/);
  });

  it('a threshold that is none, or more than is counted', () => {
    for (const threshold of [0, -1, 1.5, 5001, Number.NaN])
      assert.match(reasons({ threshold }, COUNTED)[0] ?? '', /whole number from 1 to 5000/);
    assert.deepEqual(reasons({ threshold: 5000 }, COUNTED), []);
    const temporal = COUNTED.replace('event_count', 'temporal').replace('  condition: { gte: 3 }\n', '');
    assert.match(reasons({ threshold: 2 }, temporal)[0] ?? '', /from 1 to 1$/);
    assert.match(reasons({ timespanMs: 0 }, COUNTED)[0] ?? '', /timespan/);
  });

  it('accounts, regions and networks of Graph alerts', () => {
    const graph = ruleText(DETECTION, { logsource: { product: 'm365' } });

    assert.deepEqual(
      ['accounts', 'regions', 'networks'].map(
        (kind) => reasons({ only: scope({ [kind]: ['192.0.2.0/24'] }) }, graph)[0],
      ),
      ['accounts', 'regions', 'networks'].map(
        (kind) => `detection.policies.a-rule: "only.${kind}" means nothing for Graph alerts`,
      ),
    );
    assert.deepEqual(reasons({ except: scope({ users: ['u'], groups: ['g'] }) }, graph), []);
  });

  it('a network that is none', () =>
    assert.match(
      reasons({ except: scope({ networks: ['the office'] }) })[0] ?? '',
      /"the office" is no CIDR/,
    ));
});

describe("The operator's bounds", () => {
  const offers = [
    { key: 'stop', label: 'Stop', actions: ['entra.user.suspend'] },
    { key: 'both', label: 'Both', actions: ['entra.user.suspend', 'entra.user.revoke-sessions'] },
  ];
  const text = ruleText(DETECTION, { countersign: { offers } });

  it('take out offers of other actions, and say so', () => {
    const bounds = { ...BOUNDS, actions: ['entra.user.suspend'] };
    const { catalogue, problems, notes } = load(text, 'a-rule.yml', { bounds });

    assert.deepEqual(problems, []);
    assert.deepEqual(
      catalogue.policies[0]?.offers.map(({ key }) => key),
      ['stop'],
    );
    assert.deepEqual(
      notes.map(({ file, line }) => [file, line]),
      [['a-rule.yml', 15]],
    );
    assert.match(notes[0]?.reason ?? '', /"both" is not offered: entra.user.revoke-sessions/);
  });

  it('without the manager send every question to the security team', () => {
    const bounds = { ...BOUNDS, ask: ['security'] as const };

    assert.equal(load(text, 'a-rule.yml', { bounds }).catalogue.policies[0]?.securityOnly, true);
    assert.equal(load(text).catalogue.policies[0]?.securityOnly, false);
  });
});

describe('The countersign block', () => {
  it('says how cases group, what is covered and at which stage', () => {
    const countersign: Json = { group: { by: 'target', within: '30m' }, covers: ['broad'], stage: 'monitor' };
    const { catalogue, problems } = loadFiles([
      { name: 'narrow.yml', text: ruleText(DETECTION, { countersign }) },
      { name: 'broad.yml', text: ruleText(DETECTION) },
    ]);
    const [broad, narrow] = catalogue.policies;

    assert.deepEqual(problems, []);
    assert.deepEqual(narrow?.grouping, { by: 'target', withinMs: 1_800_000 });
    assert.deepEqual(narrow?.covers, ['broad']);
    assert.equal(narrow?.stage, 'monitor');
    assert.deepEqual(broad?.grouping, { by: 'subject', withinMs: 3_600_000 });
  });

  it('cannot cover what is refused, or comes from outside', () => {
    const covering = (id: string) => ({
      name: 'narrow.yml',
      text: ruleText(DETECTION, { countersign: { covers: [id] } }),
    });
    const { problems } = loadFiles([covering('broad'), { name: 'broad.yml', text: 'title: [' }]);

    assert.deepEqual(problems.map(({ file }) => file).sort(), ['broad.yml', 'narrow.yml']);
    const outside = { name: 'broad.yml', text: ruleText(DETECTION), outside: true };
    assert.equal(loadFiles([covering('broad'), outside]).problems[0]?.file, 'narrow.yml');
  });

  it('belongs into the first document', () => {
    const second = ruleText(DETECTION, { countersign: {} });
    const { problems } = load(`${ruleText(DETECTION)}---\n${second}`);

    assert.match(problems[0]?.reason ?? '', /^countersign: .*first document/);
    assert.equal(problems[0]?.line, 18);
  });
});
