import { type Command, text, withCase } from './command.ts';
import { readUntil } from './until.ts';

export const dismiss: Command = {
  name: 'dismiss',
  usage: 'dismiss <id>',
  help: 'this was expected; "dismiss <id> until <when>" also says that the same is expected until then; an optional comment may follow',
  run: (args, actor, tools) =>
    withCase(args[0], dismiss, actor, tools, async (about) => {
      const words = args.slice(1).join(' ');
      const read = readUntil(words, tools.writer(actor));
      if (read.kind === 'refused') return text(`Nothing was done. ${read.say}`);
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
