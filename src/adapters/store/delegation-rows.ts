// Who answers in whose place: one row a person, what they set last.
import type { Delegation } from '../../case/asking.ts';
import type { Delegations } from '../../ports/delegations.ts';
import type { Scope } from './scope.ts';

export function createDelegations(scope: Scope): Delegations {
  return {
    async save({ revokedAt = null, ...delegation }) {
      const row = {
        until_ms: Date.parse(delegation.until),
        revoked_at: revokedAt,
        body: JSON.stringify(delegation),
      };
      await scope.db
        .insertInto('delegation')
        .values({ from_id: delegation.from, ...row })
        .onConflict((conflict) => conflict.column('from_id').doUpdateSet(row))
        .execute();
    },

    // `setAt` is not compared: the replica that asks may have the slower clock.
    async of(from, at) {
      const row = await scope.db
        .selectFrom('delegation')
        .select('body')
        .where('from_id', '=', from)
        .where('until_ms', '>', Date.parse(at))
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return row ? (JSON.parse(row.body) as Delegation) : null;
    },

    async revoke(from, at) {
      const { numUpdatedRows } = await scope.db
        .updateTable('delegation')
        .set({ revoked_at: at })
        .where('from_id', '=', from)
        .where('until_ms', '>', Date.parse(at))
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
