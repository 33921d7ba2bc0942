// IAM's operations that Countersign uses, and what IAM refuses. Wording as AWS's own where it was seen.
import type { Json, JsonObject } from '../../case/json.ts';
import type { Caller } from '../s3/callers.ts';
import { element, type XmlNode } from '../s3/xml.ts';
import { IamError } from './iam-error.ts';
import { type RoleState, roleArn, type UserState, userArn } from './state.ts';

export interface QueryCall {
  readonly caller: Caller;
  readonly form: URLSearchParams;
  readonly users: readonly UserState[];
  readonly roles: readonly RoleState[];
  /** Entries on one page, where the caller asks for no fewer. */
  readonly pageSize: number;
  saveUser(next: UserState): void;
  saveRole(next: RoleState): void;
}

type Principal = UserState | RoleState;
const CREATED = '2025-01-01T00:00:00Z';
/** All inline policies of one user, or of one role, together and without blanks ("IAM and AWS STS quotas" in the user guide). */
const ROOM = { user: 2_048, role: 10_240 };
/** Only AWS changes what lies there: roles of Identity Center and of services. */
const AWS_OWNS = /^\/(aws-reserved|aws-service-role)\//;

const account = ({ caller }: QueryCall): string => caller.account.id;
const required = ({ form }: QueryCall, name: string): string => {
  const value = form.get(name);
  if (value) return value;
  throw new IamError(
    'ValidationError',
    `1 validation error detected: Value at '${name}' failed to satisfy constraint`,
  );
};

function userOf(call: QueryCall): UserState {
  const name = required(call, 'UserName');
  const user = call.users.find((one) => one.account === account(call) && one.name === name);
  if (user) return user;
  throw new IamError('NoSuchEntity', `The user with name ${name} cannot be found.`);
}

function roleOf(call: QueryCall): RoleState {
  const name = required(call, 'RoleName');
  const role = call.roles.find((one) => one.account === account(call) && one.name === name);
  if (role) return role;
  throw new IamError('NoSuchEntity', `The role with name ${name} cannot be found.`);
}

function changeableRole(call: QueryCall): RoleState {
  const role = roleOf(call);
  if (!AWS_OWNS.test(role.path)) return role;
  throw new IamError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
  );
}

function getUser(call: QueryCall): readonly XmlNode[] {
  const user = userOf(call);
  return [
    element('User', [
      element('Path', user.path),
      element('UserName', user.name),
      element('UserId', `AIDA${user.name.toUpperCase()}`),
      element('Arn', userArn(user)),
      element('CreateDate', CREATED),
    ]),
  ];
}

function getRole(call: QueryCall): readonly XmlNode[] {
  const role = roleOf(call);
  return [
    element('Role', [
      element('Path', role.path),
      element('RoleName', role.name),
      element('RoleId', `AROA${role.name.toUpperCase()}`),
      element('Arn', roleArn(role)),
      element('CreateDate', CREATED),
    ]),
  ];
}

function listAccessKeys(call: QueryCall): readonly XmlNode[] {
  const user = userOf(call);
  const start = Number(call.form.get('Marker') ?? 0);
  const end = start + Math.min(Number(call.form.get('MaxItems') ?? call.pageSize), call.pageSize);
  const members = user.keys
    .slice(start, end)
    .map(({ id, active }) =>
      element('member', [
        element('UserName', user.name),
        element('AccessKeyId', id),
        element('Status', active ? 'Active' : 'Inactive'),
        element('CreateDate', CREATED),
      ]),
    );
  const more = end < user.keys.length;
  return [
    element('AccessKeyMetadata', members),
    element('IsTruncated', String(more)),
    ...(more ? [element('Marker', String(end))] : []),
  ];
}

function updateAccessKey(call: QueryCall): readonly XmlNode[] {
  const user = userOf(call);
  const id = required(call, 'AccessKeyId');
  const status = required(call, 'Status');
  if (!['Active', 'Inactive'].includes(status)) throw new IamError('ValidationError', 'Status is not valid');
  if (!user.keys.some((key) => key.id === id))
    throw new IamError('NoSuchEntity', `The Access Key with id ${id} cannot be found.`);
  const keys = user.keys.map((key) => (key.id === id ? { id, active: status === 'Active' } : key));
  call.saveUser({ ...user, keys });
  return [];
}

