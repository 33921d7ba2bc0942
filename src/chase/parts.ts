// What chasing a question needs of the others: who is next, and how something is claimed before anybody has answered.
import type { Case, Decision } from '../case/case.ts';
import type { Approver, RouteRung } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { CaseStore, NewStep, StoreTransaction } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Transition } from '../ports/commit-transition.ts';

/** Who is asked as well, and every rung that was looked at to find them. */
export interface NextToAsk {
  readonly approver: Approver;
  readonly rungs: readonly RouteRung[];
  /** What else is owed for it. */
  readonly steps: readonly NewStep[];
}

export interface ChaseParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly settings: OperatorSettings;
  /** Calls out. Null: nobody is left. Throws what may pass, until `lastTry`. */
  nextToAsk(about: Case, lastTry: boolean): Promise<NextToAsk | null>;
  /** An approval in the caller's transaction, with limits and holds as for people. Throws `decide.*` where it is refused. */
  approve(
    tx: StoreTransaction,
    about: Case,
    decision: Decision,
  ): Promise<
    Pick<Transition, 'event' | 'patch' | 'steps' | 'cancel'> & {
      readonly decision?: Pick<Decision, 'awaits' | 'left'>;
    }
  >;
}
