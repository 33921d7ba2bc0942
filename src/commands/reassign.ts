import { say } from '../case/said.ts';
import { type Command, readName, reply, splitAtBecause, withCase } from './command.ts';

/** What comes after the reference is whom they mean: an address, or a name that fits one person only. */
export const reassign: Command = {
  name: 'reassign',
  usage: say('commands.usage.reassign'),
  help: say('commands.help.reassign'),
  run: (args, actor, tools) =>
    withCase(args[0], reassign, actor, tools, async (about) => {
      const { before, comment } = splitAtBecause(args.slice(1));
      const to = readName(before.join(' '));
      if (!to) return reply(say('commands.who-can-answer', { usage: reassign.usage }), actor, tools);
      return tools.decide(
        about,
        { ...{ verb: 'reassign', questionId: null, to }, ...(comment && { comment }) },
        actor,
      );
    }),
};
