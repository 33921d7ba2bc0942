// The durable store: SQLite in a directory, or PostgreSQL where a URL is given. One schema, the same promises.
import { AsyncLocalStorage } from 'node:async_hooks';
import { CountersignError } from '../../case/errors.ts';
import type { Said } from '../../case/said.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { CaseStore, StoreTransaction } from '../../ports/case-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RequestLog } from '../../ports/request-log.ts';
import { FOR_THE_RECORD, type Words } from '../../ports/words.ts';
import { createAlertMethods } from './alert-rows.ts';
import { createAuditMethods } from './audit-rows.ts';
import { createCapMethods } from './cap-rows.ts';
import { createCaseMethods, findCase, isSubjectOfOpenCase, listCases, readCase } from './case-rows.ts';
import { copiesOf, createCopyMethods } from './copy-rows.ts';
import { createDelegations } from './delegation-rows.ts';
import { createDigests } from './digest-rows.ts';
import { lockDirectory } from './directory-lock.ts';
import type { Engine } from './engine.ts';
import { createExceptions, exceptionsInForce } from './exception-rows.ts';
import { checkVersion, migrate } from './migrate.ts';
import { openPostgres } from './postgres-engine.ts';
import { createReachableMethods } from './reachable-rows.ts';
import { createRequestLog } from './request-rows.ts';
import { createRunMethods, runsOf } from './run-rows.ts';
import { createScope, type Scope } from './scope.ts';
import { createSignIns } from './sign-in-rows.ts';
import { openSqlite } from './sqlite-engine.ts';
import { nextDueInMs, retryStep, takeSteps, voidLeases } from './step-leases.ts';
import { createStepMethods } from './step-rows.ts';
import { createTargetMethods } from './target-rows.ts';
import { createTrail } from './trail.ts';
import { createWindows } from './window-rows.ts';

export type Store = CaseStore & AuditTrail & RequestLog;

export interface StoreOptions {
  /** `postgres://...`; without it, SQLite in `directory`. */
  readonly databaseUrl?: string | undefined;
  readonly directory: string;
  readonly clock: Clock;
  /** What is noted in the trail is written with them, in English. */
  readonly words: Words;
  /** For commands beside a running bot: changes nothing, and throws `store.absent` or `store.older` where there is nothing to read. */
  readonly readOnly?: boolean;
  /**
   * SQLite: this process is the only one that works on the directory. Leases that a dead one left are void at once, instead
   * of running out. Throws `store.in-use` where another process works there.
   */
  readonly alone?: boolean;
}

/** Opens the store and brings its schema up to date. Throws `store.newer`, `store.unavailable`, `store.busy`. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, directory, clock, readOnly = false } = options;
  const engine = databaseUrl ? openPostgres(databaseUrl, readOnly) : openSqlite(directory, readOnly);
  const lock = options.alone && !databaseUrl ? lockDirectoryOf(engine, directory) : null;
  try {
    await (readOnly ? checkVersion(engine) : migrate(engine, clock));
    if (lock) await engine.write(voidLeases);
  } catch (error) {
    lock?.close();
    await engine.close();
    throw error;
  }
  const store = createStore(engine, options);
  return {
    ...store,
    close: async () => {
      await store.close();
      lock?.close();
    },
  };
}

function lockDirectoryOf(engine: Engine, directory: string): { close(): void } {
  try {
    return lockDirectory(directory);
  } catch (error) {
    void engine.close();
    throw error;
  }
}

function createStore(engine: Engine, { clock, words }: StoreOptions): Store {
  const writeWords = (said: Said): string => words.write(said, FOR_THE_RECORD);
  const running = new AsyncLocalStorage<{ active: boolean }>();
  /** A second connection, taken while the first is held, could wait for it for ever. */
  function refuseNesting(): void {
    if (running.getStore()?.active)
      throw new CountersignError(
        'store.nested',
        "Inside a transaction only the transaction's own methods are used.",
      );
  }
  const read: Engine['read'] = async (query) => {
    refuseNesting();
    return engine.read(query);
  };
  const write: Engine['write'] = async (work) => {
    refuseNesting();
    return engine.write(work);
  };
  const requests = createRequestLog(engine.write, clock);

  return {
    transact: (work) =>
      write((db) => {
        const scope = createScope(db, { engine, clock, write: writeWords });
        const context = { active: true };
        return running
          .run(context, async () => work(createTransaction(scope)))
          .finally(() => {
            context.active = false;
            scope.end();
          });
      }),
    readCase: (id) => read((db) => readCase(db, id)),
    findCase: (ref) => read((db) => findCase(db, ref)),
    listCases: (filter = {}) => read((db) => listCases(db, filter)),
    runsOf: (caseId) => read((db) => runsOf(db, caseId)),
    copiesOf: (caseId) => read((db) => copiesOf(db, caseId)),
    takeSteps: (limit, leaseMs) => write((db) => takeSteps(db, engine, clock, limit, leaseMs)),
    retryStep: (step, delayMs, error, options) =>
      write((db) => retryStep(db, clock, step, delayMs, error, options)),
    nextDueInMs: () => read((db) => nextDueInMs(db, engine, clock)),
    exceptionsInForce: (at) => read((db) => exceptionsInForce(db, at)),
    isSubjectOfOpenCase: (user, except) => read((db) => isSubjectOfOpenCase(db, user, except)),
    ...createReachableMethods({ read, write }),
    noteRequests: async (ids) => {
      refuseNesting();
      return requests.noteRequests(ids);
    },
    ...createTrail(read),
    close: () => engine.close(),
  };
}

function createTransaction(scope: Scope): StoreTransaction {
  const cases = createCaseMethods(scope);
  return {
    ...cases,
    ...createAlertMethods(scope),
    ...createStepMethods(scope, cases.lockCase),
    ...createAuditMethods(scope, cases.lockCase),
    ...createRunMethods(scope),
    ...createTargetMethods(scope),
    ...createCapMethods(scope),
    ...createCopyMethods(scope),
    windows: createWindows(scope),
    signIns: createSignIns(scope),
    delegations: createDelegations(scope),
    exceptions: createExceptions(scope),
    digests: createDigests(scope),
  };
}
