import { type Command, withCase } from './command.ts';

export const dismiss: Command = {
  name: 'dismiss',
  usage: 'dismiss <id>',
  help: 'this was expected; an optional comment may follow',
  run: (args, actor, tools) =>
    withCase(args[0], dismiss, actor, tools, (about) => {
      const comment = args.slice(1).join(' ');
      return tools.decide(about, { verb: 'dismiss', questionId: null, ...(comment && { comment }) }, actor);
    }),
};
