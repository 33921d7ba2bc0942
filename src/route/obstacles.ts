// Why somebody cannot be asked, whoever they are in the case. The order is from the plainest to the subtlest, and what takes a call
// comes last.
import { reassignedNow } from '../case/reassigned.ts';
import { BUT_UNREACHABLE } from '../case/rung-words.ts';
import { type Said, say } from '../case/said.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import { isHeld } from '../ports/risk-register.ts';
import type { Inquiry } from './inquiry.ts';
import { ifKnown, patient } from './parts.ts';

/** To follow "... but"; null when nothing about the person keeps them from being asked. Whether they are away or can be reached is not asked here. */
export async function obstacleOf(user: DirectoryUser, inquiry: Inquiry): Promise<Said | null> {
  const { about, subject, parts } = inquiry;
  if (user.id === subject?.id || user.id === about.subject?.id) return say('route.but.subject');
  if (!user.enabled) return say('route.but.disabled');
  if (user.guest) return say('route.but.guest');
  const isAmong = (people: readonly string[]): boolean =>
    people.includes(user.id) || people.includes(user.userPrincipalName.toLowerCase());
  if (isAmong(inquiry.atStake)) return say('route.but.at-stake');
  if (isAmong(about.named)) return say('route.but.in-alert');
  if (reassignedNow(about).some(({ by }) => by.id === user.id)) return say('route.but.passed-on');
  if (inquiry.unreachable.has(user.id)) return BUT_UNREACHABLE;
  return obstacleElsewhere(user, about.id, inquiry.lastTry, parts);
}

/** What is held against them elsewhere. Without a licence for it, nothing is known of risks. */
export async function obstacleElsewhere(
  user: Pick<DirectoryUser, 'id'>,
  about: Inquiry['about']['id'],
  lastTry: boolean,
  { store, risk }: Pick<Inquiry['parts'], 'store' | 'risk'>,
): Promise<Said | null> {
  if (await store.isSubjectOfOpenCase(user.id, about)) return say('route.but.other-case');
  if (isHeld(await ifKnown(lastTry, () => risk.riskOf(user.id)))) return say('route.but.at-risk');
  return null;
}

/** A stored conversation, or one made by installing the app through Graph. Who turns out not to be reachable is remembered. */
export async function isReachable(user: DirectoryUser, inquiry: Inquiry): Promise<boolean> {
  const { about, parts, lastTry } = inquiry;
  // Looking for their chat may install the app for them, which nobody who is not asked should notice.
  if (about.policy.stage === 'monitor') return true;
  const found = await patient(lastTry, () => openChat(user, parts));
  if (found) return true;
  inquiry.unreachable.add(user.id);
  if (found === false) inquiry.withoutApp.set(user.id, user.displayName);
  return false;
}

async function openChat({ id }: DirectoryUser, parts: Inquiry['parts']): Promise<boolean> {
  const { store, installer, tenantId } = parts;
  if (await store.findReachable(tenantId, id)) return true;
  const conversation = await installer.openChat(id);
  if (!conversation) return false;
  // The installation's own activity may have arrived meanwhile, and knows more than we do.
  if (!(await store.findReachable(tenantId, id)))
    await store.saveReachable({ tenantId, id, teamsId: '', conversation });
  return true;
}
