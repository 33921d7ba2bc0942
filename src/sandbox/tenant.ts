// What else there is in contoso.example: apps with what people allowed them, risks on record, and the accounts that on-premises AD owns.
import { groups, type Person, people } from './people.ts';

export interface ServicePrincipal {
  /** Of the service principal in this tenant. */
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

/** The API that most grants are for. Its appId is the same in every tenant. */
const microsoftGraph: ServicePrincipal = {
  id: '943603e4-e787-4fe9-93d1-e30f749aae39',
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
};
/** Reads mail, and nobody knows its publisher: what a consent phishing mail installs. */
const pdfWizard: ServicePrincipal = {
  id: '263a5b01-03e5-408e-8557-bab681df104c',
  appId: '5a8c3f1d-7b2e-4d60-9f84-c1e6a2b70d93',
  displayName: 'PDF Wizard Pro',
};
/** An administrator allowed it for everybody. */
const expenses: ServicePrincipal = {
  id: '8e881353-1735-45af-af21-ee1344582a4d',
  appId: 'd2f6b9c4-0e15-4a83-b7d8-35c9e1f4a602',
  displayName: 'Contoso Expenses',
};
export const apps = { microsoftGraph, pdfWizard, expenses } as const;
export const APPS: readonly ServicePrincipal[] = Object.values(apps);

/** "oAuth2PermissionGrant resource type" */
export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly consentType: 'Principal' | 'AllPrincipals';
  readonly principalId: string | null;
  readonly resourceId: string;
  readonly scope: string;
}

export const GRANTS: readonly Grant[] = [
  {
    id: 'AVs6JuUDjkCFV7q2gd8QTOQDNpSH5-lPk9HjD3Sarjm2GXfs',
    clientId: pdfWizard.id,
    consentType: 'Principal',
    principalId: people.alex.id,
    resourceId: microsoftGraph.id,
    scope: 'Mail.Read Files.Read.All offline_access',
  },
  {
    id: 'AVs6JuUDjkCFV7q2gd8QTOQDNpSH5-lPk9HjD3Sarjls8Njb',
    clientId: pdfWizard.id,
    consentType: 'Principal',
    principalId: people.lee.id,
    resourceId: microsoftGraph.id,
    scope: 'User.Read',
  },
  {
    id: 'UxOIjjUXr0WvIe4TRFgqTeQDNpSH5-lPk9HjD3Sarjk',
    clientId: expenses.id,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: microsoftGraph.id,
    scope: 'User.Read openid',
  },
];

/** "appRoleAssignment resource type" */
export interface RoleAssignment {
  readonly id: string;
  readonly appRoleId: string;
  readonly principalId: string;
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal';
  readonly resourceId: string;
}

/** The role that everybody has who was assigned to an app without roles. */
const DEFAULT_ROLE = '00000000-0000-0000-0000-000000000000';

export const ROLE_ASSIGNMENTS: readonly RoleAssignment[] = [
  {
    id: 'thl37H19jE2s0c-LIHQiAhhk3mBz9VpJhkWq1d7Ew2k',
    appRoleId: DEFAULT_ROLE,
    principalId: people.alex.id,
    principalType: 'User',
    resourceId: pdfWizard.id,
  },
  {
    id: 'gBhE7PPpo0Sd5E7pidUNtyFa8kQzvU1Jn2pXo9RtYc4',
    appRoleId: DEFAULT_ROLE,
    principalId: groups.sales.id,
    principalType: 'Group',
    resourceId: pdfWizard.id,
  },
  {
    id: 'UxOIjjUXr0WvIe4TRFgqTbo3hS0fV1pQk6dN8eLwRj0',
    appRoleId: DEFAULT_ROLE,
    principalId: expenses.id,
    principalType: 'ServicePrincipal',
    resourceId: microsoftGraph.id,
  },
  // User.Read.All
  {
    id: 'UxOIjjUXr0WvIe4TRFgqTWm5tZ2yB7cXa9sKq4vGhU1',
    appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
    principalId: expenses.id,
    principalType: 'ServicePrincipal',
    resourceId: microsoftGraph.id,
  },
];

/** "unifiedRoleAssignment resource type" and "unifiedRoleEligibilityScheduleInstance resource type", in common. */
export interface RoleHolding {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string;
}
const USER_ADMINISTRATOR_ROLE = 'fe930be7-5e62-47db-91af-98c3a49a38b1';
/** An administrator of the people in one administrative unit: no membership shows that. */
export const ASSIGNED_ROLES: readonly RoleHolding[] = [
  {
    id: '5jzpnOl9lE2_hfYq1rWc7wB0aTk3mVxPdLsZ4nQyGuE-1',
    principalId: people.otto.id,
    roleDefinitionId: USER_ADMINISTRATOR_ROLE,
    directoryScopeId: '/administrativeUnits/7d0f4c1b-92ae-4f6d-b3e8-15c6a7d8f902',
  },
];
/** May become an administrator at any moment, and is none now. */
export const ELIGIBLE_ROLES: readonly RoleHolding[] = [
  {
    id: '5jzpnOl9lE2_hfYq1rWc7wB0aTk3mVxPdLsZ4nQyGuE-2',
    principalId: people.ben.id,
    roleDefinitionId: USER_ADMINISTRATOR_ROLE,
    directoryScopeId: '/',
  },
];

/** "riskyUser resource type"; nobody else was ever at risk. */
export interface RiskRecord {
  readonly riskLevel: string;
  readonly riskState: string;
  readonly riskDetail: string;
  readonly riskLastUpdatedDateTime: string;
}
export const RISKS: Readonly<Record<string, RiskRecord>> = {
  [people.alex.id]: {
    riskLevel: 'medium',
    riskState: 'atRisk',
    riskDetail: 'none',
    riskLastUpdatedDateTime: '2026-02-27T18:40:11.5316491Z',
  },
};

/** What Defender for Identity watches of somebody. */
export interface WatchedIdentity {
  readonly person: Person;
  readonly id: string;
  /** The account in Active Directory. */
  readonly account: string;
}
export const WATCHED: readonly WatchedIdentity[] = [
  {
    person: people.grace,
    id: '00104216-0539-4838-88b1-55baafdc296b',
    account: '256db173-930a-4991-9061-0d51a9a93ba5',
  },
];
