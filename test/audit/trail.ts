// A real store with a sealed trail, and direct access to its file for whoever wants to tamper with it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCheckpointFile } from '../../src/adapters/store/checkpoint-file.ts';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { createKey, publicKeyOf, readPrivateKey } from '../../src/audit/key.ts';
import type { AuditReport } from '../../src/audit/report.ts';
import { createSealer } from '../../src/audit/seal.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { SYSTEM } from '../../src/case/case.ts';
import type { CaseId } from '../../src/case/ids.ts';
import type { CheckpointLog } from '../../src/ports/checkpoint-log.ts';
import { testWords } from '../helpers/english.ts';

export interface TestTrail {
  readonly store: Store;
  readonly log: CheckpointLog;
  readonly logFile: string;
  readonly clock: { now(): number };
  readonly key: ReturnType<typeof readPrivateKey>;
  seal: ReturnType<typeof createSealer>['seal'];
  verify(): Promise<AuditReport>;
  append(caseId: CaseId, ...kinds: readonly string[]): Promise<void>;
  tamper(sql: string): void;
  close(): Promise<void>;
}

export const A = 'case-a' as CaseId;
export const B = 'case-b' as CaseId;

export async function createTestTrail(): Promise<TestTrail> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-audit-'));
  const clock = { now: () => Date.parse('2026-03-02T09:00:00Z') };
  const store = await openStore({ words: testWords, directory: folder, clock });
  const logFile = join(folder, 'outside', 'checkpoints.jsonl');
  const log = createCheckpointFile(logFile);
  const key = readPrivateKey(createKey());
  return {
    store,
    log,
    logFile,
    clock,
    key,
    seal: createSealer({ trail: store, log, key, clock }).seal,
    verify: () => verifyTrail({ trail: store, log, publicKey: publicKeyOf(key) }),
    append: (caseId, ...kinds) =>
      store.transact(async (tx) => {
        for (const kind of kinds)
          await tx.audit(caseId, {
            kind,
            actor: SYSTEM,
            facts: { kind },
            personal: { comment: `for ${kind}` },
          });
      }),
    tamper(sql) {
      const database = new DatabaseSync(join(folder, 'countersign.sqlite'));
      database.exec(`pragma foreign_keys = off; ${sql}`);
      database.close();
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
