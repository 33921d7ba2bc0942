// Made-up buckets for comparing one S3's access rules with another's: policies, access lists and blocks, drawn by fast-check.
import * as fc from 'fast-check';
import type { JsonObject } from '../../src/case/json.ts';
import { type AclGrant, ALL_USERS, AUTHENTICATED_USERS } from '../../src/case/public-access.ts';
import { arnOf, PARTNER_ACCOUNT, type S3Site } from './s3-site.ts';

export interface AccessCase {
  readonly policy: JsonObject | null;
  readonly bucketGrants: readonly GrantName[];
  readonly objectGrants: readonly GrantName[];
  readonly ignorePublicAcls: boolean;
}

const GRANTS = {
  everyoneReads: { uri: ALL_USERS, permission: 'READ' },
  everyoneReadsList: { uri: ALL_USERS, permission: 'READ_ACP' },
  everyoneWrites: { uri: ALL_USERS, permission: 'WRITE' },
  keysRead: { uri: AUTHENTICATED_USERS, permission: 'READ' },
  patReads: { permission: 'READ' },
  patReadsList: { permission: 'READ_ACP' },
  patOwns: { permission: 'FULL_CONTROL' },
} as const satisfies Record<string, AclGrant>;
export type GrantName = keyof typeof GRANTS;

export const grantsOf = (names: readonly GrantName[], { canonicalIds }: S3Site): readonly AclGrant[] =>
  names.map((name) =>
    name.startsWith('pat') ? { ...GRANTS[name], canonicalId: canonicalIds.pat } : GRANTS[name],
  );

const one = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);

const person = one(
  PARTNER_ACCOUNT,
  `arn:aws:iam::${PARTNER_ACCOUNT}:root`,
  arnOf('pat'),
  arnOf('kim'),
  arnOf('sam'),
  arnOf('auditor'),
  arnOf('olu'),
);
const principal: fc.Arbitrary<string | JsonObject> = fc.oneof(
  { weight: 4, arbitrary: one<string | JsonObject>('*', { AWS: '*' }, { AWS: ['*'] }) },
  { weight: 3, arbitrary: person.map((AWS) => ({ AWS })) },
  {
    weight: 2,
    arbitrary: fc.uniqueArray(person, { minLength: 1, maxLength: 3 }).map((AWS) => ({ AWS })),
  },
);
const actions = one<string | readonly string[]>(
  's3:GetObject',
  's3:ListBucket',
  ['s3:GetObject', 's3:ListBucket'],
  's3:Get*',
  's3:List*',
  's3:*',
  's3:PutObject',
  's3:GetBucketAcl',
  's3:?etObject',
  '*',
);
const resources = one<string | readonly string[]>(
  ['arn:aws:s3:::BUCKET', 'arn:aws:s3:::BUCKET/*'],
  'arn:aws:s3:::BUCKET',
  'arn:aws:s3:::BUCKET/*',
  'arn:aws:s3:::BUCKET/rep*',
  'arn:aws:s3:::BUCKET/report.t?t',
  'arn:aws:s3:::BUCKET/other.txt',
);
/** None that the two are known to read differently: those are in `s3-differences.test.ts`. */
const conditions = one<JsonObject>(
  { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
  { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '127.0.0.1'] } },
  { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
  { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
  { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' }, StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-contoso0001' } },
  { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
  { StringEquals: { 'aws:username': ['pat', 'sam'] } },
  { StringLike: { 'aws:username': 'p?t' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
  { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
  { StringLike: { 'aws:Referer': 'https://www.contoso.example/*' } },
  { Null: { 'aws:SourceVpce': 'true' } },
  { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
  { StringLikeIfExists: { 'aws:SourceVpce': 'vpce-*' } },
  { StringNotEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
);

/** One time in five the element's negation. */
const orNot = <Value>(name: string, value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> =>
  fc.tuple(one(name, name, name, name, `Not${name}`), value).map(([key, it]) => ({ [key]: it }));

const statement: fc.Arbitrary<JsonObject> = fc
  .record({
    Effect: one('Allow', 'Allow', 'Allow', 'Deny'),
    principal: orNot('Principal', principal),
    Action: actions,
    resource: orNot('Resource', resources),
    Condition: fc.option(conditions, { freq: 2, nil: undefined }),
  })
  .map(({ Condition, principal, resource, ...rest }) => ({
    ...rest,
    ...principal,
    ...resource,
    ...(Condition ? { Condition } : {}),
  }));

const policy = fc.option(
  fc
    .array(statement, { minLength: 1, maxLength: 3 })
    .map((Statement) => ({ Version: '2012-10-17', Statement })),
  { freq: 6 },
);
const grants = fc.uniqueArray(one(...(Object.keys(GRANTS) as GrantName[])), { maxLength: 2 });
export const accessCases: fc.Arbitrary<AccessCase> = fc.record({
  policy,
  bucketGrants: grants,
  objectGrants: grants,
  ignorePublicAcls: fc.boolean(),
});
