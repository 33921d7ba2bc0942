// `countersign policies list`, `check` and `explain`: what is watched for, whether rules load, and why one matches or does not.
import { Command, InvalidArgumentError } from 'commander';
import type { SourceName } from '../case/alert.ts';
import type { Policy } from '../case/policy.ts';
import { checkRules } from './check-rules.ts';
import { readEvent } from './event-file.ts';
import { explainPolicy, explanationText } from './explain-policy.ts';
import { nearNames } from './near-names.ts';
import { fail, print } from './output.ts';
import {
  type CatalogueFlags,
  loadFlagged,
  readSettings,
  withCatalogueFlags,
  withSettingsFlags,
} from './policy-flags.ts';
import { shown } from './shown.ts';

interface ExplainFlags extends CatalogueFlags {
  readonly event: string;
  readonly index: number;
  readonly all?: boolean;
}

const SOURCES: Readonly<Record<SourceName, string>> = {
  cloudtrail: 'CloudTrail',
  graph: 'Graph',
  inventory: 'the list of buckets',
};
const WAITING = 'waiting for logs';

export const createPoliciesCommand = (): Command =>
  new Command('policies')
    .description('list the policies, check a folder of rules, or explain one policy on one event')
    .addCommand(
      withCatalogueFlags(
        new Command('list').description('what is watched for, a line a policy').action(list),
      ),
    )
    .addCommand(
      withSettingsFlags(
        new Command('check')
          .description('load a folder of Sigma rules, and say what is refused and where')
          .argument('<folder>', 'rules from outside, or the project’s own policies')
          .action(checkRules),
      ),
    )
    .addCommand(
      withCatalogueFlags(
        new Command('explain')
          .description('why a policy matches an event, or does not')
          .argument('<name>', 'the policy; policies list names them')
          .requiredOption(
            '--event <file>',
            'a CloudTrail record, EventBridge envelope, Records document or Graph alert',
          )
          .option('--all', 'every way in which it might have matched, however many')
          .option('--index <n>', 'which event of the file, from 0', parseIndex, 0)
          .action(explain),
      ),
    );

function parseIndex(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number from 0 on.');
  return Number(text);
}

function list(flags: CatalogueFlags): void {
  const { policies } = loadFlagged(flags).catalogue;
  const width = Math.max(...policies.map((policy) => policy.id.length));
  for (const policy of policies) print(flags.json ? lineOf(policy) : textOf(policy, width));
}

const lineOf = ({ id, severity, stage, source, outside, counted, techniques, title }: Policy): object => ({
  policy: id,
  severity,
  stage,
  source,
  outside,
  counted,
  techniques,
  title,
});

const textOf = (policy: Policy, width: number): string =>
  [
    policy.id.padEnd(width),
    policy.severity.padEnd('informational'.length),
    policy.stage.padEnd('monitor'.length),
    (policy.source === null ? WAITING : SOURCES[policy.source]).padEnd(WAITING.length),
    (policy.counted ? 'counted' : '-').padEnd('counted'.length),
    (policy.techniques.join(',') || '-').padEnd('T1078.004,T1562.008'.length),
    shown(policy.title),
  ].join('  ');

async function explain(name: string, flags: ExplainFlags): Promise<void> {
  const { catalogue } = loadFlagged(flags);
  const policy = catalogue.policies.find((one) => one.id === name);
  if (!policy) {
    fail(unknownText(name, catalogue.policies), 2);
    return;
  }
  const { source } = policy;
  if (source === null) {
    fail(`${name} is ${WAITING} that no source delivers, and matches nothing until one does`, 1);
    return;
  }
  const explained = explainPolicy({
    catalogue,
    policy: { ...policy, source },
    event: await readEvent(flags.event, flags.index, source),
    settings: readSettings(flags)?.detection.policies[policy.id],
  });
  print(
    flags.json
      ? explained
      : explanationText(explained, { ticks: process.stdout.isTTY, all: flags.all ?? false }),
  );
}

function unknownText(name: string, policies: readonly Policy[]): string {
  const near = nearNames(
    name,
    policies.map((policy) => policy.id),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'see: countersign policies list';
  return `there is no policy called ${shown(name)}; ${hint}`;
}
