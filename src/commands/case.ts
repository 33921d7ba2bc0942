import { say } from '../case/said.ts';
import { type Command, withCase } from './command.ts';

export const showCase: Command = {
  name: 'case',
  usage: say('commands.usage.case'),
  help: say('commands.help.case'),
  run: (args, actor, tools) => withCase(args[0], showCase, actor, tools, (about) => tools.show(about, actor)),
};
