import { say } from '../case/said.ts';
import { type Command, examples, notDone, readName, reply } from './command.ts';
import { readUntil, splitAtUntil } from './until.ts';

export const delegate: Command = {
  name: 'delegate',
  usage: say('commands.usage.delegate'),
  help: say('commands.help.delegate'),
  async run(args, actor, tools) {
    const [first = '', ...others] = args;
    if (!first) return tools.delegation(actor);
    if (first.toLowerCase() === 'off' && others.length === 0) return tools.endDelegation(actor);
    const parted = splitAtUntil(args.join(' '));
    const to = readName(parted?.before ?? '');
    if (!parted || !to) return examples(HOW, actor, tools);
    const read = readUntil(parted.from, tools.writer(actor));
    if (read.kind === 'refused') return reply(notDone(read.say), actor, tools);
    // A half-read date would be a wrong one.
    if (read.kind === 'absent' || read.rest) return examples(HOW, actor, tools);
    return tools.delegate({ to, until: read.until }, actor);
  },
};

const HOW = [
  '- delegate to priya.nair@contoso.example until friday',
  '- delegate to Priya Nair until 2026-12-01',
  '- delegate off',
];
