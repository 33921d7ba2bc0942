import { say } from '../case/said.ts';
import { type Command, withCase } from './command.ts';

export const undo: Command = {
  name: 'undo',
  usage: say('commands.usage.undo'),
  help: say('commands.help.undo'),
  run: (args, actor, tools) =>
    withCase(args[0], undo, actor, tools, (about) => {
      const anyway = args[1]?.toLowerCase() === 'anyway';
      const comment = args.slice(anyway ? 2 : 1).join(' ');
      const answer = { verb: 'undo', questionId: null, ...(comment && { comment }) } as const;
      return tools.decide(about, anyway ? { ...answer, anyway } : answer, actor);
    }),
};
