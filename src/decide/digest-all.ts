// One answer for many questions: for exactly those that a card showed. Each is claimed in a transaction of its own, so what was
// decided, replaced or handed over in the meantime is left alone, and said.
import { type Alone, whyAlone } from '../case/answered-alone.ts';
import { awaitsOf, type Case } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import { sentences } from '../case/sentences.ts';
import type { ChatActor } from '../ports/chat.ts';
import type { Digest, Put } from '../ports/digests.ts';
import { type Claim, claim } from './claim.ts';
import { COMMENT_FIRST, commentWords } from './comment.ts';
import type { ConversationParts } from './conversation.ts';

export type AllVerb = 'dismiss' | 'escalate';

/** Teams waits some seconds for an answer; whoever pressed should not. */
const LONGEST_MS = 2_000;
const AT_ONCE = 8;
const MOST_SAID = 3;

type Shown = Pick<Put, 'caseId' | 'questionId'>;
/** Null: there was no time left for it. */
type Outcome = Claim | null;

/** Decides them, and answers what came of it in a few sentences. `typed`: it was a line of text that said so. */
export async function decideAll(
  { id }: Digest,
  verb: AllVerb,
  shown: number,
  actor: ChatActor,
  comment: string | undefined,
  parts: ConversationParts,
  typed = false,
): Promise<Said> {
  const drawn = await parts.store.transact((tx) => tx.digests.findDrawn(id, shown));
  if (!drawn) return typed ? say('decide.list-number-old') : say('decide.list-out-of-date');
  if (drawn[verb].length === 0) return say(NOTHING_OF_IT[verb]);
  const until = parts.clock.now() + LONGEST_MS;
  const outcomes: Outcome[] = [];
  for (let at = 0; at < drawn[verb].length; at += AT_ONCE) {
    const some = drawn[verb].slice(at, at + AT_ONCE);
    const isLate = parts.clock.now() > until;
    outcomes.push(
      ...(await Promise.all(
        some.map((one) => (isLate ? null : decideOne(one, verb, actor, comment, parts))),
      )),
    );
  }
  if (outcomes.some((one) => one?.kind === 'decided')) parts.wake();
  return outcomeText(verb, outcomes, typed ? commentWords(`digest ${verb} ${shown}`) : null);
}

async function decideOne(
  { caseId, questionId }: Shown,
  verb: AllVerb,
  actor: ChatActor,
  comment: string | undefined,
  parts: ConversationParts,
): Promise<Claim> {
  const about = verb === 'dismiss' ? await parts.store.readCase(caseId) : null;
  // A higher severity asks a new question, so this was not among what was shown. Looked at all the same: it is what the list promises.
  const why = about && whyAlone(about);
  if (about && why)
    return { kind: 'refused', about, code: 'decide.not-for-all', say: NOT_FOR_ALL[why], mayLook: true };
  return claim(caseId, { verb, questionId, ...(comment && { comment }) }, actor, parts);
}

const NOT_FOR_ALL: Readonly<Record<Alone, Said>> = {
  high: say('decide.by-itself.high'),
  contained: say('decide.by-itself.contained'),
  several: say('decide.by-itself.several'),
};

/** `wordless`: how whoever typed it says why, where that is demanded. */
function outcomeText(verb: AllVerb, outcomes: readonly Outcome[], wordless: Said | null): Said {
  const decided = outcomes.flatMap((one) => (one?.kind === 'decided' ? [one.about] : []));
  const waiting = verb === 'dismiss' ? decided.filter(isWaiting) : [];
  const refused = outcomes.flatMap((one) => (one?.kind === 'refused' ? [one] : []));
  const isSaidOnce = ({ code }: { readonly code: string }): boolean =>
    wordless !== null && code === COMMENT_FIRST;
  const told = refused.filter((one) => !isSaidOnce(one));
  const done = decided.length - waiting.length;
  const left = outcomes.filter((one) => one === null).length;
  return sentences([
    ...(decided.length === 0 ? [say('decide.nothing-done')] : []),
    ...(done > 0 ? [say(DONE[verb], { done })] : []),
    ...(waiting.length > 0 ? [say('decide.all-waiting', { waiting: waiting.length })] : []),
    ...(refused.length > 0 ? [say('decide.all-left-alone', { refused: refused.length })] : []),
    ...(told.length < refused.length && wordless ? [wordless] : []),
    ...told
      .slice(0, MOST_SAID)
      .map(({ about, say: why }) =>
        about && why !== '' ? say('decide.case-says', { ref: about.ref, says: why }) : why,
      ),
    ...(told.length > MOST_SAID ? [say('decide.and-more', { more: told.length - MOST_SAID })] : []),
    ...(left > 0 ? [say('decide.all-late', { left })] : []),
  ]);
}

const DONE = {
  dismiss: 'decide.all-done.dismiss',
  escalate: 'decide.all-done.escalate',
} as const satisfies Readonly<Record<AllVerb, string>>;

const NOTHING_OF_IT = {
  dismiss: 'decide.nothing-for-all.dismiss',
  escalate: 'decide.nothing-for-all.escalate',
} as const satisfies Readonly<Record<AllVerb, string>>;

/** It was only a signature. */
const isWaiting = ({ decisions }: Case): boolean => {
  const last = decisions.at(-1);
  return last !== undefined && awaitsOf(last) !== undefined;
};
