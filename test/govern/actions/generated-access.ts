// Generated bucket policies and access lists: principals, conditions and effects of all kinds, in strings and lists, in odd letter
// cases; and a reading of who is named in them that shares nothing with the code under test.
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/case/json.ts';
import {
  type AclGrant,
  ALL_USERS,
  AUTHENTICATED_USERS,
  type BucketAccess,
  type PublicAccessBlock,
} from '../../../src/case/public-access.ts';
import { OWN_ACCOUNT, OWN_ID, PARTNER_ACCOUNT, PARTNER_ID } from './s3-fixture.ts';

export const OTHER_ACCOUNT = '777788889999';
const OTHER_ID = 'c'.repeat(64);

/** Spellings of principals under `AWS`, by whom they mean. */
const AWS_NAMES = [
  PARTNER_ACCOUNT,
  `arn:aws:iam::${PARTNER_ACCOUNT}:root`,
  `arn:aws:iam::${PARTNER_ACCOUNT}:user/pat`,
  `arn:aws:iam::${PARTNER_ACCOUNT}:role/audit`,
  `arn:aws:sts::${PARTNER_ACCOUNT}:assumed-role/audit/session`,
  `arn:aws:sts::${PARTNER_ACCOUNT}:federated-user/fay`,
  OTHER_ACCOUNT,
  `arn:aws:iam::${OTHER_ACCOUNT}:user/ola`,
  OWN_ACCOUNT,
  `arn:aws:iam::${OWN_ACCOUNT}:role/app`,
  'AIDAEXAMPLEEXAMPLE123',
  'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE',
];
const CANONICAL = [OWN_ID, PARTNER_ID, OTHER_ID];
export const MAIL = 'files@partner.example';

const oneOrMore = (names: readonly string[]): fc.Arbitrary<Json> =>
  fc.oneof(
    fc.constantFrom(...names),
    fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
  );
/** Right most of the time; IAM itself is not strict about the names of elements. */
const cased = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(name) },
    fc.constantFrom(name.toLowerCase(), name.toUpperCase()),
  );

const principalMap: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      AWS: oneOrMore(AWS_NAMES),
      CanonicalUser: oneOrMore(CANONICAL),
      Federated: oneOrMore([
        `arn:aws:iam::${PARTNER_ACCOUNT}:saml-provider/idp`,
        `arn:aws:iam::${PARTNER_ACCOUNT}:oidc-provider/idp.example`,
        'accounts.google.com',
        'cognito-identity.amazonaws.com',
      ]),
      Service: oneOrMore(['cloudtrail.amazonaws.com', 'logging.s3.amazonaws.com']),
    },
    { requiredKeys: [] },
  )
  .filter((map) => Object.keys(map).length > 0) as fc.Arbitrary<JsonObject>;

const principal: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: principalMap },
  { weight: 2, arbitrary: fc.constantFrom<Json>('*', { AWS: '*' }, { AWS: ['*'] }) },
  fc.constantFrom<Json>(
    { AWS: [PARTNER_ACCOUNT, '*'] },
    { AWS: '*', CanonicalUser: PARTNER_ID },
    { AWS: [`arn:aws:iam::${OWN_ACCOUNT}:role/app`, '*', 'AIDAEXAMPLEEXAMPLE123'] },
    { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:user/ola`, Federated: ['graph.facebook.com'] },
    { AWS: '*', Service: 'cloudtrail.amazonaws.com' },
  ),
);

/** Conditions that only those who are named in them can meet, as they are and beside others. */
const callers: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom('StringEquals', 'ArnLike', 'StringLike', 'ForAnyValue:StringEquals'),
    fc.oneof(
      oneOrMore(AWS_NAMES.filter((name) => name.startsWith('arn:'))).map((value) => ({
        'aws:PrincipalArn': value,
      })),
      oneOrMore([PARTNER_ACCOUNT, OTHER_ACCOUNT, OWN_ACCOUNT]).map((value) => ({
        'AWS:principalaccount': value,
      })),
    ),
    fc.constantFrom<JsonObject>(
      {},
      { Bool: { 'aws:SecureTransport': 'false' } },
      { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER_ACCOUNT}:user/pat` } },
      { StringNotEquals: { 'aws:PrincipalAccount': PARTNER_ACCOUNT } },
    ),
  )
  .map(([operator, keys, others]) => ({ [operator]: keys, ...others }));

