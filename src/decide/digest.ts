// The card that holds a flood of questions: an answer to one of its lines, and answers for all that it showed. Every case is decided
// through its own claim with the question that was looked at; the card that was pressed is answered with itself, as things stand.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case } from '../case/case.ts';
import type { DigestId } from '../case/ids.ts';
import { type Said, say } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { ChatActor, ChatReply, Click } from '../ports/chat.ts';
import type { Digest } from '../ports/digests.ts';
import type { CardContent } from '../ports/messenger.ts';
import { maySee } from './authorise.ts';
import {
  answerClick,
  auditRefusal,
  type ConversationParts,
  inWords,
  NO_CASE,
  type Told,
} from './conversation.ts';
import { type AllVerb, decideAll } from './digest-all.ts';

export interface DigestConversation extends ConversationParts {
  readonly digests: {
    draw(digest: Digest, words: Told): Promise<CardContent>;
    /** The card that was pressed, or sent as an answer, is the one that is kept true from now on. */
    adopt(digest: Digest, actor: ChatActor, activityId: string): Promise<void>;
    /** Sends the case's own card to the reader. */
    open(about: Case, digest: Digest): Promise<void>;
  };
}

const FOR_ALL: Readonly<Record<string, AllVerb>> = {
  'digest-dismiss-all': 'dismiss',
  'digest-escalate-all': 'escalate',
};
const OPEN = 'digest-open';

const NOT_YOURS = say('decide.list-not-yours');

/** Every button goes through here: one of a card of its own goes on to its case. */
export async function answerAnyClick(
  click: Click,
  actor: ChatActor,
  parts: DigestConversation,
): Promise<ChatReply> {
  const verb = Object.hasOwn(FOR_ALL, click.verb) ? FOR_ALL[click.verb] : undefined;
  const digest = click.digest ? await findDigest(click.digest, actor, parts) : null;
  if (!digest) {
    if (!verb && click.verb !== OPEN) return answerClick(click, actor, parts);
    await auditRefusal(NO_CASE, actor, 'decide.no-digest', parts);
    return inWords(NOT_YOURS, actor, parts);
  }
  if (click.activityId) await parts.digests.adopt(digest, actor, click.activityId);
  if (verb) {
    const notice = await decideAll(digest, verb, shownIn(click), actor, click.comment, parts);
    return showDigest(digest, actor, parts, { notice });
  }
  if (click.verb === OPEN)
    return showDigest(digest, actor, parts, { notice: await openLine(click.caseRef, digest, actor, parts) });
  // The case must not take this card for one of its own.
  const { activityId: _, ...bare } = click;
  return answerClick(bare, actor, {
    ...parts,
    draw: ({ ref }, _reader, told) =>
      parts.digests.draw(digest, {
        ...told,
        ...(told.notice && { notice: say('decide.case-says', { ref, says: told.notice }) }),
      }),
    track: (_about, who, activityId) => parts.digests.adopt(digest, who, activityId),
  });
}

/** `shown` null: without the number of the list that was looked at. */
export interface WantedOfDigest {
  readonly verb: AllVerb;
  readonly shown: number | null;
  readonly comment?: string;
}

/** A line of text about the list: shows it, or answers for all that the list of this number showed. */
export async function sayDigest(
  wanted: WantedOfDigest | null,
  actor: ChatActor,
  parts: DigestConversation,
): Promise<ChatReply> {
  const reader = readerIn(actor, parts.settings);
  const digest = await parts.store.transact((tx) => tx.digests.latestOf(reader));
  if (!digest || !isReader(digest, actor, parts.settings))
    return inWords(say('decide.no-list'), actor, parts);
  if (!wanted) return showDigest(digest, actor, parts, {});
  if (wanted.shown === null)
    return {
      kind: 'text',
      text: parts.write(say('decide.list-number', { verb: wanted.verb }), actor),
    };
  const says = await decideAll(digest, wanted.verb, wanted.shown, actor, wanted.comment, parts, true);
  return inWords(says, actor, parts);
}

async function showDigest(
  digest: Digest,
  actor: ChatActor,
  parts: DigestConversation,
  words: Told,
): Promise<ChatReply> {
  return {
    kind: 'card',
    card: await parts.digests.draw(digest, words),
    posted: (activityId) => parts.digests.adopt(digest, actor, activityId),
  };
}

async function findDigest(id: string, actor: ChatActor, parts: DigestConversation): Promise<Digest | null> {
  const digest = await parts.store.transact((tx) => tx.digests.find(id as DigestId));
  return digest && isReader(digest, actor, parts.settings) ? digest : null;
}

const isReader = ({ reader }: Digest, { id }: ChatActor, { security }: OperatorSettings): boolean =>
  reader === SECURITY_READER ? security.members.includes(id) : reader === id;

/** In the channel of the security team, the team's. */
const readerIn = ({ conversation, id }: ChatActor, { security }: OperatorSettings): string =>
  conversation.id.startsWith(security.channel) ? SECURITY_READER : id;

const shownIn = ({ shown = '' }: Click): number => (/^\d{1,9}$/.test(shown) ? Number(shown) : -1);

async function openLine(
  ref: string,
  digest: Digest,
  actor: ChatActor,
  parts: DigestConversation,
): Promise<Said> {
  const about = await parts.store.findCase(ref);
  const lines = await parts.store.transact((tx) => tx.digests.linesOf(digest.id));
  if (!about || !lines.some((line) => line.about.id === about.id) || !maySee(about, actor, parts.settings))
    return say('decide.with-somebody-else-now');
  try {
    await parts.digests.open(about, digest);
    return say('decide.own-card-below', { ref: about.ref });
  } catch (error) {
    parts.log.warn({ caseId: about.id, reason: String(error) }, 'the card of a line could not be sent');
    return say('decide.card-not-sent', { ref: about.ref });
  }
}
