// The apps and groups that an alert's evidence names, by the ids that Entra has for them: what was granted, and who is in them, is
// what an action may change.
// Source: "oauthApplicationEvidence", "cloudApplicationEvidence" and "securityGroupEvidence resource type".
import { type Target, targetKey } from '../../case/target.ts';
import { cut } from './facts.ts';
import type { Evidence } from './graph-schema.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Longer than the names of real apps, too short for sentences of its own. */
const NAME_LENGTH = 60;
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
  const label = nameIn(name);
  if (!label) return [{ kind, id, label: `${kind} ${id}` }];
  // Anybody can register an app under anybody's name: its id is what tells one from another.
  return [{ kind, id, label: kind === 'app' ? `${label} (${id})` : label }];
}

/** It stands in quotes inside our sentences, and whoever made up the app chose it: a quote of its own would seem to end ours. */
const nameIn = (name: string | null | undefined): string =>
  cut((name ?? '').replace(/["\u201c-\u201f\u00ab\u00bb\u2033\u2036\u301d-\u301f\uff02]/g, "'"), NAME_LENGTH);
