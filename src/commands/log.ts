import { type Command, withCase } from './command.ts';

export const log: Command = {
  name: 'log',
  usage: 'log <id>',
  help: 'who decided what, what was done, with proof and request ids',
  run: (args, actor, tools) => withCase(args[0], log, actor, tools, (about) => tools.log(about, actor)),
};
