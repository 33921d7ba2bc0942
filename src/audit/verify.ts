// Checks the whole trail against itself and against the checkpoints. Reads only; finds, and never mends.
import type { KeyObject } from 'node:crypto';
import type { AuditEntry, AuditTrail } from '../ports/audit-trail.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import { checkChain } from './check-chain.ts';
import { checkCheckpoints } from './check-checkpoints.ts';
import type { AuditReport, Problem } from './report.ts';

export interface VerifyParts {
  readonly trail: AuditTrail;
  readonly log: Pick<CheckpointLog, 'read'>;
  readonly publicKey: KeyObject;
  /** Milliseconds since 1970: entries older than a while want a checkpoint. The present when absent. */
  readonly now?: number;
}

/** Longer than any sensible interval between two seals. */
const GRACE_MS = 24 * 3_600_000;

/** May run beside a working bot: what is appended meanwhile counts as not yet protected. */
export async function verifyTrail({
  trail,
  log,
  publicKey,
  now = Date.now(),
}: VerifyParts): Promise<AuditReport> {
  // The log first: everything that it vouches for was committed before, so the entries read after it must hold it.
  const { lines, torn } = await log.read();
  const checked = checkCheckpoints(lines, torn, publicKey);
  const problems: Problem[] = [...checked.problems];
  const missing = new Map(checked.sealed);
  let oldest = '9999';
  const counts = { cases: 0, entries: 0, unprotected: 0, erased: 0 };

  for await (const chain of byCase(trail.entries())) {
    const caseId = chain[0].caseId;
    const result = checkChain(chain, checked.sealed.get(caseId) ?? new Map());
    problems.push(...result.problems);
    const { row, recorded } = await trail.rowDigests(caseId);
    if (recorded !== null && row !== recorded)
      problems.push({
        kind: 'case-altered',
        caseId,
        says: row
          ? 'The case is not as its last entry left it: its row was changed past Countersign.'
          : 'The case is gone, although its entries are there.',
      });
    if (chain[0].at < oldest) oldest = chain[0].at;
    missing.delete(caseId);
    counts.cases++;
    counts.entries += chain.length;
    counts.unprotected += result.unprotected;
    counts.erased += result.erased;
  }
  for (const [caseId, sealed] of missing)
    problems.push({
      kind: 'case-deleted',
      caseId,
      says: `All entries of this case are gone; it was sealed up to entry ${Math.max(...sealed.keys())}.`,
    });
  if (checked.count === 0 && Date.parse(oldest) < now - GRACE_MS)
    problems.push({
      kind: 'never-sealed',
      caseId: null,
      says: 'There is no checkpoint at all. Is this the right checkpoint file?',
    });
  return {
    ok: problems.length === 0,
    problems,
    ...counts,
    checkpoints: checked.count,
    sealedAt: checked.sealedAt,
    tornLines: checked.tornLines,
  };
}

async function* byCase(
  entries: AsyncIterable<AuditEntry>,
): AsyncIterable<readonly [AuditEntry, ...AuditEntry[]]> {
  let chain: [AuditEntry, ...AuditEntry[]] | null = null;
  for await (const entry of entries) {
    if (chain && chain[0].caseId === entry.caseId) {
      chain.push(entry);
      continue;
    }
    if (chain) yield chain;
    chain = [entry];
  }
  if (chain) yield chain;
}
