// "Expected", "keep it so" and "hand it to the security team", once it is clear who has said so: what becomes of the case.
import type { Case, Decision } from '../case/case.ts';
import { say } from '../case/said.ts';
import { isDryRun } from '../case/settings.ts';
import { standingLines, stillStanding } from '../case/standing.ts';
import { writeBackSteps } from '../case/verdict.ts';
import type { StoreTransaction } from '../ports/case-store.ts';
import { expectUntil } from './expected-until.ts';
import type { Change, DecideParts } from './parts.ts';
import { holdForUndo, undoableOf } from './request-undo.ts';
import { sign, standingSignatures } from './sign.ts';
import { reasonsFor, weigh } from './signatures.ts';

/** "Expected", with or without a date. What was contained before anybody had answered is let go. */
export async function dismiss(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  parts: DecideParts,
): Promise<Change> {
  const weighed = await weighNow(tx, about, decision, parts);
  if (weighed.kind !== 'enough') return sign(about, decision, weighed);
  const expected = await expectUntil(tx, about, [...weighed.agreeing, decision], parts);
  const released = about.containedFirst
    ? await release(tx, about, about.containedFirst.decision, parts)
    : null;
  if (released) return { ...released, patch: { outcome: expected, voids: 0 } };
  const says = [...stillStanding(await tx.runsOf(about.id)), ...expected];
  return {
    event: 'dismissed',
    patch: { outcome: says.length > 0 ? says : [say('decide.nothing-changed')], voids: 0 },
    steps: writeBackSteps(about, { kind: 'dismissed', says, decision }),
  };
}

async function weighNow(tx: StoreTransaction, about: Case, decision: Decision, parts: DecideParts) {
  const signatures = await standingSignatures(tx, about, decision, parts);
  const undoLetsIn = undoableOf(await tx.runsOf(about.id), parts).some(parts.undoLetsIn);
  const reasons = reasonsFor(about, decision, signatures, parts.settings, { undoLetsIn });
  return weigh(about, decision, signatures, reasons, parts.settings);
}

/** Null where nothing of it can be put back: then what stands is said. */
async function release(
  tx: StoreTransaction,
  about: Case,
  decision: number,
  parts: DecideParts,
): Promise<Change | null> {
  if (isDryRun(about.policy.id, parts.settings)) return null;
  const runs = undoableOf(await tx.runsOf(about.id), parts).filter((run) => run.decision === decision);
  const last = runs.toSorted((a, b) => b.position - a.position)[0];
  if (!last) return null;
  await holdForUndo(tx, about, runs);
  return {
    event: 'released',
    patch: {},
    steps: [{ kind: 'revert', key: last.id }],
    cancel: ['ask', 'chase'],
  };
}

/** What was contained before anybody had answered stays so. */
export async function keep(
  tx: StoreTransaction,
  about: Case,
  decision: Decision,
  parts: DecideParts,
): Promise<Change> {
  const weighed = await weighNow(tx, about, decision, parts);
  if (weighed.kind !== 'enough') return sign(about, decision, weighed);
  const standing = standingLines(await tx.runsOf(about.id));
  return {
    event: 'kept',
    patch: { outcome: standing, voids: 0 },
    steps: writeBackSteps(about, { kind: 'contained', says: standing, decision }),
    cancel: ['ask', 'chase'],
  };
}

export function escalate(about: Case, decision: Decision): Change {
  return {
    event: 'escalated',
    patch: { toSecurity: say('decide.handed-over', { name: decision.by.name }) },
    steps: [{ kind: 'route', key: '' }, ...writeBackSteps(about, { kind: 'escalated', says: [], decision })],
  };
}
