// Scanning and parsing always agree: over generated records and needs, in every form of file and every way to read, what is left
// unparsed is what no need is met by, and every record keeps its index.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../src/case/json.ts';
import type { Need } from '../../src/detect/compiled.ts';
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
  return typeof found === 'string' ? quote(found, style) : JSON.stringify(found);
}

const quote = (one: string, { escaped }: Style): string =>
  escaped
    ? `"${[...one].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
    : JSON.stringify(one);

const needFor = (field: string, values: readonly string[]): Need => ({
  field,
  values,
  accepts: (found) =>
    (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') &&
    values.includes(String(found).toLowerCase()),
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
        const records = fc.array(record, { maxLength: 12 });
        fc.assert(
          fc.property(
            records,
            fc.array(need, { maxLength: 4 }),
            fc.constantFrom(...styles),
            (rows, needs, style) => {
              const texts = rows.map((row) => write(row, style));
              const parsed = texts.map((one) => JSON.parse(one) as JsonObject);
              const matching = parsed.flatMap((event, index) =>
                needs.some((one) => isMet(one, event)) ? [{ index, record: event }] : [],
              );

              const found = readText(join(texts), way, needs, {
                maxRecordBytes: 1e6,
                startBytes: 64,
                judgedBytes: 512,
                stepBytes: 16,
              });

              assert.deepEqual(found.unreadable, []);
              assert.equal(found.count, texts.length);
              const scanned = found.records.filter(({ record: event }) =>
                needs.some((one) => isMet(one, event)),
              );
              assert.deepEqual(scanned, matching);
            },
          ),
          { numRuns: 150 },
        );
      });

  it('leaves a record unparsed that nothing can match', () => {
    const texts = [
      '{"eventName":"GetObject","requestParameters":{"eventName":"RunInstances"}}',
      '{"eventName":"RunInstances"}',
    ];

    const found = readText(texts.join('\n'), 'at once', [needFor('eventName', ['runinstances'])]);

    assert.deepEqual(
      found.records.map(({ index }) => index),
      [1],
    );
    assert.equal(found.count, 2);
  });
});
