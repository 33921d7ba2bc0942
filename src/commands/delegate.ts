import { type Command, readName, text } from './command.ts';
import { readUntil, splitAtUntil } from './until.ts';

export const delegate: Command = {
  name: 'delegate',
  usage: 'delegate to <who> until <when>',
  help: 'one of your managers, or of the security team, is asked in your place; "delegate off" takes it back, "delegate" shows it',
  async run(args, actor, tools) {
    const [first = '', ...others] = args;
    if (!first) return tools.delegation(actor);
    if (first.toLowerCase() === 'off' && others.length === 0) return tools.endDelegation(actor);
    const parted = splitAtUntil(args.join(' '));
    const to = readName(parted?.before ?? '');
    if (!parted || !to) return text(HOW);
    const read = readUntil(parted.from, tools.writer(actor));
    if (read.kind === 'refused') return text(`Nothing was done. ${read.say}`);
    // A half-read date would be a wrong one.
    if (read.kind === 'absent' || read.rest) return text(HOW);
    return tools.delegate({ to, until: read.until }, actor);
  },
};

const HOW = [
  'Nothing was done. Write one of these lines:',
  '',
  '- delegate to priya.nair@contoso.example until friday',
  '- delegate to Priya Nair until 2026-12-01',
  '- delegate off',
].join('\n');
