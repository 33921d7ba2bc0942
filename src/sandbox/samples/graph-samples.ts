// alerts_v2 alerts about people of contoso.example, one for each way that routing and the actions can go.
import { groups, type Person, people, TENANT_ID } from '../people.ts';
import { apps } from '../tenant.ts';
import type { Sample } from './samples.ts';
import { seededUuid } from './seeded.ts';

const MINUTE_MS = 60_000;

interface GraphAlertForm {
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly severity: 'low' | 'medium' | 'high';
  readonly subject: Person;
  /** Named in the evidence beside the subject. */
  readonly alsoNamed?: readonly Person[];
  readonly files?: readonly string[];
  readonly country: string;
  /** Which of Microsoft's services found it; Defender for Cloud Apps where absent. */
  readonly service?: Service;
  /** What the evidence names beside people, addresses and files: `@odata.type` without its namespace, and fields. */
  readonly things?: readonly (readonly [type: string, fields: object])[];
}

interface Service {
  readonly source: string;
  readonly product: string;
}
const CLOUD_APPS: Service = {
  source: 'microsoftDefenderForCloudApps',
  product: 'Microsoft Defender for Cloud Apps',
};
const SHAREPOINT: readonly [string, object] = [
  'cloudApplicationEvidence',
  { appId: 15600, displayName: 'Microsoft SharePoint Online', instanceName: 'Contoso' },
];

const account = (person: Person) => ({
  accountName: person.mail.split('@')[0],
  azureAdUserId: person.id,
  displayName: person.displayName,
  domainName: 'contoso.example',
  userPrincipalName: person.userPrincipalName,
});

function buildAlert(form: GraphAlertForm, now: Date, seed: string): unknown {
  const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * MINUTE_MS).toISOString();
  const createdDateTime = minutesAgo(1);
  const { service = CLOUD_APPS, things = [SHAREPOINT] } = form;
  const evidence = (type: string, fields: object) => ({
    '@odata.type': `#microsoft.graph.security.${type}`,
    createdDateTime,
    verdict: 'suspicious',
    remediationStatus: 'none',
    roles: [],
    detailedRoles: [],
    tags: [],
    ...fields,
  });
  return {
    '@odata.type': '#microsoft.graph.security.alert',
    id: `ca${seededUuid(seed, 'alert').replaceAll('-', '')}`,
    tenantId: TENANT_ID,
    incidentId: '1042',
    title: form.title,
    description: form.description,
    category: form.category,
    severity: form.severity,
    status: 'new',
    serviceSource: service.source,
    detectionSource: service.source,
    productName: service.product,
    classification: null,
    determination: null,
    createdDateTime,
    firstActivityDateTime: minutesAgo(9),
    lastActivityDateTime: minutesAgo(2),
    lastUpdateDateTime: now.toISOString(),
    comments: [],
    evidence: [
      evidence('userEvidence', { roles: ['compromised'], userAccount: account(form.subject) }),
      ...(form.alsoNamed ?? []).map((person) =>
        evidence('userEvidence', { roles: ['suspicious'], userAccount: account(person) }),
      ),
      evidence('ipEvidence', { ipAddress: '192.0.2.44', countryLetterCode: form.country }),
      ...things.map(([type, fields]) => evidence(type, fields)),
      ...(form.files ?? []).map((fileName) => evidence('fileEvidence', { fileDetails: { fileName } })),
    ],
  };
}

const alertOf = (title: string, form: GraphAlertForm): Sample => ({
  title,
  door: 'graph',
  build: (now, seed) => buildAlert(form, now, seed),
});

const FILES = ['price-list.xlsx', 'customers-emea.xlsx', 'pipeline.pptx', 'renewals.xlsx', 'discounts.docx'];

const massDownload = (
  subject: Person,
  title: string,
  other: Partial<Pick<GraphAlertForm, 'severity' | 'alsoNamed'>> = {},
): Sample =>
  alertOf(title, {
    title: 'Mass download by a single user',
    description: `${subject.displayName} (${subject.userPrincipalName}) downloaded 512 unique files in 7 minutes.`,
    category: 'Exfiltration',
    severity: 'medium',
    country: 'DE',
    subject,
    files: FILES,
    ...other,
  });

