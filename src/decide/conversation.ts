// Where a button or a line of text meets the case: finds it, decides, and answers at once. The work runs behind it.
import type { CardCopy, Case, Verb } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import { isAsked } from '../case/question.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { Target } from '../case/target.ts';
import { textFor } from '../case/visibility.ts';
import type { Answer } from '../ports/answer.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { ChatActor, ChatReply, Click } from '../ports/chat.ts';
import type { Log } from '../ports/log.ts';
import type { CardContent } from '../ports/messenger.ts';
import { maySee, whyAnew } from './authorise.ts';
import { type Claim, claim } from './claim.ts';
import { COMMENT_FIRST, commentWords, lineOf } from './comment.ts';
import type { DelegateParts } from './delegate.ts';
import { doneWords } from './done-words.ts';
import type { DecideParts } from './parts.ts';
import type { ProposeParts } from './propose.ts';
import type { QuietParts } from './quiet.ts';
import { recordStatement, type Stated } from './record-statement.ts';
import { REFRESH, refreshed } from './refresh.ts';
import { readUntil, type UntilRules } from './until.ts';

/** "Expected" with the date beside it: without one, the button means nothing. */
const EXPECT_UNTIL = 'expect-until';

export { maySee };

/** What the buttons of our cards say, as an answer to the question. */
const ANSWERS: Readonly<Record<string, Pick<Answer, 'verb' | 'anyway'>>> = {
  approve: { verb: 'approve' },
  dismiss: { verb: 'dismiss' },
  [EXPECT_UNTIL]: { verb: 'dismiss' },
  escalate: { verb: 'escalate' },
  reassign: { verb: 'reassign' },
  keep: { verb: 'keep' },
  correct: { verb: 'correct' },
  undo: { verb: 'undo' },
  'undo-anyway': { verb: 'undo', anyway: true },
};
/** The same of the person in question's own card. */
const STATEMENTS: Readonly<Record<string, Stated['was']>> = { 'was-me': 'me', 'not-me': 'not-me' };
const ofOwn = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** What a card says to whoever has just pressed it. */
export interface Told {
  readonly notice?: Said;
  /** Where what they tried takes a fresh sign-in. */
  readonly signInUrl?: string;
  /** What they had typed, where nothing came of it: they need not type it again. */
  readonly comment?: string;
}

export interface ConversationParts extends DecideParts, ProposeParts, QuietParts, DelegateParts {
  readonly store: CaseStore;
  readonly settings: OperatorSettings;
  readonly log: Log;
  draw(about: Case, reader: string, told: Told): Promise<CardContent>;
  /** The card that lies under the activity, as this person sees it now. No case: one that says nothing. */
  redraw(about: Case | null, actor: ChatActor, activityId?: string): Promise<CardContent>;
  /** Keeps a card true that was sent as a message of its own. */
  track(shown: Case, actor: ChatActor, activityId: string): Promise<void>;
  /** The same for a card that was pressed, where it is not on record: the answer to its sending was lost. */
  adopt(about: Case, actor: ChatActor, activityId: string): Promise<void>;
  /** What may be proposed in the case, for whoever has the security role. */
  choices(about: Case): Promise<readonly Choice[]>;
  /** What somebody wrote as a target; null where it is none, or not there. */
  targetOf(written: string): Promise<Target | null>;
  /** The governance log of the case, a line each, fit for a message. `hide` takes out what its reader may not see. */
  logOf(about: Case, hide: (line: string) => string): Promise<readonly string[]>;
  /** Steps may be due. */
  wake(): void;
}

/** An action, and what of a case it would act on. */
export interface Choice {
  readonly action: string;
  readonly title: Said;
  readonly targetKind: Target['kind'];
  readonly targets: readonly Target[];
}

const text = (words: string): ChatReply => ({ kind: 'text', text: words });

/** Words as a message in the actor's language: what they name is escaped. */
export const inWords = (said: Said, actor: ChatActor, parts: Pick<ConversationParts, 'words'>): ChatReply =>
  text(parts.words(said, actor));

/** Nothing was done, and why. */
export const notDone = (why: Said): Said => sentences([say('decide.nothing-done'), why]);

