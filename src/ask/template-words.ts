// What stands in the templates in cards/ whatever the case is: their `w`, written for the reader.
import type { Case } from '../case/case.ts';
import type { JsonObject } from '../case/json.ts';
import { type Filling, say } from '../case/said.ts';
import type { WordKey } from '../case/word-keys.ts';
import type { CardView } from './card-view.ts';

type Write = CardView['write'];

const written = (words: Readonly<Record<string, readonly [WordKey, Filling?]>>, write: Write): JsonObject =>
  Object.fromEntries(
    Object.entries(words).map(([name, [key, filling]]) => [name, write(say(key, filling))] as const),
  );

export const questionWords = ({ ref }: Case, { longestMs, undoForMs = 0, write }: CardView): JsonObject => {
  const longest = { ms: longestMs };
  return written(
    {
      fallback: ['cards.question.fallback', { ref }],
      colon: ['cards.colon'],
      case: ['cards.case', { ref }],
      signIn: ['cards.sign-in-again'],
      comment: ['cards.comment.placeholder'],
      untilOpen: ['cards.until.open'],
      untilLabel: ['cards.until.label', { longest }],
      untilError: ['cards.until.error', { longest }],
      untilSend: ['cards.until.send'],
      untilSays: ['cards.until.says'],
      reassignOpen: ['cards.reassign.open'],
      reassignLabel: ['cards.reassign.label'],
      reassignError: ['cards.reassign.error'],
      reassignSend: ['cards.reassign.send'],
      reassignSays: ['cards.reassign.says'],
      reassignWrite: ['cards.reassign.write', { command: say('cards.reassign.command', { ref }) }],
      escalate: ['cards.escalate'],
      escalateSays: ['cards.escalate.says'],
      takeBack: ['cards.take-back'],
      exactly: ['cards.exactly'],
      undoFor: ['cards.undo-for', { span: { ms: undoForMs } }],
      more: ['cards.more'],
      toDoThis: ['cards.to-do-this'],
      notOffered: ['cards.not-offered'],
      details: ['cards.details'],
      stillWorks: ['cards.question.write'],
    },
    write,
  );
};

export const outcomeWords = ({ ref }: Case, { write }: CardView): JsonObject =>
  written(
    {
      fallback: ['cards.outcome.fallback', { ref }],
      colon: ['cards.colon'],
      case: ['cards.case', { ref }],
      details: ['cards.details'],
      mistake: ['cards.mistake'],
      correctWrite: ['cards.write', { command: `correct ${ref}` }],
      undo: ['cards.undo'],
      undoWrite: ['cards.write', { command: `undo ${ref}` }],
      changedSince: ['cards.changed-since'],
      undoAnyway: ['cards.undo-anyway'],
      undoAnywaySays: ['cards.undo-anyway.says', { command: `undo ${ref} anyway` }],
      onlySecurity: ['cards.undo-anyway.only-security'],
      comment: ['cards.comment.placeholder'],
    },
    write,
  );

/** `name` is escaped already. */
export const noticeWords = ({ ref }: Case, name: string, write: Write): JsonObject =>
  written(
    {
      fallback: ['cards.notice.fallback', { ref }],
      title: ['cards.notice.title'],
      hello: ['cards.notice.hello', { name }],
      onRecord: ['cards.notice.on-record'],
      comment: ['cards.notice.comment'],
      placeholder: ['cards.notice.placeholder'],
      write: ['cards.notice.write', { ref }],
      me: ['cards.notice.me'],
      notMe: ['cards.notice.not-me'],
    },
    write,
  );

export const digestWords = (write: Write): JsonObject =>
  written(
    {
      fallback: ['cards.digest.fallback'],
      colon: ['cards.colon'],
      expected: ['cards.digest.expected'],
      open: ['cards.digest.open'],
      placeholder: ['cards.digest.placeholder'],
      signIn: ['cards.sign-in-again'],
      write: ['cards.digest.write'],
    },
    write,
  );

export const neutralWords = (write: Write): JsonObject =>
  written({ title: ['cards.neutral.title'], says: ['cards.neutral.says'] }, write);

/** `name` and `why` are escaped already. */
export const adminWords = (
  { ref, name, why }: { readonly ref: string; readonly name: string; readonly why: string },
  write: Write,
): JsonObject =>
  written(
    {
      fallback: ['cards.admin.fallback', { ref, name, why }],
      speak: ['cards.admin.speak'],
      title: ['cards.admin.title'],
      who: ['cards.admin.who'],
      why: ['cards.admin.why'],
      case: ['cards.admin.case'],
      do: ['cards.admin.do'],
    },
    write,
  );

export const adminTeamWords = (ref: string, write: Write): JsonObject =>
  written(
    {
      fallback: ['cards.admin-team.fallback', { ref }],
      speak: ['cards.admin-team.speak'],
      title: ['cards.admin-team.title'],
      case: ['cards.admin.case'],
      do: ['cards.admin-team.do'],
    },
    write,
  );
