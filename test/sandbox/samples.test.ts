// Each sample goes the way that its title promises: through its door, under its policy, to its approver.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_ASKING_SETTINGS } from '../../src/case/asking.ts';
import { DEFAULT_DETECTION, type OperatorSettings } from '../../src/case/settings.ts';
import { DEFAULT_VISIBILITY } from '../../src/case/visibility.ts';
import { detect } from '../../src/detect/detect.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { parseCloudTrail } from '../../src/ingest/sources/cloudtrail-event.ts';
import { parseGraphAlerts } from '../../src/ingest/sources/graph-alert.ts';
import type { Directory, DirectoryUser, Manager } from '../../src/ports/directory.ts';
import { chooseApprover } from '../../src/route/choose-approver.ts';
import { identifySubject, namedPeople } from '../../src/route/identify.ts';
import { inquire } from '../../src/route/inquiry.ts';
import type { ChooseParts } from '../../src/route/parts.ts';
import { IAM_USERS } from '../../src/sandbox/identities.ts';
import { findPerson, type Person, TENANT_ID } from '../../src/sandbox/people.ts';
import { SAMPLE_ACCOUNT } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { aCase, settings as base } from '../helpers/cases.ts';
import { createFakeWorld } from '../helpers/fake-world.ts';

const NOW = new Date('2026-01-12T09:14:02.000Z');
const FOLDER = join(import.meta.dirname, '../../policies');
const { catalogue } = loadPolicies(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') })),
  { knownActions: [...ACTIONS.keys()] },
);
const settings: OperatorSettings = {
  timeZone: 'Europe/Berlin',
  locale: 'en-GB',
  security: { members: [], channel: '19:x@thread.tacv2', onCall: [], admins: [] },
  asking: DEFAULT_ASKING_SETTINGS,
  visibility: DEFAULT_VISIBILITY,
  protectedUsers: [],
  users: base.users,
  aws: {
    ...base.aws,
    accounts: [{ id: SAMPLE_ACCOUNT, roleArn: `arn:aws:iam::${SAMPLE_ACCOUNT}:role/countersign` }],
    organisations: [],
    samlRoles: [],
    sourceIdentityRoles: [],
    iamUsers: IAM_USERS,
  },
  detection: DEFAULT_DETECTION,
  governance: base.governance,
};

const userOf = (person: Person): DirectoryUser => ({
  id: person.id,
  displayName: person.displayName,
  userPrincipalName: person.userPrincipalName,
  enabled: person.accountEnabled,
  guest: person.userType === 'Guest',
  synced: person.onPremisesSyncEnabled === true,
});
const directory: Pick<Directory, 'managerOf'> = {
  managerOf: async (id): Promise<Manager | null> => {
    const link = findPerson(id)?.manager;
    if (!link) return null;
    if (link.kind === 'contact') return { kind: 'contact', displayName: link.displayName };
    const manager = findPerson(link.id);
    return manager && { kind: 'user', user: userOf(manager) };
  },
};

const world = createFakeWorld();
/** Nobody has delegated anything, and no other case is open. */
const store = {
  isSubjectOfOpenCase: async () => false,
  findReachable: async () => null,
  saveReachable: async () => {},
  transact: async () => null,
} as unknown as ChooseParts['store'];
const parts: ChooseParts = {
  ...{ store, settings, clock: { now: () => NOW.getTime() }, tenantId: TENANT_ID },
  ...{ risk: world.world.risk, calendars: world.calendars },
  directory: { ...world.world.directory, ...directory },
  installer: {
    openChat: async (id) => (findPerson(id)?.installable ? { id: `chat-${id}`, serviceUrl: '' } : null),
  },
};

const sampleOf = (name: string) => {
  const sample = SAMPLES[name];
  assert.ok(sample, name);
  return sample;
};
const alertOf = (name: string, seed = 'seed', now = NOW) => {
  const sample = sampleOf(name);
  const body = JSON.parse(JSON.stringify(sample.build(now, seed)));
  const [alert] =
    sample.door === 'graph'
      ? parseGraphAlerts(body, { tenantId: TENANT_ID })
      : parseCloudTrail(body, { accounts: [SAMPLE_ACCOUNT] });
  assert.ok(alert);
  return alert;
};

async function routeOf(name: string) {
  const alert = alertOf(name);
  const [match, ...others] = detect(catalogue, alert, { isOurs: false }).matches;
  assert.ok(match && others.length === 0, 'exactly one policy matches');
  const hint = identifySubject(alert, settings);
  const person = hint.kind === 'entra' ? findPerson(hint.id) : null;
  const { approver, path } = await chooseApprover(
    inquire({
      about: aCase({
        ...{ hint, subject: null, named: namedPeople(alert), targets: alert.targets, attempt: alert.attempt },
        policy: { ...match.policy, asking: match.policy.asking },
        ...{ question: null, severity: match.severity },
      }),
      ...{ subject: person && userOf(person), atStake: [], lastTry: false, parts },
    }),
  );
  return {
    policy: match.policy.id,
    severity: match.severity,
    subject: person?.displayName ?? null,
    approver: approver.kind === 'person' ? approver.name : approver.kind,
    passedOver: path.length - 1,
  };
}

