// One id and one label for a resource, however a call names it: by name, by ARN or by address. What it reads is hostile text.
import { createHash } from 'node:crypto';
import type { ResourceNoun } from '../../case/resource-nouns.ts';
import type { ResourceTarget } from '../../case/target.ts';
import { cut } from './facts.ts';

const MAX_ID = 256;
const MAX_LABEL = 120;
const ARN = /^arn:[a-z-]+:([a-z0-9-]+):([a-z0-9-]*):([a-z0-9]*):(\S+)$/;
const QUEUE_URL = /^https:\/\/(?:sqs\.)?([a-z0-9-]+)[a-z0-9.-]*\/(\d{12})\/([^/]+)$/;
/** One for the whole account, whichever region a record names. */
const GLOBAL = new Set(['account', 'cloudfront', 'iam', 'organizations', 'route53', 'sts']);
/** How ARNs spell their types, where people say something else. */
const TYPES: Readonly<Record<string, ResourceNoun>> = {
  eventdatastore: 'event data store',
  db: 'database',
  sns: 'topic',
  sqs: 'queue',
};

const UNKNOWN: ResourceNoun = 'resource';

/** Where a call was made: what a bare name is unique in. */
export interface Place {
  readonly service: string;
  readonly account: string;
  readonly region: string;
}

/** `word` is what people call it; null where only an ARN can tell. */
export function resourceNamed(word: string | null, text: string, here: Place): ResourceTarget {
  const { service, account, region, name, type } = partsOf(text, here);
  const said = word ?? TYPES[type] ?? TYPES[service] ?? (type.replaceAll('-', ' ') || UNKNOWN);
  const where = `${account}/${GLOBAL.has(service) ? '' : region}`;
  return resource(`${service}/${said.replaceAll(' ', '-')}/${where}/${name}`, `${said} ${name}`);
}

/** What an ARN or the address of a queue calls the resource itself; any other text as it is. */
export const shortName = (text: string, here: Place): string => partsOf(text, here).name;

interface Parts extends Place {
  readonly name: string;
  /** The ARN's resource type; empty where it has none. */
  readonly type: string;
}

function partsOf(text: string, here: Place): Parts {
  const queue = here.service === 'sqs' ? QUEUE_URL.exec(text) : null;
  if (queue) return { ...here, account: queue[2] ?? here.account, name: queue[3] ?? text, type: 'queue' };
  const [, service, region, account, rest] = ARN.exec(text) ?? [];
  if (!service || !rest) return { ...here, name: text, type: '' };
  const [, type, inner] = /^([A-Za-z][A-Za-z0-9-]*)[/:](.+)$/.exec(rest) ?? [];
  // Paths of IAM are no part of the name: within an account no two share one.
  const name = service === 'iam' ? rest.slice(rest.lastIndexOf('/') + 1) : (inner ?? rest);
  return {
    service,
    account: account || here.account,
    region: region || here.region,
    name,
    type: type ?? '',
  };
}

/** A long id keeps its digest: two that differ in the end only are two. */
export function resource(id: string, label: string): ResourceTarget {
  const short =
    id.length <= MAX_ID ? id : `${id.slice(0, 200)}#${createHash('sha256').update(id).digest('base64url')}`;
  return { kind: 'resource', id: short, label: cut(label, MAX_LABEL) };
}
