// What a call asked for, in one line: ports, addresses, accounts, policies. Hostile text, and never a secret that AWS left in it.
import { type Leaf, leavesOf } from './cloudtrail-leaves.ts';
import type { CloudTrailRecord } from './cloudtrail-schema.ts';
import { cut } from './facts.ts';
import { isPolicyDocument, policyText } from './policy-text.ts';

const MAX_TEXT = 300;
const MAX_VALUE = 80;
const MAX_POLICY = 200;
/** Of the protocol, or nobody's business. */
const UNSAID =
  /^(?:host|xmlns.*|xsi:.*|dryRun|accountId|owner|fullyQualifiedArn|skipFinal.*|userData|x-amz-(?!acl|grant).*|.*(?:token|passwords?|secret|secretString|secretBinary|credentials?|signature|hash|hashCondition))$/i;
/** Words of the caller's own, which may run as long as they please. */
const FREE_TEXT = /description|comment|tags?(?:et|List)?$|^sid$/i;
/** Lists of EC2 and the like: the name of the list adds nothing to that of what is in it. */
const LIST = /(?:set|ranges|permissions?|list|items|config|configuration)$/i;
const WORLD = /^(?:\*|all|public|0\.0\.0\.0\/0|::\/0)$|AllUsers|AuthenticatedUsers|0\.0\.0\.0\/0/i;

/** At most 300 characters; empty when nothing was asked for but what `said` holds for: names that the targets say already. */
export function requestText(record: CloudTrailRecord, said: (key: string, text: string) => boolean): string {
  const leaves = leavesOf(record.requestParameters, isPolicyDocument).filter(
    ({ path, value }) =>
      !path.some((key) => UNSAID.test(key)) &&
      !(path.length <= 2 && typeof value === 'string' && said(path[path.length - 1] ?? '', value)),
  );
  const open = new Set(leaves.filter(({ value }) => WORLD.test(String(value))).map(({ item }) => item));
  // Neither a hundred harmless rules nor a long description may push the open one over the edge.
  const rank = ({ path, item }: Leaf): number =>
    path.some((key) => FREE_TEXT.test(key)) ? 2 : item > 0 && open.size > 0 && !open.has(item) ? 1 : 0;
  const ranked = [...leaves].sort((a, b) => rank(a) - rank(b));
  return cut(phrases(ranked).join('; '), MAX_TEXT);
}

/** Neighbours of one name and one list share it: "cidrIp: 192.0.2.0/24, 198.51.100.0/24". */
function phrases(leaves: readonly Leaf[]): readonly string[] {
  const said: { readonly name: string; readonly values: string[] }[] = [];
  for (const leaf of leaves.slice(0, 200)) {
    const name = nameOf(leaf);
    const value = valueText(leaf);
    const last = said[said.length - 1];
    if (last?.name === name) last.values.push(value);
    else said.push({ name, values: [value] });
  }
  return said.map(({ name, values }) => `${name}: ${values.join(', ')}`);
}

/** The last two names that say something: `add group` tells giving from taking. */
function nameOf({ path }: Leaf): string {
  const last = path[path.length - 1] ?? '';
  const before = path.slice(0, -1).filter((key) => !LIST.test(key));
  const outer = before[before.length - 1];
  return cut(outer ? `${outer} ${last}` : last, 60);
}

function valueText({ value }: Leaf): string {
  const text = String(value);
  const policy = policyText(text);
  return policy === null ? cut(text, MAX_VALUE) : cut(policy, MAX_POLICY);
}
