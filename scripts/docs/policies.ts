// docs/policies.md: what Countersign asks about, drawn from the policies as they load, and how an operator runs them.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { spanText } from '../../src/case/moment-text.ts';
import type { Offer, Policy } from '../../src/case/policy.ts';
import { countOf, countText } from '../../src/cli/count-text.ts';
import type { Catalogue } from '../../src/detect/compiled.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import { code, codes, table } from './table.ts';

export const page = 'docs/policies.md';

const HOW_TO = new URL('./policies-how-to.md', import.meta.url);

const SECTIONS: readonly { readonly title: string; readonly holds: (policy: Policy) => boolean }[] = [
  { title: 'AWS, from CloudTrail', holds: (one) => one.source === 'cloudtrail' && !one.counted },
  { title: 'AWS, counted', holds: (one) => one.source === 'cloudtrail' && one.counted },
  { title: 'AWS, found by looking', holds: (one) => one.source === 'inventory' },
  { title: 'Microsoft 365, from Graph alerts', holds: (one) => one.source === 'graph' && !one.fallback },
  {
    title: 'Microsoft 365, whatever else a service reports',
    holds: (one) => one.source === 'graph' && one.fallback,
  },
];

export function render(): string {
  const { catalogue } = requireCatalogue({ knownActions: [...ACTIONS.keys()] });
  const { policies } = catalogue;
  return [
    '# Policies',
    `${policies.length} Sigma rules, each with the question that it raises and what it offers to do. \`{subject}\` is the person whose behaviour is
in question, \`{target}\` what they did it to. *This was expected* and *Hand to security* are always offered as well. What the
actions do: [actions.md](actions.md). A case about a Graph alert takes the severity of the alert. How to run them:
[Settings](#settings), [How a policy asks](#how-a-policy-asks), [Whom it may ask](#whom-it-may-ask),
[How long, how many, how much](#how-long-how-many-how-much), [Lines to the bot](#lines-to-the-bot),
[Rules from outside](#rules-from-outside).`,
    ...SECTIONS.flatMap(({ title, holds }) => [
      `## ${title}`,
      table(['policy', 'severity', 'MITRE ATT&CK', 'what it sees'], policies.filter(holds).map(rowOf)),
    ]),
    '## One by one',
    ...policies.map((policy) => blockOf(policy, catalogue)),
    readFileSync(HOW_TO, 'utf8').trimEnd(),
  ].join('\n\n');
}

const rowOf = (policy: Policy): readonly string[] => [
  `[${policy.id}](#${policy.id})`,
  policy.severity,
  policy.techniques.map(technique).join(', '),
  policy.title,
];

const technique = (id: string): string =>
  `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`;

function blockOf(policy: Policy, catalogue: Catalogue): string {
  const count = countOf(policy, catalogue);
  const detector = detectorOf(policy);
  const { by, withinMs } = policy.grouping;
  return [
    `### ${policy.id}`,
    policy.description.trim(),
    `> ${policy.question}`,
    [
      `- [The rule](../policies/${policy.id}.yml): severity ${policy.severity}, stage ${policy.stage}.`,
      ...(count ? [`- Counts ${countText(count)}.`] : []),
      ...(detector === null ? [] : [`- Judged by the detector ${code(detector)}.`]),
      ...policy.offers.map(offerLine),
      ...(policy.securityOnly ? ['- Goes to the security team, whoever did it.'] : []),
      `- One case for each ${by === 'subject' ? 'person' : 'target'}; within ${spanText(withinMs, 'en-GB')} of the answer the same again only counts, and what is new is asked about on the same case.`,
      ...askingLines(policy),
      ...(policy.covers.length > 0 ? [`- Where it matches, ${codes(policy.covers)} need not ask.`] : []),
      ...(policy.fallback ? ['- Asks only where no other policy matches.'] : []),
    ].join('\n'),
  ].join('\n\n');
}

/** What a policy wishes for beyond the usual. */
function askingLines({ asking, offers }: Policy): readonly string[] {
  const { subjectFirst, contain, onTimeOut, approvers, rule, comment, freshSignIn } = asking;
  const first = offers.find(({ key }) => key === contain);
  return [
    ...(subjectFirst ? ['- Asks the person in question first, where the settings let it.'] : []),
    ...(approvers.length > 0 ? [`- Asks ${codes(approvers)}.`] : []),
    ...(rule.kind === 'first'
      ? []
      : [`- Whose word it takes: ${rule.kind === 'quorum' ? `${rule.of} people` : rule.kind}.`]),
    ...(comment === 'optional' ? [] : [`- Takes a comment: ${comment}.`]),
    ...(freshSignIn
      ? ['- Takes a fresh sign-in of whoever shuts somebody out, or lets somebody back in.']
      : []),
    ...(first
      ? [
          `- [Contained first](#how-a-policy-asks), where the settings let it, by *${first.label}* (${code(first.key)}).`,
        ]
      : []),
    ...(onTimeOut ? [`- If nobody answers: ${onTimeOut}.`] : []),
  ];
}

const offerLine = ({ label, key, actions }: Offer): string =>
  `- Offers *${label}* (${code(key)}): ${codes(actions)}.`;

function detectorOf(policy: Policy): string | null {
  for (const document of parseAllDocuments(policy.text)) {
    const content = (document as { toJS(): unknown }).toJS() as {
      countersign?: { detector?: string };
    } | null;
    if (content?.countersign?.detector) return content.countersign.detector;
  }
  return null;
}
