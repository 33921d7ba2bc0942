import { say } from '../case/said.ts';
import { type Command, withCase } from './command.ts';

export const keep: Command = {
  name: 'keep',
  usage: say('commands.usage.keep'),
  help: say('commands.help.keep'),
  run: (args, actor, tools) =>
    withCase(args[0], keep, actor, tools, (about) => {
      const comment = args.slice(1).join(' ');
      return tools.decide(about, { verb: 'keep', questionId: null, ...(comment && { comment }) }, actor);
    }),
};
