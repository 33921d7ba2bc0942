import { say } from '../case/said.ts';
import { type Command, reply } from './command.ts';

const VERBS = ['dismiss', 'escalate'] as const;

/** Acts only on a list of which the number is given: what stands on it by then is not what was read. */
export const digest: Command = {
  name: 'digest',
  usage: say('commands.usage.digest'),
  help: say('commands.help.digest'),
  run: async (args, actor, tools) => {
    const [word, number = '', ...rest] = args;
    if (!word) return tools.digest(null, actor);
    const verb = VERBS.find((one) => one === word.toLowerCase());
    if (!verb) return reply(say('commands.how-to', { usage: digest.usage }), actor, tools);
    const shown = /^\d{1,9}$/.test(number) ? Number(number) : null;
    const comment = rest.join(' ');
    return tools.digest({ verb, shown, ...(comment && { comment }) }, actor);
  },
};
