// The card that holds a flood of questions: an answer to one of its lines, and answers for all that it showed. Every case is decided
// through its own claim with the question that was looked at; the card that was pressed is answered with itself, as things stand.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Case } from '../case/case.ts';
import type { DigestId } from '../case/ids.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { ChatActor, ChatReply, Click } from '../ports/chat.ts';
import type { Digest } from '../ports/digests.ts';
import type { CardContent } from '../ports/messenger.ts';
import { maySee } from './authorise.ts';
import { answerClick, auditRefusal, type ConversationParts, inWords, NO_CASE } from './conversation.ts';
import { type AllVerb, decideAll } from './digest-all.ts';

export interface DigestConversation extends ConversationParts {
  readonly digests: {
    draw(
      digest: Digest,
      words: { readonly notice?: string; readonly signInUrl?: string },
    ): Promise<CardContent>;
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

const text = (words: string): ChatReply => ({ kind: 'text', text: words });
const NOT_YOURS = text('That list is not yours, or is gone. Nothing was done.');

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
    return NOT_YOURS;
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
    draw: (about, _reader, notice, signInUrl) =>
      parts.digests.draw(digest, {
        ...(notice && { notice: `Case ${about.ref}: ${notice}` }),
        ...(signInUrl && { signInUrl }),
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
    return text('There is no list of questions for you. Write "cases" to see yours.');
  if (!wanted) return showDigest(digest, actor, parts, {});
  if (wanted.shown === null)
    return text(
      `Nothing was done. Write the number that stands at the end of the list as well: digest ${wanted.verb} <number>. Write "digest" to see the list.`,
    );
  const says = await decideAll(digest, wanted.verb, wanted.shown, actor, wanted.comment, parts, true);
  return inWords(says, actor, parts);
}

async function showDigest(
  digest: Digest,
  actor: ChatActor,
  parts: DigestConversation,
  words: { readonly notice?: string },
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
): Promise<string> {
  const about = await parts.store.findCase(ref);
  const lines = await parts.store.transact((tx) => tx.digests.linesOf(digest.id));
  if (!about || !lines.some((line) => line.about.id === about.id) || !maySee(about, actor, parts.settings))
    return 'That question is with somebody else now.';
  try {
    await parts.digests.open(about, digest);
    return `Case ${about.ref} has a card of its own below.`;
  } catch (error) {
    parts.log.warn({ caseId: about.id, reason: String(error) }, 'the card of a line could not be sent');
    return `The card could not be sent now. Write: case ${about.ref}`;
  }
}
