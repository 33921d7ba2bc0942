// Correlation documents to correlations, and from each single rule the ways up to those that count it.
import type { Policy } from '../case/policy.ts';
import { type Aliases, fieldIn } from './aliases.ts';
import type { CompileOptions } from './compile-documents.ts';
import type { Correlation, CountCondition, Test } from './compiled.ts';
import { grows, readCondition } from './count-condition.ts';
import type { DocumentKeys } from './document-keys.ts';
import { compileField } from './fields.ts';
import type { Links } from './link-files.ts';
import type { Feed } from './observe.ts';
import type { AnyDocument, CorrelationDocument, RuleDocument } from './read-file.ts';

interface Given {
  readonly links: Links;
  readonly names: DocumentKeys;
  readonly options: CompileOptions;
  readonly policies: ReadonlyMap<AnyDocument, Policy>;
  scopeOf(policy: Policy): Test | null;
}

export interface Correlations {
  readonly all: ReadonlyMap<CorrelationDocument, Correlation>;
  /** Empty for a rule that nothing counts. */
  feedsOf(document: RuleDocument): readonly Feed[];
}

export function createCorrelations(given: Given): Correlations {
  const { links } = given;
  const all = new Map<CorrelationDocument, Correlation>();
  for (const document of links.referred.keys()) all.set(document, correlationOf(document, given));
  return { all, feedsOf: (document) => feedsAbove(document, document, given, all) };
}

function correlationOf(
  document: CorrelationDocument,
  { links, names, options, policies }: Given,
): Correlation {
  const { correlation } = document.rule;
  const key = keyOf(document, names);
  const own = options.settings.policies[key];
  const condition: CountCondition =
    own?.threshold === undefined ? readCondition(correlation) : { gte: own.threshold };
  const policy = policies.get(document);
  return {
    key,
    type: correlation.type,
    rules: (links.referred.get(document) ?? []).map((rule) => keyOf(rule, names)),
    timespanMs: own?.timespanMs ?? correlation.timespan,
    condition,
    grows: grows(condition),
    // What is off raises nothing, but what refers to it still counts.
    policy: policy && policy.stage !== 'off' ? policy : null,
  };
}

const keyOf = (document: AnyDocument, { keys }: DocumentKeys): string => keys.get(document) ?? document.of.id;

function feedsAbove(
  child: RuleDocument | CorrelationDocument,
  rule: RuleDocument,
  given: Given,
  all: Correlations['all'],
): readonly Feed[] {
  return (given.links.referrers.get(child) ?? []).flatMap((document) => {
    const correlation = all.get(document);
    if (!correlation) return [];
    const onward = feedsAbove(document, rule, given, all);
    if (!correlation.policy && onward.length === 0) return [];
    const aliases = given.links.aliases.get(document);
    return [
      {
        correlation,
        rule: keyOf(child, given.names),
        ...fieldsFor(document, child, rule, aliases),
        scope: correlation.policy && given.scopeOf(correlation.policy),
        onward,
      },
    ];
  });
}

function fieldsFor(
  { rule: { correlation } }: CorrelationDocument,
  child: AnyDocument,
  rule: RuleDocument,
  aliases: Aliases | undefined,
): Pick<Feed, 'groupBy' | 'counted'> {
  const compiled = (name: string) => compileField(fieldIn(aliases, name, child, rule));
  return {
    groupBy: correlation['group-by'].map(compiled),
    counted: (correlation.condition?.field ?? []).map(compiled),
  };
}
