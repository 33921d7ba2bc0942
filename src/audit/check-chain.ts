// Checks one case's chain against itself and against what was sealed of it. Pure.
import { type ChainHead, entryHash, NO_HASH, personalDigest } from '../case/audit-chain.ts';
import type { AuditEntry } from '../ports/audit-trail.ts';
import type { SealedEntries } from './check-checkpoints.ts';
import type { Problem, ProblemKind } from './report.ts';

export interface CheckedChain {
  readonly problems: readonly Problem[];
  readonly unprotected: number;
  readonly erased: number;
}

const erasedSeqs = (entry: AuditEntry): readonly unknown[] =>
  entry.kind === 'audit.erased' && Array.isArray(entry.facts.seqs) ? entry.facts.seqs : [];

/** `entries` are those of one case, by sequence; at least one. */
export function checkChain(entries: readonly AuditEntry[], sealed: SealedEntries): CheckedChain {
  const problems: Problem[] = [];
  const recorded = new Set(entries.flatMap(erasedSeqs));
  const sealedTo = Math.max(0, ...sealed.keys());
  let erased = 0;
  let head: ChainHead = { seq: 0, hash: NO_HASH };

  for (const entry of entries) {
    const report = (kind: ProblemKind, says: string, seq = entry.seq) =>
      problems.push({ kind, caseId: entry.caseId, seq, says });
    const isNext = entry.seq === head.seq + 1;
    for (let seq = head.seq + 1; seq < entry.seq; seq++)
      report('entry-missing', `Entry ${seq} is missing.`, seq);
    if (entryHash(entry) !== entry.hash)
      report('entry-altered', `Entry ${entry.seq} (${entry.kind}) was altered.`);
    else if (isNext && entry.previous !== head.hash)
      report(
        'entry-altered',
        `Entry ${entry.seq} does not follow the entry before it: one of the two was replaced.`,
      );
    if ([...(sealed.get(entry.seq) ?? [])].some((hash) => hash !== entry.hash))
      report('chain-rewritten', `Entry ${entry.seq} is not the one that was sealed.`);
    if (entry.personal === null || entry.salt === null) {
      erased++;
      if (!recorded.has(entry.seq))
        report(
          'erasure-unrecorded',
          `The personal data of entry ${entry.seq} is gone, and no erasure was recorded.`,
        );
    } else if (personalDigest(entry.salt, entry.personal) !== entry.personalDigest)
      report('personal-altered', `The personal data of entry ${entry.seq} was altered.`);
    head = entry;
  }

  const caseId = entries[0]?.caseId ?? null;
  if (head.seq < sealedTo)
    problems.push({
      kind: 'chain-shortened',
      caseId,
      seq: sealedTo,
      says: `The chain ends at entry ${head.seq}, but was sealed up to entry ${sealedTo}.`,
    });
  return { problems, unprotected: entries.filter((entry) => entry.seq > sealedTo).length, erased };
}
