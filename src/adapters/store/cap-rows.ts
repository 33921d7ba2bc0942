// Uses of what is capped an hour, by the millisecond. They are counted and taken under one lock, and go with their transaction.
import type { CapSlot, StoreTransaction } from '../../ports/case-store.ts';
import { keyText } from './key-text.ts';
import type { Scope } from './scope.ts';

const HOUR_MS = 3_600_000;
/** Replicas' clocks may differ: what is over for one of them may still count for another. */
const KEPT_MS = 2 * HOUR_MS;

export function createCapMethods(scope: Scope): Pick<StoreTransaction, 'reserveSlots' | 'fullSlots'> {
  return {
    async reserveSlots(slots, options) {
      if (slots.length === 0) return [];
      // One lock for all caps, not one a key: nothing to order, and an approval is a person's click.
      await scope.engine.lockName(scope.db, 'countersign.caps');
      const now = scope.clock.now();
      const full = await fullSlots(slots, now, scope);
      if (full.length > 0 && !options?.beyond) return full;
      await scope.db
        .deleteFrom('cap_use')
        .where('at_ms', '<=', now - KEPT_MS)
        .execute();
      await scope.db
        .insertInto('cap_use')
        .values(slots.map(({ key, uses }) => ({ key: keyText(key), at_ms: Math.floor(now), uses })))
        .onConflict((conflict) =>
          conflict
            .columns(['key', 'at_ms'])
            .doUpdateSet((eb) => ({ uses: eb('cap_use.uses', '+', eb.ref('excluded.uses')) })),
        )
        .execute();
      return [];
    },

    fullSlots: async (slots) => (slots.length === 0 ? [] : fullSlots(slots, scope.clock.now(), scope)),
  };
}

async function fullSlots(slots: readonly CapSlot[], now: number, scope: Scope): Promise<readonly CapSlot[]> {
  const used = await usesSince(now - HOUR_MS, slots, scope);
  return slots.filter(({ key, uses, cap }) => (used.get(keyText(key)) ?? 0) + uses > cap);
}

async function usesSince(sinceMs: number, slots: readonly CapSlot[], { db }: Scope) {
  const rows = await db
    .selectFrom('cap_use')
    .select((eb) => ['key', eb.fn.sum<number>('uses').as('uses')])
    .where(
      'key',
      'in',
      slots.map((slot) => keyText(slot.key)),
    )
    .where('at_ms', '>', sinceMs)
    .groupBy('key')
    .execute();
  return new Map(rows.map((row) => [row.key, row.uses]));
}
