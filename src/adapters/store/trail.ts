// The audit trail for reading: page by page, so that a long trail neither fills the memory nor stops the event loop.
import { sql } from 'kysely';
import type { Case } from '../../case/case.ts';
import { caseDigest } from '../../case/case-digest.ts';
import type { CaseId } from '../../case/ids.ts';
import type { JsonObject } from '../../case/json.ts';
import type { AuditEntry, AuditHead, AuditTrail } from '../../ports/audit-trail.ts';
import type { Database, Engine } from './engine.ts';

const PAGE = 500;

export function createTrail(read: Engine['read']): AuditTrail {
  return {
    async *entries() {
      let last = { caseId: '' as CaseId, seq: 0 };
      for (;;) {
        const page = await read((db) => readPage(db, last));
        yield* page;
        const end = page.at(-1);
        if (!end || page.length < PAGE) return;
        last = end;
      }
    },

    async entriesOf(caseId, afterSeq = 0) {
      const found: AuditEntry[] = [];
      for (;;) {
        const page = await read((db) => readPage(db, { caseId, seq: found.at(-1)?.seq ?? afterSeq }));
        const mine = page.filter((entry) => entry.caseId === caseId);
        found.push(...mine);
        if (mine.length < PAGE) return found;
      }
    },

    rowDigests: (caseId) => read((db) => readDigests(db, caseId)),

    async heads() {
      const heads: AuditHead[] = [];
      for (;;) {
        const page = await read((db) => readHeads(db, heads.at(-1)?.caseId ?? ('' as CaseId)));
        heads.push(...page);
        if (page.length < PAGE) return heads;
      }
    },
  };
}

async function readPage(db: Database, after: { caseId: CaseId; seq: number }): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entry as entry')
    .leftJoin('audit_personal as beside', (join) =>
      join.onRef('beside.case_id', '=', 'entry.case_id').onRef('beside.seq', '=', 'entry.seq'),
    )
    .selectAll('entry')
    .select(['beside.salt', 'beside.personal'])
    .where(sql<boolean>`(entry.case_id, entry.seq) > (${after.caseId}, ${after.seq})`)
    .orderBy('entry.case_id')
    .orderBy('entry.seq')
    .limit(PAGE)
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    caseId: row.case_id,
    at: row.at,
    kind: row.kind,
    facts: parseStored(row.facts),
    personalDigest: row.personal_digest,
    previous: row.previous,
    hash: row.hash,
    personal: row.personal === null ? null : parseStored(row.personal),
    salt: row.salt,
  }));
}

async function readDigests(db: Database, caseId: CaseId) {
  // One statement, so that a transition cannot come between the two.
  const { rows } = await sql<{ body: string | null; facts: string | null }>`select
    (select body from cases where id = ${caseId}) as body,
    (select facts from audit_entry where case_id = ${caseId} and facts like '%"digest":%'
      order by seq desc limit 1) as facts`.execute(db);
  const digest = parseStored(rows[0]?.facts ?? '{}').digest;
  const body = rows[0]?.body;
  return {
    row: body ? caseDigest(parseStored(body) as unknown as Case) : null,
    recorded: typeof digest === 'string' ? digest : null,
  };
}

/** Text that is no JSON was tampered with: it is handed on, so that the check finds it instead of failing. */
function parseStored(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {}
  return { unreadable: text };
}

async function readHeads(db: Database, after: CaseId): Promise<AuditHead[]> {
  const rows = await db
    .selectFrom('audit_entry as entry')
    .innerJoin(
      (chains) =>
        chains
          .selectFrom('audit_entry')
          .select((eb) => ['case_id', eb.fn.max('seq').as('seq')])
          .where('case_id', '>', after)
          .groupBy('case_id')
          .orderBy('case_id')
          .limit(PAGE)
          .as('head'),
      (join) => join.onRef('head.case_id', '=', 'entry.case_id').onRef('head.seq', '=', 'entry.seq'),
    )
    .select(['entry.case_id', 'entry.seq', 'entry.hash'])
    .orderBy('entry.case_id')
    .execute();
  return rows.map((row) => ({ caseId: row.case_id, seq: row.seq, hash: row.hash }));
}
