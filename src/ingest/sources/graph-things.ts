// The apps and groups that an alert's evidence names, by the ids that Entra has for them: what was granted, and who is in them, is
// what an action may change.
// Source: "oauthApplicationEvidence", "cloudApplicationEvidence" and "securityGroupEvidence resource type".
import { foreignName } from '../../case/foreign-name.ts';
import { type Target, targetKey } from '../../case/target.ts';
import type { Evidence } from './graph-schema.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** An alert may name a crowd of them; a case keeps twenty targets, and the person comes first. */
const MOST_THINGS = 10;

/** Each once. An app that is only a number of Defender's catalogue is none that Entra could find. */
export function namedThings(evidence: readonly Evidence[]): readonly Target[] {
  const things = evidence.flatMap((item): readonly Target[] => {
    const type = (item['@odata.type'] ?? '').toLowerCase();
    if (type.endsWith('.oauthapplicationevidence') || type.endsWith('.cloudapplicationevidence'))
      return thing('app', item.appId, item.displayName);
    return type.endsWith('.securitygroupevidence')
      ? thing('group', item.securityGroupId, item.displayName)
      : [];
  });
  return [...new Map(things.map((one) => [targetKey(one), one])).values()].slice(0, MOST_THINGS);
}

function thing(kind: 'app' | 'group', given: unknown, name: string | null | undefined): readonly Target[] {
  if (typeof given !== 'string' || !GUID.test(given)) return [];
  const id = given.toLowerCase();
  const label = foreignName(name);
  if (!label) return [{ kind, id, label: `${kind} ${id}` }];
  // Anybody can register an app under anybody's name: its id is what tells one from another.
  return [{ kind, id, label: kind === 'app' ? `${label} (${id})` : label }];
}
