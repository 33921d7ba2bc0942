// What a call was aimed at: a bucket, an identity or an account where an action of ours can change it, else something to show and to
// group by.
import { type Target, thingKey } from '../../case/target.ts';
import { iamTargets } from './cloudtrail-iam.ts';
import { type Kind, kindOf, placeIn } from './cloudtrail-kinds.ts';
import { type Leaf, leavesOf } from './cloudtrail-leaves.ts';
import { type Place, resource, resourceNamed } from './cloudtrail-naming.ts';
import { s3Targets } from './cloudtrail-s3.ts';
import type { CloudTrailRecord } from './cloudtrail-schema.ts';
import { signInTarget } from './cloudtrail-sign-in.ts';
import { eventNoun, plainEvent, unknownResources } from './cloudtrail-unknown.ts';
import { isPolicyDocument } from './policy-text.ts';

/** As many as a case keeps. */
const MOST_TARGETS = 20;
/** Deeper than that stand details: the security group that a rule lets in, not the one that it belongs to. */
const MAX_PLACE = 3;
const CREATES = /^(?:Allocate|Copy|Create|Import|Register|Request|Restore|Run)[A-Z]/;
/** Settings of an account as a whole, which therefore name nothing. */
const ON_THE_ACCOUNT =
  /^(?:(?:En|Dis)able(?:Image|Snapshot)BlockPublicAccess|(?:En|Dis)able(?:EbsEncryptionByDefault|SerialConsoleAccess)|ModifyInstanceMetadataDefaults|(?:Put|Delete)(?:Registry|Resource)Policy|(?:Update|Delete)AccountPasswordPolicy)$/;

export interface Aim {
  /** Never empty, at most 20: without a better one, the caller's identity or the account stands in. */
  readonly targets: readonly [Target, ...Target[]];
  /** How many more the call named. */
  readonly more: number;
}

export function targetsOf(record: CloudTrailRecord, account: string, accounts: readonly string[]): Aim {
  const service = record.eventSource.split('.', 1)[0] ?? '';
  const here: Place = { service, account, region: record.awsRegion ?? '' };
  if (service === 's3') return aimOf(s3Targets(record, here, accounts)) ?? only(standIn(record, account));
  if (service === 'signin') return only(signInTarget(record, here) ?? standIn(record, account));
  const named = resourcesOf(record, here);
  const all = service === 'iam' ? iamTargets(record, named, account, accounts) : named;
  return aimOf(all) ?? only(standIn(record, account));
}

function aimOf(all: readonly Target[]): Aim | null {
  const unique = [...new Map(all.map((target) => [thingKey(target), target])).values()];
  const [first, ...rest] = unique.slice(0, MOST_TARGETS);
  return first ? { targets: [first, ...rest], more: unique.length - rest.length - 1 } : null;
}

const only = (target: Target): Aim => ({ targets: [target], more: 0 });

interface Named {
  readonly kind: Kind;
  readonly depth: number;
  readonly values: readonly string[];
}

/** What the event is named after comes first, then what else the table knows, then what merely looks like a name. */
function resourcesOf(record: CloudTrailRecord, here: Place): readonly Target[] {
  const event = plainEvent(record.eventName);
  const small = event.toLowerCase();
  const asked = leavesOf(record.requestParameters, isPolicyDocument);
  const inRequest = kindsIn(asked, here.service);
  const isAbout = ({ kind }: Named): boolean => placeIn(small, kind) !== null;
  const about = inRequest.filter(isAbout);
  // The id of something new is only in the answer; a refused call has none.
  const isNew = CREATES.test(event);
  const answer = isNew || about.length === 0 ? leavesOf(record.responseElements) : [];
  const created = kindsIn(answer, here.service).filter(isAbout);
  const answered = new Set(created.map(({ kind }) => kind));
  const known = isNew ? [...created, ...about.filter(({ kind }) => !answered.has(kind))] : about;
  if (known.length > 0) return targetsFor(inOrder(known, small), here);

  if (!isNew && created.length > 0 && inRequest.length === 0)
    return targetsFor(inOrder(created, small), here);
  const noun = eventNoun(here.service, event);
  const named = unknownResources(asked, noun, here, 'after-the-event');
  if (named.length > 0) return named;
  const other = inRequest.find(({ kind, depth }) => !kind.isBackground && depth <= 2);
  if (other) return targetsFor([other], here);
  const fresh = unknownResources(answer, noun, here, 'after-the-event');
  if (fresh.length > 0) return fresh;
  const any = unknownResources(asked, noun, here, 'any');
  if (any.length > 0) return any;
  return targetsFor(inRequest.slice(0, 1), here);
}

/** Each kind once, in the table's order of the record, with the outermost values that name it. */
function kindsIn(leaves: readonly Leaf[], service: string): readonly Named[] {
  const found = new Map<Kind, Named>();
  for (const { path, value } of leaves) {
    const depth = path.length;
    if (depth > MAX_PLACE || typeof value !== 'string') continue;
    const kind = kindOf(service, path[depth - 1] ?? '');
    if (!kind) continue;
    const before = found.get(kind);
    if (!before || depth < before.depth) found.set(kind, { kind, depth, values: [value] });
    else if (depth === before.depth) (before.values as string[]).push(value);
  }
  return [...found.values()];
}

/** As the event names them, the longer noun first: AddUserToGroup is about the user, then the group. */
const inOrder = (named: readonly Named[], event: string): readonly Named[] =>
  named
    .map((one) => ({ one, place: placeIn(event, one.kind) ?? { at: Number.MAX_SAFE_INTEGER, length: 0 } }))
    .sort((a, b) => a.place.at - b.place.at || b.place.length - a.place.length)
    .map(({ one }) => one);

const targetsFor = (named: readonly Named[], here: Place): readonly Target[] =>
  named.flatMap(({ kind, values }) => values.map((value) => resourceNamed(kind.word, value, here)));

function standIn(record: CloudTrailRecord, account: string): Target {
  const whole = resource(`account/${account}`, `account ${account}`);
  if (ON_THE_ACCOUNT.test(plainEvent(record.eventName))) return whole;
  const arn = record.userIdentity?.sessionContext?.sessionIssuer?.arn || record.userIdentity?.arn;
  return arn ? resource(arn, arn.slice(arn.lastIndexOf(':') + 1)) : whole;
}
