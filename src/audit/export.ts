// The trail as objects, one a JSON line: everything that somebody else needs to check it, or none of the personal data.
import type { AuditEntry, AuditTrail } from '../ports/audit-trail.ts';

export type ExportedEntry = Omit<AuditEntry, 'personal' | 'salt'> &
  Partial<Pick<AuditEntry, 'personal' | 'salt'>>;

export interface ExportOptions {
  /** False leaves out who and whom (and the salts): the chain of hashes can still be checked. True when absent. */
  readonly personal?: boolean;
}

/** By case and sequence. */
export async function* exportTrail(
  trail: AuditTrail,
  options: ExportOptions = {},
): AsyncIterable<ExportedEntry> {
  for await (const entry of trail.entries()) {
    const { personal, salt, ...chained } = entry;
    yield (options.personal ?? true) ? { ...chained, personal, salt } : chained;
  }
}
