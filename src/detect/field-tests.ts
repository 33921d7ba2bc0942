// Tests of a field that are no comparison with values: whether it is there, null, or like another field of the same event.
import type { Test } from './compiled.ts';
import { compileField, type Field, textOf } from './fields.ts';
import type { Modifiers } from './modifiers.ts';
import { RuleError } from './problem.ts';
import { shownValues } from './tests.ts';
import { literalOf } from './text-pattern.ts';

type Path = readonly PropertyKey[];

/** Looks at presence alone: null and the empty list are there. */
export function compileExists(field: Field, value: unknown, path: Path): Test {
  if (typeof value !== 'boolean') throw new RuleError(path, '"exists" takes true or false');
  return {
    holds: (event) => field.exists(event) === value,
    // An empty list is there and holds no value that a look-up could go by.
    needs: null,
    reads: [field.name],
    explain: (event) => ({
      text: `${field.name} ${value ? 'is there' : 'is not there'}; it is ${field.exists(event) ? 'there' : 'not there'}`,
      holds: field.exists(event) === value,
      parts: [],
    }),
  };
}

/** Missing, or null. */
export function compileNull(field: Field): Test {
  const hasNull = field.some((value) => value === null);
  const holds = (event: unknown): boolean => !field.exists(event) || hasNull(event);
  return {
    holds,
    needs: null,
    reads: [field.name],
    explain: (event) => ({
      text: `${field.name} is missing or null; found ${shownValues(field, event)}`,
      holds: holds(event),
      parts: [],
    }),
  };
}

/**
 * Compares with every value of other fields of the same event. A field that is missing on either side makes it false, with
 * `neq` too: nothing was compared.
 */
export function compileFieldref(
  field: Field,
  names: readonly unknown[],
  modifiers: Modifiers,
  path: Path,
  key: string,
): Test {
  const others = names.map((name) => otherField(name, path));
  const holds = (event: unknown): boolean => {
    const texts = textsOf(field, event, modifiers);
    const results = others.map((other) => meet(texts, textsOf(other, event, modifiers), modifiers.position));
    const known = results.filter((result) => result !== null);
    if (known.length === 0 || (modifiers.all && known.length < results.length)) return false;
    return (modifiers.all ? !known.includes(false) : known.includes(true)) !== modifiers.neq;
  };
  return {
    holds,
    needs: null,
    reads: [field.name, ...others.map((other) => other.name)],
    explain: (event) => ({
      text: `${key}: ${others.map((other) => `${other.name} (${shownValues(other, event)})`).join(' or ')}; found ${shownValues(field, event)}`,
      holds: holds(event),
      parts: [],
    }),
  };
}

function otherField(name: unknown, path: Path): Field {
  const plain = typeof name === 'string' ? literalOf(name) : null;
  if (!plain) throw new RuleError(path, '"fieldref" takes the name of a field');
  return compileField(plain, path);
}

/** Between values in one long text; no value of an event that is not made to hurt holds it. */
const BETWEEN = '\0';

/** Null where there is nothing to compare. Two long lists are not compared pair by pair: that could take seconds. */
function meet(
  texts: readonly string[],
  others: readonly string[],
  position: Modifiers['position'],
): boolean | null {
  if (texts.length === 0 || others.length === 0) return null;
  const own = new Set(texts);
  if (position === 'whole') return others.some((other) => own.has(other));
  const joined = BETWEEN + texts.join(BETWEEN) + BETWEEN;
  return [...new Set(others)].some((other) => {
    if (other.includes(BETWEEN)) return texts.some((text) => stands(other, text, position));
    if (position === 'startswith') return joined.includes(BETWEEN + other);
    if (position === 'endswith') return joined.includes(other + BETWEEN);
    return joined.includes(other);
  });
}

function stands(other: string, text: string, position: Modifiers['position']): boolean {
  if (position === 'startswith') return text.startsWith(other);
  return position === 'endswith' ? text.endsWith(other) : text.includes(other);
}

function textsOf(field: Field, event: unknown, { cased }: Modifiers): readonly string[] {
  const texts: string[] = [];
  field.some((value) => {
    const text = textOf(value);
    if (text !== null) texts.push(cased ? text : text.toLowerCase());
    return false;
  })(event);
  return texts;
}
