// Random lines of a selection: a field, every legal combination of modifiers, and values of the right kind for them.
import fc from 'fast-check';
import type { Json } from '../../src/case/json.ts';
import { ADDRESSES, EVENT_NAMES, FIELDS, NUMBERS, ODD_TEXTS, TIMES, WORDS } from './reference-events.ts';
import { literal, starsOf } from './reference-text.ts';

/** `field|modifiers` and what stands behind the colon. */
export type Item = readonly [key: string, value: Json];

/** What `expand` knows; `nobody` is not among them. */
export const PLACEHOLDERS = { p: ['alpha', 'be*'], q: ['a'], none: [], 'Two Words': ['beta', '5'] };

const cut = (text: string, from: number, to?: number): string => [...text].slice(from, to).join('');

const field = fc.constantFrom(...FIELDS);
const plainText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
  fc.constantFrom(...ODD_TEXTS, ...TIMES, ...ADDRESSES),
);

/** Texts of the vocabulary as patterns: escaped, cut, with wildcards put in, and some that are only wildcards. */
const pattern = fc
  .oneof(
    { weight: 3, arbitrary: plainText.map(literal) },
    { weight: 2, arbitrary: plainText },
    plainText.map((each) => `${literal(cut(each, 0, 2))}*`),
    plainText.map((each) => `*${literal(cut(each, 1))}`),
    plainText.map((each) => literal(cut(each, 0, -1)) + (each === '' ? '' : '?')),
    fc.constantFrom(
      '*',
      '?',
      '?*',
      '**',
      '*l*a*',
      'a??ha',
      'a\\*b',
      'a\\\\*b',
      'a\\\\\\*b',
      '\\\\',
      'a\\?b',
      '\\a',
      '*\\',
    ),
  )
  .filter((each) => starsOf(each) <= 4);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: pattern },
  fc.constantFrom(...NUMBERS),
  fc.boolean(),
);

/** One value or several; `all` only over several, as the specification asks. */
function items(
  fields: fc.Arbitrary<string>,
  chains: readonly string[],
  value: fc.Arbitrary<Json>,
  extras: readonly string[] = ['neq'],
): fc.Arbitrary<Item> {
  return fc
    .record({
      field: fields,
      chain: fc.constantFrom(...chains),
      extra: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray([...extras])),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
      asList: fc.boolean(),
      all: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ field, chain, extra, values, asList, all }) => {
      const modifiers = [...chain.split('|'), ...extra, ...(values.length > 1 && all === 0 ? ['all'] : [])];
      const key = [field, ...modifiers.filter((modifier) => modifier !== '')].join('|');
      return [key, values.length === 1 && !asList ? (values[0] as Json) : values] as const;
    });
}

const PLACES = ['', 'contains', 'startswith', 'endswith'];
const each = (chains: readonly string[], places = PLACES): string[] =>
  chains.flatMap((chain) => places.map((place) => [chain, place].filter((part) => part !== '').join('|')));

/** Objects are compared by their JSON. */
const json = fc.constantFrom('{}', '{"a":"alpha"}', '{"x":5}', '{"A":NULL}', '{*}', '*alpha"}', 'alpha', '5');
const word = fc.constantFrom('alpha', 'Alpha', 'beta', 'alpha beta', 'été');
const regex = fc.constantFrom(
  ...[
    'alpha',
    '^alpha$',
    '^a.*t$',
    'a|b',
    '(al|be)[a-z]+',
    '[^a]',
    '^$',
    '\\.',
    '^.$',
    'line.line',
    '^line two$',
  ],
  ...['a{1,2}', 'x?y*', '^[A-Z]', '\\d+', '^-?[0-9]+$', '[[:alpha:]]'].slice(0, -1),
);
const range = fc.constantFrom(
  ...['192.0.2.0/24', '192.0.2.128/25', '192.0.2.1/32', '10.0.0.0/8', '0.0.0.0/0', '192.0.2.1'],
  ...['2001:db8::/32', '2001:db8::1/128', '::/0', '::1', '2001:DB8:1::/48'],
);
const expandable = fc.constantFrom(
  ...['%p%', '%q%', 'a%q%', '%p%*', '%none%', '%nobody%', '%p% %p%', '\\%p%', '%Two Words%', '5%', '100\\%'],
);
const orders = ['lt', 'lte', 'gt', 'gte'];
const timeNumber = fc.constantFrom(0, 1, 2, 3, 5, 9, 12, 14, 23, 29, 30, 31, 53, 59, 2026, 2025);

