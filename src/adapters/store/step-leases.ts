// Taking and giving back steps, for workers. Leases run by the database's clock, so replicas need not agree on the time;
// when a step is due is by the app's clock, so that tests own it.
import { sql } from 'kysely';
import type { CaseId, StepId } from '../../case/ids.ts';
import type { Step } from '../../case/run.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Engine } from './engine.ts';
import { storableText } from './key-text.ts';
import type { Schema } from './schema.ts';
import { heldBy } from './step-rows.ts';

/** The first due step of up to `limit` cases that nobody works on. */
export async function takeSteps(
  db: Database,
  engine: Engine,
  clock: Clock,
  limit: number,
  leaseMs: number,
): Promise<readonly Step[]> {
  const now = Math.floor(clock.now());
  const forUpdate = engine.locksRows ? sql`for update of cases skip locked` : sql``;
  const busy = sql`exists (select 1 from step other
    where other.case_id = step.case_id and other.leased_until_ms > ${engine.nowMs})`;
  // Steps are leased under their case's row lock, which makes "one at a time in a case" hold among replicas.
  const cases = await sql<{ id: string }>`
    select cases.id from cases
    join (select case_id, min(due_ms) as due_ms from step
      where due_ms <= ${now} and not ${busy} group by case_id) due on due.case_id = cases.id
    order by due.due_ms limit ${limit} ${forUpdate}`.execute(db);
  if (cases.rows.length === 0) return [];
  // Read again now that the rows are locked: another replica may have leased one in between.
  const ids = sql.join(cases.rows.map((row) => row.id));
  const due = await sql<{ id: StepId; case_id: CaseId }>`
    select id, case_id from step where case_id in (${ids}) and due_ms <= ${now} and not ${busy}
    order by due_ms, id`.execute(db);
  const firsts = new Map<CaseId, StepId>();
  for (const row of due.rows) if (!firsts.has(row.case_id)) firsts.set(row.case_id, row.id);
  if (firsts.size === 0) return [];
  const taken = await db
    .updateTable('step')
    .set((eb) => ({
      lease_token: eb('lease_token', '+', 1),
      leased_until_ms: sql<number>`${engine.nowMs} + cast(${Math.round(leaseMs)} as bigint)`,
      rerun_ms: sql`case when rerun_ms <= cast(${now} as bigint) then null else rerun_ms end`,
    }))
    .where('case_id', 'in', [...firsts.keys()])
    .where('id', 'in', [...firsts.values()])
    .returningAll()
    .execute();
  return taken.toSorted((a, b) => a.due_ms - b.due_ms).map(toStep);
}

export async function retryStep(
  db: Database,
  clock: Clock,
  step: Step,
  delayMs: number,
  error: string,
  { counts } = { counts: true },
): Promise<void> {
  const due = Math.round(clock.now() + delayMs);
  await db
    .updateTable('step')
    .set((eb) => ({
      attempts: eb('attempts', '+', counts ? 1 : 0),
      due_ms: sql`case when rerun_ms < cast(${due} as bigint) then rerun_ms else cast(${due} as bigint) end`,
      rerun_ms: null,
      leased_until_ms: null,
      last_error: storableText(error),
    }))
    .where((eb) => eb.and(heldBy(step)))
    .execute();
}

/** A step behind a leased one of its case counts from the end of that lease. */
export async function nextDueInMs(db: Database, engine: Engine, clock: Clock): Promise<number | null> {
  const { rows } = await sql<{ due_ms: number | null; lease_ms: number | null }>`select
    (select min(due_ms) from step where leased_until_ms is null and not exists (select 1 from step other
      where other.case_id = step.case_id and other.leased_until_ms > ${engine.nowMs})) as due_ms,
    (select min(leased_until_ms) - ${engine.nowMs} from step where leased_until_ms is not null) as lease_ms`.execute(
    db,
  );
  const { due_ms = null, lease_ms = null } = rows[0] ?? {};
  const waits = [due_ms === null ? null : due_ms - clock.now(), lease_ms].filter((wait) => wait !== null);
  return waits.length === 0 ? null : Math.max(0, Math.min(...waits));
}

const toStep = (row: Schema['step']): Step => ({
  id: row.id,
  caseId: row.case_id,
  kind: row.kind,
  key: row.key,
  attempts: row.attempts,
  leaseToken: row.lease_token,
  body: JSON.parse(row.body),
});

/** Ends every lease: only for a process that knows that no other one works. Late writes of the old holder are refused. */
export async function voidLeases(db: Database): Promise<void> {
  await db
    .updateTable('step')
    .set((eb) => ({ leased_until_ms: null, lease_token: eb('lease_token', '+', 1) }))
    .where('leased_until_ms', 'is not', null)
    .execute();
  await db
    .updateTable('digest')
    .set((eb) => ({ drawing_until_ms: null, drawing_token: eb('drawing_token', '+', 1) }))
    .where('drawing_until_ms', 'is not', null)
    .execute();
}
