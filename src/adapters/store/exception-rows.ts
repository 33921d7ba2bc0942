// Exceptions: the body as it was made, and beside it what changes and what they are found by.
import type { Actor } from '../../case/case.ts';
import type { Exception } from '../../case/exception.ts';
import type { Exceptions } from '../../ports/exceptions.ts';
import type { Database } from './engine.ts';
import { keyText } from './key-text.ts';
import type { Schema } from './schema.ts';
import type { Scope } from './scope.ts';

type Row = Pick<Schema['exception'], 'body' | 'revoked' | 'held' | 'last_at'>;

/** Newest first. */
export async function exceptionsInForce(db: Database, at: string): Promise<readonly Exception[]> {
  const rows = await db
    .selectFrom('exception')
    .select(['body', 'revoked', 'held', 'last_at'])
    .where('until_ms', '>', Date.parse(at))
    .where('revoked', 'is', null)
    .orderBy('made_ms', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(parseException);
}

export function createExceptions(scope: Scope): Exceptions {
  return {
    async save({ revoked, held, lastAt, ...made }) {
      await scope.db
        .insertInto('exception')
        .values({
          id: keyText(made.id),
          made_ms: Date.parse(made.at),
          until_ms: Date.parse(made.until),
          revoked: revoked ? JSON.stringify(revoked) : null,
          held,
          last_at: lastAt ?? null,
          body: JSON.stringify(made),
        })
        .execute();
    },

    inForce: (at) => exceptionsInForce(scope.db, at),

    async find(id) {
      const row = await scope.db
        .selectFrom('exception')
        .select(['body', 'revoked', 'held', 'last_at'])
        .where('id', '=', keyOf(id))
        .executeTakeFirst();
      return row ? parseException(row) : null;
    },

    async revoke(id, by, at) {
      const { numUpdatedRows } = await scope.db
        .updateTable('exception')
        .set({ revoked: JSON.stringify({ by, at }) })
        .where('id', '=', keyOf(id))
        .where('until_ms', '>', Date.parse(at))
        .where('revoked', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async count(id, at) {
      const { numUpdatedRows } = await scope.db
        .updateTable('exception')
        .set((eb) => ({ held: eb('held', '+', 1), last_at: at }))
        .where('id', '=', keyOf(id))
        .where('until_ms', '>', Date.parse(at))
        .where('revoked', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

const keyOf = (id: string): string => keyText(id.toUpperCase());

function parseException({ body, revoked, held, last_at }: Row): Exception {
  const made = JSON.parse(body) as Omit<Exception, 'held' | 'lastAt' | 'revoked'>;
  return {
    ...made,
    held,
    ...(last_at !== null && { lastAt: last_at }),
    ...(revoked !== null && { revoked: JSON.parse(revoked) as { by: Actor; at: string } }),
  };
}
