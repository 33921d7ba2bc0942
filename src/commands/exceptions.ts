import { say } from '../case/said.ts';
import type { Command } from './command.ts';

export const exceptions: Command = {
  name: 'exceptions',
  usage: 'exceptions',
  help: say('commands.help.exceptions'),
  run: (_args, actor, tools) => tools.exceptions(actor),
};
