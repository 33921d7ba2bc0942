// Tells administrators what only they can mend: that somebody who was to be asked cannot be reached in Teams. Nothing of the case
// but its reference.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case, Conversation } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { UserId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import {
  TEAM_TOO_SMALL,
  type Unreached,
  type UnreachedPerson,
  type WhyUnreached,
} from '../case/tell-admin-step.ts';
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

/** On one day: where the app can be installed for nobody, that is one matter, however many people show it. */
const MOST_PEOPLE = 5;

/** The `tell-admin` step. Once a day for each of them, whatever the number of cases; and once a day that they are too many to name. */
export async function tellAdmin(step: Step, parts: TellAdminParts): Promise<void> {
  const { store } = parts;
  const about = await store.readCase(step.caseId);
  const word = about && (await wordOf(about, step, parts));
  if (about && word) {
    const { card } = word;
    let told = 0;
    // Nobody whom the case is about learns from this that there is one.
    for (const admin of parts.admins)
      if (!isConcerned(admin, about, word) && (await send(admin, card, parts))) told += 1;
    if (told === 0) await send(SECURITY_READER, card, parts);
  }
  await store.transact((tx) => tx.finishStep(step));
}

/** Of several cases that want to say the same on one day, the first to write it down says it: again, if it failed half-way. */
async function isOursToTell({ id }: Case, what: string, { store, clock }: TellAdminParts): Promise<boolean> {
  const key = `tell-admin ${what}`;
  const today = isoTime(clock).slice(0, 10);
  const before = await store.readMark(key);
  if (before?.startsWith(today)) return before === `${today} ${id}`;
  await store.writeMark(key, `${today} ${id}`);
  return (await store.readMark(key)) === `${today} ${id}`;
}

const isConcerned = (admin: UserId, { subject, named }: Case, { people }: Word): boolean =>
  admin === subject?.id || people.includes(admin) || named.includes(admin);

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

/** What there is to say, and about whom. */
interface Word {
  readonly people: readonly UserId[];
  readonly card: CardContent;
}

/** Of whom nobody was told on this day; null where nothing is left to say. */
async function wordOf(about: Case, step: Step, parts: TellAdminParts): Promise<Word | null> {
  if (step.key === TEAM_TOO_SMALL)
    return (await isOursToTell(about, TEAM_TOO_SMALL, parts))
      ? { people: [], card: { template: 'admin-team', data: { ref: about.ref } } }
      : null;
  const { people, why } = parseUnreached(step) ?? { people: [], why: 'removed' };
  const ours: UnreachedPerson[] = [];
  for (const one of people) if (await isOursToTell(about, one.person, parts)) ours.push(one);
  if (ours.length === 0) return null;
  const today = why === 'not-installed' ? await countToday(ours, parts) : 0;
  if (today > MOST_PEOPLE && !(await isOursToTell(about, 'everybody', parts))) return null;
  const says = today > MOST_PEOPLE ? `${WHY[why]} ${manyWords(today)}` : WHY[why];
  const card = { template: 'admin-notice', data: { ref: about.ref, name: namesOf(ours), why: says } };
  return { people: ours.map(({ person }) => person), card };
}

/** How many different people the app could not be installed for today, these among them. */
async function countToday(
  people: readonly UnreachedPerson[],
  { store, clock }: TellAdminParts,
): Promise<number> {
  const today = isoTime(clock).slice(0, 10);
  const [day, ...before] = ((await store.readMark(TODAY)) ?? '').split(' ');
  const all = new Set([...(day === today ? before : []), ...people.map(({ person }) => person)]);
  // Once they are too many it does not matter how many: the mark stays small.
  await store.writeMark(TODAY, [today, ...[...all].slice(0, MOST_PEOPLE + people.length)].join(' '));
  return all.size;
}

const TODAY = 'tell-admin today';

function namesOf(people: readonly UnreachedPerson[]): string {
  const names = people.slice(0, MOST_PEOPLE).map(({ name }) => plainText(name, 80));
  const more = people.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

const manyWords = (many: number): string =>
  `That is so for ${many} people today, perhaps for everybody: no more of them are named before tomorrow.`;

function parseUnreached({ body }: Step): Unreached | null {
  const { people, why } = (body ?? {}) as Partial<Unreached>;
  const isWhole =
    Array.isArray(people) && people.length > 0 && people.every(({ person, name }) => person && name);
  return people && isWhole && why && why in WHY ? { people, why } : null;
}
