// A name for what a call of an unknown service is about: by the event's own name, and by parameters that end as names do.
import type { ResourceNoun } from '../../case/resource-nouns.ts';
import type { Target } from '../../case/target.ts';
import type { Leaf } from './cloudtrail-leaves.ts';
import { type Place, resourceNamed } from './cloudtrail-naming.ts';

/** In the order in which they are believed. */
const ENDINGS = /(?:(arn)|(identifier)|(id)|(name))s?$/i;
/** Say who asks, where, and with what means: never what it is about. */
const MEANS =
  /^(?:client|request|account|aws|kms|role|execution|source|session|version|attribute|action|subnet|vpc|owner|principal|device|statement|security|availability|event|key|image|tag|change|resourceOwner|user|group|param|template|type|instance|identityStore)/i;
const SETTINGS =
  /(?:Permissions?|Attributes?|Config(?:uration)?|Options?|Settings?|Visibility|Version|Entry|Description|Access)$/;
const VERB = /^[A-Z][a-z]+(?=[A-Z])/;

/** Without the version of the API that some services append: `UpdateFunctionCode20150331v2`. */
export const plainEvent = (eventName: string): string =>
  eventName.replace(/\d{4}_?\d{2}_?\d{2}(?:v\d+)?$/, '');

/** `DeleteFileSystem` is about a file system, `ModifyDocumentPermission` about a document. */
export function eventNoun(service: string, event: string): string {
  if (service === 'cloudtrail') return cloudTrailNoun(event);
  const thing = event.replace(VERB, '');
  const bare = thing.replace(SETTINGS, '');
  const isItself = /^(?:Create|Delete|Update)/.test(event);
  return wordsOf((isItself ? bare : bare.replace(/(?:Access|Resource)?Policy$/, '')) || bare || thing);
}

function cloudTrailNoun(event: string): ResourceNoun {
  if (/EventDataStore|Federation/.test(event)) return 'event data store';
  return /Channel/.test(event) ? 'channel' : 'trail';
}

/** `after-the-event`: only what the event is named after, all of it; `any`: the first that may be a name. */
export function unknownResources(
  leaves: readonly Leaf[],
  noun: string,
  here: Place,
  which: 'after-the-event' | 'any',
): readonly Target[] {
  const candidates = leaves.flatMap(({ path, value }) => {
    const key = path[path.length - 1] ?? '';
    const rank = rankOf(key);
    if (rank === null || path.length > 2 || typeof value === 'boolean') return [];
    const stem = wordsOf(key.replace(ENDINGS, ''));
    const isBare = stem === '' || stem === 'resource';
    const outer = path.length === 1 ? noun : wordsOf(path[0]);
    const isAfter = isAlike(isBare ? outer : stem, noun);
    if (which === 'after-the-event' ? !isAfter : path.length > 1 || MEANS.test(key)) return [];
    const word = isBare ? (stem === 'resource' ? null : noun) : stem;
    return [{ key, rank: isBare ? rank + 10 : rank, word, value: String(value) }];
  });
  const best = candidates.reduce<(typeof candidates)[number] | null>(
    (before, one) => (before && before.rank <= one.rank ? before : one),
    null,
  );
  const same = candidates.filter(({ key }) => key === best?.key);
  return (which === 'any' ? same.slice(0, 1) : same).map(({ word, value }) =>
    resourceNamed(word, value, here),
  );
}

/** A call on many is named in the plural. */
const isAlike = (one: string, other: string): boolean => squeezed(one) === squeezed(other);
const squeezed = (words: string): string => words.replaceAll(' ', '').replace(/s$/, '');

function rankOf(key: string): number | null {
  const [, ...endings] = ENDINGS.exec(key) ?? [];
  const rank = endings.findIndex((ending) => ending !== undefined);
  return rank < 0 ? null : rank;
}

/** `dBInstance` is "db instance", `loadBalancer` "load balancer", `aCL` "acl". */
export const wordsOf = (text: string): string =>
  text
    .replace(/^([a-z])([A-Z])(?=[A-Z])/, (all) => all.toUpperCase())
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9 ]/g, ' ')
    .trim()
    .toLowerCase();
