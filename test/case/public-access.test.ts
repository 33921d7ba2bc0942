import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../src/case/json.ts';
import {
  ALL_BLOCKS,
  ALL_USERS,
  AUTHENTICATED_USERS,
  allBlocksOn,
  type BucketAccess,
  isPublic,
  isPublicStatement,
  publicGrants,
  splitPolicy,
  statementsForEverybody,
  strictest,
  withoutPublicGrants,
} from '../../src/case/public-access.ts';
import { writeOut } from '../../src/case/written.ts';
import { matchStatement } from '../../src/sandbox/s3/policy-language.ts';
import { english } from '../helpers/english.ts';

const allow = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::files/*',
  ...more,
});
const when = (operator: string, key: string, value: Json): JsonObject =>
  allow({ Condition: { [operator]: { [key]: value } } });
/** `from`, and on up to but not `to`, each with the rest behind it. */
const ranges = (from: number, to: number, rest: string): readonly string[] =>
  Array.from({ length: to - from }, (_, at) => `${from + at}${rest}`);
const without = (statement: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));

const PUBLIC: readonly (readonly [string, Json])[] = [
  ['everyone', allow()],
  ['everyone in the long form', allow({ Principal: { AWS: '*' } })],
  ['everyone in a list', allow({ Principal: { AWS: ['arn:aws:iam::123456789012:root', '*'] } })],
  [
    'everyone in other letter cases',
    { effect: 'allow', principal: { aws: '*' }, action: '*', resource: '*' },
  ],
  ['everyone by canonical user', allow({ Principal: { CanonicalUser: '*' } })],
  ['a pattern of principals', allow({ Principal: { AWS: 'arn:aws:iam::*:root' } })],
  ['nobody in particular', without(allow(), 'Principal')],
  ['an empty list of principals', allow({ Principal: { AWS: [] } })],
  ['everyone but one', { ...without(allow(), 'Principal'), NotPrincipal: { AWS: '123456789012' } }],
  [
    'everyone but one, with a condition',
    { ...when('StringEquals', 'aws:SourceVpc', 'vpc-1'), NotPrincipal: { AWS: '123456789012' } },
  ],
  ['one principal written twice', { ...allow({ Principal: { AWS: '123456789012' } }), principal: '*' }],
  ['an effect that nobody knows', allow({ Effect: 'Perhaps' })],
  ['an effect that is no text', allow({ Effect: { toString: 'Deny' } })],
  ['something that is not a statement', 'Allow'],
  ['every IPv4 address', when('IpAddress', 'aws:SourceIp', '0.0.0.0/0')],
  ['every IPv6 address', when('IpAddress', 'aws:SourceIp', '::/0')],
  ['half of the internet', when('IpAddress', 'aws:SourceIp', '128.0.0.0/1')],
  ['a range wider than /8', when('IpAddress', 'aws:SourceIp', '12.0.0.0/7')],
  ['an IPv6 range wider than /32', when('IpAddress', 'aws:SourceIp', '2001:d00::/31')],
  ['every IPv4 address written as IPv6', when('IpAddress', 'aws:SourceIp', '::ffff:0:0/96')],
  ['a narrow and a wide range', when('IpAddress', 'aws:SourceIp', ['192.0.2.0/24', '0.0.0.0/0'])],
  ['two IPv6 ranges of /32, together a /31', when('IpAddress', 'aws:SourceIp', ['2a00::/32', '2a00:1::/32'])],
  ['everybody at Facebook', allow({ Principal: { Federated: 'graph.facebook.com' } })],
  [
    'everybody at Google, beside an account',
    allow({ Principal: { AWS: '123456789012', Federated: ['accounts.google.com'] } }),
  ],
  [
    'everybody who signs in to some pool',
    allow({ Principal: { federated: 'cognito-identity.amazonaws.com' } }),
  ],
  ['a provider of any account', allow({ Principal: { Federated: 'arn:aws:iam::*:saml-provider/idp' } })],
  ['every service', allow({ Principal: { Service: '*' } })],
  ['any organisation', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*/r-1/*')],
  ['organisations that begin alike', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-1*')],
  ['an organisation or any', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', ['o-1/*', '*'])],
  ['an organisation, by all of no values', when('ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-1/*')],
  ['a pattern of roles', when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/*')],
  [
    'a range that only begins as a private one',
    when('IpAddress', 'aws:SourceIp', ['172.16.0.0/8', '12.0.0.0/8']),
  ],
  ['two ranges of /8, together a /7', when('IpAddress', 'aws:SourceIp', ['12.0.0.0/8', '13.0.0.0/8'])],
  [
    'a /7 of IPv4 beside one address of IPv6',
    when('IpAddress', 'aws:SourceIp', [...ranges(12, 14, '.0.0.0/8'), '2001:db8::1']),
  ],
  ['no range at all', when('IpAddress', 'aws:SourceIp', [])],
  ['a range that is none', when('IpAddress', 'aws:SourceIp', '192.0.2.0/x')],
  ['a private-network address key', when('IpAddress', 'aws:VpcSourceIp', '10.0.0.0/8')],
  ['everyone outside a range', when('NotIpAddress', 'aws:SourceIp', '192.0.2.0/24')],
  ['everyone outside an organisation', when('StringNotEquals', 'aws:PrincipalOrgID', 'o-1')],
  ['an organisation, if the caller has one', when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-1')],
  ['all of no values', when('ForAllValues:StringEquals', 'aws:PrincipalOrgID', 'o-1')],
  ['every VPC', when('StringLike', 'aws:SourceVpc', 'vpc-*')],
  ['a fixed and a wild VPC endpoint', when('StringLike', 'aws:SourceVpce', ['vpce-1', 'vpce-?'])],
  ['a policy variable', when('StringEquals', 'aws:PrincipalArn', '$' + '{aws:PrincipalArn}')],
  ['any access point anywhere', when('ArnLike', 's3:DataAccessPointArn', 'arn:aws:s3:*:*:accesspoint/*')],
  ['a referer, which anyone can send', when('StringEquals', 'aws:Referer', 'https://contoso.example')],
  ['a first name', when('StringEquals', 'aws:username', 'Andrew')],
  ['TLS only', when('Bool', 'aws:SecureTransport', 'true')],
  ['callers without an organisation', when('Null', 'aws:PrincipalOrgID', 'true')],
  ['an operator that nobody knows', when('StringSounds', 'aws:PrincipalOrgID', 'o-1')],
  ['a condition that is not one', allow({ Condition: 'never' })],
  ['an operator without keys', allow({ Condition: { StringEquals: 'aws:SourceVpc' } })],
];

const NOT_PUBLIC: readonly (readonly [string, Json])[] = [
  ['a Deny to everyone', allow({ Effect: 'Deny' })],
  [
    'a Deny to everyone but one',
    { ...without(allow({ Effect: 'Deny' }), 'Principal'), NotPrincipal: { AWS: '1' } },
  ],
  ['an account', allow({ Principal: { AWS: '123456789012' } })],
  [
    'two users',
    allow({ Principal: { AWS: ['arn:aws:iam::123456789012:user/a', 'arn:aws:iam::123456789012:user/b'] } }),
  ],
  [
    'a provider of an account',
    allow({ Principal: { Federated: 'arn:aws:iam::123456789012:saml-provider/idp' } }),
  ],
  [
    'an OpenID provider of an account',
    allow({ Principal: { Federated: 'arn:aws-us-gov:iam::123456789012:oidc-provider/token.example/a' } }),
  ],
  [
    'everybody at Google within a network',
    { ...when('StringEquals', 'aws:SourceVpc', 'vpc-1'), Principal: { Federated: 'accounts.google.com' } },
  ],
  ['an account id that is a number', allow({ Principal: { AWS: 123456789012 } })],
  ['a condition on a number', when('StringEquals', 'aws:SourceAccount', 123456789012)],
  ['a whole organisation, by its paths', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', ['o-1/*'])],
  ['a unit and all below', when('ForAnyValue:StringLike', 'aws:SourceOrgPaths', 'o-1/r-1/ou-?-1/*')],
  ["an organisation's endpoints", when('StringEquals', 'aws:VpceOrgID', 'o-1')],
  ["an account's endpoints", when('StringEquals', 'aws:VpceAccount', '123456789012')],
  ['a VPC by its ARN', when('ArnEquals', 'aws:SourceVpcArn', 'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1')],
  ['a service by its name', when('StringEquals', 'aws:PrincipalServiceName', 'cloudtrail.amazonaws.com')],
  [
    'private ranges, however wide together',
    when('IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '11.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']),
  ],
  ['a service', allow({ Principal: { Service: 'cloudtrail.amazonaws.com' } })],
  ['a VPC endpoint', when('StringEquals', 'aws:SourceVpce', 'vpce-1a2b3c4d')],
  ['a VPC, in other letter cases', when('stringequals', 'AWS:sourceVPC', ['vpc-1', 'vpc-2'])],
  ['an organisation', when('StringEquals', 'aws:PrincipalOrgID', 'o-contoso0001')],
  ['an organisation, by any value', when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-1/r-1/ou-1/')],
  ['a fixed account', when('StringEquals', 'aws:SourceAccount', '123456789012')],
  ['a fixed ARN', when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:eu-west-1:123456789012:topic')],
  ['an address', when('IpAddress', 'aws:SourceIp', '192.0.2.1')],
  ['a /8 range', when('IpAddress', 'aws:SourceIp', ['11.0.0.0/8', '192.0.2.0/24'])],
  ['the same /8 range twice', when('IpAddress', 'aws:SourceIp', ['11.0.0.0/8', '11.0.0.0/8'])],
  ['a dozen offices', when('IpAddress', 'aws:SourceIp', ranges(1, 13, '.2.0.0/24'))],
  ['a /8 and an IPv6 /32 range', when('IpAddress', 'aws:SourceIp', ['11.0.0.0/8', '2001:db8::/32'])],
  [
    'wide ranges that must also be in a network',
    allow({
      Condition: {
        IpAddress: { 'aws:SourceIp': ranges(12, 14, '.0.0.0/8') },
        StringEquals: { 'aws:SourceVpc': 'vpc-1' },
      },
    }),
  ],
  ['an IPv6 /32 range', when('IpAddress', 'aws:SourceIp', '2001:db8::/32')],
  [
    'an access point of one account',
    when('ArnLike', 's3:DataAccessPointArn', 'arn:aws:s3:eu-west-1:123456789012:accesspoint/*'),
  ],
  [
    'one condition that limits and one that does not',
    allow({
      Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
    }),
  ],
];

describe('what is public', () => {
  for (const [what, statement] of PUBLIC)
    it(`counts an Allow to ${what} as public`, () => {
      assert.equal(isPublicStatement(statement), true);
    });

  for (const [what, statement] of NOT_PUBLIC)
    it(`does not count ${what} as public`, () => {
      assert.equal(isPublicStatement(statement), false);
    });

  it('counts the whole internet as public however finely it is cut', () => {
    const cut = [ranges(0, 256, '.0.0.0/8'), ranges(0, 256, '.0.0.0/9').concat(ranges(0, 256, '.128.0.0/9'))];
    for (const all of cut) assert.equal(isPublicStatement(when('IpAddress', 'aws:SourceIp', [...all])), true);
  });

  it('never calls a statement private that lets a stranger in, over every mix of principals and conditions', () => {
    const principals = [...PUBLIC, ...NOT_PUBLIC].map(([, each]) => each as JsonObject);
    const conditions = principals.map(({ Condition }) => Condition).filter((each) => each !== undefined);
    const stranger = {
      account: '999900001111',
      canonicalId: 'f'.repeat(64),
      arns: ['arn:aws:iam::999900001111:user/x'],
    };
    const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::files/a' };
    const from = {
      'aws:sourceip': '203.0.113.9',
      'aws:securetransport': 'true',
      'aws:referer': 'https://contoso.example',
    };
    let judgedPrivate = 0;

    for (const { Principal, NotPrincipal } of principals.filter((each) => typeof each === 'object'))
      for (const first of conditions)
        for (const second of conditions) {
          const Condition = { ...(first as JsonObject), ...(second as JsonObject) };
          const who = NotPrincipal === undefined ? { Principal: Principal ?? '*' } : { NotPrincipal };
          const statement = { ...allow(), ...who, Condition } as JsonObject;
          if (isPublicStatement(statement)) continue;
          judgedPrivate += 1;
          for (const caller of [null, stranger])
            assert.equal(
              matchStatement(statement, { ...request, caller, keys: from }),
              null,
              JSON.stringify(statement),
            );
        }

    assert.ok(judgedPrivate > 1000);
  });
});

describe('splitting a policy', () => {
  const partner = allow({ Sid: 'Partner', Principal: { AWS: '123456789012' } });

  it('takes the public statements out and leaves all else, in order', () => {
    const policy = {
      Version: '2012-10-17',
      Id: 'files',
      Statement: [allow(), partner, when('Bool', 'x', 'y')],
    };

    const { kept, removed } = splitPolicy(policy);

    assert.deepEqual(kept, { Version: '2012-10-17', Id: 'files', Statement: [partner] });
    assert.deepEqual(removed, [allow(), when('Bool', 'x', 'y')]);
  });

  it('gives the same document back when nothing in it is public, a bare statement too', () => {
    const bare = { Version: '2012-10-17', Statement: partner };

    assert.deepEqual(splitPolicy(bare), { kept: bare, removed: [] });
    assert.deepEqual(splitPolicy(null), { kept: null, removed: [] });
  });

  it('keeps nothing of a policy that is public as a whole', () => {
    assert.deepEqual(splitPolicy({ statement: allow() }), { kept: null, removed: [allow()] });
  });

  const PARTNER = 'arn:aws:iam::123456789012:root';
  const mixed: readonly (readonly [string, Json, Json])[] = [
    ['somebody beside everybody', { AWS: [PARTNER, '*'] }, { AWS: [PARTNER] }],
    ['somebody of another kind', { AWS: PARTNER, CanonicalUser: '*' }, { AWS: PARTNER }],
    [
      'a service beside everybody',
      { Service: 'logging.s3.amazonaws.com', AWS: '*' },
      { Service: 'logging.s3.amazonaws.com' },
    ],
    ['somebody beside all of Facebook', { aws: PARTNER, Federated: 'graph.facebook.com' }, { aws: PARTNER }],
    [
      'somebody beside whom AWS no longer knows',
      { AWS: ['AIDAEXAMPLEEXAMPLE123', PARTNER, '*'] },
      { AWS: [PARTNER] },
    ],
  ];
  for (const [what, Principal, left] of mixed)
    it(`leaves a public statement to those whom it names: ${what}`, () => {
      const statement = allow({ Principal, Condition: { Bool: { 'aws:SecureTransport': 'true' } } });

      const { kept, removed } = splitPolicy({ Version: '2012-10-17', Statement: [statement, partner] });

      assert.deepEqual(kept, {
        Version: '2012-10-17',
        Statement: [{ ...statement, Principal: left }, partner],
      });
      assert.deepEqual(removed, [statement]);
    });

  it('takes a public statement out whole where it names nobody, or leaves it open whom', () => {
    const deleted = allow({ Principal: { AWS: ['AIDAEXAMPLEEXAMPLE123', '*'] } });
    const twice = { ...allow(), principal: { AWS: PARTNER } };
    const allBut = { ...allow({ Principal: { AWS: [PARTNER, '*'] } }), NotPrincipal: { AWS: PARTNER } };

    for (const statement of [deleted, twice, allBut])
      assert.equal(splitPolicy({ Statement: [statement] }).kept, null);
  });

  it('is done after one time: nothing public is left to take out, and no statement is lost', () => {
    const all = [...PUBLIC, ...NOT_PUBLIC].map(([, statement]) => statement);
    for (let mask = 1; mask < 2 ** 10; mask += 1) {
      const Statement = all.filter((_each, index) => mask & (1 << (index % 10)));

      const { kept, removed } = splitPolicy({ Statement });
      const left = (kept?.Statement ?? []) as readonly Json[];

      const asTheyWere = left.filter((each) => Statement.includes(each));
      assert.equal(asTheyWere.length + removed.length, Statement.length);
      assert.deepEqual(splitPolicy(kept).removed, []);
    }
  });
});

describe('access lists', () => {
  const own = { canonicalId: 'a'.repeat(64), permission: 'FULL_CONTROL' };
  const open = { uri: ALL_USERS, permission: 'READ' };
  const anyAccount = { uri: AUTHENTICATED_USERS, permission: 'WRITE' };
  const logs = { uri: 'http://acs.amazonaws.com/groups/s3/LogDelivery', permission: 'WRITE' };
  const acl = {
    ownerId: own.canonicalId,
    grants: [own, open, logs, anyAccount, { uri: 'toString', permission: 'READ' }],
  };

  it('counts grants to all users and to all account holders as public, and no other', () => {
    assert.deepEqual(publicGrants(acl), [open, anyAccount]);
    assert.deepEqual(publicGrants(null), []);
  });

  it('leaves every other grant in place', () => {
    assert.deepEqual(withoutPublicGrants(acl).grants, [own, logs, { uri: 'toString', permission: 'READ' }]);
  });
});

describe('whether a bucket is public', () => {
  const off = {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  };
  const policy = { Statement: [allow(), allow({ Action: 's3:PutObject' })] };
  const acl = { ownerId: 'a', grants: [{ uri: AUTHENTICATED_USERS, permission: 'READ' }] };
  const both: BucketAccess = { acl, policy, publicAccessBlock: null };

  it('gives every reason in plain words', () => {
    assert.deepEqual(writeOut(isPublic(both), english), {
      public: true,
      reasons: [
        'The bucket policy gives people outside read and write access (2 statements).',
        "The bucket's access list grants READ to anyone with an AWS account.",
      ],
    });
  });

  it('is disarmed by the two flags that act on what exists, each for its own part', () => {
    const count = (flags: object) =>
      isPublic({ ...both, publicAccessBlock: { ...off, ...flags } }).reasons.length;

    assert.equal(count({ blockPublicAcls: true, blockPublicPolicy: true }), 2);
    assert.equal(count({ ignorePublicAcls: true }), 1);
    assert.equal(count({ restrictPublicBuckets: true }), 1);
    assert.equal(count({ ignorePublicAcls: true, restrictPublicBuckets: true }), 0);
  });

  it('is private with nothing set', () => {
    assert.deepEqual(isPublic({ acl: null, policy: null, publicAccessBlock: null }), {
      public: false,
      reasons: [],
    });
  });

  it('takes the blocks for on only when all four are', () => {
    assert.equal(allBlocksOn(ALL_BLOCKS), true);
    assert.equal(allBlocksOn(null), false);
    for (const flag of Object.keys(ALL_BLOCKS))
      assert.equal(allBlocksOn({ ...ALL_BLOCKS, [flag]: false }), false);
  });
});

describe('two blocks together', () => {
  const off = {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  };

  it('are as strict as the stricter of them, flag by flag', () => {
    for (const flag of Object.keys(ALL_BLOCKS)) {
      const one = { ...off, [flag]: true };
      assert.deepEqual([strictest(one, off), strictest(off, one)], [one, one], flag);
    }
    assert.deepEqual([strictest(null, off), strictest(ALL_BLOCKS, null)], [off, ALL_BLOCKS]);
    assert.equal(strictest(null, null), null);
  });
});

describe('statements for everybody', () => {
  it('are those without a fixed principal, whatever their condition, and no Deny', () => {
    const limited = when('StringEquals', 'aws:SourceVpce', 'vpce-1');
    const Statement = [allow(), limited, allow({ Principal: { AWS: '1' } }), allow({ Effect: 'Deny' })];

    assert.deepEqual(statementsForEverybody({ Statement }), [allow(), limited]);
  });
});
