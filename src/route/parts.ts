// What routing needs of the world, and what it makes of look-ups that fail.
import type { QuestionClock } from '../case/asking.ts';
import type { Case, Subject } from '../case/case.ts';
import { type CountersignError, isCountersignError } from '../case/errors.ts';
import type { PlannedOffer, Question, WithheldOffer } from '../case/question.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { AppInstaller } from '../ports/app-installer.ts';
import type { Calendars } from '../ports/calendars.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Ids } from '../ports/ids.ts';
import type { RiskRegister } from '../ports/risk-register.ts';

/** To find somebody who can be asked. */
export interface ChooseParts {
  readonly store: CaseStore;
  readonly directory: Directory;
  readonly installer: AppInstaller;
  readonly risk: Pick<RiskRegister, 'riskOf'>;
  readonly calendars: Calendars;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly settings: OperatorSettings;
}

export interface RouteParts extends ChooseParts {
  readonly ids: Ids;
  plan(
    about: Case,
    subject: Subject | null,
    lastTry: boolean,
  ): Promise<{ readonly offers: readonly PlannedOffer[]; readonly withheld: readonly WithheldOffer[] }>;
  /** When the question is chased. `about` still has the one before. */
  clockFor(about: Case, asked: Question): Promise<QuestionClock>;
}

/** Null instead of the error once patience has run out: the security team is asked, rather than nobody. */
export async function patient<T>(
  lastTry: boolean,
  look: () => Promise<T>,
  holdsOut: (error: CountersignError) => boolean = () => false,
): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (!lastTry || !isCountersignError(error) || holdsOut(error)) throw error;
    return null;
  }
}

/** As `patient`, but only what no later try can mend is given up on. */
export const lasting = <T>(lastTry: boolean, look: () => Promise<T>): Promise<T | null> =>
  patient(lastTry, look, (error) => error.retryable);

/** Null for what cannot be known (no licence, no permission) at once, and for what could not be found out in the end. */
export async function ifKnown<T>(lastTry: boolean, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (!isCountersignError(error) || (error.retryable && !lastTry)) throw error;
    return null;
  }
}
