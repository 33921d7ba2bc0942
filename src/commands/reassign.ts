import { type Command, readName, splitAtBecause, text, withCase } from './command.ts';

/** What comes after the reference is whom they mean: an address, or a name that fits one person only. */
export const reassign: Command = {
  name: 'reassign',
  usage: 'reassign <id> <name or address>',
  help: 'it is for somebody else to answer: they are asked instead',
  run: (args, actor, tools) =>
    withCase(args[0], reassign, actor, tools, async (about) => {
      const { before, comment } = splitAtBecause(args.slice(1));
      const to = readName(before.join(' '));
      if (!to) return text(`Who can answer it? Write: ${reassign.usage}.`);
      return tools.decide(
        about,
        { ...{ verb: 'reassign', questionId: null, to }, ...(comment && { comment }) },
        actor,
      );
    }),
};
