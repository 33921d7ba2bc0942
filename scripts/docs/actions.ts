// docs/actions.md: what Countersign can do to the world, drawn from the registry of actions and from their own plans.
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { planOnSample } from './sample-plan.ts';
import { code, codes, table } from './table.ts';

export const page = 'docs/actions.md';

const EFFECTS = {
  converges: 'converges: may be repeated freely',
  blind: 'blind: never repeated, an unknown outcome goes to a person',
};

export async function render(): Promise<string> {
  const actions = await Promise.all(
    [...ACTIONS.values()].map(async (action) => ({ ...action, plan: await planOnSample(action) })),
  );
  const rows = actions.map((action) => [
    code(action.id),
    action.title,
    EFFECTS[action.effect],
    codes([...(action.permissions.graph ?? []), ...(action.permissions.aws ?? [])]),
    String(action.capPerHour),
    action.revert ? 'yes' : 'no',
  ]);
  const sections = actions.map(({ id, title, plan }) =>
    [
      `## ${title}`,
      `${code(id)}, on a card about ${plan.on}:`,
      [...new Set([...plan.says, plan.undo])].map((sentence) => `- ${sentence}`).join('\n'),
    ].join('\n\n'),
  );
  return `# Governance actions

What Countersign can do once somebody has answered. Each action reads the world first, says on the card what it would change,
is verified by reading again, and where it can be undone puts back exactly what it found, as long as nobody has changed it since.
The cap is the most runs in an hour; \`governance.capsPerHour\` in the settings file sets another. What each permission is for,
and how to grant it: [permissions.md](permissions.md).

${table(['id', 'what it does', 'effect', 'permissions', 'cap an hour', 'undo'], rows)}

${sections.join('\n\n')}
`;
}
