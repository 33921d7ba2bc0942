import { say } from '../case/said.ts';
import { type Command, reply } from './command.ts';

export const revoke: Command = {
  name: 'revoke',
  usage: say('commands.usage.revoke'),
  help: say('commands.help.revoke'),
  run: async ([id], actor, tools) =>
    id
      ? tools.revoke(id, actor)
      : reply(say('commands.which-exception', { usage: revoke.usage }), actor, tools),
};
