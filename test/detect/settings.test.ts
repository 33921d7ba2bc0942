import assert from 'node:assert/strict';
import type { Json } from '../../src/case/json.ts';
import type { PolicyScope, PolicySettings } from '../../src/case/settings.ts';
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
