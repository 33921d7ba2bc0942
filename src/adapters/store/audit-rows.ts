// Appends to a case's audit chain inside the transition's own transaction. Entries are never changed and never deleted here.
import { randomBytes } from 'node:crypto';
import { type ChainHead, linkEntry } from '../../case/audit-chain.ts';
import type { CaseId } from '../../case/ids.ts';
import type { JsonObject } from '../../case/json.ts';
import { writeOut } from '../../case/written.ts';
import type { AuditNote } from '../../ports/audit-trail.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import { isoTime } from '../../ports/clock.ts';
import type { Scope } from './scope.ts';

const SALT_BYTES = 16;

type AuditMethods = Pick<StoreTransaction, 'audit' | 'erasePersonal'>;

export function createAuditMethods(scope: Scope, lockCase: StoreTransaction['lockCase']): AuditMethods {
  async function headOf(caseId: CaseId): Promise<ChainHead | null> {
    const known = scope.heads.get(caseId);
    if (known !== undefined) return known;
    // Else two transactions could both append after the same head, and the primary key would stop one only at its end.
    if (!scope.locked.has(caseId) && !(await lockCase(caseId)))
      await scope.engine.lockName(scope.db, `countersign.chain ${caseId}`);
    const head = await scope.db
      .selectFrom('audit_entry')
      .select(['seq', 'hash'])
      .where('case_id', '=', caseId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return head ?? null;
  }

  async function audit(caseId: CaseId, note: AuditNote): Promise<void> {
    const head = await headOf(caseId);
    const { kind, actor } = note;
    const facts: JsonObject = writeOut(note.facts, scope.write);
    const personal: JsonObject = writeOut(note.personal ?? {}, scope.write);
    const entry = linkEntry(
      head,
      { caseId, at: isoTime(scope.clock), kind, facts },
      { actor: { ...actor }, personal },
      randomBytes(SALT_BYTES).toString('hex'),
    );
    await scope.db
      .insertInto('audit_entry')
      .values({
        case_id: caseId,
        seq: entry.seq,
        at: entry.at,
        kind,
        facts: JSON.stringify(facts),
        personal_digest: entry.personalDigest,
        previous: entry.previous,
        hash: entry.hash,
      })
      .execute();
    await scope.db
      .insertInto('audit_personal')
      .values({
        case_id: caseId,
        seq: entry.seq,
        salt: entry.salt,
        personal: JSON.stringify(entry.personal),
      })
      .execute();
    scope.heads.set(caseId, { seq: entry.seq, hash: entry.hash });
  }

  return {
    audit,
    async erasePersonal(caseId, seqs, by) {
      if (seqs.length === 0) return;
      await scope.db
        .deleteFrom('audit_personal')
        .where('case_id', '=', caseId)
        .where('seq', 'in', seqs)
        .execute();
      await audit(caseId, { kind: 'audit.erased', actor: by, facts: { seqs: [...seqs] } });
    },
  };
}
