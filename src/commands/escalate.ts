import { say } from '../case/said.ts';
import { type Command, withCase } from './command.ts';

export const escalate: Command = {
  name: 'escalate',
  usage: say('commands.usage.escalate'),
  help: say('commands.help.escalate'),
  run: (args, actor, tools) =>
    withCase(args[0], escalate, actor, tools, (about) => {
      const comment = args.slice(1).join(' ');
      return tools.decide(about, { verb: 'escalate', questionId: null, ...(comment && { comment }) }, actor);
    }),
};
