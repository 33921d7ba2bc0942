// One policy file to a compiled policy, or to the reason why not. Pure: reading folders is the caller's business.
import { createHash } from 'node:crypto';
import type { Alert } from '../case/alert.ts';
import type { MatchContext, Policy } from '../case/policy.ts';
import { compileCondition } from './compile-condition.ts';
import { compileDetection, type EventTest } from './compile-detection.ts';
import { DETECTORS } from './detectors/index.ts';
import { sourceOf } from './logsource.ts';
import { type PolicyProblem, RuleError } from './problem.ts';
import { type Rule, ruleSchema } from './rule-schema.ts';
import { readYaml } from './yaml-file.ts';

export interface PolicyFile {
  /** File name without folder: `aws-s3-bucket-public.yml`. */
  readonly name: string;
  readonly text: string;
}
export interface PolicyOptions {
  /** Ids of the governance actions that exist: an offer of any other is refused. */
  readonly knownActions: readonly string[];
}

const FILE_NAME = /^([a-z0-9][a-z0-9_-]{2,80})\.ya?ml$/;
const DEFAULT_QUESTION = 'Was this expected of {subject}?';
const NO_CONTEXT: MatchContext = { countersignRoleArns: [] };

export type PolicyReading = { readonly policy: Policy } | { readonly problem: PolicyProblem };

export function readPolicy(file: PolicyFile, options: PolicyOptions): PolicyReading {
  const refuse = (line: number, reason: string): PolicyReading => ({
    problem: { file: file.name, line, reason },
  });
  const id = FILE_NAME.exec(file.name)?.[1];
  if (!id) return refuse(1, 'the file name must be lower-case letters, digits, - and _, ending in .yml');
  const yaml = readYaml(file.text);
  if (!('lineOf' in yaml)) return refuse(yaml.line, yaml.reason);
  const parsed = ruleSchema.safeParse(yaml.content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const path = [...(issue?.path ?? []), ...key];
    return refuse(yaml.lineOf(path), `${path.map(String).join('.')}: ${issue?.message ?? 'unreadable'}`);
  }
  try {
    return { policy: compile(id, file.text, parsed.data, options) };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return refuse(yaml.lineOf(error.path), `${error.path.map(String).join('.')}: ${error.message}`);
  }
}

function compile(id: string, text: string, rule: Rule, options: PolicyOptions): Policy {
  for (const kind of ['correlation', 'filter', 'action']) {
    if (Object.hasOwn(rule, kind)) throw new RuleError([kind], `rules with "${kind}" are not supported`);
  }
  const block = rule.countersign;
  block.offers.forEach((offer, at) => {
    const unknown = offer.actions.findIndex((action) => !options.knownActions.includes(action));
    if (unknown < 0) return;
    throw new RuleError(
      ['countersign', 'offers', at, 'actions', unknown],
      `no such action; known are ${options.knownActions.join(', ')}`,
    );
  });
  const source = sourceOf(rule.logsource);
  const test = compileRule(rule.detection);
  const detector = block.detector === undefined ? null : DETECTORS[block.detector];
  return {
    id,
    title: rule.title,
    text,
    hash: createHash('sha256').update(text).digest('hex'),
    severity: rule.level ?? 'medium',
    techniques: techniquesOf(rule.tags ?? []),
    question: block.question ?? DEFAULT_QUESTION,
    offers: block.offers,
    fallback: block.fallback,
    securityOnly: block.securityOnly,
    matches: (alert: Alert, context: MatchContext = NO_CONTEXT) =>
      alert.source === source && test(alert.event) && (detector?.(alert, context) ?? true),
  };
}

// A list of conditions is an OR: "each of them generates a query".
function compileRule(detection: Rule['detection']): EventTest {
  const selections = new Map(
    Object.entries(detection)
      .filter(([name]) => name !== 'condition')
      .map(([name, definition]) => [name, compileDetection(definition, ['detection', name])]),
  );
  const path = ['detection', 'condition'];
  const tests = [detection.condition].flat().map((text) => compileCondition(text, selections, path));
  return (event) => tests.some((test) => test(event));
}

/** MITRE ATT&CK ids among the tags: `attack.t1562.008` is T1562.008. */
const techniquesOf = (tags: readonly string[]): readonly string[] =>
  tags.flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase() ?? []);
