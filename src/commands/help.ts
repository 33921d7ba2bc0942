import { type Phrase, type Said, say } from '../case/said.ts';
import { type Command, text } from './command.ts';

/** What is not named here stands with the last. */
const TOPICS: readonly { readonly topic: Phrase; readonly names: readonly string[] }[] = [
  { topic: say('commands.topic.see'), names: ['cases', 'case', 'digest', 'log'] },
  {
    topic: say('commands.topic.answer'),
    names: ['approve', 'dismiss', 'keep', 'escalate', 'reassign', 'was-me', 'not-me'],
  },
  { topic: say('commands.topic.take-back'), names: ['undo', 'correct'] },
  { topic: say('commands.topic.away'), names: ['delegate'] },
  { topic: say('commands.topic.asks-nobody'), names: ['exceptions', 'revoke', 'quiet'] },
];
const MORE = say('commands.topic.more');

/**
 * On one screen; what one of them does, it says of one. Needs the registry, which index.ts hands in: a command cannot import the list
 * that it is in.
 */
export const createHelp = (all: () => readonly Command[]): Command => ({
  name: 'help',
  usage: 'help',
  help: say('commands.help.help'),
  run: async ([wanted], actor, tools) => {
    const one = wanted && all().find(({ name }) => name === wanted.toLowerCase());
    const bold = ({ usage }: Command): string => `**${tools.write(usage, actor)}**`;
    const explained = (what: Said, means: Said): string =>
      tools.write(say('commands.explained', { what, means }), actor);
    if (one) return text(explained(bold(one), one.help));
    return text(
      [
        tools.write(say('commands.what-i-do'), actor),
        '',
        ...byTopic(all()).map(([topic, some]) => `- ${explained(topic, some.map(bold).join(', '))}`),
        '',
        tools.write(say('commands.help-on-one'), actor),
      ].join('\n'),
    );
  },
});

function byTopic(all: readonly Command[]): readonly (readonly [Phrase, readonly Command[]])[] {
  const placed = TOPICS.flatMap(({ names }) => names);
  return [
    ...TOPICS.map(({ topic, names }) => [topic, all.filter(({ name }) => names.includes(name))] as const),
    [MORE, all.filter(({ name }) => !placed.includes(name))],
  ];
}
