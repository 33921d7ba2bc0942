// Scanning and parsing always agree: over generated records and needs, in every form of file and every way to read, what is left
// unparsed is what no need is met by, and every record keeps its index.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Policy } from '../../src/case/policy.ts';
import type { Need, Outline } from '../../src/detect/compiled.ts';
import { readText, WAYS } from './reading.ts';

const FIELDS = [
  'eventName',
  'userIdentity.type',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userAgent',
  'a.b',
  'n',
];
const TEXTS = ['RunInstances', 'runinstances', 'Root', 'Röot', 'a"b', 'tab\t', '', 'null', '7'];

const text = fc.constantFrom(...TEXTS);
const scalar = fc.oneof(text, fc.constantFrom(7, 7.5, -0, true, false, null));
const key = fc.constantFrom(
  'eventName',
  'userIdentity',
  'type',
  'sessionContext',
  'sessionIssuer',
  'arn',
  'userAgent',
  'a',
  'b',
  'a.b',
  'userIdentity.type',
  'n',
  'other',
  '__proto__',
  'constructor',
  '',
  'ключ',
);
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    {
      weight: 2,
      arbitrary: fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((pairs) => ({ pairs })),
    },
  ),
})).value;

/** Objects as rows of pairs, so that keys may come twice. */
interface Pairs {
  readonly pairs: readonly (readonly [string, unknown])[];
}
const record: fc.Arbitrary<Pairs> = fc
  .tuple(
    fc.array(fc.tuple(key, value), { maxLength: 6 }),
    fc.option(fc.array(fc.tuple(key, value), { maxLength: 4 })),
    fc.boolean(),
  )
  .map(([pairs, user, isVersioned]) => ({
    pairs: [
      ...(isVersioned ? [['eventVersion', '1.08'] as const] : []),
      ...pairs,
      ...(user ? [['userIdentity', { pairs: user }] as const] : []),
    ],
  }));

interface Style {
  readonly gap: string;
  readonly escaped: boolean;
}
const PLAIN: Style = { gap: '', escaped: false };
const styles: readonly Style[] = [
  { gap: '', escaped: false },
  { gap: ' ', escaped: false },
  { gap: '', escaped: true },
];

const isPairs = (found: unknown): found is Pairs =>
  typeof found === 'object' && found !== null && !Array.isArray(found) && 'pairs' in found;

function write(found: unknown, style: Style): string {
  const { gap } = style;
  if (isPairs(found)) {
    const inner = found.pairs.map(([name, one]) => `${quote(name, style)}${gap}:${gap}${write(one, style)}`);
    return `{${gap}${inner.join(`${gap},${gap}`)}${gap}}`;
  }
  if (Array.isArray(found)) return `[${gap}${found.map((one) => write(one, style)).join(`,${gap}`)}${gap}]`;
  if (typeof found === 'string') return quote(found, style);
  // The same number, at length.
  return typeof found === 'number' && style.escaped
    ? `${found.toFixed(1)}${'0'.repeat(30)}e0`
    : JSON.stringify(found);
}

