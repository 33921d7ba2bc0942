// The application permissions that calls to Graph need, and what each is for; docs/permissions.md is drawn from it.
// Least privilege by "Microsoft Graph permissions reference": a call that needs another one adds it here first.

export const GRAPH_PERMISSIONS = {
  'User.Read.All':
    'look people up: the subject, the chain of managers, whether an account is enabled, a guest or synced',
  'Directory.Read.All':
    'see which roles and role-giving groups somebody is in, so that no administrator is suspended',
  'GroupMember.Read.All':
    'see whether somebody is in a group that `detection.policies` names, which is not needed where none is',
  'User.RevokeSessions.All': 'sign somebody out everywhere',
  'User.EnableDisableAccount.All': 'suspend an account, and allow sign-in again',
  'SecurityAlert.ReadWrite.All': 'read alerts, and write the verdict and a comment back to them',
  'AppCatalog.Read.All': 'find the Teams app in the catalogue of the organisation',
  'TeamsAppInstallation.ReadWriteSelfForUser.All':
    'install the Teams app for somebody who is to be asked, and find their chat with it',
} as const satisfies Readonly<Record<string, string>>;

export type GraphPermission = keyof typeof GRAPH_PERMISSIONS;
