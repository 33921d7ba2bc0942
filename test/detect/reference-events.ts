// Random events over a small vocabulary that the random rules share, so that matches are frequent.
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/case/json.ts';

/** Also names that every JavaScript object has: an event may use them, and none may be found where it does not. */
export const KEYS = ['a', 'b', 'x', 'x.y', 'y', 'list', 'A', '__proto__', 'constructor', 'toString', 'clé'];

/** Fields as rules name them: keys, ways through objects and lists, and ways that are easily taken wrongly. */
export const FIELDS = [
  ...['eventName', 'eventSource', 'a', 'b', 'x', 'list', 'a.b', 'a.x', 'list.a', 'x.y', 'a.x.y', 'x.y.a'],
  ...['A', '__proto__', 'constructor', 'toString', 'a.constructor', 'constructor.name', 'a.length', 'list.0'],
  ...['clé', 'when', 'ip', 'count', 'nowhere', 'nowhere.a'],
];

export const WORDS = ['alpha', 'Alpha', 'ALPHA', 'beta', 'alpha beta', 'alphabet', 'bet', 'a', 'A', ''];
export const ODD_TEXTS = [
  ...[
    'a*b',
    'a?b',
    'axb',
    'a\\b',
    'a\\*b',
    'a\\',
    '\\',
    '*',
    '%p%',
    '%',
    'null',
    'true',
    'line one\nline two',
  ],
  ...[
    '-a /b',
    '/a -b',
    '\u2013a \u2014b',
    'été',
    'ÉTÉ',
    '😀',
    '😀a',
    'a😀b',
    '"quoted"',
    '[1,2]',
    'a,b',
    '{}',
  ],
  ...['(alpha)', 'alpha.beta', '__proto__', 'function () {}', '</script>', '$&', '\u0000', '\u2028'],
];
export const NUMBERS = [0, 1, 5, 5.5, 10, -3, 55, 1_000_000_007];
export const NUMBER_TEXTS = [
  ...['+5', '.5', '5.', '1e3', ' 5', '-0', '٥', '5\n', '1_000', '00005', '99999999999999999999', '-5.50'],
  ...['0', '5', '5.0', '5.5', '10', '-3', '55', '5a', '0x5', 'NaN', 'Infinity'],
];
export const ADDRESSES = [
  ...[
    '::1:ffff:c000:201',
    '1::ffff:192.0.2.1',
    '010.0.0.1',
    'fe80::1%eth0',
    '10.0.0.0/8',
    '[::1]',
    '::ffff:0:0',
    '192.0.2.1\n',
    '::192.0.2.1',
    '0x0a.0.0.1',
  ],
  ...['192.0.2.1', '192.0.2.130', '192.0.3.1', '10.1.2.3', '::1', '2001:db8::1', '2001:DB8:0:0:0:0:0:1'],
  ...['2001:db8:1::192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:282', '192.0.2', '192.0.2.256', '192.0.2.1.'],
  ...['2001:db8:::1', 'AWS Internal', '1:2:3:4:5:6:7:8:9', '12345::'],
];
export const TIMES = [
  ...['2026-01-12', '2026-01-12T09', '2026-01-12T09:14', '2026-1-2T3:4:5Z', '20260112T091402Z'],
  ...[
    '2026-01-12t09:14:02z',
    '2026-01-12T09:14:02+0500',
    ' 2026-01-12T09:14:02Z',
    '2026-01-12T09:14:02Z.',
    '0000-01-12T09:14:02Z',
  ],
  ...['2026-01-12T09:14:02Z', '2026-01-01T00:00:00Z', '2025-12-29T23:59:59.999Z', '2027-01-03T05:05:05Z'],
  ...['2026-01-12T23:14:02+05:00', '2026-02-30T09:00:00Z', '2026-01-12T24:01:00Z', '2020-12-31T12:00:00Z'],
  ...['2026-13-01T00:00:00Z', '2024-02-29T10:30:00.5-08:00', '2026-01-12 09:14:02'],
];
export const EVENT_NAMES = [
  ...['StopLogging', 'stoplogging', 'StopLogging20150331', 'StopLogging20150331v2', 'DeleteBucket'],
  ...['GetDistribution2020_05_31', 'StopLogging2015', 'DeleteBucket20060301'],
];
/** What an attacker's encoder made of the words: found again with base64 and its relatives. */
const ENCODED = ['alpha', ' alpha', '--alpha', 'a alpha b'].flatMap((text) => [
  Buffer.from(text).toString('base64'),
  Buffer.from(text, 'utf16le').toString('base64'),
  Buffer.from(text, 'utf16le').swap16().toString('base64'),
  Buffer.from(`\ufeff${text}`, 'utf16le').toString('base64'),
]);

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  fc.constantFrom(...NUMBER_TEXTS),
  fc.constantFrom(...ADDRESSES),
  fc.constantFrom(...TIMES),
  fc.constantFrom(...ENCODED),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

const leaf: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  fc.boolean(),
  fc.constant(null),
);

const { value: anyValue } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: tie('object') },
    fc.constantFrom<Json>({}, { a: 'alpha' }, { x: 5 }, { a: null }),
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
  object: objectOf(tie('value'), 3),
}));

/** Objects with own keys only, `__proto__` among them, as JSON.parse would make them. */
function objectOf(value: fc.Arbitrary<Json>, maxLength: number): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), value), { selector: ([key]) => key, maxLength })
    .map((entries) => Object.fromEntries(entries));
}

/** Some fields have values of their kind more often than not. */
export const anyEvent: fc.Arbitrary<JsonObject> = fc
  .tuple(
    objectOf(anyValue, 6),
    fc.record(
      {
        eventName: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...EVENT_NAMES) }, anyValue),
        eventSource: fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom('one.amazonaws.com', 'two.amazonaws.com') },
          leaf,
        ),
        when: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TIMES) }, leaf),
        ip: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ADDRESSES) }, anyValue),
        list: fc.oneof(
          { weight: 4, arbitrary: fc.array(fc.constantFrom<Json>(...WORDS, 5, null), { maxLength: 4 }) },
          anyValue,
        ),
        count: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NUMBERS, ...NUMBER_TEXTS) }, anyValue),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([base, own]) => ({ ...base, ...own }))
  .map((event) => JSON.parse(JSON.stringify(event)) as JsonObject);
