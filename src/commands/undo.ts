import { type Command, withCase } from './command.ts';

export const undo: Command = {
  name: 'undo',
  usage: 'undo <id>',
  help: 'put back what was done, where that is possible',
  run: (args, actor, tools) =>
    withCase(args[0], undo, actor, tools, (about) => {
      const comment = args.slice(1).join(' ');
      return tools.decide(about, { verb: 'undo', questionId: null, ...(comment && { comment }) }, actor);
    }),
};
