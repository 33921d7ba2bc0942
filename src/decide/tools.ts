// What bot commands may do: the same doors as the buttons, and only what this person may see.
import type { Case } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import { caseFor, textFor } from '../case/visibility.ts';
import type { Answer } from '../ports/answer.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { maySee } from './authorise.ts';
import {
  auditRefusal,
  type ConversationParts,
  decide,
  notDone,
  proposedReply,
  showCase,
  state,
} from './conversation.ts';
import { type DelegateWish, delegate, endDelegation, showDelegation } from './delegate.ts';
import { type DigestConversation, sayDigest, type WantedOfDigest } from './digest.ts';
import { listExceptions, revokeException } from './exceptions.ts';
import { propose, type Wanted } from './propose.ts';
import { type QuietWish, setQuiet } from './quiet.ts';
import type { Stated } from './record-statement.ts';
import { inPlainWords } from './refusal-words.ts';

const MOST_SEARCHED = 1_000;
const MOST_LISTED = 20;
/** What fits into one message. */
const MOST_LOGGED = 40;

export function createTools(parts: DigestConversation) {
  const { store, settings } = parts;
  const write = (said: Said, actor: ChatActor): string => parts.write(said, actor);
  const seenBy = (actor: ChatActor) => (about: Case) => maySee(about, actor, settings);
  const seenAs = (about: Case, actor: ChatActor): Case =>
    caseFor(about, actor.id, settings, [], (said) => write(said, actor));
  return {
    write,
    words: (said: Said, actor: ChatActor): string => parts.words(said, actor),
    casesFor: async (actor: ChatActor): Promise<readonly Case[]> =>
      (await store.listCases({ limit: MOST_SEARCHED }))
        .filter(seenBy(actor))
        .slice(0, MOST_LISTED)
        .map((about) => seenAs(about, actor)),
    async findCase(ref: string, actor: ChatActor): Promise<Case | null> {
      const about = await store.findCase(ref);
      if (!about || seenBy(actor)(about)) return about && seenAs(about, actor);
      await auditRefusal(about.id, actor, 'decide.not-asked', parts);
      return null;
    },
    digest: (wanted: WantedOfDigest | null, actor: ChatActor): Promise<ChatReply> =>
      sayDigest(wanted, actor, parts),
    show: (about: Case, actor: ChatActor): Promise<ChatReply> => showCase(about, actor, parts),
    decide: (about: Case, answer: Answer, actor: ChatActor): Promise<ChatReply> =>
      decide(about, answer, actor, parts),
    choices: async (about: Case, actor: ChatActor) =>
      settings.security.members.includes(actor.id) ? parts.choices(about) : null,
    targetOf: parts.targetOf,
    async log({ id, ref }: Case, actor: ChatActor): Promise<ChatReply> {
      // What was found is as its reader may see it: what is hidden is read off the whole of it.
      const about = await store.readCase(id);
      const runs = about ? await store.runsOf(id) : [];
      const hide = (line: string): string =>
        about ? textFor(line, about, actor.id, settings, runs, (said) => write(said, actor)) : line;
      const shown = (line: string): string => hide(inPlainWords(line));
      const lines = about ? (await parts.logOf(about, shown)).slice(-MOST_LOGGED) : [];
      return {
        kind: 'text',
        text: [
          `**${write(say('decide.log-of', { ref }), actor)}** (${write(say('decide.times-in-utc'), actor)})`,
          '',
          ...lines,
        ].join('\n'),
      };
    },
    async propose(about: Case, wanted: Wanted, actor: ChatActor): Promise<ChatReply> {
      const result = await propose(about.id, wanted, actor, parts);
      if (result.kind === 'decided') parts.wake();
      return proposedReply(result, actor, parts);
    },
    exceptions: (actor: ChatActor): Promise<ChatReply> => listExceptions(actor, parts),
    revoke: async (exception: string, actor: ChatActor): Promise<ChatReply> => {
      const reply = await revokeException(exception, actor, parts);
      parts.wake();
      return reply;
    },
    quiet: (wish: QuietWish, actor: ChatActor): Promise<ChatReply> => setQuiet(wish, actor, parts),
    delegation: (actor: ChatActor): Promise<ChatReply> => showDelegation(actor, parts),
    delegate: (wish: DelegateWish, actor: ChatActor): Promise<ChatReply> => delegate(wish, actor, parts),
    endDelegation: (actor: ChatActor): Promise<ChatReply> => endDelegation(actor, parts),
    writer: ({ timeZone, locale }: ChatActor) => ({
      now: parts.clock.now(),
      timeZone: timeZone ?? settings.timeZone,
      locale,
    }),
    async state(ref: string, said: Stated, actor: ChatActor): Promise<ChatReply> {
      const about = await store.findCase(ref);
      return about
        ? state(about, said, actor, parts)
        : { kind: 'text', text: parts.words(notDone(say('decide.with-somebody-else')), actor) };
    },
  };
}

/** A group or a channel other than the security team's: what is said there is said to everybody. */
const isOpenToOthers = (
  { conversation }: ChatActor,
  { settings }: Pick<ConversationParts, 'settings'>,
): boolean => /@thread\./.test(conversation.id) && !conversation.id.startsWith(settings.security.channel);

/** Where nothing of a case is said; null where it may be. */
export const othersReadAlong = (
  actor: ChatActor,
  parts: Pick<ConversationParts, 'settings' | 'write'>,
): ChatReply | null =>
  isOpenToOthers(actor, parts)
    ? { kind: 'text', text: parts.write(say('decide.others-read-along'), actor) }
    : null;
