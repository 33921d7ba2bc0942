// Every operation of Microsoft Graph that Countersign uses, the form that it must have, and what it costs in permissions. Written
// from the vendor's v1.0 reference (page named per operation); whatever is not listed here must not be sent.
import { z } from 'zod';
import type { GraphPermission } from '../../src/adapters/graph/permissions.ts';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{x}` is one segment. */
  readonly path: string;
  /** "page" of the reference. */
  readonly page: string;
  /** Allowed OData options, each with the form that its value must have. */
  readonly options?: Readonly<Record<string, RegExp>>;
  /** Options that it never goes without. */
  readonly requires?: readonly string[];
  /** Absent: the request has no body. */
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** The least application permissions, by the page and the permissions reference: all of them are needed. */
  readonly least: (body: unknown) => readonly GraphPermission[];
}

const USER_PROPERTIES = [
  'id',
  'displayName',
  'userPrincipalName',
  'accountEnabled',
  'userType',
  'onPremisesSyncEnabled',
  'onPremisesSecurityIdentifier',
  'mail',
  'preferredLanguage',
  'signInSessionsValidFromDateTime',
  'passwordProfile',
  'lastPasswordChangeDateTime',
];
const GROUP_PROPERTIES = [
  'id',
  'displayName',
  'groupTypes',
  'mailEnabled',
  'onPremisesSyncEnabled',
  'isAssignableToRole',
];
const listOf = (names: readonly string[]): RegExp =>
  new RegExp(`^(?:${names.join('|')})(?:,(?:${names.join('|')}))*$`);
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z`;
const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TEXT = "'(?:[^']|'')*'";
/** "Use the $search query parameter" */
const SEARCH_CLAUSE = String.raw`"(?:displayName|mail|userPrincipalName):(?:[^"\\]|\\["\\])+"`;
/** "Handling future members in evolvable enumerations" */
const PREFER = { prefer: /\binclude-unknown-enum-members\b/ };
const SKIP_TOKEN = /^\S+$/;

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/users/{user}',
    page: 'Get a user',
    options: { $select: listOf(USER_PROPERTIES) },
    least: () => ['User.Read.All'],
  },
  {
    method: 'GET',
    path: '/users',
    page: 'List users',
    options: {
      $search: new RegExp(`^${SEARCH_CLAUSE}(?: OR ${SEARCH_CLAUSE})*$`),
      $filter: /^accountEnabled eq true$/,
      $count: /^true$/,
      $select: listOf(USER_PROPERTIES),
      $top: /^\d{1,3}$/,
      $skiptoken: SKIP_TOKEN,
    },
    requires: ['$search', '$count', '$top'],
    headers: { consistencylevel: /^eventual$/ },
    // User.ReadBasic.All would do for the names, and not for who is disabled.
    least: () => ['User.Read.All'],
  },
  {
    method: 'PATCH',
    path: '/users/{user}',
    page: 'Update user',
    body: z.union([
      z.strictObject({ accountEnabled: z.boolean() }),
      z.strictObject({ passwordProfile: z.strictObject({ forceChangePasswordNextSignIn: z.boolean() }) }),
    ]),
    // Table "Permissions for specific scenarios" of the page, which is finer than the one for the operation.
    least: (body) =>
      Object.hasOwn(Object(body), 'passwordProfile')
        ? ['User-PasswordProfile.ReadWrite.All']
        : ['User.EnableDisableAccount.All', 'User.Read.All'],
  },
  { method: 'GET', path: '/users/{user}/manager', page: 'List manager', least: () => ['User.Read.All'] },
  {
    method: 'GET',
    path: '/users/{user}/mailboxSettings',
    page: 'Get user mailbox settings',
    least: () => ['MailboxSettings.Read'],
  },
  {
    method: 'GET',
    path: '/users/{user}/memberOf',
    page: "List a user's direct memberships",
    options: {
      $select: listOf(['id', 'displayName', 'isAssignableToRole']),
      $top: /^\d{1,3}$/,
      $skiptoken: SKIP_TOKEN,
    },
    least: () => ['Directory.Read.All'],
  },
  {
    method: 'GET',
    path: '/roleManagement/directory/roleAssignments',
    page: 'List unifiedRoleAssignments',
    options: { $filter: new RegExp(`^principalId eq '${GUID}'$`), $skiptoken: SKIP_TOKEN },
    requires: ['$filter'],
    // RoleManagement.Read.Directory is less, and would be one more: this one is needed for memberships anyway.
    least: () => ['Directory.Read.All'],
  },
  {
    method: 'GET',
    path: '/roleManagement/directory/roleEligibilityScheduleInstances',
    page: 'List roleEligibilityScheduleInstances',
    options: { $filter: new RegExp(`^principalId eq '${GUID}'$`), $skiptoken: SKIP_TOKEN },
    requires: ['$filter'],
    least: () => ['RoleEligibilitySchedule.Read.Directory'],
  },
  {
    method: 'POST',
    path: '/users/{user}/checkMemberGroups',
    page: 'directoryObject: checkMemberGroups',
    body: z.strictObject({ groupIds: z.array(z.guid()).min(1).max(20) }),
    least: () => ['User.Read.All', 'GroupMember.Read.All'],
  },
  {
    method: 'POST',
    path: '/users/{user}/revokeSignInSessions',
    page: 'user: revokeSignInSessions',
    least: () => ['User.RevokeSessions.All'],
  },
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
    // What may write alerts may read them: one permission for all four.
    least: () => ['SecurityAlert.ReadWrite.All'],
  },
  {
    method: 'GET',
    path: '/security/alerts_v2/{alert}',
    page: 'Get alert',
    headers: PREFER,
    least: () => ['SecurityAlert.ReadWrite.All'],
  },
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
    least: () => ['SecurityAlert.ReadWrite.All'],
  },
  {
    method: 'POST',
    path: '/security/alerts_v2/{alert}/comments',
    page: 'Create comment for alert',
    body: z.strictObject({
      '@odata.type': z.literal('microsoft.graph.security.alertComment'),
      comment: z.string().min(1),
    }),
    least: () => ['SecurityAlert.ReadWrite.All'],
  },
  {
    method: 'GET',
    path: '/appCatalogs/teamsApps',
    page: 'List teamsApps',
    options: { $filter: new RegExp(`^externalId eq ${TEXT}$`) },
    least: () => ['AppCatalog.Read.All'],
  },
  {
    method: 'GET',
    path: '/users/{user}/teamwork/installedApps',
    page: 'List apps installed for user',
    options: { $expand: /^teamsApp$/, $filter: new RegExp(`^teamsApp/externalId eq ${TEXT}$`) },
    least: () => ['TeamsAppInstallation.ReadWriteSelfForUser.All'],
  },
  {
    method: 'POST',
    path: '/users/{user}/teamwork/installedApps',
    page: 'Install app for user',
    body: z.strictObject({
      'teamsApp@odata.bind': z.string().regex(/^https:\/\/[^/]+\/v1\.0\/appCatalogs\/teamsApps\/[\w-]+$/),
    }),
    least: () => ['TeamsAppInstallation.ReadWriteSelfForUser.All'],
  },
  {
    method: 'GET',
    path: '/users/{user}/teamwork/installedApps/{installation}/chat',
    page: 'Get chat between user and teamsApp',
    least: () => ['TeamsAppInstallation.ReadWriteSelfForUser.All'],
  },
  {
    method: 'GET',
    path: '/groups/{group}',
    page: 'Get group',
    options: { $select: listOf(GROUP_PROPERTIES) },
    least: () => ['GroupMember.Read.All'],
  },
  {
    method: 'POST',
    path: '/groups/{group}/members/$ref',
    page: 'Add members',
    body: z.strictObject({
      '@odata.id': z.string().regex(new RegExp(String.raw`^https://[^/]+/v1\.0/directoryObjects/${GUID}$`)),
    }),
    least: () => ['GroupMember.ReadWrite.All'],
  },
  {
    method: 'DELETE',
    path: '/groups/{group}/members/{user}/$ref',
    page: 'Remove member',
    least: () => ['GroupMember.ReadWrite.All'],
  },
  {
    method: 'GET',
    path: '/identityProtection/riskyUsers/{user}',
    page: 'Get riskyUser',
    headers: PREFER,
    least: () => ['IdentityRiskyUser.Read.All'],
  },
  ...(['confirmCompromised', 'dismiss'] as const).map(
    (verb): Operation => ({
      method: 'POST',
      path: `/identityProtection/riskyUsers/${verb}`,
      page: `riskyUser: ${verb}`,
      body: z.strictObject({ userIds: z.array(z.guid()).length(1) }),
      least: () => ['IdentityRiskyUser.ReadWrite.All'],
    }),
  ),
  {
    method: 'GET',
    path: "/servicePrincipals(appId='{app}')",
    page: 'Get servicePrincipal',
    options: { $select: /^id,displayName$/ },
    least: () => ['Application.Read.All'],
  },
  {
    method: 'GET',
    path: '/servicePrincipals/{principal}/appRoleAssignments',
    page: 'List appRoleAssignments granted to a service principal',
    options: { $skiptoken: SKIP_TOKEN },
    least: () => ['Application.Read.All'],
  },
  {
    method: 'GET',
    path: '/oauth2PermissionGrants',
    page: 'List oauth2PermissionGrants',
    // "This delay will be minimized if a filter on clientId is specified."
    options: {
      $filter: new RegExp(
        `^clientId eq '${GUID}' and (?:principalId eq '${GUID}'|consentType eq 'AllPrincipals')$`,
      ),
      $skiptoken: SKIP_TOKEN,
    },
    requires: ['$filter'],
    least: () => ['Directory.Read.All'],
  },
  {
    method: 'POST',
    path: '/oauth2PermissionGrants',
    page: 'Create oAuth2PermissionGrant',
    // Never for everybody: that is an administrator's to give.
    body: z.strictObject({
      clientId: z.guid(),
      consentType: z.literal('Principal'),
      principalId: z.guid(),
      resourceId: z.guid(),
      scope: z.string(),
    }),
    least: () => ['DelegatedPermissionGrant.ReadWrite.All'],
  },
  {
    method: 'DELETE',
    path: '/oauth2PermissionGrants/{grant}',
    page: 'Delete oAuth2PermissionGrant',
    least: () => ['DelegatedPermissionGrant.ReadWrite.All'],
  },
  {
    method: 'GET',
    path: '/users/{user}/appRoleAssignments',
    page: 'List appRoleAssignments granted to a user',
    options: { $filter: new RegExp(`^resourceId eq ${GUID}$`), $skiptoken: SKIP_TOKEN },
    requires: ['$filter'],
    least: () => ['Directory.Read.All'],
  },
  {
    method: 'POST',
    path: '/users/{user}/appRoleAssignments',
    page: 'Grant an appRoleAssignment to a user',
    body: z.strictObject({ principalId: z.guid(), resourceId: z.guid(), appRoleId: z.guid() }),
    least: () => ['AppRoleAssignment.ReadWrite.All'],
  },
  {
    method: 'DELETE',
    path: '/users/{user}/appRoleAssignments/{assignment}',
    page: 'Delete appRoleAssignment',
    least: () => ['AppRoleAssignment.ReadWrite.All'],
  },
  {
    method: 'GET',
    path: '/security/identities/identityAccounts',
    page: 'List identityAccounts objects',
    options: { $filter: /^onPremisesSecurityIdentifier eq 'S-1(?:-\d+)+'$/, $skiptoken: SKIP_TOKEN },
    requires: ['$filter'],
    least: () => ['SecurityIdentitiesAccount.Read.All'],
  },
  {
    method: 'POST',
    path: '/security/identities/identityAccounts/{identity}/invokeAction',
    page: 'identityAccounts: invokeAction',
    // "Actions related to Entra ID are not covered in the current scope."
    body: z.strictObject({
      accountId: z.string().min(1),
      action: z.enum(['disable', 'enable', 'forcePasswordReset']),
      identityProvider: z.literal('activeDirectory'),
    }),
    least: () => ['SecurityIdentitiesActions.ReadWrite.All'],
  },
  {
    method: 'POST',
    path: '/users/{mailbox}/sendMail',
    page: 'user: sendMail',
    body: z.strictObject({
      message: z.strictObject({
        subject: z.string().regex(/^[^\r\n]{1,255}$/),
        body: z.strictObject({ contentType: z.literal('Text'), content: z.string() }),
        toRecipients: z
          .array(z.strictObject({ emailAddress: z.strictObject({ address: z.email() }) }))
          .length(1),
      }),
      saveToSentItems: z.literal(true),
    }),
    least: () => ['Mail.Send'],
  },
];