/** None of them holds for a stranger from 198.51.100.7; some hold for everybody. */
const condition: fc.Arbitrary<JsonObject | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  callers,
  fc.constantFrom<JsonObject>(
    { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } },
    { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } },
    { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.7'] } },
    { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
    { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '0.0.0.0/1', '128.0.0.0/1'] } },
    { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
    { StringNotEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } },
    { StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } },
    { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-contoso0001' } },
    { StringLike: { 'aws:SourceVpc': 'vpc-*' } },
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-contoso0001/*'] } },
    { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${PARTNER_ACCOUNT}:user/*` } },
    { Null: { 'aws:PrincipalOrgID': 'true' } },
    { Bool: { 'aws:SecureTransport': 'false' } },
    { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:SourceVpc': 'vpc-1' } },
  ),
);

const statementArbitrary = (notPrincipal: boolean): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      effect: fc.oneof(
        { weight: 4, arbitrary: fc.constant('Allow') },
        fc.constantFrom('Deny', 'allow', 'DENY'),
      ),
      who: principal,
      not: notPrincipal ? fc.integer({ min: 0, max: 9 }).map((n) => n === 0) : fc.constant(false),
      action: fc.constantFrom<Json>(
        's3:GetObject',
        ['s3:GetObject', 's3:ListBucket'],
        's3:*',
        's3:PutObject',
      ),
      condition,
      sid: fc.option(fc.constantFrom('A', 'Partner', 'Open'), { nil: undefined }),
      names: fc.tuple(cased('Effect'), cased('Principal'), cased('Action'), cased('Condition')),
    })
    .map(({ effect, who, not, action, condition: when, sid, names: [e, p, a, c] }) => ({
      ...(sid !== undefined && { Sid: sid }),
      [e]: effect,
      [not ? 'NotPrincipal' : p]: who,
      [a]: action,
      Resource: ['arn:aws:s3:::files', 'arn:aws:s3:::files/*'],
      ...(when !== undefined && { [c]: when }),
    }));

const policyOf = (notPrincipal: boolean): fc.Arbitrary<JsonObject | null> =>
  fc.option(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc
          .array(statementArbitrary(notPrincipal), { minLength: 1, maxLength: 6 })
          .map((all): JsonObject => ({ Version: '2012-10-17', Id: 'files', Statement: all })),
      },
      statementArbitrary(notPrincipal).map((one): JsonObject => ({ Version: '2012-10-17', Statement: one })),
    ),
    { nil: null, freq: 10 },
  );

const permission = fc.constantFrom('READ', 'WRITE', 'READ_ACP', 'FULL_CONTROL');
const grant: fc.Arbitrary<AclGrant> = fc.oneof(
  fc.record({ canonicalId: fc.constantFrom(...CANONICAL), permission }),
  fc.record({
    uri: fc.constantFrom(ALL_USERS, AUTHENTICATED_USERS, 'http://acs.amazonaws.com/groups/s3/LogDelivery'),
    permission,
  }),
  fc.record({ email: fc.constant(MAIL), permission }),
);
const acl = fc.option(
  fc.array(grant, { maxLength: 6 }).map((grants) => ({
    ownerId: OWN_ID,
    grants: [{ canonicalId: OWN_ID, permission: 'FULL_CONTROL' }, ...grants],
  })),
  { nil: null },
);
const block: fc.Arbitrary<PublicAccessBlock | null> = fc.option(
  fc.record({
    blockPublicAcls: fc.boolean(),
    ignorePublicAcls: fc.boolean(),
    blockPublicPolicy: fc.boolean(),
    restrictPublicBuckets: fc.boolean(),
  }),
  { nil: null },
);

/** Any access that a bucket may have, the unlikely included. */
export const anyAccess = (options: { readonly notPrincipal: boolean }): fc.Arbitrary<BucketAccess> =>
  fc
    .record({ acl, policy: policyOf(options.notPrincipal), publicAccessBlock: block })
    .map((access) => JSON.parse(JSON.stringify(access.acl ? access : { ...access, ownerId: OWN_ID })));

const lower = (object: JsonObject, name: string): Json | undefined =>
  Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];

export const statementsIn = (policy: JsonObject | null): readonly JsonObject[] => {
  const all = policy?.Statement ?? [];
  return (Array.isArray(all) ? all : [all]) as readonly JsonObject[];
};
export const isDenied = (statement: JsonObject): boolean =>
  String(lower(statement, 'effect')).toLowerCase() === 'deny';

/** Whom a statement names, `type name` each, services included; an account in one spelling. */
export function namedBy(statement: JsonObject): readonly string[] {
  const who = lower(statement, 'principal');
  if (who === undefined) return [];
  if (typeof who === 'string') return [who];
  return Object.entries(who as JsonObject).flatMap(([type, names]) =>
    (Array.isArray(names) ? names : [names]).map((name) => `${type} ${spelled(String(name))}`),
  );
}
export const spelled = (name: string): string => name.replace(/^arn:aws:iam::(\d{12}):root$/, '$1');

const ELEMENTS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'Resource', 'Condition'];
/** In the letter cases that the stand-in takes, which is strict. */
export function inStrictCases(policy: JsonObject | null): JsonObject | null {
  if (!policy) return null;
  const strict = (statement: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(statement).map(([key, value]) => {
        const name = ELEMENTS.find((each) => each.toLowerCase() === key.toLowerCase()) ?? key;
        return [name, name === 'Effect' ? (isDenied({ Effect: value }) ? 'Deny' : 'Allow') : value];
      }),
    );
  return { ...policy, Statement: statementsIn(policy).map(strict) };
}

const texts = (names: Json | undefined): readonly string[] =>
  (Array.isArray(names) ? names : [names]).map((name) => spelled(String(name)));

/** The lists of a statement's conditions of which a caller must be in one, by operator and key. */
export const callerLists = (statement: JsonObject): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries((lower(statement, 'condition') ?? {}) as JsonObject).flatMap(([operator, keys]) =>
      /^(ForAnyValue:)?(StringEquals|StringLike|ArnEquals|ArnLike)$/.test(operator)
        ? Object.entries(keys as JsonObject)
            .filter(([key]) => /^aws:principal(arn|account)$/i.test(key))
            .map(([key, values]) => [`${operator} ${key}`, texts(values)] as const)
        : [],
    ),
  );

/** A statement without whom it is for, by principal. */
export const rest = (statement: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key.toLowerCase() !== 'principal'));

/** And by condition. */
export const nameless = (statement: JsonObject): JsonObject =>
  JSON.parse(
    JSON.stringify(rest(statement), (key, value) =>
      /^aws:principal(arn|account)$/i.test(key) ? 'somebody' : value,
    ),
  );