/** A button. What it carries is looked up or compared, never believed. */
export async function answerClick(
  click: Click,
  actor: ChatActor,
  parts: ConversationParts,
): Promise<ChatReply> {
  const about = await parts.store.findCase(click.caseRef);
  if (click.verb === REFRESH) return refreshed(about, click, actor, parts);
  const pressed = ofOwn(ANSWERS, click.verb);
  const was = ofOwn(STATEMENTS, click.verb);
  if (!about || !(pressed || was)) {
    parts.log.warn(
      { actor: actor.id, known: about !== null, caseId: about?.id },
      'click with an unknown verb or case refused',
    );
    await auditRefusal(about?.id ?? NO_CASE, actor, about ? 'decide.unknown-verb' : 'decide.no-case', parts);
    return inWords(say('decide.unknown-button'), actor, parts);
  }
  const comment = click.comment ? { comment: click.comment } : {};
  const reply = pressed
    ? await decide(about, { ...pressed, ...comment, ...placeOf(click), ...restOf(click) }, actor, parts)
    : await state(
        about,
        { was: was ?? 'not-me', ...comment, questionId: click.questionId },
        actor,
        parts,
        'button',
      );
  // Cards are for those who may look: the button of anybody else adds no copy.
  if (reply.kind === 'card' && click.activityId) await parts.adopt(about, actor, click.activityId);
  return reply;
}

const placeOf = ({ questionId, offer }: Click): Pick<Answer, 'questionId' | 'offer'> => ({
  questionId,
  ...(offer && { offer }),
});

/** What only one button reads: whatever else the card's inputs held when another was pressed is not meant. */
function restOf({ verb, until, to }: Click): Pick<Answer, 'until' | 'to'> {
  if (verb === EXPECT_UNTIL) return { until: until ?? '' };
  return verb === 'reassign' && to ? { to } : {};
}

const MEANT: readonly Verb[] = ['approve', 'dismiss', 'keep', 'reassign'];

/** The one door for buttons and text commands. A line is answered in words where the person has a card that changes. */
export async function decide(
  about: Case,
  answer: Answer,
  actor: ChatActor,
  parts: ConversationParts,
): Promise<ChatReply> {
  const isMeant = MEANT.includes(answer.verb);
  const zone = actor.timeZone ?? parts.settings.timeZone;
  const unseen = answer.questionId === null && isMeant ? await unseenWords(about, actor, parts) : null;
  if (unseen) return inWords(notDone(unseen), actor, parts);
  // The question that was looked at, and no other that takes its place in the meantime.
  const questionId = answer.questionId ?? (isMeant ? (about.question?.id ?? null) : null);
  const read = answer.until === undefined ? null : readUntil(answer.until, untilRules(actor, parts));
  if (read?.kind === 'refused')
    return answer.questionId === null || !maySee(about, actor, parts.settings)
      ? inWords(notDone(read.say), actor, parts)
      : showCase(about, actor, parts, { notice: read.say, ...typedIn(answer, actor) });
  const until = read ? { until: read.until } : {};
  const result = await claim(about.id, { ...answer, ...until, questionId }, actor, parts);
  if (result.kind === 'decided') parts.wake();
  const hasCard = answer.questionId === null && (await hasCopy(about, actor, parts));
  const hide = (words: string): string =>
    textFor(words, result.about ?? about, actor.id, parts.settings, [], (said) => parts.write(said, actor));
  if (result.kind === 'decided')
    return hasCard
      ? text(parts.words(doneWords(result.about, answer), actor, hide))
      : showCase(result.about, actor, parts);
  // Someone who was never asked learns nothing of the case: words, no card.
  if (!result.mayLook || !result.about || hasCard) {
    const isTyped = answer.questionId === null;
    const why =
      isTyped && result.code === COMMENT_FIRST ? commentWords(lineOf(about, answer, zone)) : result.say;
    // The link is ours, and has to stay one.
    const signIn = result.signInUrl
      ? ` ${parts.write(say('decide.sign-in-here', { url: result.signInUrl }), actor)}`
      : '';
    return text(`${parts.words(notDone(why), actor, hide)}${signIn}`);
  }
  const { say: notice, signInUrl } = result;
  return showCase(result.about, actor, parts, {
    ...{ notice, ...typedIn(answer, actor) },
    ...(signInUrl && { signInUrl }),
  });
}

