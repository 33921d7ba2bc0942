// docs/iam-policy.json: the permissions of the one role that Countersign has in each AWS account, and not one more.
import { AWS_READS } from '../../src/adapters/aws/permissions.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';

export const page = 'docs/iam-policy.json';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A group of permissions that can be limited to the same things. The first that fits takes a permission. */
export interface Group extends Omit<Statement, 'Action' | 'Effect'> {
  readonly fits: RegExp;
}

const GROUPS: readonly Group[] = [
  {
    // About no bucket, and only ever about the caller's own account: AWS takes no other resource here.
    Sid: 'CountersignAccount',
    fits: /^s3:(ListAllMyBuckets|\w+AccountPublicAccessBlock)$/,
    Resource: '*',
  },
  {
    Sid: 'CountersignBuckets',
    fits: /^s3:/,
    Resource: 'arn:aws:s3:::*',
    // A bucket of another account stays out of reach, even one that would let this role in.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM's.
    Condition: { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } },
  },
  { Sid: 'CountersignUsers', fits: /^iam:\w*(User|AccessKey)/, Resource: 'arn:aws:iam::*:user/*' },
  { Sid: 'CountersignRoles', fits: /^iam:\w*Role/, Resource: 'arn:aws:iam::*:role/*' },
];

/** The role in each account, the one for service control policies, and the user or role that Countersign runs under. */
export const OWN = {
  role: 'Countersign',
  policyRole: 'CountersignPolicies',
  base: 'countersign-service',
} as const;

export const OWN_PRINCIPALS = [
  ['role', OWN.role],
  ['role', OWN.policyRole],
  ['role', OWN.base],
  ['user', OWN.base],
] as const;

/** Whoever takes over Countersign must not be able to give what is its own more, nor touch the roles that are AWS's. */
const NEVER = [
  ...OWN_PRINCIPALS.flatMap(([kind, name]) => [
    `arn:aws:iam::*:${kind}/${name}`,
    `arn:aws:iam::*:${kind}/*/${name}`,
  ]),
  'arn:aws:iam::*:role/aws-reserved/*',
  'arn:aws:iam::*:role/aws-service-role/*',
];

export const isOfOrganisation = (permission: string): boolean => permission.startsWith('organizations:');

/** Of all roles that Countersign assumes. */
export const awsPermissions = (): readonly string[] =>
  [
    ...new Set([
      ...Object.keys(AWS_READS),
      ...[...ACTIONS.values()].flatMap((action) => action.permissions.aws ?? []),
    ]),
  ].sort();

/** Throws for a permission that no group limits: whoever needs it says first what it is about. */
export function allow(permissions: readonly string[], groups: readonly Group[]): readonly Statement[] {
  const lost = permissions.filter((permission) => !groups.some(({ fits }) => fits.test(permission)));
  if (lost.length > 0)
    throw new Error(`${lost.join(', ')}: which resources? Give it a group in scripts/docs`);
  return groups.flatMap(({ fits, Sid, ...limits }) => {
    const Action = permissions.filter((one) => groups.find((group) => group.fits.test(one))?.fits === fits);
    return Action.length === 0 ? [] : [{ Sid, Effect: 'Allow' as const, Action, ...limits }];
  });
}

export const policyText = (Statement: readonly Statement[]): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement }, null, 2)}\n`;

export function accountStatements(permissions: readonly string[]): readonly Statement[] {
  const writes = permissions.filter((permission) => /^iam:(?!Get|List)/.test(permission));
  const never = { Sid: 'NeverItselfNorRolesOfAws', Effect: 'Deny' as const, Action: writes, Resource: NEVER };
  return [...allow(permissions, GROUPS), ...(writes.length > 0 ? [never] : [])];
}

export const render = (): string =>
  policyText(accountStatements(awsPermissions().filter((permission) => !isOfOrganisation(permission))));
