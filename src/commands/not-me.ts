import { type Command, text } from './command.ts';

/** For the person in question, who sees nothing else of the case. */
export const notMe: Command = {
  name: 'not-me',
  usage: 'not-me <id>',
  help: 'answer the question whether something was done by you: no',
  run: async ([ref, ...words], actor, tools) =>
    ref
      ? tools.state(ref, { was: 'not-me', ...(words.length > 0 && { comment: words.join(' ') }) }, actor)
      : text(`Which case? Write: ${notMe.usage}. The number is on the card.`),
};
