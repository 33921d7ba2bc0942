import { type Command, text } from './command.ts';

export const cases: Command = {
  name: 'cases',
  usage: 'cases',
  help: 'the cases that you were asked about (the security team sees all)',
  run: async (_args, actor, tools) => {
    const found = await tools.casesFor(actor);
    if (found.length === 0) return text('There are no cases for you.');
    const lines = found.map(
      (one) =>
        `- **${one.ref}** (${one.state}, ${one.severity}): ${one.policy.title}, opened ${one.openedAt.slice(0, 16)}Z`,
    );
    return text([...lines, '', 'Write "case" and the reference to see one.'].join('\n'));
  },
};
