// Search identifiers of a Sigma rule (maps, lists of maps, keywords) to tests over the raw event.
import type { Test } from './compiled.ts';
import { compileExists, compileFieldref, compileNull } from './field-tests.ts';
import { compileField, type Field, someText } from './fields.ts';
import { type Modifiers, parseModifiers } from './modifiers.ts';
import { RuleError } from './problem.ts';
import { allOf, anyOf, not, shown, shownList, shownValues } from './tests.ts';
import { compileAny, compileEach, type Surroundings, type Wanted } from './values.ts';

type Path = readonly PropertyKey[];
type YamlMap = Readonly<Record<string, unknown>>;

/** A map is an AND over its fields; a list is an OR over its entries: maps, or keywords looked for in the whole event. */
export function compileDetection(definition: unknown, path: Path, around: Surroundings): Test {
  if (Array.isArray(definition)) {
    if (definition.length === 0) throw new RuleError(path, 'an empty list matches nothing');
    return anyOf(
      definition.map((entry, index) =>
        isMap(entry)
          ? compileMap(entry, [...path, index], around)
          : compileKeywords([entry], parseModifiers([], path), [...path, index], around),
      ),
    );
  }
  if (isMap(definition)) return compileMap(definition, path, around);
  throw new RuleError(path, 'expected a map, a list of maps or a list of keywords');
}

export const isMap = (value: unknown): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function compileMap(map: YamlMap, path: Path, around: Surroundings): Test {
  const fields = Object.entries(map);
  if (fields.length === 0) throw new RuleError(path, 'an empty map would match every event');
  return allOf(fields.map(([key, value]) => compileEntry(key, value, [...path, key], around)));
}

function compileEntry(key: string, value: unknown, path: Path, around: Surroundings): Test {
  const [name = '', ...names] = key.split('|');
  const modifiers = parseModifiers(names, path);
  const wanted: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (wanted.length === 0) throw new RuleError(path, 'an empty list matches nothing');
  if (modifiers.all && wanted.length < 2) {
    throw new RuleError(path, '"all" needs a list of at least two values');
  }
  if (name === '') return compileKeywords(wanted, modifiers, path, around);
  const field = compileField(name, path);
  if (modifiers.kind === 'exists') return compileExists(field, value, path);
  if (wanted.includes(null)) return negatedIf(modifiers.neq, nullTest(field, wanted, names, path));
  if (modifiers.kind === 'fieldref') return compileFieldref(field, wanted, modifiers, path, key);
  return negatedIf(modifiers.neq, compileComparison(field, wanted, modifiers, path, around, key));
}

const negatedIf = (negated: boolean, test: Test): Test => (negated ? not(test) : test);

function nullTest(field: Field, wanted: readonly unknown[], names: readonly string[], path: Path): Test {
  if (wanted.length > 1) {
    throw new RuleError(path, 'null cannot stand in a list of values: give it a selection of its own');
  }
  const other = names.find((name) => name !== 'neq');
  if (other !== undefined) throw new RuleError(path, `"${other}" needs a text`);
  return compileNull(field);
}

function compileComparison(
  field: Field,
  values: readonly unknown[],
  modifiers: Modifiers,
  path: Path,
  around: Surroundings,
  key: string,
): Test {
  if (!modifiers.all) return comparison(field, compileAny(values, modifiers, path, around), values, key);
  const each = compileEach(values, modifiers, path, around);
  return allOf(each.map((wanted, at) => comparison(field, wanted, [values[at]], key)));
}

function comparison(field: Field, wanted: Wanted, values: readonly unknown[], key: string): Test {
  const holds = field.some(wanted.test);
  const accepts = field.someOf(wanted.test);
  const isNever = wanted.exact?.length === 0;
  return {
    holds,
    needs: isNever ? [] : [{ field: field.name, values: wanted.exact, accepts }],
    reads: [field.name],
    explain: (event) => ({
      text: `${key}: ${shownList(values, 'or')}; found ${shownValues(field, event)}`,
      holds: holds(event),
      parts: [],
    }),
  };
}

const KEYWORD_MODIFIERS = ['text', 're'];

// "Keywords search": applied to the whole event, linked with OR, or with AND under '|all'.
function compileKeywords(
  values: readonly unknown[],
  modifiers: Modifiers,
  path: Path,
  around: Surroundings,
): Test {
  if (!KEYWORD_MODIFIERS.includes(modifiers.kind) || !['whole', 'contains'].includes(modifiers.position)) {
    throw new RuleError(path, 'keywords are looked for in the whole event: this modifier needs a field');
  }
  if (values.some((value) => typeof value !== 'string' && typeof value !== 'number')) {
    throw new RuleError(path, 'a keyword is a text or a number');
  }
  const contains: Modifiers = { ...modifiers, position: 'contains' };
  const tests = modifiers.all
    ? allOf(compileEach(values, contains, path, around).map((wanted, at) => keyword(wanted, [values[at]])))
    : keyword(compileAny(values, contains, path, around), values);
  return negatedIf(modifiers.neq, tests);
}

function keyword(wanted: Wanted, values: readonly unknown[]): Test {
  const holds = (event: unknown): boolean => someText(event, wanted.test);
  return {
    holds,
    needs: wanted.exact?.length === 0 ? [] : null,
    explain: (event) => ({
      text: `anywhere in the event: ${values.map(shown).join(' or ')}`,
      holds: holds(event),
      parts: [],
    }),
  };
}
