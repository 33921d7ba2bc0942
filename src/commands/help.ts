import { type Command, text } from './command.ts';

/** What is not named here stands with the last. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  'See what is asked': ['cases', 'case', 'digest', 'log'],
  Answer: ['approve', 'dismiss', 'keep', 'escalate', 'reassign', 'was-me', 'not-me'],
  'Take it back': ['undo', 'correct'],
  'While you are away': ['delegate'],
  'What asks nobody for now': ['exceptions', 'revoke', 'quiet'],
  More: [],
};

/**
 * On one screen; what one of them does, it says of one. Needs the registry, which index.ts hands in: a command cannot import the list
 * that it is in.
 */
export const createHelp = (all: () => readonly Command[]): Command => ({
  name: 'help',
  usage: 'help',
  help: 'what I understand; with a word behind it: what that one does',
  run: async ([wanted]) => {
    const one = wanted && all().find(({ name }) => name === wanted.toLowerCase());
    if (one) return text(`**${one.usage}**: ${one.help}`);
    return text(
      [
        'I ask the person who knows whether risky activity was legitimate, and carry out the answer.',
        '',
        ...byTopic(all()).map(([topic, some]) => `- ${topic}: ${some.map(bold).join(', ')}`),
        '',
        'Write "help" and a word to see what it does. <id> is the number of a case, as its card shows it.',
      ].join('\n'),
    );
  },
});

const bold = ({ usage }: Command): string => `**${usage}**`;

function byTopic(all: readonly Command[]): readonly (readonly [string, readonly Command[]])[] {
  const placed = new Set(Object.values(TOPICS).flat());
  return Object.entries(TOPICS).map(([topic, names]) => [
    topic,
    all.filter(({ name }) => (topic === 'More' ? !placed.has(name) : names.includes(name))),
  ]);
}
