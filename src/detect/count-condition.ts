// The `condition` of a correlation: which counts it means, and whether more events can only help it.
import type { CorrelationType, CountCondition } from './compiled.ts';
import { RuleError } from './problem.ts';
import type { CorrelationRule } from './rule-schema.ts';

type Written = CorrelationRule['correlation'];

/** A window keeps 10,000 events, for its timespan and the lateness bound: half of them may be what is counted. */
export const MAX_THRESHOLD = 5000;
/** Counting in order takes the square of their number for each event. */
const MOST_RULES_IN_TIME = 20;
const MOST_RULES = 200;
const PATH = ['correlation', 'condition'];
const OPERATORS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

/** Throws RuleError for a condition that is missing, too big, or that no count can meet, and for too many rules. */
export function readCondition({ type, rules, condition = {} }: Written): CountCondition {
  const { field, ...counts } = condition;
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  const mostRules = isTemporal ? MOST_RULES_IN_TIME : MOST_RULES;
  if (rules.length > mostRules)
    throw new RuleError(['correlation', 'rules', mostRules], `${type} takes at most ${mostRules} rules`);
  if (type === 'value_count' && !field) throw new RuleError(PATH, 'value_count needs a field');
  if (type !== 'value_count' && field)
    throw new RuleError([...PATH, 'field'], 'only value_count takes a field');
  const given = OPERATORS.filter((operator) => counts[operator] !== undefined);
  if (given.length === 0 && !isTemporal) throw new RuleError(PATH, `a ${type} needs a count`);
  const tooBig = given.find((operator) => (counts[operator] ?? 0) > MAX_THRESHOLD);
  if (tooBig) throw new RuleError([...PATH, tooBig], `more than ${MAX_THRESHOLD} are not counted`);
  const wanted = given.length === 0 ? { gte: rules.length } : clean(counts);
  // A window opens with its first event, so there is never a count of none.
  if (!canHold(wanted, 1, isTemporal ? rules.length : 2 * MAX_THRESHOLD)) {
    throw new RuleError(PATH, 'no count can meet this condition');
  }
  return wanted;
}

export const grows = (condition: CountCondition): boolean =>
  OPERATORS.every((operator) => condition[operator] === undefined || operator === 'gt' || operator === 'gte');

const clean = (counts: Partial<Record<(typeof OPERATORS)[number], number | undefined>>): CountCondition =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));

function canHold(condition: CountCondition, from: number, to: number): boolean {
  const { gt, gte, lt, lte, eq, neq } = condition;
  const least = Math.max(from, gt === undefined ? from : gt + 1, gte ?? from, eq ?? from);
  const most = Math.min(to, lt === undefined ? to : lt - 1, lte ?? to, eq ?? to);
  return least < most || (least === most && neq !== least);
}

/** How a condition reads: "at least 5". */
export function describeCondition(
  type: CorrelationType,
  { gt, gte, lt, lte, eq, neq }: CountCondition,
): string {
  const counted =
    { event_count: 'events', value_count: 'different values' }[type as string] ?? 'different rules';
  const parts = [
    gt === undefined ? [] : `more than ${gt}`,
    gte === undefined ? [] : `at least ${gte}`,
    lt === undefined ? [] : `fewer than ${lt}`,
    lte === undefined ? [] : `at most ${lte}`,
    eq === undefined ? [] : `exactly ${eq}`,
    neq === undefined ? [] : `not ${neq}`,
  ].flat();
  return `${parts.join(' and ')} ${counted}${type === 'temporal_ordered' ? ' in their order' : ''}`;
}
