import { type Command, text } from './command.ts';

export const revoke: Command = {
  name: 'revoke',
  usage: 'revoke <exception>',
  help: 'ask again about what was expected or kept quiet',
  run: async ([id], actor, tools) =>
    id
      ? tools.revoke(id, actor)
      : text(`Which one? Write: ${revoke.usage}. Write "exceptions" to see yours.`),
};
