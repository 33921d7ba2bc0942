// A process of its own for rules and events that might never come to an end: the parent kills it and reads where it stood.
// Reads cases as JSON from standard input, answers with JSON, and names each case on standard error before it starts.
import { readFileSync, writeSync } from 'node:fs';
import type { JsonObject } from '../../src/case/json.ts';
import { load } from './reference-engine.ts';

export interface HostileCase {
  readonly name: string;
  readonly texts: readonly string[];
  /** JSON of an event. */
  readonly event: string;
}

export interface HostileResult {
  readonly name: string;
  readonly problems: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
  readonly matched: readonly string[];
  /** How much a correlation would count. */
  readonly observed: number;
  /** Ids of the policies that could be explained. */
  readonly explained: readonly string[];
}

const cases = JSON.parse(readFileSync(0, 'utf8')) as readonly HostileCase[];
const results = cases.map(({ name, texts, event }): HostileResult => {
  writeSync(2, `${name}\n`);
  const { catalogue, problems } = load(texts);
  const record = JSON.parse(event) as JsonObject;
  const { policies, observations } = catalogue.evaluate('cloudtrail', record);
  const matched = policies.map(({ id }) => id);
  const explained = catalogue.policies
    .map(({ id }) => id)
    .filter((id) => catalogue.explain(id, 'cloudtrail', record).text.length < 1_000);
  return { name, problems, matched, observed: observations.length, explained };
});
writeSync(1, JSON.stringify(results));
