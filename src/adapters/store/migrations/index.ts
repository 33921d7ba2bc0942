// Every schema change, oldest first. A new one is one file NNNN-name.ts and one line here.
import { firstTables } from './0001-first-tables.ts';
import { windows } from './0002-windows.ts';
import { everyRequest } from './0003-every-request.ts';
import { waitingAndCaps } from './0004-waiting-and-caps.ts';
import { delegations } from './0005-delegations.ts';
import { exceptions } from './0006-exceptions.ts';
import { digests } from './0007-digests.ts';
import { signIns } from './0008-sign-ins.ts';
import { casesOfAPerson } from './0009-cases-of-a-person.ts';

export interface Migration {
  /** The number in its file name. */
  readonly version: number;
  readonly name: string;
  /** `compact` goes behind small tables: SQLite then keeps the rows in the key's own tree, one page less to write each. */
  readonly statements: (compact: string) => readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  windows,
  everyRequest,
  waitingAndCaps,
  delegations,
  exceptions,
  digests,
  signIns,
  casesOfAPerson,
];
