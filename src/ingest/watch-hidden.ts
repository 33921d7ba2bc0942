// Buckets that the watch cannot look at are one question an account: whoever keeps our role out of a bucket hides what else is done
// to it, and a role that lacks a permission sees nothing at all.
import type { Alert } from '../case/alert.ts';
import { CountersignError, errorText } from '../case/errors.ts';
import { distinctSaid, type Said, say, textsOf } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { BucketTarget } from '../case/target.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { FOR_THE_RECORD, type Words } from '../ports/words.ts';
import type { Receipt } from './accept-alerts.ts';
import { lastingTrouble } from './lasting-trouble.ts';
import { isPassing } from './look-at-buckets.ts';
import { type Unreadable, unreadableAlert, unreadableId } from './sources/bucket-inventory.ts';

export interface Looked {
  readonly bucket: BucketTarget;
  /** Null where it could not be told. */
  readonly open: boolean | null;
  readonly reasons: readonly Said[];
  /** It could not be told, for a reason that passes by itself. */
  readonly passing?: true;
}

interface Parts {
  readonly store: Pick<CaseStore, 'readMark' | 'writeMark'>;
  readonly words: Words;
  /** When it began to look. */
  readonly at: string;
  /** Alerts whose end ends a case. */
  readonly waiting: ReadonlySet<string>;
  accept(alerts: readonly Alert[]): Promise<readonly Receipt[]>;
}

/** What was asked about last: names of buckets, or `*` for the account as a whole. */
const markOf = (account: string): string => `inventory.hidden.${account}`;
const ALL = '*';

/**
 * `seen`: every bucket of the account, or why they cannot be listed. What it asked about before is told again as it was: only more
 * of it is news, and whether the same asks again is told by what became of the case.
 */
export async function askAboutHidden(
  account: string,
  seen: readonly Looked[] | CountersignError,
  { store, words, at, waiting, accept }: Parts,
): Promise<void> {
  const before: readonly string[] = JSON.parse((await store.readMark(markOf(account))) ?? '[]');
  const lasting = await lastingTrouble(account, inTrouble(seen), store);
  const isAsked = (name: string): boolean => before.includes(name) || lasting.has(name);
  // Its trouble may pass; what is asked about it says nothing of that yet.
  if (seen instanceof CountersignError && isPassing(seen) && !isAsked(ALL)) return;
  const hidden = hiddenOf(account, seen, isAsked);
  const names = hidden.isAll ? [ALL] : hidden.buckets.map(({ name }) => name);
  if (names.length === 0 && before.length === 0 && !waiting.has(unreadableId(account))) return;
  const isSame = names.length > 0 && names.every((name) => before.includes(name));
  const asked = isSame ? before : names;
  const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
  await accept([unreadableAlert({ ...hidden, asked }, at, write)]);
  await store.writeMark(markOf(account), JSON.stringify(asked));
}

function inTrouble(seen: readonly Looked[] | CountersignError): readonly string[] {
  if (seen instanceof CountersignError) return isPassing(seen) ? [ALL] : [];
  return seen.filter(({ passing }) => passing).map(({ bucket }) => bucket.name);
}

/** `isAsked`: what should have passed by itself is asked about, by its name. */
function hiddenOf(
  account: string,
  seen: readonly Looked[] | CountersignError,
  isAsked: (name: string) => boolean,
): Omit<Unreadable, 'asked'> {
  if (seen instanceof CountersignError) {
    const why = isPassing(seen) ? LASTING : LACKING;
    const says = sentences([say('s3.look.no-list', { account }), why]);
    return { account, buckets: [], isAll: true, reasons: [says, `${errorText(seen)}.`] };
  }
  const closed = seen
    .filter(({ open, passing, bucket }) => open === null && (!passing || isAsked(bucket.name)))
    .sort(byName);
  const why = distinctSaid(closed.flatMap(({ reasons }) => reasons));
  const denied = closed.some(({ reasons }) => reasons.some(isOwnPolicy));
  const lasting = closed.some(({ passing }) => passing);
  // Of a single bucket there is nothing to compare with: it may as well be hidden.
  if (closed.length > 1 && closed.length === seen.length && !denied && !lasting) {
    const says = sentences([say('s3.look.no-bucket', { n: seen.length, account }), LACKING]);
    return { account, buckets: [], isAll: true, reasons: [says, ...why.slice(0, 1)] };
  }
  const buckets = closed.map(({ bucket }) => bucket);
  const says = [
    say('s3.look.some', { n: closed.length, all: seen.length }),
    ...(denied ? [say('s3.look.denied')] : []),
    ...(lasting ? [LASTING] : []),
  ];
  return { account, buckets, isAll: false, reasons: closed.length > 0 ? [...says, ...why] : [] };
}

/** No permission of ours is missing then. ("Access denied message examples" in the S3 user guide.) */
const OWN_POLICY = /explicit deny in a resource-based policy/;
const isOwnPolicy = (reason: Said): boolean => textsOf(reason).some((text) => OWN_POLICY.test(text));
const LACKING = say('s3.look.lacking');
const LASTING = say('s3.look.lasting');

const byName = ({ bucket: one }: Looked, { bucket: other }: Looked): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
