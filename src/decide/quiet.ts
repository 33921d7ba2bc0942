// What the security team keeps quiet for a while: a person, a thing or a policy, never above medium severity, and nothing of their own.
import { peopleBehind } from '../case/behind-target.ts';
import type { Exception } from '../case/exception.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { type Target, targetKey, thingKey } from '../case/target.ts';
import { targetSaid } from '../case/target-words.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { isoTime } from '../ports/clock.ts';
import type { DirectoryUser } from '../ports/directory.ts';
import type { Ids } from '../ports/ids.ts';
import { AT_STAKE, maySee } from './authorise.ts';
import { personOf } from './claim.ts';
import { auditRefusal, NO_CASE } from './conversation.ts';
import { type ExceptionParts, isSecurity } from './exceptions.ts';
import { auditMade, freshId } from './expected-until.ts';

/** As it was written. */
export interface QuietWish {
  readonly what: 'subject' | 'target' | 'policy';
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly until: string;
  readonly why?: string;
}

export interface QuietParts extends ExceptionParts {
  readonly ids: Ids;
  findPerson(idOrName: string): Promise<DirectoryUser | readonly DirectoryUser[] | null>;
  knowsPolicy(id: string): boolean;
  /** Null where it is no thing that can be told from others. */
  readTarget(text: string): Target | null;
}

/** What is graver asks all the same. */
const UP_TO = 'medium';

type Scope = Pick<Exception, 'policies' | 'subjects' | 'targets' | 'says'>;

/** Says why not, or keeps it quiet. Refusals are on record. Throws what the look-up of a person throws: then nothing is done. */
export async function setQuiet(wish: QuietWish, actor: ChatActor, parts: QuietParts): Promise<ChatReply> {
  const { store, clock, settings } = parts;
  if (!isSecurity(actor, settings))
    return refuse('decide.security-only', say('decide.quiet.security-only'), actor, parts);
  const author = await findOne(actor.id, parts);
  if (!author) return refuse('decide.unknown-person', say('decide.quiet.unknown'), actor, parts);
  const scope = await scopeOf(wish, actor, author, parts);
  if ('say' in scope) return refuse(scope.code, scope.say, actor, parts);
  const at = isoTime(clock);
  const untilMs = Math.min(Date.parse(wish.until), Date.parse(at) + settings.asking.longestMs);
  if (!(untilMs > Date.parse(at))) return refuse('decide.over', say('decide.quiet.over'), actor, parts);
  const made = await store.transact(async (tx) => {
    if (await tx.isSubjectOfOpenCase(actor.id, NO_CASE)) return null;
    const exception: Exception = {
      ...{ id: await freshId(tx, parts.ids), kind: 'quiet', ...scope, notFor: namesOf(author), upTo: UP_TO },
      ...{ by: personOf(actor), at, until: new Date(untilMs).toISOString(), held: 0 },
      ...(wish.why && { comment: wish.why }),
    };
    await tx.exceptions.save(exception);
    await auditMade(tx, exception);
    return exception;
  });
  if (!made) return refuse('decide.under-question', UNDER_QUESTION, actor, parts);
  const says = say('decide.quiet.set', {
    until: { time: made.until, dated: true },
    what: made.says,
    id: made.id,
  });
  return text(parts.words(says, actor));
}

const UNDER_QUESTION = say('decide.quiet.under-question');

interface Refused {
  readonly code: string;
  readonly say: Said;
}

async function scopeOf(
  wish: QuietWish,
  actor: ChatActor,
  author: DirectoryUser,
  parts: QuietParts,
): Promise<Scope | Refused> {
  switch (wish.what) {
    case 'subject':
      return quietPerson(wish.name, author, parts);
    case 'target':
      return quietTarget(wish.name, actor, author, parts);
    case 'policy':
      return parts.knowsPolicy(wish.name)
        ? { policies: [wish.name], says: say('decide.quiet.policy', { id: wish.name }) }
        : { code: 'decide.no-policy', say: say('decide.quiet.no-policy') };
  }
}

async function quietPerson(name: string, author: DirectoryUser, parts: QuietParts): Promise<Scope | Refused> {
  const person = await findOne(name, parts);
  if (!person)
    return {
      code: 'decide.unknown-person',
      say: say('decide.quiet.nobody'),
    };
  if (person.id === author.id) return { code: 'decide.conflict', say: say('decide.quiet.themselves') };
  return { subjects: namesOf(person), says: `${person.displayName} (${person.userPrincipalName})` };
}

async function quietTarget(
  written: string,
  actor: ChatActor,
  author: DirectoryUser,
  { readTarget, settings, store }: QuietParts,
): Promise<Scope | Refused> {
  const target = readTarget(written);
  if (!target) return { code: 'decide.no-target', say: HOW_TO_WRITE };
  const elsewhere = ofOtherAccount(target, written, settings.aws);
  if (elsewhere) return { code: 'decide.no-target', say: elsewhere };
  const key = target.kind === 'resource' ? written : targetKey(target);
  // Any word could be the name of a bucket.
  if (!written.includes(':') && !(await isOfSomeCase(target, actor, store, settings)))
    return { code: 'decide.no-target', say: say('decide.quiet.known-by-name', { name: written, key }) };
  const behind = peopleBehind(target, settings.aws);
  if (behind.some((name) => namesOf(author).includes(name)))
    return { code: 'decide.conflict', say: AT_STAKE };
  const says = say('decide.quiet.read-as', { target: targetSaid(target), key });
  return { targets: [thingKey(target)], says };
}

const ARN_ACCOUNT = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/;

/** Nothing of it is ever heard of. Null where it is watched, or in no account. */
function ofOtherAccount(target: Target, written: string, { accounts }: OperatorSettings['aws']): Said | null {
  const account = 'account' in target ? target.account : ARN_ACCOUNT.exec(written)?.[1];
  if (!account || accounts.some(({ id }) => id === account)) return null;
  return accounts.length > 0
    ? say('decide.quiet.other-account', { account, accounts: accounts.map(({ id }) => id) })
    : say('decide.quiet.no-account', { account });
}

/** Of those that they may see: whoever may not learns nothing of it. */
const isOfSomeCase = async (
  target: Target,
  actor: ChatActor,
  store: QuietParts['store'],
  settings: OperatorSettings,
): Promise<boolean> =>
  (await store.listCases({ limit: MOST_SEARCHED })).some(
    (about) =>
      maySee(about, actor, settings) && about.targets.some((one) => thingKey(one) === thingKey(target)),
  );

const MOST_SEARCHED = 1_000;

const HOW_TO_WRITE = say('decide.quiet.which-thing');

const namesOf = ({ id, userPrincipalName }: DirectoryUser): readonly string[] => [
  id,
  userPrincipalName.toLowerCase(),
];

/** Exactly one: whoever shares a part of a name with somebody is not meant. */
async function findOne(name: string, { findPerson }: QuietParts): Promise<DirectoryUser | null> {
  const found = await findPerson(name);
  return found && 'id' in found ? found : null;
}

async function refuse(
  code: string,
  why: Said,
  actor: ChatActor,
  parts: Pick<QuietParts, 'store' | 'write'>,
): Promise<ChatReply> {
  await auditRefusal(NO_CASE, actor, code, parts);
  return text(parts.write(sentences([say('decide.nothing-done'), why]), actor));
}

const text = (words: string): ChatReply => ({ kind: 'text', text: words });
