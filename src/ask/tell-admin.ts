// Tells administrators what only they can mend: that somebody who was to be asked cannot be reached in Teams. Nothing of the case
// but its reference.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case, Conversation } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { UserId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import type { Unreached, WhyUnreached } from '../case/tell-admin-step.ts';
import type { AppInstaller } from '../ports/app-installer.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import type { CardContent, Messenger } from '../ports/messenger.ts';
import { plainText } from './plain-text.ts';
import { conversationOf, isFinal, type ReachParts } from './reach.ts';

export interface TellAdminParts extends ReachParts {
  readonly store: CaseStore;
  readonly messenger: Messenger;
  readonly installer: AppInstaller;
  readonly clock: Clock;
  readonly admins: readonly UserId[];
}

const WHY: Readonly<Record<WhyUnreached, string>> = {
  'not-installed': 'The Countersign app is not installed for them, and could not be installed.',
  refused: 'Teams takes no message from the Countersign app for them any more.',
  removed: 'The Countersign app was removed for them.',
};

/** The `tell-admin` step; its key is the person. Once a day for each of them, whatever the number of cases. */
export async function tellAdmin(step: Step, parts: TellAdminParts): Promise<void> {
  const { store } = parts;
  const about = await store.readCase(step.caseId);
  const unreached = parseUnreached(step);
  if (about && unreached && (await isOursToTell(about, unreached, parts))) {
    const card = noticeOf(about, unreached);
    let told = 0;
    // Nobody whom the case is about learns from this that there is one.
    for (const admin of parts.admins)
      if (!isConcerned(admin, about, unreached) && (await send(admin, card, parts))) told += 1;
    if (told === 0) await send(SECURITY_READER, card, parts);
  }
  await store.transact((tx) => tx.finishStep(step));
}

/** Of several cases that want to say the same on one day, the first to write it down says it: again, if it failed half-way. */
async function isOursToTell(
  { id }: Case,
  { person }: Unreached,
  { store, clock }: TellAdminParts,
): Promise<boolean> {
  const key = `tell-admin ${person}`;
  const today = isoTime(clock).slice(0, 10);
  const before = await store.readMark(key);
  if (before?.startsWith(today)) return before === `${today} ${id}`;
  await store.writeMark(key, `${today} ${id}`);
  return (await store.readMark(key)) === `${today} ${id}`;
}

const isConcerned = (admin: UserId, { subject, named }: Case, { person }: Unreached): boolean =>
  admin === subject?.id || admin === person || named.includes(admin);

/** False where they cannot be reached either. The channel is tried again. */
async function send(reader: string, card: CardContent, parts: TellAdminParts): Promise<boolean> {
  const place = (await conversationOf(reader, parts)) ?? (await install(reader as UserId, parts));
  if (!place) return false;
  try {
    await parts.messenger.send(place, card);
    return true;
  } catch (error) {
    if (!isFinal(error) || reader === SECURITY_READER) throw error;
    return false;
  }
}

async function install(admin: UserId, { installer }: TellAdminParts): Promise<Conversation | null> {
  try {
    return await installer.openChat(admin);
  } catch (error) {
    if (!isCountersignError(error) || error.retryable) throw error;
    return null;
  }
}

const noticeOf = ({ ref }: Case, { name, why }: Unreached): CardContent => ({
  template: 'admin-notice',
  data: { ref, name: plainText(name, 80), why: WHY[why] },
});

function parseUnreached({ body }: Step): Unreached | null {
  const { person, name, why } = (body ?? {}) as Partial<Unreached>;
  return person && name && why && why in WHY ? { person, name, why } : null;
}
