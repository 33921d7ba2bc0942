// Looks at the buckets of every listed account, asks about those that are public, and lets the question go once they no longer
// are. What cannot be looked at is asked about by itself, and changes nothing else. Buckets that a case asks about already are left
// to it.
import type { Alert } from '../case/alert.ts';
import { errorText, isCountersignError } from '../case/errors.ts';
import type { Said } from '../case/said.ts';
import { targetKey } from '../case/target.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';
import { FOR_THE_RECORD, type Words } from '../ports/words.ts';
import type { Receipt } from './accept-alerts.ts';
import { lookAtBuckets } from './look-at-buckets.ts';
import { bucketOf, inventoryAlert, inventoryId } from './sources/bucket-inventory.ts';
import { readUnderWay } from './under-way.ts';
import { askAboutHidden, type Looked } from './watch-hidden.ts';

export interface WatchParts {
  readonly accounts: readonly string[];
  readonly storage: ObjectStorage;
  readonly store: CaseStore;
  readonly words: Words;
  readonly clock: Clock;
  readonly log: Log;
  accept(alerts: readonly Alert[]): Promise<readonly Receipt[]>;
  /** Before AWS is asked again; by the system's own time when absent. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

export interface WatchReport {
  readonly looked: number;
  readonly public: number;
  readonly unreadable: number;
}

/** Which buckets of the account were public when it was last looked at. */
const markOf = (account: string): string => `inventory.public.${account}`;

/** One round. An account that cannot be listed is logged, and hides no other. */
export async function watchBuckets(parts: WatchParts): Promise<WatchReport> {
  const total = { looked: 0, public: 0, unreadable: 0 };
  for (const account of parts.accounts) {
    // Of two replicas that look at once, whoever began earlier saw the older world, whoever is done first.
    const at = isoTime(parts.clock);
    const seen = await lookAt(account, at, parts);
    if (!seen) {
      total.unreadable += 1;
      continue;
    }
    const { looked, public: open, unreadable } = await fileWhatWasSeen(account, at, seen, parts);
    total.looked += looked;
    total.public += open;
    total.unreadable += unreadable;
  }
  return total;
}

type Seen = ReadonlyMap<string, Looked>;

/** Null where the account cannot be listed, which is asked about. */
async function lookAt(account: string, at: string, parts: WatchParts): Promise<Seen | null> {
  const seen = new Map<string, Looked>();
  try {
    for await (const { bucket, public: open, reasons, passing } of lookAtBuckets(
      account,
      parts.storage,
      parts.pause,
    ))
      seen.set(inventoryId(bucket), { bucket, open, reasons, ...(passing && { passing }) });
    return seen;
  } catch (error) {
    parts.log.warn({ account, reason: errorText(error) }, 'buckets could not be listed');
    if (isCountersignError(error)) await askAboutHidden(account, error, { ...parts, at, waiting: new Set() });
    return null;
  }
}

async function fileWhatWasSeen(
  account: string,
  at: string,
  seen: Seen,
  parts: WatchParts,
): Promise<WatchReport> {
  const { store, words } = parts;
  const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
  const looked = [...seen.values()];
  const underWay = await readUnderWay(store);
  const marked: readonly string[] = JSON.parse((await store.readMark(markOf(account))) ?? '[]');
  // A case may not have been able to end when its bucket was first found private: it is told again.
  const before = [...new Set([...marked, ...underWay.waiting])].filter(
    (id) => bucketOf(id, '')?.account === account,
  );
  const fresh = looked.filter(
    ({ bucket, open }) => open === true && !underWay.buckets.has(targetKey(bucket)),
  );
  // Gone, or looked at and private: whatever asked about it is let go. One that could not be looked at stays as it was.
  const closed = before.filter((id) => !seen.has(id) || seen.get(id)?.open === false);
  await parts.accept([
    ...fresh.map(({ bucket, reasons }) => inventoryAlert(bucket, reasons, at, write)),
    ...closed.flatMap((id) => {
      const bucket = seen.get(id)?.bucket ?? bucketOf(id, '');
      return bucket ? [inventoryAlert(bucket, [], at, write)] : [];
    }),
  ]);
  const open = looked.filter((one) => one.open === true).map(({ bucket }) => inventoryId(bucket));
  const unknown = before.filter((id) => seen.get(id)?.open === null);
  await store.writeMark(markOf(account), JSON.stringify([...new Set([...open, ...unknown])].sort()));
  await askAboutHidden(account, looked, { ...parts, at, waiting: underWay.waiting });
  const unreadable = looked.filter((one) => one.open === null).length;
  return { looked: looked.length, public: open.length, unreadable };
}
