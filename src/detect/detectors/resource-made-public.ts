// Whether a call shares a resource with everyone or with an account that is not the company's. What S3 calls public has a
// detector of its own, besides.
// Judges the request alone, refused or not; taking a share back is no share.
import type { JsonObject } from '../../case/json.ts';
import { ACCOUNT_LISTS } from './account-lists.ts';
import type { DetectorContext } from './index.ts';
import type { Judge, Judges } from './judges.ts';
import { OPEN_ENDPOINTS } from './open-endpoints.ts';
import { callName, readCall } from './request.ts';
import { RESOURCE_POLICIES } from './resource-policies.ts';
import { SINGLE_GRANTS } from './single-grants.ts';
import { companyOf } from './strangers.ts';

const JUDGES = new Map<string, readonly Judge[]>();
for (const table of [ACCOUNT_LISTS, RESOURCE_POLICIES, SINGLE_GRANTS, OPEN_ENDPOINTS] satisfies Judges[]) {
  for (const [call, judge] of Object.entries(table)) JUDGES.set(call, [...(JUDGES.get(call) ?? []), judge]);
}

/** The calls that can match, as `service:EventName`, sorted: the policy selects by exactly these names. */
export const PUBLISHING_CALLS: readonly string[] = [...JUDGES.keys()].sort();

const NAMES = new Set(PUBLISHING_CALLS.map((call) => call.slice(call.indexOf(':') + 1)));

export function resourceMadePublic(event: JsonObject, context: DetectorContext): boolean {
  if (!NAMES.has(callName(event))) return false;
  const call = readCall(event);
  const judges = JUDGES.get(`${call.service}:${call.name}`) ?? JUDGES.get(`*:${call.name}`) ?? [];
  if (judges.length === 0) return false;
  const company = companyOf(event, context);
  return judges.some((judge) => judge(call, company));
}