export const GRAPH_SAMPLES = {
  'mass-download': massDownload(people.alex, 'Alex Weber downloads 512 files: his manager is asked'),
  'mass-download-high': massDownload(people.alex, 'The same with high severity', { severity: 'high' }),
  'cloud-app-alert': alertOf(
    "Alex Weber does an administrator's work: no policy knows the alert, one answers for the rest",
    {
      title: 'Unusual administrative activity (by user)',
      description: 'Alex Weber changed 38 settings of other accounts within 9 minutes.',
      category: 'Persistence',
      severity: 'low',
      country: 'DE',
      subject: people.alex,
    },
  ),
  'impossible-travel': alertOf('Alex Weber signs in from two countries within an hour', {
    title: 'Impossible travel activity',
    description: 'Alex Weber was active from Germany and Brazil within 41 minutes.',
    category: 'InitialAccess',
    severity: 'low',
    country: 'BR',
    subject: people.alex,
  }),
  'risky-sign-in': alertOf(
    'A sign-in as Alex Weber that does not look like him: ask him, or dismiss the risk',
    {
      title: 'Unfamiliar sign-in properties',
      description:
        'A sign-in as Alex Weber had a browser, a device and a network that were never seen of him.',
      category: 'InitialAccess',
      severity: 'medium',
      country: 'NL',
      subject: people.alex,
      service: { source: 'azureAdIdentityProtection', product: 'Microsoft Entra ID Protection' },
      things: [],
    },
  ),
  'oauth-app': alertOf('Alex Weber has let an app read his mail: take back what he allowed it', {
    title: 'App with suspicious metadata reads mail',
    description: 'PDF Wizard Pro read 1,204 messages of Alex Weber. Its publisher is not known.',
    category: 'CredentialAccess',
    severity: 'medium',
    country: 'NL',
    subject: people.alex,
    service: { source: 'microsoftAppGovernance', product: 'Microsoft App Governance' },
    things: [
      [
        'oauthApplicationEvidence',
        {
          appId: apps.pdfWizard.appId,
          objectId: apps.pdfWizard.id,
          displayName: apps.pdfWizard.displayName,
          publisher: 'unknown',
        },
      ],
    ],
  }),
  'group-joined': alertOf('Alex Weber turns up in a group: take him out of it', {
    title: 'Suspicious addition to a sensitive group',
    description: 'Alex Weber was added to the group Sales by an account that never did so before.',
    category: 'Persistence',
    severity: 'medium',
    country: 'DE',
    subject: people.alex,
    service: { source: 'microsoftDefenderForIdentity', product: 'Microsoft Defender for Identity' },
    things: [
      ['securityGroupEvidence', { securityGroupId: groups.sales.id, displayName: groups.sales.displayName }],
    ],
  }),
  'no-manager': massDownload(people.sam, 'Sam Okafor has no manager: the security team is asked'),
  'manager-is-suspect': massDownload(
    people.lee,
    "Lee Tanaka's manager is named in the alert: the next level is asked",
    { alsoNamed: [people.jonas] },
  ),
  'disabled-manager': massDownload(people.mia, "Mia Fischer's manager has left: the next level is asked"),
  'guest-manager': massDownload(people.ines, "Ines Duarte's manager is a guest: the next level is asked"),
  'contact-manager': massDownload(
    people.kai,
    "Kai Brandt's manager is a contact: the security team is asked",
  ),
  'unreachable-manager': massDownload(people.chloe, "Chloe Martin's manager cannot have the app"),
  guest: massDownload(people.tom, 'Tom Vega is a guest: his account cannot be suspended'),
  administrator: massDownload(people.ravi, 'Ravi Menon is an administrator: his account cannot be suspended'),
  'synced-user': massDownload(people.grace, 'Grace Obi is synced from AD: her account is suspended there'),
} as const satisfies Readonly<Record<string, Sample>>;
