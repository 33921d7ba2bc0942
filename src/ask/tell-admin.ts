// Tells administrators what only they can mend: that somebody who was to be asked cannot be reached in Teams. Nothing of the case
// but its reference.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case, Conversation } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { UserId } from '../case/ids.ts';
import type { Step } from '../case/run.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
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
import type { Words } from '../ports/words.ts';
import { namesAndMore } from './names.ts';
import { plainText } from './plain-text.ts';
import { conversationOf, isFinal, type ReachParts } from './reach.ts';
import type { Readers } from './reader.ts';
import { adminTeamWords, adminWords } from './template-words.ts';

export interface TellAdminParts extends ReachParts {
  readonly store: CaseStore;
  readonly messenger: Messenger;
  readonly installer: AppInstaller;
  readonly clock: Clock;
  readonly admins: readonly UserId[];
  readonly readers: Pick<Readers, 'readerOf'>;
  readonly words: Words;
}

const WHY: Readonly<Record<WhyUnreached, Said>> = {
  'not-installed': say('ask.admin.not-installed'),
  refused: say('ask.admin.refused'),
  removed: say('ask.admin.removed'),
};

/** On one day: where the app can be installed for nobody, that is one matter, however many people show it. */
const MOST_PEOPLE = 5;
const MOST_NAMES = 420;

/** The `tell-admin` step. Once a day for each of them, whatever the number of cases; and once a day that they are too many to name. */
export async function tellAdmin(step: Step, parts: TellAdminParts): Promise<void> {
  const { store } = parts;
  const about = await store.readCase(step.caseId);
  const word = about && (await wordOf(about, step, parts));
  if (about && word) {
    let told = 0;
    // Nobody whom the case is about learns from this that there is one.
    for (const admin of parts.admins)
      if (!isConcerned(admin, about, word) && (await send(admin, word, parts))) told += 1;
    if (told === 0) await send(SECURITY_READER, word, parts);
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
async function send(reader: string, { card }: Word, parts: TellAdminParts): Promise<boolean> {
  const place = (await conversationOf(reader, parts)) ?? (await install(reader as UserId, parts));
  if (!place) return false;
  try {
    const as = await parts.readers.readerOf(reader);
    await parts.messenger.send(
      place,
      card((said) => parts.words.write(said, as)),
    );
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
  readonly card: (write: (said: Said) => string) => CardContent;
}

/** Of whom nobody was told on this day; null where nothing is left to say. */
async function wordOf(about: Case, step: Step, parts: TellAdminParts): Promise<Word | null> {
  if (step.key === TEAM_TOO_SMALL)
    return (await isOursToTell(about, TEAM_TOO_SMALL, parts))
      ? { people: [], card: (write) => smallTeamCard(about, write) }
      : null;
  const { people, why } = parseUnreached(step) ?? { people: [], why: 'removed' };
  const ours: UnreachedPerson[] = [];
  for (const one of people) if (await isOursToTell(about, one.person, parts)) ours.push(one);
  if (ours.length === 0) return null;
  const today = why === 'not-installed' ? await countToday(ours, parts) : 0;
  if (today > MOST_PEOPLE && !(await isOursToTell(about, 'everybody', parts))) return null;
  return {
    people: ours.map(({ person }) => person),
    card: (write) => unreachedCard(about, { people: ours, why }, today, write),
  };
}

/** The team has fewer people left than an answer takes. */
export const smallTeamCard = ({ ref }: Pick<Case, 'ref'>, write: (said: Said) => string): CardContent => ({
  template: 'admin-team',
  data: { ref, w: adminTeamWords(ref, write) },
});

/** `today`: for how many different people the app could not be installed on this day. */
export function unreachedCard(
  { ref }: Pick<Case, 'ref'>,
  { people, why: kind }: Unreached,
  today: number,
  write: (said: Said) => string,
): CardContent {
  const many = today > MOST_PEOPLE ? [say('ask.admin.many', { n: today })] : [];
  const names = people.map((one) => one.name);
  const name = plainText(write(namesAndMore(names, { most: MOST_PEOPLE, write })), MOST_NAMES);
  const why = write(sentences([WHY[kind], ...many]));
  return { template: 'admin-notice', data: { ref, name, why, w: adminWords({ ref, name, why }, write) } };
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

function parseUnreached({ body }: Step): Unreached | null {
  const { people, why } = (body ?? {}) as Partial<Unreached>;
  const isWhole =
    Array.isArray(people) && people.length > 0 && people.every(({ person, name }) => person && name);
  return people && isWhole && why && why in WHY ? { people, why } : null;
}
