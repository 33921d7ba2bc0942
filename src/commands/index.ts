// What analysts and managers can write to the bot: the registry, and the reading of a line.
import { say } from '../case/said.ts';
import type { ChatActor, ChatReply } from '../ports/chat.ts';
import { approve } from './approve.ts';
import { showCase } from './case.ts';
import { cases } from './cases.ts';
import { type Command, type CommandTools, reply } from './command.ts';
import { correct } from './correct.ts';
import { delegate } from './delegate.ts';
import { digest } from './digest.ts';
import { dismiss } from './dismiss.ts';
import { escalate } from './escalate.ts';
import { exceptions } from './exceptions.ts';
import { createHelp } from './help.ts';
import { keep } from './keep.ts';
import { log } from './log.ts';
import { notMe } from './not-me.ts';
import { propose } from './propose.ts';
import { quiet } from './quiet.ts';
import { reassign } from './reassign.ts';
import { revoke } from './revoke.ts';
import { undo } from './undo.ts';
import { wasMe } from './was-me.ts';

export const COMMANDS: readonly Command[] = [
  createHelp(() => COMMANDS),
  cases,
  showCase,
  digest,
  approve,
  dismiss,
  escalate,
  reassign,
  keep,
  undo,
  correct,
  propose,
  log,
  exceptions,
  revoke,
  quiet,
  delegate,
  wasMe,
  notMe,
];

/** Runs the command that the line names. Unknown words list what there is and do nothing. */
export async function runCommand(line: string, actor: ChatActor, tools: CommandTools): Promise<ChatReply> {
  const [name = '', ...args] = line.trim().split(/\s+/);
  const command = COMMANDS.find((one) => one.name === name.toLowerCase());
  if (command) return command.run(args, actor, tools, line.trim());
  return reply(
    say('commands.unknown', { usages: COMMANDS.map((one) => tools.write(one.usage, actor)).join(', ') }),
    actor,
    tools,
  );
}
