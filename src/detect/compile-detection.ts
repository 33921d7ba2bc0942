// Search identifiers of a Sigma rule (maps, lists of maps, keywords) to closures over the raw event.
import { compileField, everyValue } from './fields.ts';
import { RuleError } from './problem.ts';
import { compileValue, type Modifiers, parseModifiers } from './values.ts';

export type EventTest = (event: unknown) => boolean;
type Path = readonly PropertyKey[];

/** A map is an AND over its fields; a list is an OR over its entries: maps, or keywords looked for in the whole event. */
export function compileDetection(definition: unknown, path: Path): EventTest {
  if (Array.isArray(definition)) {
    if (definition.length === 0) throw new RuleError(path, 'an empty list matches nothing');
    const tests = definition.map((entry, index) =>
      isMap(entry) ? compileMap(entry, [...path, index]) : compileKeyword(entry, [...path, index]),
    );
    return (event) => tests.some((test) => test(event));
  }
  if (isMap(definition)) return compileMap(definition, path);
  throw new RuleError(path, 'expected a map, a list of maps or a list of keywords');
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function compileMap(map: Readonly<Record<string, unknown>>, path: Path): EventTest {
  const fields = Object.entries(map);
  if (fields.length === 0) throw new RuleError(path, 'an empty map would match every event');
  const tests = fields.map(([key, value]) => compileEntry(key, value, [...path, key]));
  return (event) => tests.every((test) => test(event));
}

function compileEntry(key: string, value: unknown, path: Path): EventTest {
  const [name = '', ...names] = key.split('|');
  const modifiers = parseModifiers(names, path);
  if (modifiers.exists) return compileExists(name, value, path);
  const wanted = Array.isArray(value) ? value : [value];
  if (wanted.length === 0) throw new RuleError(path, 'an empty list matches nothing');
  if (modifiers.all && wanted.length < 2)
    throw new RuleError(path, '"all" needs a list of at least two values');
  if (name === '') return compileKeywords(wanted, modifiers, path);
  if (wanted.length > 1 && wanted.includes(null)) {
    throw new RuleError(path, 'null cannot stand in a list of values: give it a selection of its own');
  }
  return compileComparison(name, wanted, modifiers, path);
}

function compileComparison(
  name: string,
  wanted: readonly unknown[],
  modifiers: Modifiers,
  path: Path,
): EventTest {
  const read = compileField(name);
  const tests = wanted.map((value) => {
    const test = compileValue(value, modifiers, path);
    // Sigma's null means missing or null, so it is also true of a field that is not there.
    return value === null
      ? (values: readonly unknown[]) => values.every((found) => found === null)
      : (values: readonly unknown[]) => values.some(test);
  });
  return modifiers.all
    ? (event) => holdsForAll(tests, read(event).values)
    : (event) => holdsForAny(tests, read(event).values);
}

type ValuesTest = (values: readonly unknown[]) => boolean;
const holdsForAll = (tests: readonly ValuesTest[], values: readonly unknown[]): boolean =>
  tests.every((test) => test(values));
const holdsForAny = (tests: readonly ValuesTest[], values: readonly unknown[]): boolean =>
  tests.some((test) => test(values));

function compileExists(name: string, value: unknown, path: Path): EventTest {
  if (name === '') throw new RuleError(path, '"exists" needs a field');
  if (typeof value !== 'boolean') throw new RuleError(path, '"exists" takes true or false');
  const read = compileField(name);
  return (event) => read(event).exists === value;
}

const KEYWORD: Modifiers = { position: 'contains', all: false, exists: false, cased: false };

const compileKeyword = (value: unknown, path: Path): EventTest => compileKeywords([value], KEYWORD, path);

// "Keywords search": applied to the whole event, linked with OR, or with AND under '|all'.
function compileKeywords(wanted: readonly unknown[], modifiers: Modifiers, path: Path): EventTest {
  const tests = wanted.map((value) => {
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new RuleError(path, 'a keyword is a text or a number');
    }
    const test = compileValue(String(value), { ...modifiers, position: 'contains' }, path);
    return (event: unknown) => everyValue(event).some(test);
  });
  return modifiers.all
    ? (event) => tests.every((test) => test(event))
    : (event) => tests.some((test) => test(event));
}
