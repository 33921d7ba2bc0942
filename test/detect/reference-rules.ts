// Random rules: selections of every shape, conditions as trees, and the YAML that the engine is given for them.
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/case/json.ts';
import { type Condition, namesFor, type ReferenceRule, type Selection } from './reference.ts';
import { anyItem, anyKeyword, type Item } from './reference-items.ts';

const NAMES = [
  ...[
    'selection',
    'selection_one',
    'selection_two',
    'sel-2',
    'filter',
    'filter_main',
    'keywords',
    '_hidden',
    '_',
    'shown_',
  ],
  ...['notable', 'order', 'android', 'constructor', '__proto__', 'toString', 'them_too', 'Selection'],
];
const PATTERNS = [
  'them',
  'them',
  'selection*',
  'selection_*',
  'filter*',
  'sel*',
  '*_*n*',
  '_*',
  '*o*',
  '__proto__',
];

const map: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(anyItem, { selector: ([key]) => key, minLength: 1, maxLength: 3 })
  .map((items) => Object.fromEntries(items));

export const anySelection: fc.Arbitrary<Selection> = fc.oneof(
  { weight: 8, arbitrary: map },
  { weight: 3, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(anyKeyword, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.oneof(anyKeyword, map), { minLength: 2, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(anyKeyword, { minLength: 2, maxLength: 3 })
      .map((values): JsonObject => ({ '|all': values })),
  },
);

const conditionOver = (names: readonly string[], rule: ReferenceRule): fc.Arbitrary<Condition> => {
  const patterns = PATTERNS.filter((pattern) => namesFor(pattern, rule).length > 0);
  const name = fc.constantFrom(...names).map((each): Condition => ({ is: 'name', name: each }));
  const leaf = patterns.length
    ? fc.oneof(
        { weight: 3, arbitrary: name },
        fc.record({
          is: fc.constant('of' as const),
          quantity: fc.constantFrom('1' as const, 'all' as const),
          pattern: fc.constantFrom(...patterns),
        }),
      )
    : name;
  const { node } = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 4, arbitrary: leaf },
      { weight: 1, arbitrary: tie('node').map((of): Condition => ({ is: 'not', of })) },
      {
        weight: 4,
        arbitrary: fc.record({
          is: fc.constantFrom('and' as const, 'or' as const),
          of: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
        }),
      },
    ),
  }));
  return node;
};

/** How a tree is written: with few or many parentheses and spaces. `or` binds least, then `and`, then `not`. */
export function printCondition(node: Condition, generous: boolean): string {
  const inner = (child: Condition): string => {
    const printed = printCondition(child, generous);
    return generous || rank(child) <= rank(node) ? `(${generous ? ' ' : ''}${printed})` : printed;
  };
  if (node.is === 'name') return node.name;
  if (node.is === 'of') return `${node.quantity} of ${node.pattern}`;
  if (node.is === 'not') {
    const printed = printCondition(node.of, generous);
    return generous || rank(node.of) < rank(node) ? `not (${printed})` : `not ${printed}`;
  }
  return node.of.map(inner).join(generous ? `  ${node.is}\n ` : ` ${node.is} `);
}

const rank = (node: Condition): number =>
  ['or', 'and', 'not'].indexOf(node.is) + (['name', 'of'].includes(node.is) ? 4 : 0);

export interface GeneratedRule {
  readonly rule: ReferenceRule;
  readonly detection: JsonObject;
  /** What the user would have written. */
  readonly yaml: string;
}

const style = fc.record({
  collectionStyle: fc.constantFrom('block' as const, 'any' as const, 'flow' as const),
  defaultStringType: fc.constantFrom(
    'PLAIN' as const,
    'QUOTE_SINGLE' as const,
    'QUOTE_DOUBLE' as const,
    'BLOCK_LITERAL' as const,
  ),
  defaultKeyType: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const),
  lineWidth: fc.constantFrom(0, 40, 120),
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
});

/** A rule over the shared vocabulary; `more` is what else stands in its file. */
export const anyRule = (more: JsonObject): fc.Arbitrary<GeneratedRule> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), anySelection), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 4,
    })
    .chain((selections) => {
      const bare: ReferenceRule = { selections: new Map(selections), condition: { is: 'name', name: '' } };
      const names = selections.map(([name]) => name);
      const trees = fc.array(conditionOver(names, bare), { minLength: 1, maxLength: 2 });
      return fc.record({ selections: fc.constant(selections), trees, generous: fc.boolean(), style });
    })
    .map(({ selections, trees, generous, style }) => {
      const texts: Json = trees.map((tree) => printCondition(tree, generous));
      const condition = texts.length === 1 ? (texts[0] as string) : texts;
      const detection = Object.fromEntries([...selections, ['condition', condition]]) as JsonObject;
      const rule = {
        selections: new Map(selections),
        condition: trees.length === 1 ? (trees[0] as Condition) : { is: 'or' as const, of: trees },
      };
      const file = { title: 'A generated rule', ...more, detection };
      return { rule, detection, yaml: stringify(file, { ...style, aliasDuplicateObjects: false }) };
    });

/** The smallest rule around one line. */
export function ruleOfItem(item: Item, more: JsonObject): GeneratedRule {
  const line = Object.fromEntries([item]);
  const detection = { selection: line, condition: 'selection' };
  const rule: ReferenceRule = {
    selections: new Map([['selection', line]]),
    condition: { is: 'name', name: 'selection' },
  };
  return { rule, detection, yaml: stringify({ title: 'One line', ...more, detection }) };
}
