// Seals the trail: at intervals, a signed checkpoint over the heads of all chains goes to a log outside the database.
// What to seal is worked out from that log alone, so each replica's log is complete on its own.
import type { KeyObject } from 'node:crypto';
import { NO_HASH } from '../case/audit-chain.ts';
import type { CaseId } from '../case/ids.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { type Checkpoint, checkpointHash, parseCheckpoint, signCheckpoint } from './checkpoint.ts';

export interface SealerParts {
  readonly trail: AuditTrail;
  readonly log: CheckpointLog;
  /** Ed25519 private key, see key.ts. */
  readonly key: KeyObject;
  readonly clock: Clock;
}

export interface Sealer {
  /** The checkpoint as appended; null when no chain has moved. Calls that overlap wait for each other. */
  seal(): Promise<Checkpoint | null>;
}

interface LogState {
  readonly number: number;
  readonly hash: string;
  /** Case to the hash of its head when it was last sealed. */
  readonly sealed: Map<CaseId, string>;
}

export function createSealer({ trail, log, key, clock }: SealerParts): Sealer {
  let state: LogState | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  async function sealNow(): Promise<Checkpoint | null> {
    const current = state ?? (await readState(log));
    // Until the append is known to have worked, only the log itself knows how it ends.
    state = null;
    const all = await trail.heads();
    const heads = all.filter((head) => current.sealed.get(head.caseId) !== head.hash);
    if (heads.length === 0) {
      state = current;
      return null;
    }
    const checkpoint = signCheckpoint(
      { number: current.number + 1, at: isoTime(clock), previous: current.hash, cases: all.length, heads },
      key,
    );
    await log.append(JSON.stringify(checkpoint));
    state = follow(current, checkpoint);
    return checkpoint;
  }

  return {
    seal() {
      const result = queue.then(sealNow);
      queue = result.catch(() => undefined);
      return result;
    },
  };
}

async function readState(log: CheckpointLog): Promise<LogState> {
  const { lines } = await log.read();
  return lines.reduce<LogState>(
    (state, line) => {
      const checkpoint = parseCheckpoint(line);
      return checkpoint ? follow(state, checkpoint) : state;
    },
    { number: 0, hash: NO_HASH, sealed: new Map() },
  );
}

function follow({ sealed }: LogState, checkpoint: Checkpoint): LogState {
  for (const head of checkpoint.heads) sealed.set(head.caseId, head.hash);
  return { number: checkpoint.number, hash: checkpointHash(checkpoint), sealed };
}
