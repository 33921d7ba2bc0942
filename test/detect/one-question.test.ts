// No single event raises two questions: for every pair of policies, on every example and on what both of them select.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/case/json.ts';
import { detect } from '../../src/detect/detect.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { parseCloudTrail } from '../../src/ingest/sources/cloudtrail-event.ts';
import { loadCatalogue } from '../../src/policy-files.ts';
import { settings } from '../helpers/cases.ts';
import { record } from './detectors/calls.ts';
import { RESOURCE_REQUESTS } from './detectors/resource-requests.ts';

const FOLDER = join(import.meta.dirname, '../../policies');
const { accounts } = settings.aws;
const { catalogue } = loadCatalogue({ settings, knownActions: [...ACTIONS.keys()] });
const asked = (event: JsonObject): readonly string[] =>
  parseCloudTrail(event, { accounts: accounts.map(({ id }) => id) }).flatMap((alert) =>
    detect(catalogue, alert, { isOurs: false }).matches.map(({ policy }) => policy.id),
  );
const cloudTrail = catalogue.policies
  .filter(({ source }) => source === 'cloudtrail')
  .map(({ id }) => `${id}.examples.json`);
const examples = readdirSync(FOLDER)
  .filter((name) => cloudTrail.includes(name))
  .flatMap((name): readonly JsonObject[] => {
    const { match, noMatch } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
    return [...match, ...noMatch].flat();
  });
const [anyExample] = examples;

describe('A single event', () => {
  it('raises one question at most, among all examples', () => {
    for (const event of examples) assert.ok(asked(event).length <= 1, `${event.eventName}: ${asked(event)}`);
  });

  it('raises one question at most when it opens something to strangers, whatever else it changes', () => {
    const services = (call: string): readonly string[] =>
      call.startsWith('*:')
        ? ['secretsmanager', 'cloudtrail', 'glue'].map((one) => call.replace('*', one))
        : [call];
    for (const [call, [opening]] of Object.entries(RESOURCE_REQUESTS))
      for (const one of services(call))
        for (const request of opening) {
          const questions = asked({ ...anyExample, ...record(one, request) });
          assert.equal(questions.length, 1, `${one}: ${questions}`);
        }
  });
});
