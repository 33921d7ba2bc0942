// The `detection` of a Sigma rule, or the `filter` of a Sigma filter, to one test.
import { compileCondition } from './compile-condition.ts';
import { compileDetection } from './compile-detection.ts';
import type { Test } from './compiled.ts';
import { RuleError } from './problem.ts';
import { conditionOf } from './rule-schema.ts';
import { anyOf, named, negated } from './tests.ts';
import type { Surroundings } from './values.ts';

type Definition = Readonly<Record<string, unknown>>;
type Section = 'detection' | 'filter';

/** A list of conditions is an OR: "each of them generates a query". */
export function compileRule(detection: Definition, around: Surroundings): Test {
  return anyOf(
    conditionsOf(detection, 'detection', around).map(({ text, test }) => named(`condition: ${text}`, test)),
  );
}

/**
 * What the filter suppresses. The specification's example writes `selection`, and SigmaHQ's tools, which put a filter beside the
 * rule with "and", write `not selection`: both mean that the selection is suppressed. `negation` says that it was so. Anything
 * else with a "not" would mean the opposite to one of the two: RuleError.
 */
export function compileFilter(
  filter: Definition,
  around: Surroundings,
): { readonly suppresses: Test; readonly negation: boolean } {
  const conditions = conditionsOf(filter, 'filter', around).map(({ text, test }) => {
    const negations = text.match(/\bnot\b/gi)?.length ?? 0;
    const inner = negated(test);
    if (negations > (inner ? 1 : 0)) {
      const reason =
        'say what is to be suppressed, without "not": tools do not agree on what it means in a filter';
      throw new RuleError(['filter', 'condition'], reason);
    }
    return { suppressed: named(`condition: ${text}`, inner ?? test), negation: inner !== null };
  });
  return {
    suppresses: anyOf(conditions.map(({ suppressed }) => suppressed)),
    negation: conditions.some(({ negation }) => negation),
  };
}

function conditionsOf(
  definition: Definition,
  section: Section,
  around: Surroundings,
): readonly { readonly text: string; readonly test: Test }[] {
  if (Object.hasOwn(definition, 'timeframe')) {
    throw new RuleError([section, 'timeframe'], 'not supported: use a correlation rule');
  }
  const besides = section === 'filter' ? ['condition', 'rules'] : ['condition'];
  const selections = new Map(
    Object.entries(definition)
      .filter(([name]) => !besides.includes(name))
      .map(([name, part]) => [name, named(name, compileDetection(part, [section, name], around))]),
  );
  return [conditionOf(definition)].flat().map((text) => ({
    text,
    test: compileCondition(text, selections, [section, 'condition'], around.spend),
  }));
}
