// Whom the bot can write to, and the small marks that must survive a restart (watermarks, what kind of store this is).
import type { CaseStore, Reachable } from '../../ports/case-store.ts';
import type { Engine } from './engine.ts';
import { keyText } from './key-text.ts';

type ReachableMethods = Pick<
  CaseStore,
  'saveReachable' | 'findReachable' | 'forgetReachable' | 'readMark' | 'writeMark'
>;

export function createReachableMethods({ read, write }: Pick<Engine, 'read' | 'write'>): ReachableMethods {
  return {
    saveReachable: (person) =>
      write(async (db) => {
        const [tenantId, id] = [keyText(person.tenantId), keyText(person.id)];
        const row = await db
          .selectFrom('reachable')
          .select('body')
          .where('tenant_id', '=', tenantId)
          .where('id', '=', id)
          .executeTakeFirst();
        const { locale, timeZone } = (row ? JSON.parse(row.body) : {}) as Partial<Reachable>;
        const body = JSON.stringify({ locale, timeZone, ...person });
        await db
          .insertInto('reachable')
          .values({ tenant_id: tenantId, id, body })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet({ body }))
          .execute();
      }),

    findReachable: (tenantId, id) =>
      read(async (db) => {
        const row = await db
          .selectFrom('reachable')
          .select('body')
          .where('tenant_id', '=', keyText(tenantId))
          .where('id', '=', keyText(id))
          .executeTakeFirst();
        return row ? (JSON.parse(row.body) as Reachable) : null;
      }),

    forgetReachable: (tenantId, id) =>
      write(async (db) => {
        await db
          .deleteFrom('reachable')
          .where('tenant_id', '=', keyText(tenantId))
          .where('id', '=', keyText(id))
          .execute();
      }),

    readMark: (key) =>
      read(async (db) => {
        const row = await db.selectFrom('mark').select('value').where('key', '=', key).executeTakeFirst();
        return row?.value ?? null;
      }),

    writeMark: (key, value) =>
      write(async (db) => {
        await db
          .insertInto('mark')
          .values({ key, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
          .execute();
      }),
  };
}
