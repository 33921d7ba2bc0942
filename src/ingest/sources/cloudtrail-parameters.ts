// What a call asked for, as a digest: tells one call from another of the same name, and keeps none of the words.
import { canonicalJson } from '../../case/json.ts';
import { digestOf } from './digest.ts';
import { isRecord } from './malformed.ts';

/** AWS and its services write these where they leave something out, in these words. */
const LEFT_OUT = /HIDDEN_DUE_TO_SECURITY_REASONS|sensitiveDataRemoved|"\*{3,}"|"omitted":true/i;

/**
 * Nothing where the record does not say it in full: CloudTrail omits what is longer than 100 KB ("CloudTrail record contents":
 * `omitted`), and services remove what is secret. Two such calls may well have asked for different things.
 */
export function parametersOf(requestParameters: unknown): { readonly parameters?: string } {
  const asked = isRecord(requestParameters) ? requestParameters : null;
  return asked && LEFT_OUT.test(canonicalJson(asked)) ? {} : { parameters: digestOf(asked) };
}
