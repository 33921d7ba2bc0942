// The engine as generated tests see it: rules go in as YAML through the door that users' files take.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import { DEFAULT_DETECTION, type OperatorSettings } from '../../src/case/settings.ts';
import type { Catalogue } from '../../src/detect/compiled.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { settings } from '../helpers/cases.ts';
import { PLACEHOLDERS } from './reference-items.ts';

const SETTINGS: OperatorSettings = {
  ...settings,
  detection: { ...DEFAULT_DETECTION, placeholders: PLACEHOLDERS },
};

export const OPTIONS = { knownActions: [], settings: SETTINGS };
export const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };
export const COMPARING = { placeholders: PLACEHOLDERS };

/** A catalogue of these texts, each as `rule-<place>.yml`; none may be refused. */
export function catalogueOf(texts: readonly string[]): Catalogue {
  const { catalogue, problems } = load(texts);
  const refused = problems.map(({ file, line, reason }) => {
    const text = texts[Number(/\d+/.exec(file)?.[0])] ?? '';
    return `${file}:${line}: ${reason}\n${text}`;
  });
  assert.deepEqual(refused, [], 'the engine refuses what the reference reads');
  return catalogue;
}

export const load = (texts: readonly string[]): ReturnType<typeof loadPolicies> =>
  loadPolicies(
    texts.map((text, place) => ({ name: `rule-${place}.yml`, text, outside: false })),
    OPTIONS,
  );

/** The places of the rules that the engine says match. */
export const matchedPlaces = (catalogue: Catalogue, event: JsonObject): number[] =>
  catalogue
    .evaluate('cloudtrail', event)
    .policies.map(({ id }) => Number(id.slice('rule-'.length)))
    .sort((left, right) => left - right);
