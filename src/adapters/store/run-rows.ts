// Runs of governance actions, with the request ids they caused.

import type { CaseId } from '../../case/ids.ts';
import type { Run } from '../../case/run.ts';
import { holdKey } from '../../case/target.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import type { Database } from './engine.ts';
import { keyText } from './key-text.ts';
import type { Scope } from './scope.ts';

/** In the order in which they were planned. */
export async function runsOf(db: Database, caseId: CaseId): Promise<readonly Run[]> {
  const rows = await db
    .selectFrom('run')
    .select('body')
    .where('case_id', '=', caseId)
    .orderBy('created_ms')
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows.map((row) => JSON.parse(row.body) as Run);
}

type RunMethods = Pick<StoreTransaction, 'runsOf' | 'findRun' | 'saveRun' | 'caseRelyingOn'>;

export function createRunMethods(scope: Scope): RunMethods {
  return {
    runsOf: (caseId) => runsOf(scope.db, caseId),

    async findRun(id) {
      const row = await scope.db.selectFrom('run').select('body').where('id', '=', id).executeTakeFirst();
      return row ? (JSON.parse(row.body) as Run) : null;
    },

    async saveRun(run) {
      const current = { state: run.state, position: run.position, body: JSON.stringify(run) };
      await scope.db
        .insertInto('run')
        .values({
          id: run.id,
          case_id: run.caseId,
          target_key: keyText(holdKey(run.target)),
          created_ms: scope.clock.now(),
          ...current,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(current))
        .execute();
      if (run.requestIds.length === 0) return;
      await scope.db
        .insertInto('request_id')
        .values(
          run.requestIds.map((id) => ({
            request_id: keyText(id),
            run_id: run.id,
            noted_ms: scope.clock.now(),
          })),
        )
        .onConflict((conflict) =>
          conflict
            .column('request_id')
            .doUpdateSet({ run_id: run.id })
            .where('request_id.run_id', 'is', null),
        )
        .execute();
    },

    /** By when it was proven, not by the claim: the line for a target lets the strongest go first. */
    async caseRelyingOn(run) {
      const { created_ms } = await scope.db
        .selectFrom('run')
        .select('created_ms')
        .where('id', '=', run.id)
        .executeTakeFirstOrThrow();
      const others = await scope.db
        .selectFrom('run')
        .innerJoin('cases', 'cases.id', 'run.case_id')
        .select(['cases.ref', 'run.body', 'run.created_ms'])
        .where('run.target_key', '=', keyText(holdKey(run.target)))
        .where('run.case_id', '<>', run.caseId)
        .where('run.state', 'in', ['executing', 'executed', 'verified', 'kept'])
        .orderBy('run.created_ms')
        .execute();
      const since = run.verifiedAt === null ? created_ms : Date.parse(run.verifiedAt);
      return others.find((other) => provenAt(other) >= since)?.ref ?? null;
    },
  };
}

/** What is still to be proven has its hands on it now, whenever it was claimed; on what is gone nobody has. */
function provenAt({ body, created_ms }: { readonly body: string; readonly created_ms: number }): number {
  const { state, verifiedAt, gone } = JSON.parse(body) as Run;
  if (gone) return Number.NEGATIVE_INFINITY;
  if (state !== 'verified' && state !== 'kept') return Number.POSITIVE_INFINITY;
  return verifiedAt === null ? created_ms : Date.parse(verifiedAt);
}
