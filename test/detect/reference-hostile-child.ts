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
}

const cases = JSON.parse(readFileSync(0, 'utf8')) as readonly HostileCase[];
const results = cases.map(({ name, texts, event }): HostileResult => {
  writeSync(2, `${name}\n`);
  const { catalogue, problems } = load(texts);
  const { policies, observations } = catalogue.evaluate('cloudtrail', JSON.parse(event) as JsonObject);
  return { name, problems, matched: policies.map(({ id }) => id), observed: observations.length };
});
writeSync(1, JSON.stringify(results));