/** One line of a selection. */
export const anyItem: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 2,
    arbitrary: items(fc.constantFrom('a', 'x', 'list', 'eventName'), PLACES, json, ['neq', 'cased']),
  },
  { weight: 8, arbitrary: items(field, PLACES, scalar, ['neq', 'cased']) },
  {
    weight: 2,
    arbitrary: items(
      fc.constant('list'),
      ['fieldref', 'fieldref|contains'],
      fc.constantFrom('a', 'list', 'x', 'count'),
      ['cased'],
    ),
  },
  {
    weight: 4,
    arbitrary: items(fc.constant('eventName'), PLACES, fc.constantFrom(...EVENT_NAMES), ['neq', 'cased']),
  },
  {
    weight: 2,
    arbitrary: items(fc.constant('eventSource'), [''], fc.constantFrom('one.amazonaws.com', 'two.*'), []),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      field.chain((name) => fc.constantFrom(name, `${name}|neq`)),
      fc.constant(null),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      field.map((name) => `${name}|exists`),
      fc.boolean(),
    ),
  },
  { weight: 3, arbitrary: items(field, ['re', 're|i', 're|m', 're|s', 're|i|m|s'], regex) },
  { weight: 2, arbitrary: items(fc.constantFrom('ip', 'ip', 'a', 'list'), ['cidr'], range) },
  {
    weight: 2,
    arbitrary: items(fc.constantFrom('count', 'count', 'a', 'list'), orders, fc.constantFrom(...NUMBERS)),
  },
  {
    weight: 2,
    arbitrary: items(
      fc.constantFrom('when', 'when', 'when', 'a', 'count'),
      ['minute', 'hour', 'day', 'week', 'month', 'year'].flatMap((part) => [
        part,
        ...orders.map((order) => `${part}|${order}`),
      ]),
      timeNumber,
    ),
  },
  {
    weight: 3,
    arbitrary: items(
      field,
      PLACES.map((place) => ['fieldref', place].join('|')),
      field,
      ['neq', 'cased'],
    ),
  },
  { weight: 2, arbitrary: items(field, each(['base64', 'base64offset']), word, ['neq', 'cased']) },
  {
    weight: 1,
    arbitrary: items(
      field,
      each(
        ['wide', 'utf16', 'utf16le', 'utf16be'].flatMap((wide) => [`${wide}|base64`, `${wide}|base64offset`]),
        ['', 'contains'],
      ),
      word,
    ),
  },
  {
    weight: 1,
    arbitrary: items(
      field,
      ['windash|base64', 'windash|base64offset|contains', 'windash|wide|base64'],
      fc.constantFrom('/-alpha', '\u2013-alpha', 'alpha'),
    ),
  },
  {
    weight: 1,
    arbitrary: items(field, each(['windash']), fc.constantFrom('-a /b', '-a', 'alpha', 'a*-b'), [
      'neq',
      'cased',
    ]),
  },
  { weight: 2, arbitrary: items(field, each(['expand']), expandable, ['neq', 'cased']) },
);

/** A keyword: searched for in the whole event. */
export const anyKeyword: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('alpha', 'BETA', 'al*a', 'a?b', '\\*', 'été', 'list', 'nothing like it'),
  },
  fc.constantFrom(5, 55, 10),
);
