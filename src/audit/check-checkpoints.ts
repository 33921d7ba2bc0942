// Checks the checkpoint log itself, and gathers what it vouches for.
import type { KeyObject } from 'node:crypto';
import { NO_HASH } from '../case/audit-chain.ts';
import type { CaseId } from '../case/ids.ts';
import { type Checkpoint, checkpointHash, isSignedBy, parseCheckpoint } from './checkpoint.ts';
import type { Problem, ProblemKind } from './report.ts';

/** Sequence to the hashes that were ever sealed there, for one case: two of them prove that something was rewritten. */
export type SealedEntries = ReadonlyMap<number, ReadonlySet<string>>;

export interface CheckedLog {
  readonly problems: readonly Problem[];
  readonly sealed: ReadonlyMap<CaseId, SealedEntries>;
  readonly count: number;
  readonly sealedAt: string | null;
  readonly tornLines: number;
}

/** Only checkpoints with our signature vouch for anything; one out of place still does, because we did sign it. */
export function checkCheckpoints(lines: readonly string[], torn: boolean, publicKey: KeyObject): CheckedLog {
  const problems: Problem[] = [];
  const sealed = new Map<CaseId, Map<number, Set<string>>>();
  let last: Checkpoint | null = null;
  let count = 0;
  /** Unreadable lines since the last good one: forgiven when the next checkpoint follows on without them. */
  let unreadable = 0;
  let tornLines = 0;
  const report = (kind: ProblemKind, says: string) => problems.push({ kind, caseId: null, says });

  lines.forEach((line, index) => {
    const checkpoint = parseCheckpoint(line);
    const where = `Line ${index + 1} of the checkpoint log`;
    if (!checkpoint) {
      unreadable++;
      return;
    }
    if (!isSignedBy(checkpoint, publicKey)) {
      report('checkpoint-forged', `${where} was not signed with our key, or was altered after signing.`);
      return;
    }
    const misplaced = whatIsWrong(checkpoint, last);
    if (misplaced) report(misplaced.kind, `${where}: ${misplaced.says}`);
    else tornLines += unreadable;
    unreadable = 0;
    last = checkpoint;
    count++;
    for (const { caseId, seq, hash } of checkpoint.heads) {
      const ofCase = sealed.get(caseId) ?? new Map<number, Set<string>>();
      sealed.set(caseId, ofCase.set(seq, (ofCase.get(seq) ?? new Set()).add(hash)));
    }
  });

  // A crash leaves at most one line without an end. Anything else unreadable at the end was done by somebody.
  if (unreadable === 1 && torn) tornLines++;
  else if (unreadable > 0)
    report('checkpoint-altered', `${unreadable} lines at the end of the checkpoint log are not checkpoints.`);
  const newest = last as Checkpoint | null;
  return { problems, sealed, count, sealedAt: newest?.at ?? null, tornLines };
}

function whatIsWrong(
  checkpoint: Checkpoint,
  last: Checkpoint | null,
): { readonly kind: ProblemKind; readonly says: string } | null {
  const expected = (last?.number ?? 0) + 1;
  if (checkpoint.number > expected)
    return {
      kind: 'checkpoint-missing',
      says: `checkpoint ${expected} should be here, this is ${checkpoint.number}.`,
    };
  if (checkpoint.previous !== (last ? checkpointHash(last) : NO_HASH))
    return {
      kind: 'checkpoint-altered',
      says: `checkpoint ${checkpoint.number} does not follow the one before it: altered, repeated or out of order.`,
    };
  return null;
}
