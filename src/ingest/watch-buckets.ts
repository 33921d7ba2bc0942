// Looks at the buckets of every listed account, asks about those that are public, and lets the question go once they no longer
// are. What cannot be looked at is asked about by itself, and changes nothing else. Buckets that a case is about already are left
// to it.
import type { Alert } from '../case/alert.ts';
import { errorText, isCountersignError } from '../case/errors.ts';
import type { Said } from '../case/said.ts';
import { targetKey } from '../case/target.ts';
import type { CaseState } from '../case/transitions.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';
import { FOR_THE_RECORD, type Words } from '../ports/words.ts';
import type { Receipt } from './accept-alerts.ts';
import { lookAtBuckets } from './look-at-buckets.ts';
import { bucketOf, inventoryAlert, inventoryId } from './sources/bucket-inventory.ts';
import { askAboutHidden, type Looked } from './watch-hidden.ts';

export interface WatchParts {
  readonly accounts: readonly string[];
  readonly storage: ObjectStorage;
  readonly store: CaseStore;
  readonly words: Words;
  readonly clock: Clock;
  readonly log: Log;
  accept(alerts: readonly Alert[]): Promise<readonly Receipt[]>;
}

export interface WatchReport {
  readonly looked: number;
  readonly public: number;
  readonly unreadable: number;
}

const UNDER_WAY: readonly CaseState[] = ['routing', 'asking', 'executing', 'undoing'];
const MOST_CASES = 10_000;
/** Which buckets of the account were public when it was last looked at. */
const markOf = (account: string): string => `inventory.public.${account}`;

/** One round. An account that cannot be listed is logged, and hides no other. */
export async function watchBuckets(parts: WatchParts): Promise<WatchReport> {
  const total = { looked: 0, public: 0, unreadable: 0 };
  for (const account of parts.accounts) {
    try {
      const { looked, public: open, unreadable } = await watchAccount(account, parts);
      total.looked += looked;
      total.public += open;
      total.unreadable += unreadable;
    } catch (error) {
      total.unreadable += 1;
      parts.log.warn({ account, reason: errorText(error) }, 'buckets could not be listed');
      // What passes by itself is looked at in the next round.
      if (isCountersignError(error) && !error.retryable) await askAboutHidden(account, error, parts);
    }
  }
  return total;
}

async function watchAccount(account: string, parts: WatchParts): Promise<WatchReport> {
  const { store, clock, words } = parts;
  const write = (said: Said): string => words.write(said, FOR_THE_RECORD);
  const before: readonly string[] = JSON.parse((await store.readMark(markOf(account))) ?? '[]');
  const seen = new Map<string, Looked>();
  for await (const { bucket, public: open, reasons } of lookAtBuckets(account, parts.storage))
    seen.set(inventoryId(bucket), { bucket, open, reasons });
  const looked = [...seen.values()];
  const taken = await bucketsUnderWay(store);
  const at = isoTime(clock);
  const fresh = looked.filter(({ bucket, open }) => open === true && !taken.has(targetKey(bucket)));
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
  await askAboutHidden(account, looked, parts);
  const unreadable = looked.filter((one) => one.open === null).length;
  return { looked: looked.length, public: open.length, unreadable };
}

async function bucketsUnderWay(store: CaseStore): Promise<ReadonlySet<string>> {
  const cases = await store.listCases({ states: UNDER_WAY, limit: MOST_CASES });
  // The watch's own cases join what it finds again.
  const others = cases.filter(({ sources }) => sources.some(({ source }) => source !== 'inventory'));
  return new Set(others.flatMap(({ targets }) => targets.map(targetKey)));
}
