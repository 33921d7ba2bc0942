// The application permissions that calls to Graph need, and what each is for; docs/permissions.md is drawn from it.
// Least privilege by "Microsoft Graph permissions reference": a call that needs another one adds it here first.

export const GRAPH_PERMISSIONS = {
  'User.Read.All':
    'look people up: the subject, the chain of managers, whether an account is enabled, a guest or synced',
  'Directory.Read.All':
    'see which roles, groups and role-giving groups somebody is in, so that no administrator is suspended; see what they allowed apps to do',
  'RoleEligibilitySchedule.Read.Directory':
    'see which roles somebody may take on (Privileged Identity Management): they count as an administrator, too',
  'GroupMember.Read.All':
    'see whether somebody is in a group that `detection.policies` names, and what kind of group one is before anybody is put into it or taken out',
  'GroupMember.ReadWrite.All':
    'put somebody into the group that restricts downloads, take somebody out of a group',
  'User.RevokeSessions.All': 'sign somebody out everywhere',
  'User.EnableDisableAccount.All': 'suspend an account, and allow sign-in again',
  'User-PasswordProfile.ReadWrite.All':
    "make somebody set a new password at the next sign-in; Entra also wants the directory role User Administrator on Countersign's app for it",
  'IdentityRiskyUser.Read.All': 'see what Entra ID Protection holds against somebody (Entra ID P2)',
  'IdentityRiskyUser.ReadWrite.All': 'confirm somebody as compromised, dismiss their risk (Entra ID P2)',
  'Application.Read.All':
    'find the app whose consent is to be taken back, and see what it may do without anybody',
  'DelegatedPermissionGrant.ReadWrite.All':
    'take back what somebody allowed an app to do in their name, and give it back',
  'AppRoleAssignment.ReadWrite.All': "take back somebody's role in an app, and give it back",
  'SecurityIdentitiesAccount.Read.All':
    'find the account in on-premises Active Directory of somebody who is synced (Defender for Identity)',
  'SecurityIdentitiesActions.ReadWrite.All':
    'suspend that account, allow it again, make it set a new password (Defender for Identity)',
  'Mail.Send':
    'ask somebody by mail whether it was them, where Teams does not reach them; limit it to the one mailbox (application access policy of Exchange)',
  'MailboxSettings.Read':
    'see when somebody works, in which time zone and language, and whether they are out of office',
  'SecurityAlert.ReadWrite.All': 'read alerts, and write the verdict and a comment back to them',
  'AppCatalog.Read.All': 'find the Teams app in the catalogue of the organisation',
  'TeamsAppInstallation.ReadWriteSelfForUser.All':
    'install the Teams app for somebody who is to be asked, and find their chat with it',
} as const satisfies Readonly<Record<string, string>>;

export type GraphPermission = keyof typeof GRAPH_PERMISSIONS;
