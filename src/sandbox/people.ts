// The made-up company contoso.example: who works there, who manages whom, and each awkward case that routing must survive.
// Fixed ids, so that samples, stories and screenshots stay comparable. Nobody here is real.
import { createHash } from 'node:crypto';
import type { UserId } from '../case/ids.ts';

export const TENANT_ID = '897ed093-922c-43ec-845e-aaef5db1de67';
export const BOT_APP_ID = '3b81893d-d1de-42fa-9230-862c60973552';
/** The client that pushes alerts to the sandbox (what Sentinel or a Logic App would be). */
export const PUSHER_APP_ID = 'e7b9db1c-d987-43cd-bf14-99076a616c7b';
/** `id` of the manifest: Graph's catalogue calls it externalId. */
export const TEAMS_APP_EXTERNAL_ID = 'b4875fb5-5ffd-480f-9cb2-de79544129da';

export interface DirectoryMembership {
  readonly kind: 'directoryRole' | 'group';
  readonly id: string;
  readonly displayName: string;
  readonly isAssignableToRole?: boolean;
  /** `DynamicMembership`: a rule decides. `Unified`: a Microsoft 365 group. */
  readonly groupTypes?: readonly ('DynamicMembership' | 'Unified')[];
  readonly mailEnabled?: boolean;
  readonly onPremisesSyncEnabled?: boolean;
  /** Groups that this group is itself a member of: its people are in them too. */
  readonly within?: readonly DirectoryMembership[];
}

export type ManagerLink =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'contact'; readonly id: string; readonly displayName: string; readonly mail: string };

export interface Person {
  readonly id: UserId;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly jobTitle: string;
  readonly mail: string;
  readonly accountEnabled: boolean;
  readonly userType: 'Member' | 'Guest';
  readonly onPremisesSyncEnabled: boolean | null;
  /** Of a synced account, in on-premises Active Directory. */
  readonly onPremisesSecurityIdentifier: string | null;
  /** BCP 47. */
  readonly preferredLanguage: string | null;
  readonly manager: ManagerLink | null;
  readonly memberOf: readonly DirectoryMembership[];
  /** How Teams calls them in an activity. */
  readonly teamsId: string;
  /** Whether policy lets the Teams app be installed for them. */
  readonly installable: boolean;
}

/** The id of somebody's 1:1 chat with the bot, as Teams builds it. */
export const chatIdOf = (person: Pick<Person, 'id'>, botAppId: string = BOT_APP_ID): string =>
  `19:${person.id}_${botAppId}@unq.gbl.spaces`;

/** Has no direct members: a group of groups. */
const COMMERCIAL: DirectoryMembership = {
  kind: 'group',
  id: '1d7f0c0e-5d3b-4f0e-9a53-6c1b7de2a9f4',
  displayName: 'Commercial',
  isAssignableToRole: false,
};
const SALES: DirectoryMembership = {
  kind: 'group',
  id: 'ec441880-e9f3-44a3-9de4-4ee989d50db7',
  displayName: 'Sales',
  isAssignableToRole: false,
  within: [COMMERCIAL],
};
const ALL_STAFF: DirectoryMembership = {
  kind: 'group',
  id: 'a16c8f8c-738a-4363-95fc-5d1d9f489a7a',
  displayName: 'All staff',
  isAssignableToRole: false,
  groupTypes: ['DynamicMembership'],
};
/** What a Conditional Access session policy targets: whoever is in it can read, and download nothing. */
const NO_DOWNLOADS: DirectoryMembership = {
  kind: 'group',
  id: '4cd8f6b1-20a7-4d0c-9d1b-6f3f2c7a9e55',
  displayName: 'No downloads',
  isAssignableToRole: false,
};
/** On-premises AD owns it. */
const BRANCH_OFFICES: DirectoryMembership = {
  kind: 'group',
  id: '7b0a4ad2-3d6c-4a4e-8b0f-91c5d8e6f013',
  displayName: 'Branch offices',
  isAssignableToRole: false,
  onPremisesSyncEnabled: true,
};
/** Exchange owns it: Graph shows a distribution list, and cannot change it. */
const PRICE_LISTS: DirectoryMembership = {
  kind: 'group',
  id: '0f9e2c64-5b18-4f7d-a3c2-d4b6a8907e21',
  displayName: 'Price lists',
  isAssignableToRole: false,
  mailEnabled: true,
};
/** A Microsoft 365 group has a mailbox, and can be changed all the same. */
const SPRING_CAMPAIGN: DirectoryMembership = {
  kind: 'group',
  id: 'c83b1f07-6e2d-4c59-b7a4-2e05f1d3968c',
  displayName: 'Spring campaign',
  isAssignableToRole: false,
  groupTypes: ['Unified'],
  mailEnabled: true,
};
const HELPDESK_ADMINS: DirectoryMembership = {
  kind: 'group',
  id: 'f28c3809-f7e4-4e92-a46d-469292bb4d1b',
  displayName: 'Helpdesk administrators',
  isAssignableToRole: true,
};
const USER_ADMINISTRATOR: DirectoryMembership = {
  kind: 'directoryRole',
  id: '6157e687-a207-4443-9148-6187a7db02f8',
  displayName: 'User Administrator',
};

