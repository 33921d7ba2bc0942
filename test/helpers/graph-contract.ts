// What a request to Microsoft Graph may look like, for every operation that Countersign uses. Written from the vendor's v1.0
// reference (page named per operation); whatever is not listed here must not be sent.
import assert from 'node:assert/strict';
import { z } from 'zod';

export interface GraphRequest {
  readonly method: string;
  /** With the version and the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** `{x}` is one segment. */
  readonly path: string;
  /** "page" of the reference. */
  readonly page: string;
  /** Allowed OData options, each with the form that its value must have. */
  readonly options?: Readonly<Record<string, RegExp>>;
  /** Absent: the request has no body. */
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, RegExp>>;
}

const USER_PROPERTIES = [
  'id',
  'displayName',
  'userPrincipalName',
  'accountEnabled',
  'userType',
  'onPremisesSyncEnabled',
  'preferredLanguage',
  'signInSessionsValidFromDateTime',
];
const listOf = (names: readonly string[]): RegExp =>
  new RegExp(`^(?:${names.join('|')})(?:,(?:${names.join('|')}))*$`);
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z`;
const TEXT = "'(?:[^']|'')*'";
/** "Handling future members in evolvable enumerations" */
const PREFER = { prefer: /\binclude-unknown-enum-members\b/ };
const SKIP_TOKEN = /^\S+$/;

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/users/{user}',
    page: 'Get a user',
    options: { $select: listOf(USER_PROPERTIES) },
  },
  {
    method: 'PATCH',
    path: '/users/{user}',
    page: 'Update user',
    body: z.strictObject({ accountEnabled: z.boolean() }),
  },
  { method: 'GET', path: '/users/{user}/manager', page: 'List manager' },
  {
    method: 'GET',
    path: '/users/{user}/memberOf',
    page: "List a user's direct memberships",
    options: {
      $select: listOf(['id', 'displayName', 'isAssignableToRole']),
      $top: /^\d{1,3}$/,
      $skiptoken: SKIP_TOKEN,
    },
  },
  {
    method: 'POST',
    path: '/users/{user}/checkMemberGroups',
    page: 'directoryObject: checkMemberGroups',
    body: z.strictObject({ groupIds: z.array(z.guid()).min(1).max(20) }),
  },
  { method: 'POST', path: '/users/{user}/revokeSignInSessions', page: 'user: revokeSignInSessions' },
  {
    method: 'GET',
    path: '/security/alerts_v2',
    page: 'List alerts_v2',
    options: {
      $filter: new RegExp(`^lastUpdateDateTime ge ${TIME}$`),
      $top: /^\d{1,4}$/,
      $skiptoken: SKIP_TOKEN,
    },
    headers: PREFER,
  },
  { method: 'GET', path: '/security/alerts_v2/{alert}', page: 'Get alert', headers: PREFER },
  {
    method: 'PATCH',
    path: '/security/alerts_v2/{alert}',
    page: 'Update alert',
    body: z.strictObject({
      status: z.enum(['new', 'inProgress', 'resolved']).optional(),
      classification: z
        .enum(['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity'])
        .optional(),
      determination: z
        .enum(['unknown', 'other', 'compromisedAccount', 'maliciousUserActivity', 'confirmedActivity'])
        .optional(),
    }),
  },
  {
    method: 'POST',
    path: '/security/alerts_v2/{alert}/comments',
    page: 'Create comment for alert',
    body: z.strictObject({
      '@odata.type': z.literal('microsoft.graph.security.alertComment'),
      comment: z.string().min(1),
    }),
  },
  {
    method: 'GET',
    path: '/appCatalogs/teamsApps',
    page: 'List teamsApps',
    options: { $filter: new RegExp(`^externalId eq ${TEXT}$`) },
  },
  {
    method: 'GET',
    path: '/users/{user}/teamwork/installedApps',
    page: 'List apps installed for user',
    options: { $expand: /^teamsApp$/, $filter: new RegExp(`^teamsApp/externalId eq ${TEXT}$`) },
  },
  {
    method: 'POST',
    path: '/users/{user}/teamwork/installedApps',
    page: 'Install app for user',
    body: z.strictObject({
      'teamsApp@odata.bind': z.string().regex(/^https:\/\/[^/]+\/v1\.0\/appCatalogs\/teamsApps\/[\w-]+$/),
    }),
  },
  {
    method: 'GET',
    path: '/users/{user}/teamwork/installedApps/{installation}/chat',
    page: 'Get chat between user and teamsApp',
  },
];

const pattern = (path: string): RegExp => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

function find(request: GraphRequest): { readonly operation: Operation; readonly query: URLSearchParams } {
  const url = new URL(request.path, 'https://graph.microsoft.com');
  assert.ok(url.pathname.startsWith('/v1.0/'), `${request.path} is not below /v1.0`);
  const path = url.pathname.slice('/v1.0'.length);
  const operation = OPERATIONS.find((one) => one.method === request.method && pattern(one.path).test(path));
  assert.ok(operation, `${request.method} ${path} is not an operation that Countersign uses`);
  return { operation, query: url.searchParams };
}

/** Fails with what is wrong about the request; answers the operation that it is, as "GET /users/{user}". */
export function assertGraphRequest(request: GraphRequest): string {
  const { operation, query } = find(request);
  const name = `${operation.method} ${operation.path}`;
  for (const [option, value] of query) {
    const form = operation.options?.[option];
    assert.ok(form, `${name} does not take ${option}`);
    assert.match(value, form, `${name}: ${option}`);
  }
  for (const [header, form] of Object.entries(operation.headers ?? {}))
    assert.match(request.headers?.[header] ?? '', form, `${name}: header ${header}`);
  if (!operation.body) assert.equal(request.body, undefined, `${name} takes no body`);
  else {
    const result = operation.body.safeParse(request.body);
    assert.ok(result.success, `${name}: ${result.error && z.prettifyError(result.error)}`);
  }
  return name;
}
