// What correlations remember. Written in the transaction that stores the alert, so that an event is counted exactly when it is kept.
import { sql } from 'kysely';
import { MAX_WINDOW_EVENTS, type Windows } from '../../ports/windows.ts';
import { keyText } from './key-text.ts';
import type { Scope } from './scope.ts';

/** Databases bound how many parameters one statement takes. */
const MARKED_TOGETHER = 500;

export function createWindows(scope: Scope): Windows {
  async function isFull(window: string): Promise<boolean> {
    const { rows } = await sql<{ kept: number }>`select count(*) as kept from
      (select 1 from window_event where window_id = ${window} limit ${MAX_WINDOW_EVENTS}) counted`.execute(
      scope.db,
    );
    return (rows[0]?.kept ?? 0) >= MAX_WINDOW_EVENTS;
  }

  const locked = new Set<string>();

  return {
    async lock(window) {
      if (locked.has(window)) return;
      await scope.engine.lockName(scope.db, `countersign.window ${window}`);
      locked.add(window);
    },

    async add(window, event, oldMs) {
      const windowId = keyText(window);
      const eventId = keyText(event.eventId);
      const known = await scope.db
        .selectFrom('window_event')
        .select('at_ms')
        .where('window_id', '=', windowId)
        .where('event_id', '=', eventId)
        .executeTakeFirst();
      if (known) return 'known';
      if (await isFull(windowId)) {
        await scope.db
          .deleteFrom('window_event')
          .where('window_id', '=', windowId)
          .where('at_ms', '<=', oldMs)
          .execute();
        if (await isFull(windowId)) return 'full';
      }
      const { atMs, rule, value, onward } = event;
      const row = { window_id: windowId, event_id: eventId, at_ms: atMs, rule, value: valueText(value) };
      await scope.db
        .insertInto('window_event')
        .values({ ...row, crossed: 0, onward })
        .execute();
      return 'added';
    },

    async read(window, afterMs, untilMs) {
      const rows = await scope.db
        .selectFrom('window_event')
        .select(['event_id', 'at_ms', 'rule', 'value', 'crossed', 'onward'])
        .where('window_id', '=', keyText(window))
        .where('at_ms', '>', afterMs)
        .where('at_ms', '<=', untilMs)
        .orderBy('at_ms')
        .execute();
      return (
        rows
          .map(({ event_id, at_ms, rule, value, crossed, onward }) => ({
            ...{ eventId: event_id, atMs: at_ms, rule, value, onward },
            crossed: crossed === 1,
          }))
          // Here, because databases sort texts by languages.
          .sort((one, other) => one.atMs - other.atMs || (one.eventId < other.eventId ? -1 : 1))
      );
    },

    async markCrossed(window, eventIds) {
      for (let start = 0; start < eventIds.length; start += MARKED_TOGETHER)
        await scope.db
          .updateTable('window_event')
          .set({ crossed: 1 })
          .where('window_id', '=', keyText(window))
          .where('event_id', 'in', eventIds.slice(start, start + MARKED_TOGETHER))
          .execute();
    },

    async defer(key, dueMs, body) {
      const row = await scope.db
        .insertInto('window_due')
        .values({ key: keyText(key), due_ms: dueMs, body })
        .onConflict((conflict) => conflict.doNothing())
        .returning('key')
        .executeTakeFirst();
      return row !== undefined;
    },

    async takeDue(nowMs, limit) {
      const due = scope.db
        .selectFrom('window_due')
        .select(['key', 'body'])
        .where('due_ms', '<=', nowMs)
        .orderBy('due_ms')
        .orderBy('key')
        .limit(limit);
      const taken = await (scope.engine.locksRows ? due.forUpdate().skipLocked() : due).execute();
      const keys = taken.map(({ key }) => key);
      if (keys.length > 0) await scope.db.deleteFrom('window_due').where('key', 'in', keys).execute();
      return taken.map(({ key, body }) => ({ key, body }));
    },

    async forget(beforeMs) {
      await scope.db.deleteFrom('window_event').where('at_ms', '<', beforeMs).execute();
    },
  };
}

/** Each of the values by itself, so that long ones still count apart. */
const valueText = (value: string): string => value.split('\n').map(keyText).join('\n');