function person(
  id: string,
  name: string,
  jobTitle: string,
  manager: Person | ManagerLink | null,
  other: Partial<Person> = {},
): Person {
  const [givenName = '', surname = ''] = name.split(' ');
  const address = `${givenName}.${surname}@contoso.example`.toLowerCase();
  return {
    id: id as UserId,
    userPrincipalName: address,
    displayName: name,
    givenName,
    surname,
    jobTitle,
    mail: address,
    accountEnabled: true,
    userType: 'Member',
    onPremisesSyncEnabled: null,
    onPremisesSecurityIdentifier: null,
    preferredLanguage: 'en-GB',
    manager: manager && 'userPrincipalName' in manager ? { kind: 'user', id: manager.id } : manager,
    memberOf: [ALL_STAFF],
    teamsId: `29:1${createHash('sha384').update(id).digest('base64url')}`,
    installable: true,
    ...other,
  };
}

const dana = person('93307236-4663-40a3-8672-80681c683be4', 'Dana Holt', 'Chief Executive', null);
const priya = person('769726d6-a80c-42ac-b164-c2f6c85356d0', 'Priya Nair', 'Vice President, Sales', dana);
/** Played by the local Teams client. */
const morgan = person('f1513bf9-38c9-43b4-9ad2-2cd513a83639', 'Morgan Reyes', 'Sales Manager', priya);
const alex = person('ec7719b6-7d1b-4d8c-acd1-cf8b20742202', 'Alex Weber', 'Account Executive', morgan, {
  preferredLanguage: 'de-DE',
  memberOf: [ALL_STAFF, SALES],
});
/** Manager of Lee, and himself the suspect in one sample. */
const jonas = person('3f068f43-133d-42b4-b2aa-b82911a35ce9', 'Jonas Lindqvist', 'Sales Team Lead', morgan);
const lee = person('db36fcaa-19e8-4777-b7bd-7725b4948754', 'Lee Tanaka', 'Account Executive', jonas);
const sam = person('67b9e2f0-b47a-4069-875e-6c2971a18afb', 'Sam Okafor', 'Independent Auditor', null);
/** Left the company; nobody changed who their people report to. */
const robin = person('a95cd906-7139-45c8-8a8b-e7be344109c6', 'Robin Castillo', 'Channel Lead', morgan, {
  accountEnabled: false,
});
const mia = person('97879259-b659-48ac-b184-b9ef6fb04317', 'Mia Fischer', 'Channel Partner Manager', robin, {
  memberOf: [ALL_STAFF, PRICE_LISTS],
});
const tom = person('4f2ff39d-72a0-4cd4-924a-d200457fa47b', 'Tom Vega', 'Consultant (Fabrikam)', morgan, {
  userType: 'Guest',
  userPrincipalName: 'tom.vega_fabrikam.example#EXT#@contoso.example',
  mail: 'tom.vega@fabrikam.example',
  memberOf: [],
});
const ines = person('6de5b474-06eb-4b20-b03e-96672f85edb3', 'Ines Duarte', 'Campaign Manager', tom, {
  memberOf: [ALL_STAFF, SPRING_CAMPAIGN],
});
const kai = person('6979a770-5438-40b7-adb1-fb66a1515a0b', 'Kai Brandt', 'Field Representative', {
  kind: 'contact',
  id: 'dedcb8b3-c501-4970-b1e3-f4ad52cee99e',
  displayName: 'Elena Petrov (Fabrikam)',
  mail: 'elena.petrov@fabrikam.example',
});
const ravi = person('088f3e2b-0227-491b-b4b7-8939e19bb5c7', 'Ravi Menon', 'IT Administrator', dana, {
  memberOf: [ALL_STAFF, USER_ADMINISTRATOR],
});
/** An administrator through a role-assignable group only. */
const hana = person('5d51f7f7-0557-4da3-b0e0-1218c37c671c', 'Hana Suzuki', 'Helpdesk Analyst', ravi, {
  memberOf: [ALL_STAFF, HELPDESK_ADMINS],
});
const grace = person(
  '0017b45c-0f0f-4e93-bb06-5d4690ce64db',
  'Grace Obi',
  'Sales Operations Analyst',
  morgan,
  {
    onPremisesSyncEnabled: true,
    onPremisesSecurityIdentifier: 'S-1-5-21-989687458-3461180213-172365591-281652',
    memberOf: [ALL_STAFF, BRANCH_OFFICES],
  },
);
/** Policy keeps the Teams app from them, so their people's questions go one level up. */
const nils = person('05acf499-99fc-4511-a47a-dd159996e863', 'Nils Berg', 'Bid Manager', morgan, {
  installable: false,
});
const chloe = person('bcd4e96f-0b3c-4d64-8176-5031db1b9372', 'Chloe Martin', 'Bid Writer', nils);
const yuki = person('97b0b3f0-51de-4c1e-8a3a-7d61f4a92c35', 'Yuki Mori', 'Security Lead', dana);
const ben = person('c2f1d7a4-9e08-4b6d-a5c3-18f07be4d296', 'Ben Adler', 'Security Analyst', yuki);

