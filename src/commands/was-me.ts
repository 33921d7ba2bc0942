import { type Command, text } from './command.ts';

/** For the person in question, who sees nothing else of the case. */
export const wasMe: Command = {
  name: 'was-me',
  usage: 'was-me <id>',
  help: 'answer the question whether something was done by you: yes',
  run: async ([ref, ...words], actor, tools) =>
    ref
      ? tools.state(ref, { was: 'me', ...(words.length > 0 && { comment: words.join(' ') }) }, actor)
      : text(`Which case? Write: ${wasMe.usage}. The number is on the card.`),
};
