// Whether a destructive answer takes two people because of whom it would hit: an executive, or an administrator.
// What cannot be looked up for good takes two as well.

import { parseUserId, type UserId } from '../case/ids.ts';
import type { PlannedOffer } from '../case/question.ts';
import { type Said, say } from '../case/said.ts';
import type { Inquiry } from './inquiry.ts';
import { lasting } from './parts.ts';

/** Why, a sentence; null where one person is enough. */
export async function whyTwoPeople(inquiry: Inquiry, offers: readonly PlannedOffer[]): Promise<Said | null> {
  const { subject, atStake, lastTry, parts } = inquiry;
  const { executives, administrators } = parts.settings.asking.quorum;
  if (!offers.some(({ actions }) => actions.some(({ nature }) => nature === undefined))) return null;
  const people = new Map<UserId, string>(subject ? [[subject.id, subject.displayName]] : []);
  for (const name of atStake) {
    const id = parseUserId(name);
    if (id && !people.has(id)) people.set(id, '');
  }
  for (const [id, known] of people) {
    const who = { known: known ? 'yes' : 'no', name: known };
    if (executives.includes(id)) return say('route.two-people.executive', who);
    const isOne =
      executives.length > 0
        ? await lasting(lastTry, () => parts.directory.isMemberOfAny(id, executives))
        : false;
    if (isOne === null) return say('route.two-people.executive-unknown', who);
    if (isOne) return say('route.two-people.executive', who);
    const isAdmin = administrators
      ? await lasting(lastTry, () => parts.directory.isAdministrator(id))
      : false;
    if (isAdmin === null) return say('route.two-people.administrator-unknown', who);
    if (isAdmin) return say('route.two-people.administrator', who);
  }
  return null;
}
