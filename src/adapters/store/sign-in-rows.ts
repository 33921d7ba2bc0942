// The latest fresh sign-in of each person. An older one never takes the place of a newer one, in whatever order they arrive.
import type { SignIns } from '../../ports/sign-ins.ts';
import type { Scope } from './scope.ts';

export function createSignIns(scope: Scope): SignIns {
  return {
    async save(user, authTime) {
      await scope.db
        .insertInto('sign_in')
        .values({ user_id: user, auth_ms: Date.parse(authTime) })
        .onConflict((conflict) =>
          conflict
            .column('user_id')
            .doUpdateSet((eb) => ({ auth_ms: eb.ref('excluded.auth_ms') }))
            .whereRef('sign_in.auth_ms', '<', 'excluded.auth_ms'),
        )
        .execute();
    },
    async latest(user) {
      const row = await scope.db
        .selectFrom('sign_in')
        .select('auth_ms')
        .where('user_id', '=', user)
        .executeTakeFirst();
      return row ? new Date(Number(row.auth_ms)).toISOString() : null;
    },
  };
}
