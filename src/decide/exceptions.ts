// What people can ask of exceptions in the chat: see them, and revoke one. One person suffices for that: it is the safe direction.
import type { Case } from '../case/case.ts';
import { SEVERITY_WORDS } from '../case/case-words.ts';
import { chainOf, type Exception, isInForce, saidBy } from '../case/exception.ts';
import { titleSaid } from '../case/policy-words.ts';
import { distinctSaid, type Said, say } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import { parseTarget } from '../case/target.ts';
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
  /**
   * In the person's language, fit for a message: one line, escaped, and without what `hide` takes out. What has markup of its own
   * is put together from `write`.
   */
  words(said: Said, actor: ChatActor, hide?: (text: string) => string): string;
  /** In the person's language, not escaped. */
  write(said: Said, actor: ChatActor): string;
}

const MOST_LISTED = 30;
const NO_SUCH_EXCEPTION = say('decide.no-such-exception');

/** In force, newest first: all of them for the security team, for others those of their own cases. Never about oneself. */
export async function listExceptions(actor: ChatActor, parts: ExceptionParts): Promise<ChatReply> {
  const mine: Known[] = [];
  for (const one of await parts.store.exceptionsInForce(isoTime(parts.clock))) {
    const about = one.caseId ? await parts.store.readCase(one.caseId) : null;
    if (mayKnow(one, about, actor, parts)) mine.push({ one, about });
  }
  const write = (said: Said): string => parts.write(said, actor);
  if (mine.length === 0) return text(write(say('decide.no-exceptions')));
  const more = mine.length - MOST_LISTED;
  return text(
    [
      write(say('decide.exceptions')),
      '',
      ...mine.slice(0, MOST_LISTED).map((known) => lineOf(known, actor, parts)),
      ...(more > 0 ? ['', write(say('decide.and-more', { more }))] : []),
      '',
      write(say('decide.how-to-revoke')),
    ].join('\n'),
  );
}

interface Known {
  readonly one: Exception;
  readonly about: Case | null;
}

/** What is said of a case shows what the case shows to the same reader. */
function lineOf({ one, about }: Known, actor: ChatActor, parts: ExceptionParts): string {
  const { id, kind, until, held, upTo } = one;
  const write = (said: Said): string => parts.write(said, actor);
  const shown = (said: Said): string => {
    const text = write(said);
    return about ? textFor(text, withThings(about, one), actor.id, parts.settings, [], write) : text;
  };
  const what =
    kind === 'quiet'
      ? say('decide.exception.quiet', { what: one.says, severity: SEVERITY_WORDS[upTo] })
      : about
        ? say('decide.exception.of-case', {
            ...{ what: shown(one.says), policies: policiesOf(about), ref: about.ref },
          })
        : shown(one.says);
  const filling = { what, names: saidBy(one), until: { time: until, dated: true }, held } as const;
  const says = one.comment
    ? say('decide.exception.line-because', { ...filling, comment: shown(one.comment) })
    : say('decide.exception.line', filling);
  return `- **${id}** ${parts.words(says, actor)}`;
}

const policiesOf = ({ policy, related = [] }: Case): readonly Said[] =>
  distinctSaid([policy, ...related].filter(({ title }) => title !== '').map(titleSaid));

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
  const reply = (said: Said): ChatReply => text(parts.words(said, actor));
  if (!found) return reply(NO_SUCH_EXCEPTION);
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
    return reply(isKnown ? say('decide.not-theirs-to-revoke') : NO_SUCH_EXCEPTION);
  }
  const done =
    isInForce(found, at) && (await parts.store.transact((tx) => revokeOne(tx, found, personOf(actor), at)));
  if (done) return reply(say('decide.revoked', { id: found.id }));
  return reply(
    found.revoked
      ? say('decide.revoked-already', { name: found.revoked.by.name })
      : say('decide.exception-over'),
  );
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