/** A line stands in the chat anyway; and in a channel the card would be filled in for everybody. */
const typedIn = ({ comment, questionId }: Answer, { conversation }: ChatActor): Told =>
  comment && questionId !== null && !/@thread\./.test(conversation.id) ? { comment } : {};

const untilRules = ({ timeZone }: ChatActor, { settings, clock }: ConversationParts): UntilRules => ({
  ...{ timeZone, defaultZone: settings.timeZone },
  ...{ nowMs: clock.now(), longestMs: settings.asking.longestMs },
});

/**
 * A line means what its writer has seen, deeds and plan: not a question whose card they do not have yet. Whoever is not sent it
 * (the security role, when it went to the channel or to a manager) has their earlier card, which is kept true.
 */
async function unseenWords(about: Case, actor: ChatActor, parts: ConversationParts): Promise<Said | null> {
  // What is over says so itself.
  if (about.state !== 'asking' && about.state !== 'routing') return null;
  const mine = (await parts.store.copiesOf(about.id)).filter((copy) => copy.reader === actor.id);
  const isSentOne = about.question !== null && isAsked(about.question, actor.id);
  const isCurrent = (copy: CardCopy): boolean => copy.questionId === about.question?.id;
  const isSeen = (copy: CardCopy): boolean =>
    !copy.folded && (isCurrent(copy) || (!isSentOne && copy.shownVersion === about.version));
  if (mine.length === 0 || mine.some(isSeen)) return null;
  return mine.some(isCurrent)
    ? say('decide.only-counted', { ref: about.ref })
    : sentences([whyAnew(about), say('decide.new-card-on-its-way')]);
}

const hasCopy = async (about: Case, actor: ChatActor, parts: ConversationParts): Promise<boolean> =>
  (await parts.store.copiesOf(about.id)).some((copy) => copy.reader === actor.id);

const SAID: Readonly<Record<Stated['was'], Said>> = {
  me: say('decide.recorded.me'),
  'not-me': say('decide.recorded.not-me'),
};

/**
 * What the person in question says themselves; they are shown their own card, and nothing else. A line is answered in words where
 * they have it already: each card of a case is edited for as long as the case lives.
 */
export async function state(
  about: Case,
  said: Stated,
  actor: ChatActor,
  parts: ConversationParts,
  by: 'line' | 'button' = 'line',
): Promise<ChatReply> {
  const result = await recordStatement(about.id, said, actor, parts);
  if (result.kind === 'refused') return inWords(notDone(result.say), actor, parts);
  parts.wake();
  if (by === 'line' && (await hasCopy(about, actor, parts))) return inWords(SAID[said.was], actor, parts);
  return showCase(result.about, actor, parts);
}

/** In words: whoever types has the card above, or gets the new one. */
export function proposedReply(result: Claim, actor: ChatActor, parts: ConversationParts): ChatReply {
  if (result.kind === 'refused') return inWords(notDone(result.say), actor, parts);
  const why = result.about.toSecurity ?? say('decide.proposed');
  return inWords(sentences([why, say('decide.security-asked-anew')]), actor, parts);
}

/** The case as this person sees it, kept true from then on. */
export async function showCase(
  about: Case,
  actor: ChatActor,
  parts: Pick<ConversationParts, 'draw' | 'track'>,
  told: Told = {},
): Promise<ChatReply> {
  return {
    kind: 'card',
    card: await parts.draw(about, actor.id, told),
    posted: (activityId) => parts.track(about, actor, activityId),
  };
}

/** Chain of what belongs to no case. */
export const NO_CASE = '00000000-0000-0000-0000-000000000000' as CaseId;

/** Whatever was refused leaves word in the trail: of the case, or of no case where there is none. */
export async function auditRefusal(
  id: CaseId,
  actor: ChatActor,
  code: string,
  parts: Pick<ConversationParts, 'store'>,
): Promise<void> {
  await parts.store.transact((tx) =>
    tx.audit(id, {
      kind: 'decision.refused',
      actor: { kind: 'person', id: actor.id, name: actor.name },
      facts: { code },
    }),
  );
}
