// docs/policies.md: what Countersign asks about, drawn from the policies as they load.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Offer, Policy } from '../../src/case/policy.ts';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { code, codes, table } from './table.ts';

export const page = 'docs/policies.md';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Throws where one does not load. */
export function shippedPolicies(): readonly Policy[] {
  const files = globSync('policies/*.yml', { cwd: root }).map((file) => ({
    name: basename(file),
    text: readFileSync(root + file, 'utf8'),
  }));
  const { policies, problems } = loadPolicies(files, { knownActions: [...ACTIONS.keys()] });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return policies;
}

function sourceOf(policy: Policy): string {
  const { product, service } = parse(policy.text).logsource as Record<string, string>;
  return product === 'aws'
    ? `AWS ${service === 'cloudtrail' ? 'CloudTrail' : service}`
    : 'Microsoft Graph alerts';
}

const technique = (id: string): string =>
  `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`;
const offer = ({ label, key, actions }: Offer): string => `${label} (${code(key)}): ${codes(actions)}`;

const rowOf = (policy: Policy): readonly string[] => [
  `[${policy.id}](../policies/${policy.id}.yml)`,
  policy.title,
  sourceOf(policy),
  policy.severity,
  policy.techniques.map(technique).join(', '),
  policy.question,
  policy.offers.map(offer).join('<br>') || 'nothing: the security team looks into it',
];

export const render = (): string => `# Policies

Sigma rules, each with the question that it raises and what it offers to do. \`{subject}\` is the person whose behaviour is in
question, \`{target}\` what they did it to. *This was expected* and *Hand to security* are always offered as well. What the
actions do: [actions.md](actions.md).

${table(['policy', 'title', 'source', 'severity', 'MITRE ATT&CK', 'question', 'offers'], shippedPolicies().map(rowOf))}
`;
