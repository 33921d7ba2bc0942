// Every policy in policies/ loads, says what it must, and proves itself on its own examples; the catalogue is complete.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Alert } from '../../src/case/alert.ts';
import type { Policy } from '../../src/case/policy.ts';
import { ASKED_KINDS } from '../../src/case/settings.ts';
import { askingForm } from '../../src/detect/asking-form.ts';
import { DEFAULT_OFFERS } from '../../src/detect/build-policy.ts';
import { detect } from '../../src/detect/detect.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { createTally } from '../../src/detect/tally.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { inventoryAlert, unreadableAlert } from '../../src/ingest/sources/bucket-inventory.ts';
import { parseCloudTrail } from '../../src/ingest/sources/cloudtrail-event.ts';
import { parseGraphAlerts } from '../../src/ingest/sources/graph-alert.ts';
import { loadCatalogue } from '../../src/policy-files.ts';
import { SECURITY_TEAM, TENANT_ID } from '../../src/sandbox/people.ts';
import { parseSettings } from '../../src/settings/file.ts';
import { settingsNotes } from '../../src/settings/notes.ts';
import { settings as base } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { settingsText } from '../helpers/settings.ts';

const FOLDER = join(import.meta.dirname, '../../policies');
const ACCOUNT = '123456789012';
const FOREIGN_ACCOUNT = '444455556666';
const OWN_ROLE = `arn:aws:iam::${ACCOUNT}:role/countersign-governance`;
const DAY_MS = 86_400_000;

const settingsExample = readFileSync(join(FOLDER, '../settings.example.yml'), 'utf8');
const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)])
    : [];
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const security = { ...base.security, members: SECURITY_TEAM.map(({ id }) => id) };
const settings = { ...base, security, aws: { ...base.aws, accounts: [{ id: ACCOUNT, roleArn: OWN_ROLE }] } };
const knownActions = [...ACTIONS.keys()];
const { catalogue, problems, notes } = loadCatalogue({ settings, knownActions });
const { policies } = catalogue;
const ids = policies.map((policy) => policy.id);

/** What the catalogue promises to hold, by name. */
const PROMISED = [
  'aws-console-signin-failures',
  'aws-cloudtrail-config-changes',
  'aws-ec2-instance-config-changes',
  'aws-iam-policy-changes',
  'aws-network-acl-changes',
  'aws-network-gateway-changes',
  'aws-s3-config-changes',
  'aws-security-group-changes',
  'aws-vpn-changes',
  'aws-root-account-use',
  'aws-s3-bucket-public',
  'aws-resource-public',
  'aws-multiple-failed-logins',
  'aws-multiple-storage-deletion',
  'aws-multiple-vm-deletion',
  'aws-multiple-vm-creation',
  'aws-s3-bucket-publicly-accessible',
  'aws-s3-bucket-unreadable',
  'countersign-role-misuse',
  'm365-mass-download',
  'm365-mass-share',
  'm365-mass-deletion',
  'm365-ransomware-activity',
  'm365-impossible-travel',
  'm365-risky-sign-in',
  'm365-leaked-credentials',
  'm365-exfiltration-to-unsanctioned-app',
  'm365-external-sharing-of-labelled-files',
  'm365-activity-by-terminated-user',
];

/** `serviceSource` of alerts_v2, as Microsoft Graph's v1.0 metadata lists it, what comes later, and none at all. */
const SERVICES = [
  'unknown',
  'microsoftDefenderForEndpoint',
  'microsoftDefenderForIdentity',
  'microsoftDefenderForCloudApps',
  'microsoftDefenderForOffice365',
  'microsoft365Defender',
  'azureAdIdentityProtection',
  'microsoftAppGovernance',
  'dataLossPrevention',
  'unknownFutureValue',
  'microsoftDefenderForCloud',
  'microsoftSentinel',
  'microsoftInsiderRiskManagement',
  'microsoftThreatIntelligence',
  'aServiceOfNextYear',
  undefined,
];

/** The first document is the policy: a rule, or the correlation over the rules that follow. */
const policySchema = z.looseObject({
  title: z.string(),
  id: z.guid(),
  name: z.string(),
  status: z.enum(['stable', 'test', 'experimental']),
  description: z.string().min(40),
  references: z.array(z.url()).min(1),
  author: z.string(),
  date: z.iso.date(),
  tags: z.array(z.string().startsWith('attack.')).min(2),
  falsepositives: z.array(z.string().min(10)).min(1),
  level: z.enum(['low', 'medium', 'high', 'critical']),
  countersign: z.looseObject({ question: z.string().endsWith('?') }),
});
const examplesSchema = z.strictObject({
  match: z.array(z.unknown()).min(2),
  noMatch: z.array(z.unknown()).min(2),
});

