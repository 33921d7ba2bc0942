// Digests in the database: one open one a reader by a unique index, lines as what was put to the reader, and what each card showed.
import { sql } from 'kysely';
import type { Case } from '../../case/case.ts';
import type { DigestId, QuestionId } from '../../case/ids.ts';
import type { Digest, DigestLine, Digests, Drawn, Put } from '../../ports/digests.ts';
import type { Database } from './engine.ts';
import { keyText } from './key-text.ts';
import type { Schema } from './schema.ts';
import type { Scope } from './scope.ts';

const DAY_MS = 86_400_000;
/** Of one digest: a button on a card that is older than so many later ones is out of date. */
const DRAWN_KEPT = 20;

export function createDigests(scope: Scope): Digests {
  const find = async (id: DigestId): Promise<Digest | null> => {
    const row = await scope.db
      .selectFrom('digest')
      .selectAll()
      .where('id', '=', keyText(id) as DigestId)
      .executeTakeFirst();
    return row ? toDigest(row) : null;
  };
  return {
    ...createPuts(scope),
    ...createDrawings(scope),
    find,

    async latestOf(reader) {
      const row = await scope.db
        .selectFrom('digest')
        .selectAll()
        .where('reader', '=', keyText(reader))
        .orderBy('opened_ms', 'desc')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row ? toDigest(row) : null;
    },

    async lock(id) {
      await scope.engine.lockName(scope.db, `countersign.digest ${id}`);
      return find(id);
    },

    async save({ id, reader, open, openedAtMs, ...body }) {
      const row = {
        id,
        reader: keyText(reader),
        open: open ? 1 : 0,
        opened_ms: Math.round(openedAtMs),
        body: JSON.stringify(body),
      };
      await scope.db
        .insertInto('digest')
        .values({ ...row, version: 0, drawing_token: 0, drawing_until_ms: null })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ open: row.open, body: row.body }))
        .execute();
    },

    linesOf: async (id) => toLines(await putsIn(scope.db).where('question_put.digest_id', '=', id).execute()),
  };
}

/** A reminder has a row of its own; no question's id holds this. */
const REMINDER = ' reminder ';
const keyOf = (questionId: QuestionId, reminder = 0): QuestionId =>
  (reminder > 0 ? `${questionId}${REMINDER}${reminder}` : questionId) as QuestionId;

function createPuts(
  scope: Scope,
): Pick<Digests, 'lockReader' | 'findPut' | 'countPuts' | 'countCards' | 'cardsOf' | 'put'> {
  return {
    lockReader: (reader) => scope.engine.lockName(scope.db, `countersign.reader ${reader}`),

    async findPut(reader, questionId, reminder) {
      const row = await scope.db
        .selectFrom('question_put')
        .selectAll()
        .where('reader', '=', keyText(reader))
        .where('question_id', '=', keyOf(questionId, reminder))
        .executeTakeFirst();
      return row ? toPut(row) : null;
    },

    async countCards(reader, sinceMs) {
      const row = await scope.db
        .selectFrom('question_put')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('reader', '=', keyText(reader))
        .where('digest_id', 'is', null)
        .where('at_ms', '>', Math.round(sinceMs))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },

    cardsOf: async (reader) =>
      toLines(
        await putsIn(scope.db)
          .where('question_put.reader', '=', keyText(reader))
          .where('question_put.digest_id', 'is', null)
          .where(sql<string>`question_put.question_id`, 'not like', `%${REMINDER}%`)
          .execute(),
      ),

    async countPuts(reader, sinceMs) {
      const row = await scope.db
        .selectFrom('question_put')
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max<number>('at_ms').as('last_ms')])
        .where('reader', '=', keyText(reader))
        .where('at_ms', '>', Math.round(sinceMs))
        .executeTakeFirst();
      return { count: Number(row?.count ?? 0), lastMs: Number(row?.last_ms ?? 0) };
    },

    async put({ reader, questionId, caseId, atMs, digest, reminder }) {
      await scope.db
        .deleteFrom('question_put')
        .where('reader', '=', keyText(reader))
        .where('digest_id', 'is', null)
        .where('at_ms', '<', Math.round(atMs) - DAY_MS)
        .execute();
      await scope.db
        .insertInto('question_put')
        .values({
          reader: keyText(reader),
          question_id: keyOf(questionId, reminder),
          case_id: caseId,
          at_ms: Math.round(atMs),
          digest_id: digest,
        })
        .onConflict((conflict) =>
          conflict.columns(['reader', 'question_id']).doUpdateSet({ digest_id: digest }),
        )
        .execute();
    },
  };
}

function createDrawings(
  scope: Scope,
): Pick<Digests, 'takeDrawing' | 'endDrawing' | 'saveDrawn' | 'findDrawn'> {
  const { nowMs } = scope.engine;
  return {
    async takeDrawing(id, leaseMs) {
      const row = await scope.db
        .updateTable('digest')
        .set((eb) => ({
          drawing_token: eb('drawing_token', '+', 1),
          drawing_until_ms: sql<number>`${nowMs} + cast(${Math.round(leaseMs)} as bigint)`,
        }))
        .where('id', '=', id)
        .where((eb) => eb.or([eb('drawing_until_ms', 'is', null), eb('drawing_until_ms', '<=', nowMs)]))
        .returning('drawing_token')
        .executeTakeFirst();
      return row?.drawing_token ?? null;
    },

    async endDrawing(id, token) {
      const row = await scope.db
        .updateTable('digest')
        .set({ drawing_until_ms: null })
        .where('id', '=', id)
        .where('drawing_token', '=', token)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async saveDrawn(id, drawn) {
      const { version } = await scope.db
        .updateTable('digest')
        .set((eb) => ({ version: eb('version', '+', 1) }))
        .where('id', '=', id)
        .returning('version')
        .executeTakeFirstOrThrow();
      await scope.db
        .deleteFrom('digest_drawn')
        .where('digest_id', '=', id)
        .where('version', '<=', version - DRAWN_KEPT)
        .execute();
      await scope.db
        .insertInto('digest_drawn')
        .values({ digest_id: id, version, body: JSON.stringify(drawn) })
        .execute();
      return version;
    },

    async findDrawn(id, version) {
      const row = await scope.db
        .selectFrom('digest_drawn')
        .select('body')
        .where('digest_id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      return row ? (JSON.parse(row.body) as Drawn) : null;
    },
  };
}

const putsIn = (db: Database) =>
  db
    .selectFrom('question_put')
    .innerJoin('cases', 'cases.id', 'question_put.case_id')
    .select(['question_put.question_id', 'question_put.case_id', 'question_put.at_ms', 'cases.body'])
    .orderBy('question_put.at_ms')
    .orderBy('question_put.question_id');

function toLines(rows: Awaited<ReturnType<ReturnType<typeof putsIn>['execute']>>): readonly DigestLine[] {
  const latest = new Map(rows.map((row) => [row.case_id, row]));
  return rows
    .filter((row) => latest.get(row.case_id) === row)
    .map((row) => ({
      about: JSON.parse(row.body) as Case,
      questionId: row.question_id,
      atMs: row.at_ms,
    }));
}

const toPut = (row: Schema['question_put']): Put => ({
  reader: row.reader,
  questionId: row.question_id,
  caseId: row.case_id,
  atMs: row.at_ms,
  digest: row.digest_id,
});

const toDigest = (row: Schema['digest']): Digest => ({
  ...JSON.parse(row.body),
  id: row.id,
  reader: row.reader,
  open: row.open === 1,
  openedAtMs: row.opened_ms,
});
