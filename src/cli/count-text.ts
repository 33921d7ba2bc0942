// What a counted policy counts, in words and as data: for `policies explain`, and for the page about the policies.
import { parseAllDocuments } from 'yaml';
import { spanText } from '../case/moment-text.ts';
import type { Policy } from '../case/policy.ts';
import type { Catalogue, Correlation, CountCondition } from '../detect/compiled.ts';

export interface Count {
  readonly type: Correlation['type'];
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** Of `value_count`: the field whose different values are counted. */
  readonly field: string | null;
  readonly condition: CountCondition;
  readonly timespanMs: number;
}

/** Null for a policy that looks at single events. */
export function countOf(policy: Policy, catalogue: Catalogue): Count | null {
  const correlation = [...catalogue.correlations.values()].find((one) => one.policy?.id === policy.id);
  if (!correlation) return null;
  const { type, rules, condition, timespanMs } = correlation;
  const written = parseAllDocuments(policy.text)
    .map((document) => (document as { toJS(): unknown }).toJS())
    .map((content) => (content as { correlation?: Written } | null)?.correlation)
    .find((one) => one !== undefined);
  return {
    type,
    rules,
    condition,
    timespanMs,
    groupBy: [written?.['group-by'] ?? []]
      .flat()
      .map((name) => fieldsText(written?.aliases?.[name] ?? { name })),
    field: [written?.condition?.field ?? []].flat().join(', ') || null,
  };
}

/** The part of a correlation that the catalogue has no need of once it is compiled. */
interface Written {
  readonly 'group-by'?: string | readonly string[];
  /** Alias -> rule -> the field that it stands for there. */
  readonly aliases?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly condition?: { readonly field?: string | readonly string[] };
}

const fieldsText = (fields: Readonly<Record<string, string>>): string =>
  [...new Set(Object.values(fields))].join(' or ');

/** "at least 10 events with the same userIdentity.arn within 10 minutes" */
export function countText(count: Count): string {
  const per = count.groupBy.length > 0 ? ` with the same ${listed(count.groupBy)}` : '';
  return `${whatText(count)}${per} within ${spanText(count.timespanMs, 'en-GB')}`;
}

function whatText({ type, rules, condition, field }: Count): string {
  const many = conditionText(condition);
  if (type === 'event_count') return `${many} events`;
  if (type === 'value_count') return `${many} different values of ${field ?? 'the counted field'}`;
  const order = type === 'temporal_ordered' ? ', in this order' : '';
  return `events of ${many} different rules out of ${listed(rules)}${order}`;
}

const WORDS: Readonly<Record<keyof CountCondition, string>> = {
  gte: 'at least',
  gt: 'more than',
  lte: 'at most',
  lt: 'fewer than',
  eq: 'exactly',
  neq: 'other than',
};

const conditionText = (condition: CountCondition): string =>
  Object.entries(WORDS)
    .flatMap(([key, words]) => {
      const bound = condition[key as keyof CountCondition];
      return bound === undefined ? [] : [`${words} ${bound}`];
    })
    .join(' and ');

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
