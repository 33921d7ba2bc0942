// The slow, obvious reading of Sigma on JSON that generated tests hold the engine to. Written from the specification and
// docs/decisions/0007, never from the engine: it must share no code with src/detect.
import type { Json, JsonObject } from '../../src/case/json.ts';
import { looks } from './reference-text.ts';
import { type Comparing, itemHolds } from './reference-values.ts';

/** A condition as a tree; the engine is given the text that it prints to. */
export type Condition =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'of'; readonly quantity: '1' | 'all'; readonly pattern: string }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: 'and' | 'or'; readonly of: readonly Condition[] };

/** Fields with modifiers as keys, values or lists of values. */
export type SelectionMap = JsonObject;
export type Selection = SelectionMap | readonly Json[];

export interface ReferenceRule {
  readonly selections: ReadonlyMap<string, Selection>;
  readonly condition: Condition;
}

export function matches(rule: ReferenceRule, event: JsonObject, comparing: Comparing): boolean {
  return holds(rule.condition, rule, event, comparing);
}

function holds(node: Condition, rule: ReferenceRule, event: JsonObject, comparing: Comparing): boolean {
  const chosen = (name: string): boolean => selectionHolds(selectionOf(rule, name), event, comparing);
  switch (node.is) {
    case 'name':
      return chosen(node.name);
    case 'of':
      return combine(node.quantity === '1', namesFor(node.pattern, rule).map(chosen));
    case 'not':
      return !holds(node.of, rule, event, comparing);
    default:
      return combine(
        node.is === 'or',
        node.of.map((part) => holds(part, rule, event, comparing)),
      );
  }
}

const combine = (any: boolean, results: readonly boolean[]): boolean =>
  any ? results.includes(true) : !results.includes(false);

function selectionOf(rule: ReferenceRule, name: string): Selection {
  const selection = rule.selections.get(name);
  if (selection === undefined) throw new Error(`the generator made up the name ${name}`);
  return selection;
}

/** What `them` and a pattern stand for: `them` leaves out names that start with an underscore. */
export function namesFor(pattern: string, rule: ReferenceRule): string[] {
  const names = [...rule.selections.keys()];
  if (pattern === 'them') return names.filter((name) => !name.startsWith('_'));
  return names.filter((name) => looks(name, pattern.replaceAll('?', '\\?'), true));
}

function selectionHolds(selection: Selection, event: JsonObject, comparing: Comparing): boolean {
  if (!Array.isArray(selection)) return mapHolds(selection as SelectionMap, event, comparing);
  return selection.some((item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? mapHolds(item as SelectionMap, event, comparing)
      : itemHolds('', [], [item], event, comparing),
  );
}

function mapHolds(map: SelectionMap, event: JsonObject, comparing: Comparing): boolean {
  return Object.keys(map).every((key) => {
    const [field = '', ...modifiers] = key.split('|');
    const value = map[key] as Json;
    return itemHolds(field, modifiers, Array.isArray(value) ? value : [value], event, comparing);
  });
}
