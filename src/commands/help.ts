import { type Command, text } from './command.ts';

/** Needs the registry, which index.ts hands in: a command cannot import the list that it is in. */
export const createHelp = (all: () => readonly Command[]): Command => ({
  name: 'help',
  usage: 'help',
  help: 'what I understand',
  run: async () =>
    text(
      [
        'I ask the person who knows whether risky activity was legitimate, and carry out the answer.',
        '',
        ...all().map((command) => `- **${command.usage}**: ${command.help}`),
      ].join('\n'),
    ),
});
