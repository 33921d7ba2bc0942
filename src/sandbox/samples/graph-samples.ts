// alerts_v2 alerts about people of contoso.example, one for each way that routing and the actions can go.
import { type Person, people, TENANT_ID } from '../people.ts';
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
}

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
    serviceSource: 'microsoftDefenderForCloudApps',
    detectionSource: 'microsoftDefenderForCloudApps',
    productName: 'Microsoft Defender for Cloud Apps',
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
      evidence('cloudApplicationEvidence', {
        appId: 15600,
        displayName: 'Microsoft SharePoint Online',
        instanceName: 'Contoso',
      }),
      ...(form.files ?? []).map((fileName) => evidence('fileEvidence', { fileDetails: { fileName } })),
    ],
  };
}

const FILES = ['price-list.xlsx', 'customers-emea.xlsx', 'pipeline.pptx', 'renewals.xlsx', 'discounts.docx'];

const massDownload = (
  subject: Person,
  title: string,
  other: Partial<Pick<GraphAlertForm, 'severity' | 'alsoNamed'>> = {},
): Sample => ({
  title,
  door: 'graph',
  build: (now, seed) =>
    buildAlert(
      {
        title: 'Mass download by a single user',
        description: `${subject.displayName} (${subject.userPrincipalName}) downloaded 512 unique files in 7 minutes.`,
        category: 'Exfiltration',
        severity: 'medium',
        country: 'DE',
        subject,
        files: FILES,
        ...other,
      },
      now,
      seed,
    ),
});

export const GRAPH_SAMPLES = {
  'mass-download': massDownload(people.alex, 'Alex Weber downloads 512 files: his manager is asked'),
  'mass-download-high': massDownload(people.alex, 'The same with high severity', { severity: 'high' }),
  'cloud-app-alert': {
    title: "Alex Weber does an administrator's work: no policy knows the alert, one answers for the rest",
    door: 'graph',
    build: (now, seed) =>
      buildAlert(
        {
          title: 'Unusual administrative activity (by user)',
          description: 'Alex Weber changed 38 settings of other accounts within 9 minutes.',
          category: 'Persistence',
          severity: 'low',
          country: 'DE',
          subject: people.alex,
        },
        now,
        seed,
      ),
  },
  'impossible-travel': {
    title: 'Alex Weber signs in from two countries within an hour',
    door: 'graph',
    build: (now, seed) =>
      buildAlert(
        {
          title: 'Impossible travel activity',
          description: 'Alex Weber was active from Germany and Brazil within 41 minutes.',
          category: 'InitialAccess',
          severity: 'low',
          country: 'BR',
          subject: people.alex,
        },
        now,
        seed,
      ),
  },
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
  'synced-user': massDownload(people.grace, 'Grace Obi is synced from AD: her account cannot be suspended'),
} as const satisfies Readonly<Record<string, Sample>>;
