// What a store contract is run against: any number of stores (replicas) on one fresh database, with a clock of the test's own.
import type { Store } from '../../../../src/adapters/store/index.ts';
import { SYSTEM } from '../../../../src/case/case.ts';
import type { CaseId } from '../../../../src/case/ids.ts';
import type { AuditNote } from '../../../../src/ports/audit-trail.ts';

export interface StoreWorld {
  /** Milliseconds since 1970; tests move it. */
  time: number;
  /** One more store on the same database, closed after the test. */
  open(options?: { readonly readOnly?: boolean }): Promise<Store>;
  /** Straight to the database, as somebody with its password could. */
  execute(sql: string): Promise<void>;
}

export const START = Date.parse('2026-03-02T09:00:00Z');

export const note = (kind: string, facts: AuditNote['facts'] = {}): AuditNote => ({
  kind,
  actor: SYSTEM,
  facts,
});

/** Runs `work` for every one of `count` turns, all at once. */
export const together = <Result>(count: number, work: (turn: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, turn) => work(turn)));

/** The hashes and sequence numbers of one case's chain, in order. */
export async function chainOf(store: Store, caseId: CaseId) {
  const chain = [];
  for await (const entry of store.entries()) if (entry.caseId === caseId) chain.push(entry);
  return chain;
}

/** Takes back what the fourth schema and all later ones brought, as `execute` takes it. */
export const WITHOUT_WAITING_AND_CAPS: readonly string[] = [
  'drop index cases_person',
  'alter table cases drop column person_id',
  'drop table question_put',
  'drop table digest_drawn',
  'drop table digest',
  'drop table delegation',
  'drop table exception',
  'drop table sign_in',
  'drop table target_wait',
  'drop table cap_use',
  'create table cap_slot (action text not null, hour bigint not null, used integer not null, primary key (action, hour))',
];
