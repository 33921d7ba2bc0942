// What people can ask of exceptions in the chat: see them, and revoke one. One person suffices for that: it is the safe direction.
import type { Case } from '../case/case.ts';
import { chainOf, type Exception, isInForce, saidBy } from '../case/exception.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { parseTarget } from '../case/target.ts';
import { timeMark } from '../case/times.ts';
import { textFor } from '../case/visibility.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { type Clock, isoTime } from '../ports/clock.ts';
import { maySee } from './authorise.ts';
import { personOf } from './claim.ts';
import { revokeOne } from './expected-until.ts';

export interface ExceptionParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly settings: OperatorSettings;
  /** Words from outside with marked moments, fit for a message to this person. */
  words(text: string, actor: ChatActor): string;
}

const MOST_LISTED = 30;
export const NO_SUCH_EXCEPTION = 'There is no such exception for you. Write "exceptions" to see yours.';

/** In force, newest first: all of them for the security team, for others those of their own cases. Never about oneself. */
export async function listExceptions(actor: ChatActor, parts: ExceptionParts): Promise<ChatReply> {
  const mine: Known[] = [];
  for (const one of await parts.store.exceptionsInForce(isoTime(parts.clock))) {
    const about = one.caseId ? await parts.store.readCase(one.caseId) : null;
    if (mayKnow(one, about, actor, parts)) mine.push({ one, about });
  }
  if (mine.length === 0) return text('Nothing is expected or kept quiet now, as far as you may see.');
  const more = mine.length - MOST_LISTED;
  return text(
    [
      'This asks nobody for now:',
      '',
      ...mine.slice(0, MOST_LISTED).map((known) => lineOf(known, actor, parts)),
      ...(more > 0 ? ['', `And ${more} more.`] : []),
      '',
      'Write "revoke" and the id to be asked again.',
    ].join('\n'),
  );
}

interface Known {
  readonly one: Exception;
  readonly about: Case | null;
}

/** What is said of a case shows what the case shows to the same reader. */
function lineOf({ one, about }: Known, actor: ChatActor, { words, settings }: ExceptionParts): string {
  const { id, kind, until, held, upTo } = one;
  const shown = (text: string): string =>
    about ? textFor(text, withThings(about, one), actor.id, settings) : text;
  const of = about ? ` (${policiesOf(about)}, case ${about.ref})` : '';
  const what = kind === 'expected' ? `${shown(one.says)}${of}` : `Quiet: ${one.says}, up to ${upTo} severity`;
  const why = one.comment ? ` (“${shown(one.comment)}”)` : '';
  const says = `${what}, said by ${saidBy(one).join(' and ')}${why}, until ${timeMark(until)}. Held back so far: ${held}.`;
  return `- **${id}** ${words(says, actor)}`;
}

const policiesOf = ({ policy, related = [] }: Case): string =>
  [...new Set([policy.title, ...related.map(({ title }) => title)])].filter(Boolean).join(', ');

/** Of a case that asks about something else by now, too. */
const withThings = (about: Case, { targets = [] }: Exception): Case => ({
  ...about,
  targets: [...about.targets, ...targets.flatMap((key) => parseTarget(key) ?? [])],
});

/** What somebody may not see is not there. What was refused is on record where the exception is. */
export async function revokeException(
  id: string,
  actor: ChatActor,
  parts: ExceptionParts,
): Promise<ChatReply> {
  const at = isoTime(parts.clock);
  const found = await parts.store.transact((tx) => tx.exceptions.find(id));
  if (!found) return text(NO_SUCH_EXCEPTION);
  const about = found.caseId ? await parts.store.readCase(found.caseId) : null;
  const isKnown = mayKnow(found, about, actor, parts);
  if (!isKnown || !mayRevoke(found, about, actor, parts.settings)) {
    await parts.store.transact((tx) =>
      tx.audit(chainOf(found), {
        kind: 'decision.refused',
        actor: personOf(actor),
        facts: { code: 'decide.not-theirs', verb: 'revoke' },
      }),
    );
    return text(
      isKnown ? 'Nothing was done. Whoever said so, or the security team, can revoke it.' : NO_SUCH_EXCEPTION,
    );
  }
  const done =
    isInForce(found, at) && (await parts.store.transact((tx) => revokeOne(tx, found, personOf(actor), at)));
  if (done) return text(`Revoked. ${found.id} holds nothing back any more: the next of it asks again.`);
  const by = found.revoked ? ` ${found.revoked.by.name} revoked it already.` : ' It is over already.';
  return text(parts.words(`Nothing was done.${by}`, actor));
}

function mayKnow(
  one: Exception,
  about: Case | null,
  actor: ChatActor,
  { settings }: ExceptionParts,
): boolean {
  if (one.subjects?.includes(actor.id) || one.people?.includes(actor.id)) return false;
  if (one.by.id === actor.id || isSecurity(actor, settings)) return true;
  return about !== null && maySee(about, actor, settings);
}

const mayRevoke = (
  one: Exception,
  about: Case | null,
  actor: ChatActor,
  settings: OperatorSettings,
): boolean =>
  one.by.id === actor.id ||
  isSecurity(actor, settings) ||
  (about?.decisions.some(({ verb, by }) => verb === 'dismiss' && by.id === actor.id) ?? false);

export const isSecurity = (actor: Pick<ChatActor, 'id'>, { security }: OperatorSettings): boolean =>
  security.members.includes(actor.id);

const text = (words: string): ChatReply => ({ kind: 'text', text: words });
