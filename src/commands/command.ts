// The contract of a bot command: one file each in this folder, one line in index.ts.

import type { Case, Statement } from '../case/case.ts';
import { type Said, say } from '../case/said.ts';
import type { Target } from '../case/target.ts';
import type { Answer } from '../ports/answer.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import type { Writer } from './until.ts';

/** What commands may do; app.ts provides it. */
export interface CommandTools {
  /** In the person's language; not escaped. */
  write(said: Said, actor: ChatActor): string;
  /** The same, escaped: for words that hold others' text. */
  words(said: Said, actor: ChatActor): string;
  /** Cases that this person may see, newest first. */
  casesFor(actor: ChatActor): Promise<readonly Case[]>;
  /** The case with this reference when this person may see it; null otherwise, without telling which. */
  findCase(ref: string, actor: ChatActor): Promise<Case | null>;
  /** The case as a card, with the buttons that this person may press. */
  show(about: Case, actor: ChatActor): Promise<ChatReply>;
  /** The same door as a button. */
  decide(about: Case, answer: Answer, actor: ChatActor): Promise<ChatReply>;
  /** What can be proposed in the case; null for whoever may not. */
  choices(about: Case, actor: ChatActor): Promise<readonly Choice[] | null>;
  /** What somebody wrote as a target; null where it is none, or not there. */
  targetOf(written: string): Promise<Target | null>;
  /** Has an action offered in a new question. Only the security role. */
  propose(
    about: Case,
    what: { readonly action: string; readonly target: Target },
    actor: ChatActor,
  ): Promise<ChatReply>;
  /** What the person in question says themselves. Anybody else is told nothing of the case. */
  state(ref: string, said: Pick<Statement, 'was' | 'comment'>, actor: ChatActor): Promise<ChatReply>;
  /** The list of the questions that came at once; or an answer for all that the list of this number showed. */
  digest(
    wanted: {
      readonly verb: 'dismiss' | 'escalate';
      readonly shown: number | null;
      readonly comment?: string;
    } | null,
    actor: ChatActor,
  ): Promise<ChatReply>;
  /** The governance log of the case. */
  log(about: Case, actor: ChatActor): Promise<ChatReply>;
  /** What asks nobody for now, as far as this person may see it. */
  exceptions(actor: ChatActor): Promise<ChatReply>;
  /** Ends one of them. */
  revoke(exception: string, actor: ChatActor): Promise<ChatReply>;
  /** Only the security role. */
  quiet(wish: QuietWish, actor: ChatActor): Promise<ChatReply>;
  /** Who answers in this person's place. */
  delegation(actor: ChatActor): Promise<ChatReply>;
  /** `to`: as it was written; `until`: ISO 8601 in UTC. */
  delegate(wish: { readonly to: string; readonly until: string }, actor: ChatActor): Promise<ChatReply>;
  endDelegation(actor: ChatActor): Promise<ChatReply>;
  /** By whose calendar and clock this person writes dates. */
  writer(actor: ChatActor): Writer;
}

/** What is to ask nobody, as it was written. */
export interface QuietWish {
  readonly what: 'subject' | 'target' | 'policy';
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly until: string;
  readonly why?: string;
}

/** An action, and what of the case it would act on. */
export interface Choice {
  readonly action: string;
  readonly title: Said;
  readonly targetKind: Target['kind'];
  readonly alsoOn?: Target['kind'];
  readonly targets: readonly Target[];
}

export interface Command {
  readonly name: string;
  /** As it is typed, with the arguments in angle brackets: those are in words, what is typed as it stands is English. */
  readonly usage: Said;
  readonly help: Said;
  /** `line`: all of it as it was written, for what spaces mean something to. */
  run(args: readonly string[], actor: ChatActor, tools: CommandTools, line: string): Promise<ChatReply>;
}

export const text = (words: string): ChatReply => ({ kind: 'text', text: words });

/** One sentence, or a few, in the person's language. */
export const reply = (said: Said, actor: ChatActor, tools: Pick<CommandTools, 'write'>): ChatReply =>
  text(tools.write(said, actor));

/** Nothing was done, and why. */
export const notDone = (why: Said): Said => say('commands.not-done', { why });

/** Nothing was done, and what can be written instead. */
export const examples = (
  lines: readonly string[],
  actor: ChatActor,
  tools: Pick<CommandTools, 'write'>,
): ChatReply => text([tools.write(say('commands.write-one-of'), actor), '', ...lines].join('\n'));

/** A comment is told from what goes before it by the word "because". */
export function splitAtBecause(words: readonly string[]): {
  readonly before: readonly string[];
  readonly comment: string;
} {
  const because = words.findIndex((word, index) => index > 0 && word.toLowerCase() === 'because');
  return because < 0
    ? { before: words, comment: '' }
    : { before: words.slice(0, because), comment: words.slice(because + 1).join(' ') };
}

/** What messages put into addresses so that no client makes links of them, and what a mention begins with. */
const NO_NAME = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?<=^|\s)@/gu;

/** "to @Priya Nair" as the name of somebody. */
export const readName = (words: string): string =>
  words
    .replace(/^to(\s+|$)/i, '')
    .replace(NO_NAME, '')
    .trim();

/** Finds the case that a command names, or says how to name one. */
export async function withCase(
  ref: string | undefined,
  command: Pick<Command, 'usage'>,
  actor: ChatActor,
  tools: CommandTools,
  then: (about: Case) => Promise<ChatReply>,
): Promise<ChatReply> {
  if (!ref) return reply(say('commands.which-case', { usage: command.usage }), actor, tools);
  const about = await tools.findCase(ref, actor);
  if (!about) return reply(say('commands.no-such-case'), actor, tools);
  return then(about);
}