function inlinePolicy(call: QueryCall, { policies }: Principal, kind: 'user' | 'role'): JsonObject {
  const policyName = required(call, 'PolicyName');
  const policy = Object.hasOwn(policies, policyName) ? policies[policyName] : undefined;
  if (policy) return policy;
  throw new IamError('NoSuchEntity', `The ${kind} policy with name ${policyName} cannot be found.`);
}

/** RFC 3986, as the API reference says of each document that is handed out. */
const encodeDocument = (policy: Json): string =>
  encodeURIComponent(JSON.stringify(policy)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const policyNodes = (call: QueryCall, principal: Principal, kind: 'user' | 'role'): readonly XmlNode[] => [
  element(kind === 'user' ? 'UserName' : 'RoleName', principal.name),
  element('PolicyName', required(call, 'PolicyName')),
  element('PolicyDocument', encodeDocument(inlinePolicy(call, principal, kind))),
];

function withPolicy(call: QueryCall, principal: Principal, kind: 'user' | 'role'): Principal['policies'] {
  const policies = { ...principal.policies, [required(call, 'PolicyName')]: parseIdentityPolicy(call) };
  const size = Object.values(policies).reduce((sum, policy) => sum + JSON.stringify(policy).length, 0);
  if (size > ROOM[kind])
    throw new IamError(
      'LimitExceeded',
      `Maximum policy size of ${ROOM[kind]} bytes exceeded for ${kind} ${principal.name}`,
    );
  return policies;
}

function parseIdentityPolicy(call: QueryCall): JsonObject {
  try {
    const policy = JSON.parse(required(call, 'PolicyDocument')) as JsonObject;
    const statements = [policy.Statement].flat() as readonly JsonObject[];
    const sound = statements.every(
      (one) => ['Allow', 'Deny'].includes(String(one.Effect)) && !('Principal' in one),
    );
    if (sound && policy.Version === '2012-10-17') return policy;
  } catch {
    // Said below.
  }
  throw new IamError('MalformedPolicyDocument', 'Syntax errors in policy.');
}

function withoutPolicy(call: QueryCall, principal: Principal, kind: 'user' | 'role'): Principal['policies'] {
  inlinePolicy(call, principal, kind);
  const { [required(call, 'PolicyName')]: _gone, ...rest } = principal.policies;
  return rest;
}

function putUserPolicy(call: QueryCall): readonly XmlNode[] {
  const user = userOf(call);
  call.saveUser({ ...user, policies: withPolicy(call, user, 'user') });
  return [];
}
function putRolePolicy(call: QueryCall): readonly XmlNode[] {
  const role = changeableRole(call);
  call.saveRole({ ...role, policies: withPolicy(call, role, 'role') });
  return [];
}
function deleteUserPolicy(call: QueryCall): readonly XmlNode[] {
  const user = userOf(call);
  call.saveUser({ ...user, policies: withoutPolicy(call, user, 'user') });
  return [];
}
function deleteRolePolicy(call: QueryCall): readonly XmlNode[] {
  const role = changeableRole(call);
  call.saveRole({ ...role, policies: withoutPolicy(call, role, 'role') });
  return [];
}

/** By `Action`. Each needs the permission of its own name. */
export const QUERY_OPERATIONS: ReadonlyMap<string, (call: QueryCall) => readonly XmlNode[]> = new Map(
  Object.entries({
    GetUser: getUser,
    GetRole: getRole,
    ListAccessKeys: listAccessKeys,
    UpdateAccessKey: updateAccessKey,
    GetUserPolicy: (call: QueryCall) => policyNodes(call, userOf(call), 'user'),
    GetRolePolicy: (call: QueryCall) => policyNodes(call, roleOf(call), 'role'),
    PutUserPolicy: putUserPolicy,
    PutRolePolicy: putRolePolicy,
    DeleteUserPolicy: deleteUserPolicy,
    DeleteRolePolicy: deleteRolePolicy,
  }),
);

/** What the refusal of a missing permission calls the thing that was asked about. */
export function resourceText(form: URLSearchParams): string {
  const user = form.get('UserName');
  const role = form.get('RoleName');
  return user ? `user ${user}` : role ? `role ${role}` : `access key ${form.get('AccessKeyId') ?? ''}`;
}