const documentsOf = (text: string): readonly unknown[] =>
  parseAllDocuments(text).map((document) => (document as { toJS(): unknown }).toJS());
const examplesOf = (id: string) => examplesSchema.parse(JSON.parse(read(`${id}.examples.json`)));

const lookSchema = z.object({
  account: z.string(),
  region: z.string(),
  bucket: z.string(),
  public: z.boolean(),
  reasons: z.array(z.string()),
});
const hiddenSchema = z.object({
  account: z.string(),
  unreadable: z.boolean(),
  buckets: z.array(z.string()),
  all: z.boolean(),
  reasons: z.array(z.string()),
});
const SEEN_AT = '2026-01-12T09:14:02.000Z';

/** As the watch would make it of what it saw. */
function lookedAt(event: unknown): Alert {
  const hidden = hiddenSchema.safeParse(event);
  const bucketOf = (account: string, region: string, name: string) =>
    ({ kind: 'bucket', account, region, name }) as const;
  if (hidden.success) {
    const { account, all: isAll, reasons } = hidden.data;
    const buckets = hidden.data.buckets.map((name) => bucketOf(account, 'eu-central-1', name));
    const alert = unreadableAlert({ account, buckets, isAll, reasons, asked: [] }, SEEN_AT, english);
    assert.deepEqual(alert.event, event);
    return alert;
  }
  const { account, region, bucket, public: open, reasons } = lookSchema.parse(event);
  return inventoryAlert(bucketOf(account, region, bucket), open ? reasons : [], SEEN_AT, english);
}

function alertOf(event: unknown, source: Policy['source']): Alert {
  if (source === 'inventory') return lookedAt(event);
  const alerts =
    source === 'cloudtrail'
      ? parseCloudTrail(event, { accounts: [ACCOUNT] })
      : parseGraphAlerts(event, { tenantId: TENANT_ID });
  const [alert, ...others] = alerts;
  assert.ok(alert);
  assert.deepEqual(others, []);
  return alert;
}

const look = (alert: Alert) => detect(catalogue, alert, { countersignRoleArns: [OWN_ROLE], isOurs: false });

/** Ids of the policies that ask about an event by itself. */
const asking = (event: unknown, source: Policy['source']): readonly string[] =>
  look(alertOf(event, source)).matches.map((match) => match.policy.id);

/** Ids of the policies that these events make true together. */
function firing(events: readonly unknown[], source: Policy['source']): readonly string[] {
  const tally = createTally<null>(catalogue.correlations);
  for (const event of events) {
    const alert = alertOf(event, source);
    const counted = { eventId: alert.sourceId, atMs: Date.parse(alert.occurredAt), tag: null };
    for (const observation of look(alert).observations) tally.add(observation, counted);
  }
  return tally.finish().firings.flatMap((one) => one.correlation.policy?.id ?? []);
}

