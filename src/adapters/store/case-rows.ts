// Cases: the JSON body is the truth, the columns beside it are for finding it. Every write is conditional on the version.
import { sql } from 'kysely';
import { isAtLeast, type Severity } from '../../case/alert.ts';
import { answeredAt, type Case, isMonitored } from '../../case/case.ts';
import { CountersignError } from '../../case/errors.ts';
import { type CaseId, parseUserId, type UserId } from '../../case/ids.ts';
import { say } from '../../case/said.ts';
import { type CaseState, isOpen } from '../../case/transitions.ts';
import type { CaseFilter, StoreTransaction } from '../../ports/case-store.ts';
import type { Database } from './engine.ts';
import { keyText } from './key-text.ts';
import type { Scope } from './scope.ts';

const DEFAULT_LIMIT = 50;
/** Below it a few alerts that anybody can set off would shut out whoever decides. See docs/decisions/0012. */
const IN_QUESTION_FROM: Severity = 'medium';
/** Something is still asked or being carried out. */
const UNDER_WAY: readonly CaseState[] = ['routing', 'asking', 'executing', 'undoing'];

export const parseCase = (row: { readonly body: string } | undefined): Case | null =>
  row ? (JSON.parse(row.body) as Case) : null;

export const readCase = async (db: Database, id: CaseId): Promise<Case | null> =>
  parseCase(await db.selectFrom('cases').select('body').where('id', '=', id).executeTakeFirst());

export const findCase = async (db: Database, ref: string): Promise<Case | null> =>
  parseCase(
    await db
      .selectFrom('cases')
      .select('body')
      .where('ref', '=', keyText(ref.toUpperCase()))
      .executeTakeFirst(),
  );

export async function listCases(db: Database, filter: CaseFilter): Promise<readonly Case[]> {
  if (filter.states?.length === 0) return [];
  const rows = await db
    .selectFrom('cases')
    .select('body')
    .$if(filter.states !== undefined, (query) => query.where('state', 'in', filter.states ?? []))
    .orderBy('opened_at', 'desc')
    .orderBy('id')
    .limit(filter.limit ?? DEFAULT_LIMIT)
    .execute();
  return rows.flatMap((row) => parseCase(row) ?? []);
}

export async function isSubjectOfOpenCase(db: Database, user: UserId, except: CaseId): Promise<boolean> {
  const row = await db
    .selectFrom('cases')
    .select('id')
    .where('subject_id', '=', user)
    .where('state', 'in', UNDER_WAY)
    .where('id', '<>', except)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

type CaseMethods = Pick<
  StoreTransaction,
  | 'lockCase'
  | 'findOpenCase'
  | 'findAnsweredCase'
  | 'findTakenOver'
  | 'lockPerson'
  | 'askedOfPerson'
  | 'isSubjectOfOpenCase'
  | 'insertCase'
  | 'saveCase'
>;

export function createCaseMethods(scope: Scope): CaseMethods {
  const forUpdate = scope.engine.locksRows ? sql`for update` : sql``;

  async function lock(condition: ReturnType<typeof sql>): Promise<Case | null> {
    const { rows } = await sql<{
      body: string;
    }>`select body from cases where ${condition} ${forUpdate}`.execute(scope.db);
    const found = parseCase(rows[0]);
    if (found) scope.locked.add(found.id);
    return found;
  }

  return {
    lockCase: (id) => lock(sql<boolean>`id = ${id}`),
    findOpenCase: (groupKey) => lock(sql<boolean>`open_group = ${keyText(groupKey)}`),
    async findAnsweredCase(groupKey, sinceIso) {
      const latest = await lock(sql`group_key = ${keyText(groupKey)} order by opened_at desc, id limit 1`);
      const at = latest && answeredAt(latest);
      return at && at >= sinceIso ? latest : null;
    },
    async findTakenOver(groupKey) {
      const latest = await lock(sql`group_key = ${keyText(groupKey)} order by opened_at desc, id limit 1`);
      return latest?.supersededBy ? latest : null;
    },
    lockPerson: (person) => scope.engine.lockName(scope.db, `countersign.person ${person}`),
    async askedOfPerson(person) {
      const { rows } = await sql<{
        body: string;
      }>`select body from cases where person_id = ${person} and state in ('routing', 'asking')
        order by opened_at, id ${forUpdate}`.execute(scope.db);
      const found = rows.flatMap((row) => parseCase(row) ?? []);
      for (const { id } of found) scope.locked.add(id);
      return found;
    },
    isSubjectOfOpenCase: (user, except) => isSubjectOfOpenCase(scope.db, user, except),

    async insertCase(created) {
      const inserted = await scope.db
        .insertInto('cases')
        .values({ ...columns(created), open_group: isOpen(created.state) ? keyText(created.groupKey) : null })
        // Not an error to the database, so that PostgreSQL does not void the whole transaction. A reference that is
        // taken ends here too: another run of the transaction draws another.
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (!inserted)
        throw new CountersignError(
          'store.twin',
          'A case is already open for this group, or has this reference.',
          {
            retryable: true,
          },
        );
      scope.locked.add(created.id);
      scope.heads.set(created.id, null);
    },

    async saveCase(next) {
      const group = keyText(next.groupKey);
      const free = sql<string>`case when exists
        (select 1 from cases other where other.open_group = ${group} and other.id <> ${next.id})
        then null else cast(${group} as text) end`;
      const saved = await scope.db
        .updateTable('cases')
        .set({ ...columns(next), open_group: isOpen(next.state) ? free : null })
        .where('id', '=', next.id)
        .where('version', '=', next.version - 1)
        .returning('id')
        .executeTakeFirst();
      if (!saved)
        throw new CountersignError('store.stale', `Case ${next.ref} was changed by somebody else.`, {
          say: say('errors.store-stale'),
          retryable: true,
        });
      scope.locked.add(next.id);
    },
  };
}

const columns = (about: Case) => ({
  id: about.id,
  ref: about.ref,
  state: about.state,
  version: about.version,
  // A claimed case leaves its group to later matches, and still is the last word on it.
  group_key: keyText(about.groupKey.replaceAll(`|claimed:${about.id}`, '')),
  // What is only monitored, or of little weight, puts nobody in question for other cases.
  subject_id: isMonitored(about) || !isAtLeast(about.severity, IN_QUESTION_FROM) ? null : subjectId(about),
  person_id: subjectId(about),
  opened_at: about.openedAt,
  body: JSON.stringify(about),
});

const subjectId = (about: Case) =>
  about.subject?.id ?? (about.hint.kind === 'entra' ? parseUserId(about.hint.id) : null);
