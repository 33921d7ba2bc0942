// What cases owe the world, inside a transaction: added, cancelled and finished together with the case's own change.

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { CountersignError } from '../../case/errors.ts';
import type { StepId } from '../../case/ids.ts';
import type { Step } from '../../case/run.ts';
import { say } from '../../case/said.ts';
import type { StoreTransaction } from '../../ports/case-store.ts';
import type { Scope } from './scope.ts';

type StepMethods = Pick<StoreTransaction, 'addStep' | 'cancelSteps' | 'assertLease' | 'finishStep'>;

export function createStepMethods(scope: Scope, lockCase: StoreTransaction['lockCase']): StepMethods {
  return {
    async addStep(caseId, { kind, key, delayMs = 0, body = null }, options) {
      const row = {
        id: randomUUID() as StepId,
        case_id: caseId,
        kind,
        key,
        body: JSON.stringify(body),
        due_ms: Math.round(scope.clock.now() + delayMs),
        attempts: 0,
        lease_token: 0,
      };
      await scope.db
        .insertInto('step')
        .values(row)
        .onConflict((conflict) => {
          const again = conflict.columns(['case_id', 'kind', 'key']);
          if (options?.ifAbsent) return again.doNothing();
          // Even an expired lease counts: its holder may still finish the step, which must not lose this order.
          return again.doUpdateSet({
            body: row.body,
            due_ms: whenLeased(sql`step.due_ms`, sql`excluded.due_ms`),
            rerun_ms: whenLeased(sql`excluded.due_ms`, sql`null`),
            attempts: whenLeased(sql`step.attempts`, sql`0`),
            last_error: whenLeased(sql`step.last_error`, sql`null`),
          });
        })
        .execute();
    },

    async cancelSteps(caseId, kinds) {
      if (kinds.length === 0) return;
      await scope.db.deleteFrom('step').where('case_id', '=', caseId).where('kind', 'in', kinds).execute();
    },

    async assertLease(step) {
      // Nobody takes a step of a case whose row is locked: what holds now holds until the commit.
      if (!scope.locked.has(step.caseId)) await lockCase(step.caseId);
      const row = await scope.db
        .selectFrom('step')
        .select('id')
        .where((eb) => eb.and(heldBy(step)))
        .executeTakeFirst();
      if (!row) throw leaseLost(step);
    },

    async finishStep(step) {
      const ended = await scope.db
        .deleteFrom('step')
        .where((eb) => eb.and(heldBy(step)))
        .where('rerun_ms', 'is', null)
        .returning('id')
        .executeTakeFirst();
      if (ended) return;
      const again = await scope.db
        .updateTable('step')
        .set({ due_ms: sql`rerun_ms`, rerun_ms: null, leased_until_ms: null, attempts: 0, last_error: null })
        .where((eb) => eb.and(heldBy(step)))
        .returning('id')
        .executeTakeFirst();
      if (!again) throw leaseLost(step);
    },
  };
}

/** The row only as long as the lease is the caller's. */
export const heldBy = ({ id, caseId, kind, key, leaseToken }: Step) => ({
  case_id: caseId,
  kind,
  key,
  id,
  lease_token: leaseToken,
});

const whenLeased = <Value>(then: ReturnType<typeof sql>, otherwise: ReturnType<typeof sql>) =>
  sql<Value>`case when step.leased_until_ms is not null then ${then} else ${otherwise} end`;

const leaseLost = (step: Step) =>
  new CountersignError(
    'store.lease-lost',
    `The ${step.kind} step was cancelled or taken over by another worker.`,
    {
      say: say('errors.store-lease-lost'),
    },
  );
