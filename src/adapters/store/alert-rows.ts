// Which alerts are known, in which revisions: what makes ingest idempotent. The vendor's record itself is not kept.
import type { SourceName } from '../../case/alert.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import { keyText } from './key-text.ts';
import type { Scope } from './scope.ts';

type AlertMethods = Pick<StoreTransaction, 'findAlert' | 'saveAlert' | 'isOurRequest'>;

export function createAlertMethods(scope: Scope): AlertMethods {
  return {
    async findAlert(source, sourceId, revision) {
      const key = keyText(sourceId);
      await scope.engine.lockName(scope.db, `countersign.alert ${source} ${key}`);
      const row = await scope.db
        .selectFrom('alert')
        .leftJoin('cases', 'cases.id', 'alert.case_id')
        .select(['alert.case_id', 'cases.ref', 'alert.revision', 'alert.fingerprint'])
        .where('source', '=', source)
        .where('source_id', '=', key)
        .executeTakeFirst();
      if (!row) {
        scope.newAlerts.add(`${source} ${key}`);
        return null;
      }
      const seen =
        revision !== undefined && (row.revision === keyText(revision) || (await hadRevision(revision)));
      return {
        caseId: row.case_id,
        caseRef: row.ref,
        revision: row.revision,
        fingerprint: row.fingerprint,
        seen,
      };

      async function hadRevision(asked: string): Promise<boolean> {
        const before = await scope.db
          .selectFrom('alert_revision')
          .select('revision')
          .where('source', '=', source)
          .where('source_id', '=', key)
          .where('revision', '=', keyText(asked))
          .executeTakeFirst();
        return before !== undefined;
      }
    },

    async saveAlert({ source, sourceId, revision, fingerprint }, caseId) {
      const key = keyText(sourceId);
      if (!scope.newAlerts.delete(`${source} ${key}`)) await keepRevision(scope, source, key);
      const current = { revision: keyText(revision), fingerprint, case_id: caseId };
      await scope.db
        .insertInto('alert')
        .values({ source, source_id: key, ...current })
        .onConflict((conflict) => conflict.columns(['source', 'source_id']).doUpdateSet(current))
        .execute();
    },

    async isOurRequest(requestId) {
      const row = await scope.db
        .selectFrom('request_id')
        .select('request_id')
        .where('request_id', '=', keyText(requestId))
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** The revision that is about to be replaced stays known. */
async function keepRevision(scope: Scope, source: SourceName, key: string): Promise<void> {
  await scope.db
    .insertInto('alert_revision')
    .columns(['source', 'source_id', 'revision'])
    .expression(
      scope.db
        .selectFrom('alert')
        .select(['source', 'source_id', 'revision'])
        .where('source', '=', source)
        .where('source_id', '=', key),
    )
    .onConflict((conflict) => conflict.columns(['source', 'source_id', 'revision']).doNothing())
    .execute();
}
