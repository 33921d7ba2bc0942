// What the methods of one transaction share: the connection, the clock, and what this transaction has already locked or learned.
import type { ChainHead } from '../../case/audit-chain.ts';
import { CountersignError } from '../../case/errors.ts';
import type { CaseId } from '../../case/ids.ts';
import type { Said } from '../../case/said.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Engine } from './engine.ts';

export interface Scope {
  /** Throws `store.ended` once the transaction is over: a call that nobody awaited must not write outside of it. */
  readonly db: Database;
  readonly engine: Engine;
  readonly clock: Clock;
  /** Words as the trail has them. */
  readonly write: (said: Said) => string;
  /** Cases whose row this transaction has locked or created. */
  readonly locked: Set<CaseId>;
  /** Chain heads, kept while the transaction is the only one that can append. */
  readonly heads: Map<CaseId, ChainHead | null>;
  /** Alerts that this transaction looked for and that were not there. */
  readonly newAlerts: Set<string>;
  end(): void;
}

export function createScope(
  db: Database,
  { engine, clock, write }: Pick<Scope, 'engine' | 'clock' | 'write'>,
): Scope {
  let ended = false;
  return {
    get db() {
      if (ended)
        throw new CountersignError('store.ended', 'A store call was not awaited: its transaction is over.');
      return db;
    },
    engine,
    clock,
    write,
    locked: new Set(),
    heads: new Map(),
    newAlerts: new Set(),
    end() {
      ended = true;
    },
  };
}
