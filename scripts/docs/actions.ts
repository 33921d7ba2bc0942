// docs/actions.md: what Countersign can do to the world, drawn from the registry of actions and from their own plans.
import type { Target } from '../../src/case/target.ts';
import type { GovernanceAction } from '../../src/govern/action.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { english } from './english.ts';
import { planOnSample, type SamplePlan } from './sample-plan.ts';
import { code, codes, table } from './table.ts';

export const page = 'docs/actions.md';

const KINDS: Readonly<Record<Target['kind'], string>> = {
  user: 'a person',
  membership: 'a membership in a group',
  'app-grant': 'what somebody allowed an app',
  bucket: 'a bucket',
  object: 'an object in a bucket',
  collaborator: 'somebody outside whom a bucket names',
  'aws-account': 'an AWS account',
  'iam-user': 'an IAM user',
  'iam-role': 'a role',
  'access-key': 'an access key',
  'sso-session': "somebody's sessions of an Identity Center role",
  app: 'an app',
  group: 'a group',
  resource: 'anything else',
};
const EFFECTS: Readonly<Record<GovernanceAction['effect'], string>> = {
  converges: 'May be repeated freely: after a failure it is run again until it is as planned.',
  blind: 'Never repeated: an outcome that is not known goes to a person.',
};

const SECTIONS = [
  { title: 'People, through Microsoft Graph', holds: (id: string) => id.startsWith('entra.') },
  {
    title: 'Identities in AWS',
    holds: (id: string) => id.startsWith('aws.iam.') || id.startsWith('aws.organizations.'),
  },
  { title: 'Buckets in AWS', holds: (id: string) => id.startsWith('aws.s3.') },
];

interface Planned {
  readonly action: GovernanceAction;
  readonly plan: SamplePlan;
}

export async function render(): Promise<string> {
  const all = await Promise.all(
    [...ACTIONS.values()].map(async (action) => ({ action, plan: await planOnSample(action) })),
  );
  const sections = SECTIONS.map(({ title, holds }) => {
    const some = all
      .filter(({ action }) => holds(action.id))
      .toSorted((a, b) => a.action.strength - b.action.strength);
    return [`## ${title}`, overview(some), ...some.map(sectionOf)].join('\n\n');
  });
  return `# Governance actions

The ${all.length} things that Countersign can do once somebody has answered. Each action reads the world first, says on the card what
it would change, is made again right before the change (a difference asks anew instead), is verified by reading twice, and where
it can be undone puts back exactly what it found, as long as nobody has changed it since. An account or an identity that is
protected is never touched, and the card says why.

- **Strength** runs from 0 (tells somebody something) to 9 (shuts somebody out). Where several decisions wait for one target, the
  strongest goes first; nothing pre-empts what runs.
- **Cap**: the most runs in an hour; beyond it a second person has to confirm. \`governance.capsPerHour\` in the settings sets
  another, \`kindCapsPerHour\` one for each kind of target, and \`approverCapPerHour\` one for each person who decides.
- **Undo** is possible for as long as \`governance.undoWindow\` says.
- They are offered by [policies](policies.md), and by the security team to a case at hand: \`propose <case> <action> <target>\`.

What each permission is for, and how to grant it: [permissions.md](permissions.md).

${sections.join('\n\n')}
`;
}

const overview = (some: readonly Planned[]): string =>
  table(
    ['id', 'what it does', 'acts on', 'strength', 'cap an hour', 'undo'],
    some.map(({ action }) => [
      `[${code(action.id)}](#${anchorOf(action)})`,
      english(action.title),
      kindsOf(action),
      String(action.strength),
      String(action.capPerHour),
      action.revert ? 'yes' : 'no',
    ]),
  );

function sectionOf({ action, plan }: Planned): string {
  const { id, title, needs, effect, permissions } = action;
  return [
    `### ${english(title)}`,
    [
      `- ${code(id)}, on ${kindsOf(action)}.`,
      `- Needs: ${needs.charAt(0).toLowerCase()}${needs.slice(1)}`,
      `- ${EFFECTS[effect]}`,
      `- Permissions: ${codes([...(permissions.graph ?? []), ...(permissions.aws ?? [])])}.`,
      ...(action.informs ? ['- It answers nothing: the question stays with whoever was asked.'] : []),
    ].join('\n'),
    `On a card about ${plan.on}:`,
    [...new Set([...plan.says, plan.undo])].map((sentence) => `> - ${sentence}`).join('\n'),
  ].join('\n\n');
}

const kindsOf = ({ targetKind, alsoOn }: GovernanceAction): string =>
  [targetKind, ...(alsoOn ? [alsoOn] : [])].map((kind) => KINDS[kind]).join(' or ');

/** As GitHub makes one of a heading. */
const anchorOf = ({ title }: GovernanceAction): string =>
  english(title)
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
