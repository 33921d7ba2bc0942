import { say } from '../case/said.ts';
import { type Command, reply } from './command.ts';

/** For the person in question, who sees nothing else of the case. */
export const notMe: Command = {
  name: 'not-me',
  usage: say('commands.usage.not-me'),
  help: say('commands.help.not-me'),
  run: async ([ref, ...words], actor, tools) =>
    ref
      ? tools.state(ref, { was: 'not-me', ...(words.length > 0 && { comment: words.join(' ') }) }, actor)
      : reply(say('commands.which-case-on-card', { usage: notMe.usage }), actor, tools),
};
