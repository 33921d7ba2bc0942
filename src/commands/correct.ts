import { say } from '../case/said.ts';
import { type Command, withCase } from './command.ts';

export const correct: Command = {
  name: 'correct',
  usage: say('commands.usage.correct'),
  help: say('commands.help.correct'),
  run: (args, actor, tools) =>
    withCase(args[0], correct, actor, tools, (about) => {
      const comment = args.slice(1).join(' ');
      return tools.decide(about, { verb: 'correct', questionId: null, ...(comment && { comment }) }, actor);
    }),
};
