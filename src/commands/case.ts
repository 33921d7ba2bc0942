import { type Command, withCase } from './command.ts';

export const showCase: Command = {
  name: 'case',
  usage: 'case <id>',
  help: 'one case as it stands now',
  run: (args, actor, tools) => withCase(args[0], showCase, actor, tools, (about) => tools.show(about, actor)),
};