const ALEX = { subject: 'Alex Weber', approver: 'Morgan Reyes', passedOver: 0 };
const DOWNLOAD = { policy: 'm365-mass-download', severity: 'medium' };
const BUCKET = { policy: 'aws-s3-bucket-public', severity: 'medium' };
const NOBODY = { subject: null, approver: 'security', passedOver: 0 };
const EXPECTED: Readonly<Record<string, object>> = {
  'mass-download': { ...DOWNLOAD, ...ALEX },
  'mass-download-high': { ...DOWNLOAD, severity: 'high', ...ALEX },
  'cloud-app-alert': { policy: 'm365-cloud-app-alert', severity: 'low', ...ALEX },
  'impossible-travel': { policy: 'm365-impossible-travel', severity: 'low', ...ALEX },
  'risky-sign-in': { policy: 'm365-risky-sign-in', severity: 'medium', ...ALEX },
  'oauth-app': { policy: 'm365-app-governance-alert', severity: 'medium', ...ALEX },
  'group-joined': { policy: 'm365-identity-alert', severity: 'medium', ...ALEX },
  'no-manager': { ...DOWNLOAD, subject: 'Sam Okafor', approver: 'security', passedOver: 0 },
  'manager-is-suspect': { ...DOWNLOAD, subject: 'Lee Tanaka', approver: 'Morgan Reyes', passedOver: 1 },
  'disabled-manager': { ...DOWNLOAD, subject: 'Mia Fischer', approver: 'Morgan Reyes', passedOver: 1 },
  'guest-manager': { ...DOWNLOAD, subject: 'Ines Duarte', approver: 'Morgan Reyes', passedOver: 1 },
  'contact-manager': { ...DOWNLOAD, subject: 'Kai Brandt', approver: 'security', passedOver: 1 },
  'unreachable-manager': { ...DOWNLOAD, subject: 'Chloe Martin', approver: 'Morgan Reyes', passedOver: 1 },
  guest: { ...DOWNLOAD, subject: 'Tom Vega', approver: 'Morgan Reyes', passedOver: 0 },
  administrator: { ...DOWNLOAD, subject: 'Ravi Menon', approver: 'Dana Holt', passedOver: 0 },
  'synced-user': { ...DOWNLOAD, subject: 'Grace Obi', approver: 'Morgan Reyes', passedOver: 0 },
  'bucket-public': { ...BUCKET, ...ALEX },
  'bucket-public-acl': { ...BUCKET, ...ALEX },
  'public-access-block-removed': { ...BUCKET, ...ALEX },
  'bucket-shared': { policy: 'aws-resource-public', severity: 'medium', ...ALEX },
  'object-public': { ...BUCKET, ...ALEX },
  'iam-rights': { policy: 'aws-iam-policy-changes', severity: 'medium', ...ALEX },
  'pipeline-role': { policy: 'aws-security-group-changes', severity: 'medium', ...NOBODY },
  'trail-stopped': { policy: 'aws-cloudtrail-config-changes', severity: 'high', ...ALEX },
  'unknown-session': { ...BUCKET, ...NOBODY },
  root: { ...BUCKET, severity: 'high', ...NOBODY },
};

describe('The sample detections', () => {
  it('are all tried here', () => assert.deepEqual(Object.keys(SAMPLES).sort(), Object.keys(EXPECTED).sort()));

  for (const [name, expected] of Object.entries(EXPECTED))
    it(`take "${name}" to its policy and its approver`, async () =>
      assert.deepEqual(await routeOf(name), expected));

  for (const name of Object.keys(SAMPLES)) {
    it(`give "${name}" fresh ids for a fresh seed, and the same for the same`, () => {
      assert.deepEqual(sampleOf(name).build(NOW, 'a'), sampleOf(name).build(NOW, 'a'));
      assert.notEqual(alertOf(name, 'a').sourceId, alertOf(name, 'b').sourceId);
    });

    it(`let "${name}" happen just before now`, () => {
      const age = NOW.getTime() - Date.parse(alertOf(name).occurredAt);

      assert.ok(age > 0 && age < 10 * 60_000, String(age));
    });
  }

  it('name the bucket with its account and region, for the action to find it', () =>
    assert.deepEqual(alertOf('bucket-public').targets, [
      { kind: 'bucket', account: '123456789012', region: 'eu-central-1', name: 'contoso-invoices' },
    ]));
});