describe('The policies', () => {
  it('all load, and nothing is to be said about them', () => {
    assert.deepEqual(problems, []);
    assert.deepEqual(notes, []);
  });

  it('name for silence what an operator may let it do, and silence then does it', () => {
    const named = policies.filter(({ asking }) => asking.contain !== null);
    assert.deepEqual(
      named.map(({ id }) => id),
      ['aws-s3-bucket-public', 'aws-s3-bucket-publicly-accessible'],
    );

    for (const { asking, offers } of named) {
      const actions = offers.find(({ key }) => key === asking.contain)?.actions ?? [];
      const text = settingsText(
        `asking: { containFirst: [${actions.join(', ')}], patience: { high: { onTimeOut: contain } } }`,
      );
      assert.ok(actions.length > 0);
      const operators = parseSettings(text, FOLDER, ACTIONS);
      assert.deepEqual(settingsNotes({ ...operators, security }, policies), []);
    }
  });

  it('are the files of the folder, each with its examples and nothing besides', () => {
    const expected = ids.flatMap((id) => [`${id}.yml`, `${id}.examples.json`]);

    assert.deepEqual(readdirSync(FOLDER).sort(), expected.sort());
  });

  it('are all that the catalogue promises', () => {
    assert.deepEqual(
      PROMISED.filter((name) => !ids.includes(name)),
      [],
    );
  });

  it('have different ids in the eyes of Sigma', () => {
    const documents = ids.flatMap((id) => documentsOf(read(`${id}.yml`)));
    const sigmaIds = documents.flatMap((one) => (one as { readonly id?: string }).id ?? []);

    assert.equal(new Set(sigmaIds).size, sigmaIds.length);
  });

  it('cover only policies that there are, of the same source, and never each other', () => {
    for (const policy of policies)
      for (const covered of policy.covers) {
        const other = policies.find((one) => one.id === covered);
        assert.ok(other, `${policy.id} covers ${covered}`);
        assert.equal(other.source, policy.source, `${policy.id} covers ${covered}`);
        assert.ok(!other.covers.includes(policy.id), `${policy.id} and ${covered} cover each other`);
      }
  });

  const offered = [...policies, { id: 'rules from outside', offers: DEFAULT_OFFERS }];

  for (const action of knownActions)
    it(`offer ${action} somewhere, or rules from outside do`, () => {
      const where = offered.filter(({ offers }) => offers.some(({ actions }) => actions.includes(action)));

      assert.notDeepEqual(where, []);
    });

  it('leave out no action where a rule comes from outside: what there is nothing for is not mentioned', () => {
    const offers = DEFAULT_OFFERS.flatMap(({ actions }) => actions);

    assert.deepEqual([...new Set(offers)].sort(), [...knownActions].sort());
  });

  it('offer no action by one key here and by another there, nor one key for two things', () => {
    const meanings = new Map<string, string>();
    for (const { id, offers } of offered)
      for (const { key, label, actions } of offers) {
        const meaning = `${label} (${actions.join(', ')})`;
        assert.equal(meanings.get(key) ?? meaning, meaning, `${key} of ${id}`);
        meanings.set(key, meaning);
      }
    assert.equal(new Set(meanings.values()).size, meanings.size);
  });

  /** At 360 pixels a button holds no more, and cuts off what the choice is about. */
  const MOST_OF_A_BUTTON = 35;

  it('offer nothing by a label that a button on a phone cuts off', () => {
    const labels = offered.flatMap(({ offers }) => offers.map(({ label }) => label));

    assert.deepEqual(
      labels.filter((label) => label.replace('{subject}', 'Alex Weber').length > MOST_OF_A_BUTTON),
      [],
    );
  });

  it('ask somebody nothing in the same breath as anything else: whoever is suspended cannot read it', () => {
    const informing = knownActions.filter((id) => ACTIONS.get(id)?.informs);

    assert.ok(informing.length > 0);
    for (const { id, offers } of offered)
      for (const { actions } of offers)
        if (actions.some((action) => informing.includes(action))) assert.equal(actions.length, 1, id);
  });

  it('offer what lets somebody back in after everything that keeps them out', () => {
    for (const { id, offers } of offered) {
      const kinds = offers.map(({ actions }) => actions.some((action) => ACTIONS.get(action)?.letsIn));
      assert.deepEqual(kinds, [...kinds].sort(), id);
    }
  });

  for (const serviceSource of SERVICES)
    it(`ask one question about any alert of ${serviceSource ?? 'a service that is not named'}`, () => {
      const alert = {
        id: 'any-1',
        title: 'Something that no policy has heard of',
        severity: 'medium',
        status: 'new',
        ...(serviceSource && { serviceSource }),
        createdDateTime: '2026-01-12T09:14:02Z',
        lastUpdateDateTime: '2026-01-12T09:14:02Z',
        evidence: [],
      };

      const asked = asking(alert, 'graph');

      assert.equal(asked.length, 1, asked.join(', '));
      assert.ok(policies.find((policy) => policy.id === asked[0])?.fallback);
    });
});

