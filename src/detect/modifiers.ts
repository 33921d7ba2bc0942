// What stands behind the `|` of a field: which modifiers there are, and which go together. What is not understood is refused:
// matching without it would be another rule.
import { RuleError } from './problem.ts';

type Path = readonly PropertyKey[];

export const ORDERS = ['lt', 'lte', 'gt', 'gte'] as const;
export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export const UTF16 = ['wide', 'utf16', 'utf16le', 'utf16be'] as const;
const POSITIONS = ['contains', 'startswith', 'endswith'] as const;
const ENCODINGS = [...UTF16, 'base64', 'base64offset'] as const;
const REGEX_FLAGS = ['i', 'm', 's'] as const;
const KINDS = ['re', 'cidr', 'exists', 'fieldref', ...ORDERS, ...TIME_PARTS] as const;
const KNOWN = [
  'all',
  'neq',
  'cased',
  'windash',
  'expand',
  ...POSITIONS,
  ...ENCODINGS,
  ...KINDS,
  ...REGEX_FLAGS,
];

export interface Modifiers {
  readonly kind: 'text' | 're' | 'cidr' | 'exists' | 'fieldref' | 'number';
  readonly position: 'whole' | (typeof POSITIONS)[number];
  readonly all: boolean;
  readonly neq: boolean;
  readonly cased: boolean;
  readonly expand: boolean;
  readonly windash: boolean;
  /** In the order in which they are applied. */
  readonly encodings: readonly (typeof ENCODINGS)[number][];
  readonly flags: readonly (typeof REGEX_FLAGS)[number][];
  readonly timePart: (typeof TIME_PARTS)[number] | null;
  readonly order: (typeof ORDERS)[number] | null;
}

/** Throws RuleError for a modifier that is not known, and for combinations that mean nothing. */
export function parseModifiers(names: readonly string[], path: Path): Modifiers {
  const refuse = (reason: string): never => {
    throw new RuleError(path, reason);
  };
  const unknown = names.find((name) => !KNOWN.some((known) => known === name));
  if (unknown !== undefined)
    refuse(`the modifier "${unknown}" is not supported; known are ${KNOWN.join(', ')}`);
  if (new Set(names).size < names.length) refuse('a modifier is given twice');
  const picked = <Name extends string>(of: readonly Name[]): Name[] =>
    names.flatMap((name) => of.filter((each) => each === name));
  const oneOf = <Name extends string>(of: readonly Name[]): Name | null => {
    const [first, second] = picked(of);
    if (second !== undefined) refuse(`"${first}" and "${second}" exclude each other`);
    return first ?? null;
  };
  const order = oneOf(ORDERS);
  const timePart = oneOf(TIME_PARTS);
  if (timePart && order && names.indexOf(order) < names.indexOf(timePart)) {
    refuse(`"${order}" stands after "${timePart}"`);
  }
  const kind = oneOf(KINDS.filter((each) => each !== (timePart ? order : null)));
  checkEncodings(names, picked(ENCODINGS), refuse);
  checkKind(names, kind, refuse);
  return {
    kind: kind === null ? 'text' : isOneOf(kind, [...ORDERS, ...TIME_PARTS]) ? 'number' : kind,
    position: oneOf(POSITIONS) ?? 'whole',
    all: names.includes('all'),
    neq: names.includes('neq'),
    cased: names.includes('cased'),
    expand: names.includes('expand'),
    windash: names.includes('windash'),
    encodings: picked(ENCODINGS),
    flags: picked(REGEX_FLAGS),
    timePart,
    order,
  };
}

type Refuse = (reason: string) => never;

const isOneOf = <Name extends string>(name: string, of: readonly Name[]): name is Name =>
  of.some((each) => each === name);

// What may stand beside a modifier that says how to compare; `all` and `neq` go with every kind but `exists`.
const BESIDE: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  re: [...REGEX_FLAGS, 'all', 'neq'],
  cidr: ['expand', 'all', 'neq'],
  exists: [],
  fieldref: [...POSITIONS, 'cased', 'all', 'neq'],
  ...both(ORDERS, ['all', 'neq']),
  ...both(TIME_PARTS, [...ORDERS, 'all', 'neq']),
};

function both<Name extends string>(names: readonly Name[], beside: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, beside])) as Record<Name, readonly string[]>;
}

function checkKind(names: readonly string[], kind: (typeof KINDS)[number] | null, refuse: Refuse): void {
  const flag = names.find((name) => isOneOf(name, REGEX_FLAGS));
  if (flag !== undefined && kind !== 're') refuse(`"${flag}" goes with "re" alone`);
  if (flag !== undefined && names.indexOf(flag) < names.indexOf('re')) refuse(`"${flag}" stands after "re"`);
  const wrong = kind && names.find((name) => name !== kind && !BESIDE[kind].includes(name));
  if (wrong) refuse(`"${kind}" cannot be combined with "${wrong}"`);
}

// The value is encoded, and what comes of it is looked for: so a position stands after the encodings, `windash` before them.
function checkEncodings(names: readonly string[], encodings: readonly string[], refuse: Refuse): void {
  const [first, second, third] = encodings;
  if (first === undefined) return;
  const isWide = isOneOf(first, UTF16);
  if (isWide && second === undefined) {
    refuse(`"${first}" needs base64 or base64offset after it: no JSON text holds UTF-16`);
  }
  if (third !== undefined || (second !== undefined && (!isWide || isOneOf(second, UTF16)))) {
    refuse(`"${first}" and "${third ?? second}" exclude each other`);
  }
  const at = names.indexOf(first);
  const early = POSITIONS.find((name) => names.includes(name) && names.indexOf(name) < at);
  if (early) refuse(`"${early}" stands after "${first}"`);
  const late = ['windash', 'expand'].find((name) => names.indexOf(name) > at);
  if (late) refuse(`"${late}" stands before "${first}"`);
}