/** Out of office until in three days. */
const paula = person('d2b272db-49c2-40dc-a5c7-b6f9be8e3417', 'Paula Ortega', 'Sales Manager, Iberia', priya, {
  preferredLanguage: 'es-ES',
});
const lucas = person('2f3d2953-61e8-460a-b566-73fa2d2e62d4', 'Lucas Romero', 'Account Executive', paula, {
  preferredLanguage: 'es-ES',
});
/** Out of office, and does not say until when. */
const luc = person('6490a747-49c4-4126-bcf8-d388b6a64887', 'Luc Garnier', 'Alliances Manager', priya, {
  preferredLanguage: 'fr-FR',
});
const emma = person('63b360db-dc48-4082-acb2-495897fb8b33', 'Emma Petit', 'Alliances Associate', luc, {
  preferredLanguage: 'fr-FR',
});
/** His mailbox is on premises: whether he is away, nobody can tell. */
const otto = person('41e0a7c0-83cb-4630-aeb8-82b5120ae8eb', 'Otto Kern', 'Logistics Manager', dana, {
  preferredLanguage: 'de-DE',
});
const finn = person('649b3bc1-f2be-412b-9fd0-5182373231d3', 'Finn Albers', 'Logistics Planner', otto, {
  preferredLanguage: 'de-DE',
});

/** The groups by what they are for, for samples and tests. */
export const groups = {
  sales: SALES,
  commercial: COMMERCIAL,
  allStaff: ALL_STAFF,
  noDownloads: NO_DOWNLOADS,
  branchOffices: BRANCH_OFFICES,
  priceLists: PRICE_LISTS,
  springCampaign: SPRING_CAMPAIGN,
  helpdeskAdmins: HELPDESK_ADMINS,
} as const;
export const GROUPS: readonly DirectoryMembership[] = Object.values(groups);

/** Everybody by first name, for samples and tests. */
export const people = {
  dana,
  priya,
  morgan,
  alex,
  jonas,
  lee,
  sam,
  robin,
  mia,
  tom,
  ines,
  kai,
  ravi,
  hana,
  grace,
  nils,
  chloe,
  yuki,
  ben,
  paula,
  lucas,
  luc,
  emma,
  otto,
  finn,
} as const;
export const PEOPLE: readonly Person[] = Object.values(people);
export const SECURITY_TEAM: readonly Person[] = [yuki, ben];
/** Whom the local Teams client plays. */
export const PLAYED_MANAGER: Person = morgan;

export const findPerson = (idOrPrincipalName: string): Person | null => {
  const wanted = idOrPrincipalName.toLowerCase();
  return PEOPLE.find((one) => one.id === wanted || one.userPrincipalName.toLowerCase() === wanted) ?? null;
};
