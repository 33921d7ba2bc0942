// Reference: the text of a condition back to its tree, as the specification ranks its words: or, and, not, of, parentheses.
import type { Json, JsonObject } from '../../src/case/json.ts';
import type { Condition, ReferenceRule, Selection } from './reference.ts';

export function parseCondition(text: string): Condition {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  const parsed = parseOr(words);
  if (parsed.rest.length > 0) throw new Error(`left over: ${parsed.rest.join(' ')}`);
  return parsed.node;
}

interface Parsed {
  readonly node: Condition;
  readonly rest: readonly string[];
}

const parseOr = (words: readonly string[]): Parsed => parseSeries('or', parseAnd, words);
const parseAnd = (words: readonly string[]): Parsed => parseSeries('and', parseNot, words);

function parseSeries(
  is: 'and' | 'or',
  inner: (words: readonly string[]) => Parsed,
  words: readonly string[],
): Parsed {
  const first = inner(words);
  const of = [first.node];
  let rest = first.rest;
  while (rest[0] === is) {
    const next = inner(rest.slice(1));
    of.push(next.node);
    rest = next.rest;
  }
  return { node: of.length === 1 ? first.node : { is, of }, rest };
}

function parseNot(words: readonly string[]): Parsed {
  const [word, second, third] = words;
  if (word === 'not') {
    const { node, rest } = parseNot(words.slice(1));
    return { node: { is: 'not', of: node }, rest };
  }
  if (word === '(') {
    const { node, rest } = parseOr(words.slice(1));
    if (rest[0] !== ')') throw new Error('a parenthesis stays open');
    return { node, rest: rest.slice(1) };
  }
  if ((word === '1' || word === 'all') && second === 'of' && third)
    return { node: { is: 'of', quantity: word, pattern: third }, rest: words.slice(3) };
  if (!word) throw new Error('the condition stops');
  return { node: { is: 'name', name: word }, rest: words.slice(1) };
}

/** A rule's `detection` as it is written. */
export function readDetection(detection: JsonObject): ReferenceRule {
  const { condition, ...selections } = detection as { condition: Json } & Readonly<Record<string, Selection>>;
  const trees = (Array.isArray(condition) ? condition : [condition]).map((text) =>
    parseCondition(String(text)),
  );
  return {
    selections: new Map(Object.entries(selections)),
    condition: trees.length === 1 ? (trees[0] as Condition) : { is: 'or', of: trees },
  };
}
