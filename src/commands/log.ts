import { say } from '../case/said.ts';
import { type Command, withCase } from './command.ts';

export const log: Command = {
  name: 'log',
  usage: say('commands.usage.log'),
  help: say('commands.help.log'),
  run: (args, actor, tools) => withCase(args[0], log, actor, tools, (about) => tools.log(about, actor)),
};
