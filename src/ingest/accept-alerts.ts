// Stores alerts exactly once and opens, joins or closes cases for them: all of a delivery in one transaction, or nothing.
// Never calls out: what needs a look-up is a step that runs later.
import type { Alert } from '../case/alert.ts';
import { isCountersignError } from '../case/errors.ts';
import type { CaseId } from '../case/ids.ts';
import { isOpen } from '../case/transitions.ts';
import type { CaseStore, StoredAlert, StoreTransaction } from '../ports/case-store.ts';
import { isoTime } from '../ports/clock.ts';
import type { Windows } from '../ports/windows.ts';
import { isSpokenFor, isWatched } from './found-again.ts';
import type { Opening } from './open-case.ts';
import { type Home, type Landed, type OpenParts, type Outcome, placeAlert } from './place-alert.ts';

export interface Receipt {
  readonly source: string;
  readonly sourceId: string;
  readonly outcome: Outcome;
  /** The case's reference, where there is one. */
  readonly case: string | null;
  /** Held back by this exception: nobody is asked. */
  readonly exception?: string;
}

export interface AcceptParts extends OpenParts {
  /** Which policies the alert raises, and about whom. Has no effect but on the windows in which it is counted. */
  judge(alert: Alert, isOurs: boolean, windows: Windows): Promise<readonly Opening[]>;
  /** The windows in which `judge` may count it. Pure. */
  windowsOf(alert: Alert): readonly string[];
}

const TWIN_RETRIES = 8;

/** Commits, then answers one receipt an alert, in order. Throws without having stored anything. */
export async function acceptAlerts(
  alerts: readonly Alert[],
  parts: AcceptParts,
): Promise<readonly Receipt[]> {
  // All of a delivery's, in one order for everybody: two deliveries that count the same must not wait for each other.
  const windows = [...new Set(alerts.flatMap((alert) => parts.windowsOf(alert)))].sort();
  return transactUntilWon(parts.store, async (tx) => {
    for (const window of windows) await tx.windows.lock(window);
    const receipts: Receipt[] = [];
    for (const alert of alerts) receipts.push(await acceptOne(tx, alert, parts));
    return receipts;
  });
}

/** Another replica opened or changed the same case between our read and our write: reads again, and joins. */
export async function transactUntilWon<Result>(
  store: CaseStore,
  work: (tx: StoreTransaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await store.transact(work);
    } catch (error) {
      const raced =
        isCountersignError(error) && (error.code === 'store.twin' || error.code === 'store.stale');
      if (!raced || attempt >= TWIN_RETRIES) throw error;
    }
  }
}

async function acceptOne(tx: StoreTransaction, alert: Alert, parts: AcceptParts): Promise<Receipt> {
  const receipt = (outcome: Outcome, ref: string | null): Receipt => ({
    source: alert.source,
    sourceId: alert.sourceId,
    outcome,
    case: ref,
  });
  const known = await tx.findAlert(alert.source, alert.sourceId, alert.revision);
  if (known && isRepeat(known, alert)) return receipt('repeat', known.caseRef);

  const home = known?.caseId ? await homeOf(tx, known.caseId) : null;
  const current = home?.about;
  const news = known?.fingerprint !== alert.fingerprint;
  if (current && alert.resolved && isOpen(current.state)) {
    await tx.saveAlert(alert, current.id);
    // Whoever may push alerts may not thereby close questions: a step asks Defender itself.
    await tx.addStep(current.id, { kind: 'check-source', key: alert.sourceId });
    return receipt('recorded', current.ref);
  }
  const isFound = known !== null && !news && alert.source === 'inventory' && !alert.resolved;
  const asksAgain = isFound && (!current || !(await isSpokenFor(tx, current, alert, isoTime(parts.clock))));
  // Status, comments, our own write-back: the alert moved on, what happened did not.
  if (known && !news && !asksAgain) {
    await tx.saveAlert(alert, known.caseId);
    return receipt('recorded', known.caseRef);
  }

  const isOurs = alert.requestId ? await tx.isOurRequest(alert.requestId) : false;
  const raised = await parts.judge(alert, isOurs, tx.windows);
  const openings = isFound ? raised.filter((opening) => !isWatched(home, opening)) : raised;
  let first: Landed | null = null;
  for (const opening of openings) {
    const landed = await placeAlert(tx, home, opening, alert, parts);
    // What asks somebody says more about the alert than what was held back.
    if (!first || first.outcome === 'held-back') first = landed;
  }
  await tx.saveAlert(alert, first?.id ?? known?.caseId ?? null);
  return {
    ...receipt(first?.outcome ?? 'recorded', first?.ref ?? known?.caseRef ?? null),
    ...(first?.exception && { exception: first.exception }),
  };
}

/**
 * The same revision with the same content, or an older one of an alert that has its case. A revision that says something else
 * than the one before it is news, whatever its time: what came first may have been wrong, or meant to hide it.
 */
function isRepeat(known: StoredAlert, alert: Alert): boolean {
  const same = known.fingerprint === alert.fingerprint;
  if (alert.revision === known.revision) return same;
  return (known.seen || alert.revision < known.revision) && (same || known.caseId !== null);
}

/** Where another case has taken over the one that the alert went to, that one. */
async function homeOf(tx: StoreTransaction, id: CaseId): Promise<Home | null> {
  const policies: string[] = [];
  for (let about = await tx.lockCase(id); about; ) {
    policies.push(about.policy.id);
    const next = about.supersededBy ? await tx.lockCase(about.supersededBy) : null;
    if (!next) return { about, policies };
    about = next;
  }
  return null;
}