for (const policy of policies)
  describe(`The policy ${policy.id}`, () => {
    const examples = examplesOf(policy.id);

    it('has what a Sigma rule and a question need', () => {
      const [first] = documentsOf(policy.text);

      assert.equal(policySchema.parse(first).name, policy.id);
      assert.ok(policy.techniques.length > 0, 'names a MITRE technique');
      assert.ok(policy.question.endsWith('?') && policy.question.length <= 160, policy.question);
      assert.notEqual(policy.source, null);
      assert.equal(policy.outside, false);
    });

    it('says for each offer what it does, or is for the security team', () => {
      assert.ok(policy.offers.length > 0 || policy.securityOnly);
      for (const offer of policy.offers)
        for (const action of offer.actions) assert.ok(knownActions.includes(action), action);
    });

    it('groups what belongs together, for an hour at least and a day at most', () => {
      const { by, withinMs } = policy.grouping;

      assert.ok(['subject', 'target'].includes(by));
      assert.ok(withinMs >= DAY_MS / 24 && withinMs <= DAY_MS, `${withinMs}`);
    });

    it('has examples that are made up', () => {
      const text = read(`${policy.id}.examples.json`);
      const accounts = [...text.matchAll(/(?<![\w-])\d{12}(?![\w-])/g)].map(String);
      const addresses = [...text.matchAll(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g)].map(String);
      const domains = [...text.matchAll(/@([\w-]+(?:\.[\w-]+)+)/g)].map((match) => match[1] ?? '');

      const foreign = (seen: readonly string[], known: RegExp): readonly string[] =>
        [...new Set(seen)].filter((one) => !known.test(one));
      assert.deepEqual(foreign(accounts, new RegExp(`^(?:${ACCOUNT}|${FOREIGN_ACCOUNT})$`)), []);
      // Those that RFC 5737 keeps for documentation, private ones, and everywhere.
      assert.deepEqual(
        foreign(addresses, /^(?:192\.0\.2|198\.51\.100|203\.0\.113|10\.\d+\.\d+)\.\d+$|^0\.0\.0\.0$/),
        [],
      );
      assert.deepEqual(foreign(domains, /\.example$|^odata\./), []);
    });

    const holds = (example: unknown): boolean => {
      if (!policy.counted) return asking(example, policy.source).includes(policy.id);
      assert.ok(Array.isArray(example), 'an example of a counted policy is a list of events');
      return firing(example, policy.source).includes(policy.id);
    };
    for (const [index, example] of examples.match.entries())
      it(`fires on its example ${index}`, () => assert.equal(holds(example), true));
    for (const [index, example] of examples.noMatch.entries())
      it(`keeps still on its counter-example ${index}`, () => assert.equal(holds(example), false));

    if (policy.source === 'graph')
      it('is the one question about each of its examples', () => {
        for (const example of examples.match) assert.deepEqual(asking(example, policy.source), [policy.id]);
      });
  });

describe('The examples for operators in docs/policies.md', () => {
  it('name policies, actions and settings that there are', () => {
    const page = readFileSync(join(FOLDER, '../docs/policies.md'), 'utf8');

    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

    const isDaysOff = (block: string): boolean => block.startsWith('"*":');
    const ofSettings = blocks.filter((block) => !block.startsWith('countersign:') && !isDaysOff(block));
    assert.ok(ofSettings.length > 2);
    const folder = mkdtempSync(join(tmpdir(), 'countersign-examples-'));
    writeFileSync(join(folder, 'holidays.yml'), blocks.find(isDaysOff) ?? '');
    for (const block of ofSettings) {
      const text = /^security:/m.test(block) ? block : settingsText(block);
      const shown = parseSettings(text, folder, ACTIONS);
      const { detection } = shown;
      assert.deepEqual(loadCatalogue({ settings: shown, knownActions }).problems, []);
      for (const id of Object.keys(detection.policies)) assert.ok(ids.includes(id), id);
      for (const action of detection.bounds.actions ?? []) assert.ok(knownActions.includes(action), action);
    }
    rmSync(folder, { recursive: true });
  });

  it('show every key of how a policy asks, and of the sections on asking', () => {
    const page = readFileSync(join(FOLDER, '../docs/policies.md'), 'utf8');

    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

    const shown = blocks.flatMap((block) => keysOf(parse(block)));
    const { asking, visibility, security } = parse(settingsExample) as Record<string, object>;
    const wanted = [
      ...Object.keys(askingForm),
      ...[asking, visibility, security].flatMap((one) => Object.keys(one ?? {})),
    ];
    assert.deepEqual(
      [...new Set(wanted)].filter((key) => !shown.includes(key)),
      [],
    );
    for (const kind of ASKED_KINDS) assert.match(page, new RegExp(`^\\| \`${kind}\` \\|`, 'm'));
  });

  it('show offers as policies make them', () => {
    const page = readFileSync(join(FOLDER, '../docs/policies.md'), 'utf8');
    const [, block = ''] = /```yaml\n(countersign:\n[\s\S]*?)```/.exec(page) ?? [];
    const text = read('m365-risky-sign-in.yml').replace(/^countersign:\n[\s\S]*$/m, block);

    const loaded = loadPolicies([{ name: 'example.yml', text }], { knownActions });

    assert.deepEqual(loaded.problems, []);
    const shown = loaded.catalogue.policies[0]?.offers ?? [];
    const risky = policies.find(({ id }) => id === 'm365-risky-sign-in');
    assert.deepEqual(
      shown,
      risky?.offers.filter(({ key }) => shown.some((one) => one.key === key)),
    );
    assert.ok(shown.length > 1);
  });
});
