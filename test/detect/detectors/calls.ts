// Made-up CloudTrail records for the detectors: who is who, and a record of a call.
import type { JsonObject } from '../../../src/case/json.ts';

export const OWN = '123456789012';
export const SISTER = '210987654321';
export const FOREIGN = '444455556666';
export const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;
export const OWN_ORGANISATION = 'o-contoso0001';
export const OTHER_ORGANISATION = 'o-attacker001';
/** No organisation is listed. */
export const CONTEXT = { accounts: [OWN, SISTER], organisations: [] };
export const LISTING = { ...CONTEXT, organisations: [OWN_ORGANISATION] };

/** `service:EventName` with a request, and what AWS answered. */
export function record(
  call: string,
  requestParameters: unknown,
  responseElements: unknown = null,
): JsonObject {
  const [service, eventName] = call.split(':');
  return {
    eventSource: `${service}.amazonaws.com`,
    eventName: eventName ?? '',
    recipientAccountId: OWN,
    requestParameters,
    responseElements,
  } as JsonObject;
}

export const statement = (more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
  ...more,
});
export const policyOf = (...statements: readonly JsonObject[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});
/** As most services record it: a text. */
export const policyText = (...statements: readonly JsonObject[]): string =>
  JSON.stringify(policyOf(...statements));
