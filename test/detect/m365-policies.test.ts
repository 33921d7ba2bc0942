// Microsoft's alerts and our questions: every alert that is asked about raises exactly one, whatever service it comes from.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/case/json.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';

const FOLDER = join(import.meta.dirname, '../../policies');
const names = readdirSync(FOLDER);
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const files = names.filter((name) => name.endsWith('.yml')).map((name) => ({ name, text: read(name) }));
const { catalogue, problems } = loadPolicies(files, { knownActions: [...ACTIONS.keys()] });

/** What is left to ask about: covered policies and fallbacks give way. */
function asked(alert: JsonObject): readonly string[] {
  const { policies } = catalogue.evaluate('graph', alert);
  const specific = policies.filter(({ fallback }) => !fallback);
  const telling = specific.length > 0 ? specific : policies;
  const covered = new Set(telling.flatMap(({ covers }) => covers));
  return telling.map(({ id }) => id).filter((id) => !covered.has(id));
}

/** "serviceSource values" of the alert resource type, and what none of them is. */
const FALLBACKS: readonly (readonly [string | null | undefined, string])[] = [
  ['microsoftDefenderForCloudApps', 'm365-cloud-app-alert'],
  ['microsoftDefenderForIdentity', 'm365-identity-alert'],
  ['azureAdIdentityProtection', 'm365-entra-alert'],
  ['microsoftDefenderForOffice365', 'm365-mail-alert'],
  ['microsoftDefenderForEndpoint', 'm365-device-alert'],
  ['microsoft365Defender', 'm365-defender-alert'],
  ['dataLossPrevention', 'm365-data-loss-alert'],
  ['microsoftAppGovernance', 'm365-app-governance-alert'],
  ['microsoftSentinel', 'm365-sentinel-alert'],
  ['microsoftDefenderForCloud', 'm365-cloud-workload-alert'],
  ['microsoftInsiderRiskManagement', 'm365-insider-risk-alert'],
  ['microsoftThreatIntelligence', 'm365-threat-intelligence-alert'],
  ['microsoftSecurityForAI', 'm365-ai-alert'],
  ['unknown', 'm365-other-alert'],
  ['unknownFutureValue', 'm365-other-alert'],
  ['microsoftDefenderForTomorrow', 'm365-other-alert'],
  ['', 'm365-other-alert'],
  [null, 'm365-other-alert'],
  [undefined, 'm365-other-alert'],
];
const DETECTIONS = [
  undefined,
  null,
  'cloudAppSecurity',
  'azureAdIdentityProtection',
  'microsoftDataLossPrevention',
  'customDetection',
  'newDetection',
];
const withService = (serviceSource: string | null | undefined, more: JsonObject): JsonObject =>
  serviceSource === undefined ? more : { serviceSource, ...more };

describe('Microsoft 365 alerts', () => {
  it('have policies that load', () => {
    assert.deepEqual(
      problems.filter(({ file }) => file.startsWith('m365-')),
      [],
    );
  });

  for (const [service, policy] of FALLBACKS)
    it(`of the service ${service} raise ${policy} when nothing more is known`, () => {
      assert.deepEqual(asked(withService(service, { title: 'Something happened', category: 'Other' })), [
        policy,
      ]);
    });

  it('that Defender XDR passes on from Defender for Cloud Apps count as theirs', () => {
    for (const detectionSource of ['cloudAppSecurity', 'microsoftDefenderForCloudApps'])
      assert.deepEqual(
        asked({ title: 'Something happened', serviceSource: 'microsoft365Defender', detectionSource }),
        ['m365-cloud-app-alert'],
      );
  });

  it('raise exactly one question each, over every mix of titles, services and detections', () => {
    const titles = names
      .filter((name) => /^m365-.*\.examples\.json$/.test(name))
      .flatMap((name) => Object.values(JSON.parse(read(name)) as Record<string, { title: string }[]>).flat())
      .map(({ title }) => title);
    const distinct = [...new Set(titles)];
    const mixed = distinct.flatMap((first, at) => [
      first,
      `${first}, then ${distinct[(at * 7 + 3) % distinct.length]}`,
    ]);
    const descriptions = ['', 'Labelled confidential, shared externally'];

    for (const [service] of FALLBACKS)
      for (const detectionSource of DETECTIONS)
        for (const title of mixed)
          for (const description of descriptions) {
            const alert = withService(service, {
              title,
              description,
              ...(detectionSource === undefined ? {} : { detectionSource }),
            });
            assert.equal(asked(alert).length, 1, JSON.stringify({ alert, asked: asked(alert) }));
          }
  });

  it('of Insider Risk Management go to the security team, whatever they are called', () => {
    for (const title of [
      'Mass download',
      'Ransomware',
      'Leaked credentials',
      'Activity by a terminated user',
    ])
      assert.deepEqual(asked({ title, serviceSource: 'microsoftInsiderRiskManagement' }), [
        'm365-insider-risk-alert',
      ]);
    const policy = catalogue.policies.find(({ id }) => id === 'm365-insider-risk-alert');
    assert.equal(policy?.securityOnly, true);
  });

  it('that fit two policies raise the more telling one', () => {
    const both = (title: string) => asked({ title, serviceSource: 'microsoftDefenderForCloudApps' });

    assert.deepEqual(both('Mass delete: potential ransomware activity'), ['m365-ransomware-activity']);
    assert.deepEqual(both('Impossible travel and unfamiliar sign-in properties'), ['m365-impossible-travel']);
    assert.deepEqual(both('Mass download by terminated user'), ['m365-activity-by-terminated-user']);
  });
});
