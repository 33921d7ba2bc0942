// What a claim asks about people, from the directory and the risk register.
import { isCountersignError } from '../case/errors.ts';
import type { Directory } from '../ports/directory.ts';
import { isHeld, type RiskRegister } from '../ports/risk-register.ts';
import type { DelegateParts } from './delegate.ts';
import type { DecideParts } from './parts.ts';

/** What identifies one person, and is not searched for. */
const IDENTIFIES = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^\S+@\S+$/i;
/** Without a licence for it, or the permission, nobody knows. */
const NOT_KNOWABLE = ['graph.forbidden', 'graph.not-found'];

export const createPeople = (
  directory: Pick<Directory, 'findUser' | 'searchPeople'>,
  risk: Pick<RiskRegister, 'riskOf'>,
  managersOf: DelegateParts['managersOf'],
): Pick<DecideParts & DelegateParts, 'isAtRisk' | 'accountOf' | 'findPerson' | 'managersOf'> => ({
  managersOf,
  accountOf: (user) => directory.findUser(user),
  async isAtRisk(user) {
    try {
      return isHeld(await risk.riskOf(user, 'now'));
    } catch (error) {
      if (isCountersignError(error) && NOT_KNOWABLE.includes(error.code)) return null;
      throw error;
    }
  },
  async findPerson(idOrName) {
    const wanted = idOrName.trim();
    if (wanted === '') return null;
    if (!IDENTIFIES.test(wanted)) return directory.searchPeople(wanted);
    // An address is a principal name or a mail address: people know the one that they write to.
    return (
      (await directory.findUser(wanted)) ?? (wanted.includes('@') ? directory.searchPeople(wanted) : null)
    );
  },
});