const quote = (one: string, { escaped }: Style): string =>
  escaped
    ? `"${[...one].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
    : JSON.stringify(one);

/** Compared by their text, as rules do; letter case aside. */
const isAmong =
  (values: readonly string[]) =>
  (found: unknown): boolean =>
    (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') &&
    values.includes(String(found).toLowerCase());
const needFor = (field: string, values: readonly string[]): Need => ({
  field,
  values,
  accepts: isAmong(values),
});
const need = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.subarray(
      TEXTS.map((one) => one.toLowerCase()),
      { minLength: 1 },
    ),
  )
  .map(([field, values]) => needFor(field, values));

/** One of its needs has to be met, and its further conditions as well; `isOpen` does not say what it looks at. */
interface Rule {
  readonly needs: readonly Need[];
  readonly further: readonly Need[];
  readonly isOpen: boolean;
}
const rule: fc.Arbitrary<Rule> = fc.record({
  needs: fc.array(need, { minLength: 1, maxLength: 2 }),
  further: fc.array(need, { maxLength: 2 }),
  isOpen: fc.nat(3).map((one) => one === 0),
});
const outlineOf = ({ needs, further, isOpen }: Rule): Outline => ({
  needs,
  reads: isOpen ? null : [...needs, ...further].map(({ field }) => field),
});
const holds = ({ needs, further }: Rule, event: unknown): boolean =>
  needs.some((one) => isMet(one, event)) && further.every((one) => isMet(one, event));

/** The obvious reading of a dotted field: any element of an array will do, and a key may hold dots. */
function isMet({ field, accepts }: Need, event: unknown): boolean {
  const visit = (found: unknown, rest: readonly string[]): boolean => {
    if (Array.isArray(found)) return found.some((one) => visit(one, rest));
    if (rest.length === 0) return accepts(found);
    if (typeof found !== 'object' || found === null) return false;
    return rest.some((_, more) => {
      const name = rest.slice(0, more + 1).join('.');
      return (
        Object.hasOwn(found, name) && visit((found as Record<string, unknown>)[name], rest.slice(more + 1))
      );
    });
  };
  return visit(event, field.split('.'));
}

const FORMS: Readonly<Record<string, (records: readonly string[]) => string>> = {
  'JSON lines': (records) => records.map((one) => `${one}\n`).join(''),
  'JSON lines with CRLF, a mark and blank lines': (records) => `\ufeff${records.join('\r\n\r\n')}`,
  'a document': (records) => `{"Records":[${records.join(',')}]}`,
  'a document with other keys': (records) =>
    `{ "a" : {"Records": [1]},\n "Records" :\n[ ${records.join(' ,\n')}\n] , "b":[2] }\n`,
  'an array': (records) => `[${records.join(',\n')}]`,
  'two documents on two lines': (records) => {
    const half = Math.floor(records.length / 2);
    const parts = [records.slice(0, half), records.slice(half)];
    return parts.map((part) => `{"Records":[${part.join(',')}]}\n`).join('');
  },
  'two arrays of records in one document': (records) => {
    const half = Math.floor(records.length / 2);
    return `{"Records":[${records.slice(0, half).join(',')}],"Records":[${records.slice(half).join(',')}]}`;
  },
  'values in a row': (records) => records.join(' '),
  'EventBridge envelopes': (records) =>
    records.map((one) => `{"detail-type":"AWS API Call via CloudTrail","detail":${one}}\n`).join(''),
};

describe('scanning and parsing', () => {
  for (const [form, join] of Object.entries(FORMS))
    for (const way of WAYS)
      it(`agree on ${form}, ${way}`, () => {
        const rows = fc.array(record, { maxLength: 8 }).chain((few) =>
          // Some come again: what is known of one must hold for the other.
          fc
            .array(fc.nat(), { maxLength: 6 })
            .map((again) => [...few, ...again.flatMap((at) => few[at % few.length] ?? [])]),
        );
        fc.assert(
          fc.property(
            rows,
            fc.array(rule, { maxLength: 4 }),
            fc.array(fc.constantFrom(...styles), { minLength: 2, maxLength: 5 }),
            (pairs, rules, looks) => {
              const texts = pairs.map((row, at) => write(row, looks[at % looks.length] ?? looks[0] ?? PLAIN));
              const matchesOf = (event: unknown) =>
                rules.flatMap((one, at) => (holds(one, event) ? [at] : []));
              const expected = texts.map((one) => matchesOf(JSON.parse(one)));
              const policies = rules.map((_, at) => ({ id: String(at) }) as Policy);

              const found = readText(join(texts), way, {
                maxRecordBytes: 1e6,
                outlines: rules.map(outlineOf),
                evaluate: (event) =>
                  rules.some((one) => one.isOpen && holds(one, event))
                    ? null
                    : matchesOf(event).flatMap((at) => policies[at] ?? []),
              });

              assert.deepEqual(found.unreadable, []);
              assert.equal(found.count, texts.length);
              const matches: number[][] = texts.map(() => []);
              for (const { index, record: event } of found.records) matches[index] = matchesOf(event);
              for (const { index, policies: known } of found.known)
                matches[index] = known.map(({ id }) => Number(id));
              assert.deepEqual(matches, expected);
              for (const { index, record: event } of found.known)
                assert.deepEqual(event, JSON.parse(texts[index] ?? ''));
            },
          ),
          { numRuns: 200 },
        );
      });

  it('leaves a record unparsed that nothing can match', () => {
    const texts = [
      '{"eventName":"GetObject","requestParameters":{"eventName":"RunInstances"}}',
      '{"eventName":"RunInstances"}',
    ];

    const outlines = [{ needs: [needFor('eventName', ['runinstances'])], reads: ['eventName'] }];

    const found = readText(texts.join('\n'), 'at once', { outlines });

    assert.deepEqual(
      found.records.map(({ index }) => index),
      [1],
    );
    assert.equal(found.count, 2);
  });

  it('parses a record once for all that are alike in what the rules look at', () => {
    const text = (id: number, more: string): string =>
      `{"eventName":"RunInstances","eventID":"${id}","userAgent":"${more}"}`;
    const texts = [text(0, 'a'), text(1, 'a'), text(2, 'b'), text(3, 'a')];
    const outlines = [{ needs: [needFor('eventName', ['runinstances'])], reads: ['eventName', 'userAgent'] }];
    const policy = { id: 'a' } as Policy;

    const found = readText(texts.join('\n'), 'at once', {
      outlines,
      evaluate: ({ userAgent }) => (userAgent === 'a' ? [policy] : []),
    });

    assert.deepEqual(
      found.records.map(({ index }) => index),
      [0, 2],
    );
    assert.deepEqual(
      found.known.map(({ index, record: { eventID } }) => [index, eventID]),
      [
        [1, '1'],
        [3, '3'],
      ],
    );
  });

  const ALIKE: readonly (readonly [string, string, string])[] = [
    [
      'an object that comes twice',
      '{"eventName":"R","a":{"b":"x"}}',
      '{"eventName":"R","a":{"b":"x"},"a":{}}',
    ],
    ['an object in a list', '{"eventName":"R"}', '{"eventName":"R","a":[{"b":"x"}]}'],
    [
      'values that would run together',
      '{"eventName":"R","n":1,"a":{"b":23}}',
      '{"eventName":"R","n":12,"a":{"b":3}}',
    ],
    ['a call by AWS itself', '{"eventName":"R"}', '{"eventName":"R","userIdentity":{"type":"AWSService"}}'],
    ['null for nothing', '{"eventName":"R"}', '{"eventName":"R","n":null}'],
    ['an empty text for nothing', '{"eventName":"R"}', '{"eventName":"R","n":""}'],
    ['a key with dots', '{"eventName":"R","a":{"b":"x"}}', '{"eventName":"R","a":{"b":"x"},"a.b":"y"}'],
    ['an escaped key', '{"eventName":"R"}', '{"eventName":"R","\\u006e":1}'],
  ];
  for (const [what, one, other] of ALIKE)
    it(`never take one record for another: ${what}`, () => {
      const outlines = [{ needs: [needFor('eventName', ['r'])], reads: ['eventName', 'n', 'a.b'] }];

      for (const texts of [
        [one, other],
        [other, one],
      ]) {
        const found = readText(texts.join('\n'), 'at once', { outlines, evaluate: () => [] });

        assert.deepEqual(
          found.records.map(({ index }) => index),
          [0, 1],
        );
      }
    });

  it('know a text however many bytes it takes', () => {
    const outlines = [{ needs: [needFor('userAgent', ['\u{10428}'])], reads: null }];
    const texts = ['{"userAgent":"\u{10428}"}', '{"userAgent":"\\ud801\\udc28"}', '{"userAgent":"x"}'];

    const found = readText(texts.join('\n'), 'at once', { outlines });

    assert.deepEqual(
      found.records.map(({ index }) => index),
      [0, 1],
    );
  });

  it('agree on more than fits into one piece, and on what is broken in the middle of it', () => {
    const texts = Array.from(
      { length: 400 },
      (_, id) => `{"eventVersion":"1.08","eventID":"${id}","a":"${'x'.repeat(900)}"}`,
    );
    const broken = texts.with(250, '{"eventVersion":"1.08","eventID":}');

    for (const way of WAYS) {
      const whole = readText(`{"Records":[${texts.join(',')}]}`, way);
      const rest = readText(`[${broken.join(',')}]`, way);

      assert.deepEqual(
        whole.records.map(({ index, record: { eventID } }) => `${index}` === eventID),
        texts.map(() => true),
      );
      assert.deepEqual([whole.count, whole.unreadable, whole.notes], [400, [], []]);
      assert.deepEqual(
        [rest.count, rest.records.length, rest.unreadable.map(({ index }) => index)],
        [400, 399, [250]],
      );
    }
  });
});
