// Where the cards of a case lie, and which version each shows.
import type { CardCopy } from '../../case/case.ts';
import type { CaseId } from '../../case/ids.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import type { Database } from './engine.ts';
import type { Scope } from './scope.ts';

/** Oldest first. */
export async function copiesOf(db: Database, caseId: CaseId): Promise<readonly CardCopy[]> {
  const rows = await db
    .selectFrom('card_copy')
    .select('body')
    .where('case_id', '=', caseId)
    .orderBy('created_ms')
    .orderBy('id')
    .execute();
  return rows.map((row) => JSON.parse(row.body) as CardCopy);
}

type CopyMethods = Pick<StoreTransaction, 'copiesOf' | 'saveCopy' | 'removeCopy'>;

export function createCopyMethods(scope: Scope): CopyMethods {
  return {
    copiesOf: (caseId) => copiesOf(scope.db, caseId),
    async saveCopy(copy) {
      const body = JSON.stringify(copy);
      await scope.db
        .insertInto('card_copy')
        .values({ id: copy.id, case_id: copy.caseId, created_ms: scope.clock.now(), body })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ body }))
        .execute();
    },
    async removeCopy(id) {
      await scope.db.deleteFrom('card_copy').where('id', '=', id).execute();
    },
  };
}
