import { say } from '../case/said.ts';
import { type Command, notDone, reply, withCase } from './command.ts';
import { readUntil } from './until.ts';

export const dismiss: Command = {
  name: 'dismiss',
  usage: say('commands.usage.dismiss'),
  help: say('commands.help.dismiss'),
  run: (args, actor, tools) =>
    withCase(args[0], dismiss, actor, tools, async (about) => {
      const words = args.slice(1).join(' ');
      const read = readUntil(words, tools.writer(actor));
      if (read.kind === 'refused') return reply(notDone(read.say), actor, tools);
      const isUntil = read.kind === 'until';
      const comment = isUntil ? read.rest : words;
      return tools.decide(
        about,
        {
          ...{ verb: 'dismiss', questionId: null },
          ...(isUntil && { until: read.until }),
          ...(comment && { comment }),
        },
        actor,
      );
    }),
};
