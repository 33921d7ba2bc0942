// Buckets that the watch cannot look at are one question an account: whoever keeps our role out of a bucket hides what else is done
// to it, and a role that lacks a permission sees nothing at all.
import type { Alert } from '../case/alert.ts';
import { errorText } from '../case/errors.ts';
import { distinctSaid, type Said, say, textsOf } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { BucketTarget } from '../case/target.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { FOR_THE_RECORD, type Words } from '../ports/words.ts';
import type { Receipt } from './accept-alerts.ts';
import { type Unreadable, unreadableAlert } from './sources/bucket-inventory.ts';

export interface Looked {
  readonly bucket: BucketTarget;
  /** Null where it could not be told. */
  readonly open: boolean | null;
  readonly reasons: readonly Said[];
}

interface Parts {
  readonly store: Pick<CaseStore, 'readMark' | 'writeMark'>;
  readonly words: Words;
  readonly clock: Clock;
  accept(alerts: readonly Alert[]): Promise<readonly Receipt[]>;
}

/** What was asked about last: names of buckets, or `*` for the account as a whole. */
const markOf = (account: string): string => `inventory.hidden.${account}`;
const ALL = '*';

/** `seen`: every bucket of the account, or why they cannot be listed. Asks when there is one that it did not ask about yet. */
export async function askAboutHidden(
  account: string,
  seen: readonly Looked[] | Error,
  { store, words, clock, accept }: Parts,
): Promise<void> {
  const hidden = hiddenOf(account, seen);
  const names = hidden.isAll ? [ALL] : hidden.buckets.map(({ name }) => name);
  const before: readonly string[] = JSON.parse((await store.readMark(markOf(account))) ?? '[]');
  const asked = new Set(before);
  if (names.length > 0 ? names.every((name) => asked.has(name)) : asked.size === 0) return;
  const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
  await accept([unreadableAlert(hidden, isoTime(clock), write)]);
  await store.writeMark(markOf(account), JSON.stringify(names));
}

function hiddenOf(account: string, seen: readonly Looked[] | Error): Unreadable {
  if (seen instanceof Error) {
    const says = sentences([say('s3.look.no-list', { account }), LACKING]);
    return { account, buckets: [], isAll: true, reasons: [says, `${errorText(seen)}.`] };
  }
  const closed = seen.filter(({ open }) => open === null).sort(byName);
  const why = distinctSaid(closed.flatMap(({ reasons }) => reasons));
  const denied = closed.some(({ reasons }) => reasons.some(isOwnPolicy));
  // Of a single bucket there is nothing to compare with: it may as well be hidden.
  if (closed.length > 1 && closed.length === seen.length && !denied) {
    const says = sentences([say('s3.look.no-bucket', { n: seen.length, account }), LACKING]);
    return { account, buckets: [], isAll: true, reasons: [says, ...why.slice(0, 1)] };
  }
  const buckets = closed.map(({ bucket }) => bucket);
  const says = [
    say('s3.look.some', { n: closed.length, all: seen.length }),
    ...(denied ? [say('s3.look.denied')] : []),
  ];
  return { account, buckets, isAll: false, reasons: closed.length > 0 ? [...says, ...why] : [] };
}

/** No permission of ours is missing then. ("Access denied message examples" in the S3 user guide.) */
const OWN_POLICY = /explicit deny in a resource-based policy/;
const isOwnPolicy = (reason: Said): boolean => textsOf(reason).some((text) => OWN_POLICY.test(text));
const LACKING = say('s3.look.lacking');

const byName = ({ bucket: one }: Looked, { bucket: other }: Looked): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
