// One value of a rule and the modifiers on its field, to a test of one value of an event.
import { RuleError } from './problem.ts';
import { compileTextPattern } from './text-pattern.ts';

export interface Modifiers {
  readonly position: 'whole' | 'contains' | 'startswith' | 'endswith';
  readonly all: boolean;
  readonly exists: boolean;
  readonly cased: boolean;
}

const POSITIONS = ['contains', 'startswith', 'endswith'] as const;
const KNOWN = [...POSITIONS, 'all', 'exists', 'cased'];

/** Throws RuleError for a modifier that is not known here: matching without it would be a different rule. */
export function parseModifiers(names: readonly string[], path: readonly PropertyKey[]): Modifiers {
  const unknown = names.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw new RuleError(path, `the modifier "${unknown}" is not supported; known are ${KNOWN.join(', ')}`);
  }
  if (new Set(names).size < names.length) throw new RuleError(path, 'a modifier is given twice');
  const positions = POSITIONS.filter((name) => names.includes(name));
  if (positions.length > 1) throw new RuleError(path, `"${positions.join('" and "')}" exclude each other`);
  if (names.includes('exists') && names.length > 1) {
    throw new RuleError(path, '"exists" cannot be combined with other modifiers');
  }
  return {
    position: positions[0] ?? 'whole',
    all: names.includes('all'),
    exists: names.includes('exists'),
    cased: names.includes('cased'),
  };
}

/**
 * "All values are treated as case-insensitive strings": a number or boolean of the event is compared by its text. An object
 * is compared by its JSON, so that `requestParameters|contains` finds what lies inside.
 */
export function compileValue(
  value: unknown,
  modifiers: Modifiers,
  path: readonly PropertyKey[],
): (found: unknown) => boolean {
  if (value === null) {
    if (modifiers.position !== 'whole') throw new RuleError(path, `"${modifiers.position}" needs a text`);
    return (found) => found === null;
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new RuleError(path, 'expected a text, a number, true, false or null');
  }
  const matches = compileTextPattern(String(value), {
    cased: modifiers.cased,
    openStart: modifiers.position === 'contains' || modifiers.position === 'endswith',
    openEnd: modifiers.position === 'contains' || modifiers.position === 'startswith',
  });
  return (found) => {
    const text = textOf(found);
    return text !== null && matches(text);
  };
}

function textOf(found: unknown): string | null {
  if (typeof found === 'string') return found;
  if (found === null || found === undefined) return null;
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}
