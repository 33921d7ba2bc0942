// Runs of governance actions with the request ids they caused, the targets they hold, and the slots of the hourly caps.
import { sql } from 'kysely';
import type { Run } from '../../case/case.ts';
import type { CaseId } from '../../case/ids.ts';
import { targetKey } from '../../case/target.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import type { Database } from './engine.ts';
import { keyText } from './key-text.ts';
import type { Scope } from './scope.ts';

const HOUR_MS = 3_600_000;

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

type RunMethods = Pick<
  StoreTransaction,
  'runsOf' | 'findRun' | 'saveRun' | 'holdTarget' | 'releaseTargets' | 'caseRelyingOn' | 'reserveSlot'
>;

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
          target_key: keyText(targetKey(run.target)),
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

    async holdTarget(key, caseId) {
      const held = await scope.db
        .insertInto('target_hold')
        .values({ target_key: keyText(key), case_id: caseId })
        .onConflict((conflict) =>
          conflict
            .column('target_key')
            .doUpdateSet({ case_id: caseId })
            .where('target_hold.case_id', '=', caseId),
        )
        .returning('case_id')
        .executeTakeFirst();
      return held !== undefined;
    },

    async releaseTargets(caseId) {
      await scope.db.deleteFrom('target_hold').where('case_id', '=', caseId).execute();
    },

    async caseRelyingOn(run) {
      const { created_ms } = await scope.db
        .selectFrom('run')
        .select('created_ms')
        .where('id', '=', run.id)
        .executeTakeFirstOrThrow();
      const other = await scope.db
        .selectFrom('run')
        .innerJoin('cases', 'cases.id', 'run.case_id')
        .select('cases.ref')
        .where('run.target_key', '=', keyText(targetKey(run.target)))
        .where('run.case_id', '<>', run.caseId)
        .where('run.created_ms', '>=', created_ms)
        .where('run.state', 'in', ['executing', 'executed', 'verified'])
        .limit(1)
        .executeTakeFirst();
      return other?.ref ?? null;
    },

    async reserveSlot(action, cap) {
      if (cap < 1) return false;
      const hour = Math.floor(scope.clock.now() / HOUR_MS);
      const slot = await scope.db
        .insertInto('cap_slot')
        .values({ action, hour, used: 1 })
        .onConflict((conflict) =>
          conflict
            .columns(['action', 'hour'])
            .doUpdateSet({ used: sql`cap_slot.used + 1` })
            .where('cap_slot.used', '<', cap),
        )
        .returning('used')
        .executeTakeFirst();
      return slot !== undefined;
    },
  };
}
