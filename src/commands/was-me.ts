import { say } from '../case/said.ts';
import { type Command, reply } from './command.ts';

/** For the person in question, who sees nothing else of the case. */
export const wasMe: Command = {
  name: 'was-me',
  usage: say('commands.usage.was-me'),
  help: say('commands.help.was-me'),
  run: async ([ref, ...words], actor, tools) =>
    ref
      ? tools.state(ref, { was: 'me', ...(words.length > 0 && { comment: words.join(' ') }) }, actor)
      : reply(say('commands.which-case-on-card', { usage: wasMe.usage }), actor, tools),
};
