// What is broken is reported with its index, costs no other record its own, and never ends the reading.
import assert from 'node:assert/strict';
import { type Found, readText, WAYS } from './reading.ts';

const record = (id: number, more = ''): string => `{"eventVersion":"1.08","eventID":"${id}"${more}}`;
const idsOf = ({ records }: Found): readonly unknown[] =>
  records.map(({ index, record: { eventID } }) => [index, eventID]);
const indexesOf = ({ unreadable }: Found): readonly number[] => unreadable.map(({ index }) => index);

const lines = (...rows: readonly string[]): string => rows.join('\n');
const document = (...rows: readonly string[]): string => `{"Records":[${rows.join(',')}]}`;

/** The text, what is read of it with index and id, and the indexes of what is unreadable. */
const BROKEN: readonly (readonly [
  string,
  string,
  readonly (readonly [number, string])[],
  readonly number[],
])[] = [
  [
    'a broken line',
    lines(record(0), '{"eventVersion":"1.08","a":', record(2), record(3)),
    [
      [0, '0'],
      [2, '2'],
      [3, '3'],
    ],
    [1],
  ],
  [
    'a line that is cut in a text',
    lines(record(0), '{"eventVersion":"1.0', record(2), record(3)),
    [
      [0, '0'],
      [2, '2'],
      [3, '3'],
    ],
    [1],
  ],
  [
    'a line that opens too much',
    lines(record(0), record(1, ',"a":{"b":[{'), record(2), record(3)),
    [
      [0, '0'],
      [2, '2'],
      [3, '3'],
    ],
    [1],
  ],
  [
    'a line that closes too much',
    lines(record(0), `${record(1)}}`, record(2)),
    [
      [0, '0'],
      [1, '1'],
      [3, '2'],
    ],
    [2],
  ],
  [
    'a line of junk',
    lines(record(0), 'not JSON at all', record(2)),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'lines that are no objects',
    lines(record(0), '7', 'null', '"text"', record(4)),
    [
      [0, '0'],
      [4, '4'],
    ],
    [1, 2, 3],
  ],
  [
    'a broken first line',
    lines('{"eventVersion', record(1), record(2)),
    [
      [1, '1'],
      [2, '2'],
    ],
    [0],
  ],
  [
    'a broken envelope',
    lines(record(0), `{"detail":${record(9)},"a"}`, record(2)),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'a broken record in a document',
    document(record(0), record(1, ',"a":tru'), record(2)),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'a record without its end',
    document(record(0), '{"eventVersion":"1.08","a":{"b":1', record(2)),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'a record with a raw line break in a text',
    document(record(0), record(1, ',"a":"x\ny"'), record(2)),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'two broken records in a row',
    document('{"eventVersion":}', '{"eventVersion":"}', record(2)),
    [[2, '2']],
    [0, 1],
  ],
  [
    'a record that is a list',
    document(record(0), '[1]', record(2)),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'a broken record in pretty print',
    document(record(0), '{\n  "eventVersion": 1,\n  "a": }', `{\n  "eventVersion": 1, "eventID": "2"\n}`),
    [
      [0, '0'],
      [2, '2'],
    ],
    [1],
  ],
  [
    'a text that ends in a record',
    '{"Records":[{"eventVersion":"1.08","eventID":"0"},{"eventVersion":"1.0',
    [[0, '0']],
    [1],
  ],
  ['nothing but junk', '\u0000\u0001PNG\r\n\u001a\n\u0000'.repeat(40), [], [0]],
  ['brackets without end', '['.repeat(1_500), [], [0]],
];

describe('a broken file', () => {
  for (const [what, text, records, unreadable] of BROKEN)
    for (const way of WAYS)
      it(`costs what is broken and no more: ${what}, ${way}`, () => {
        const found = readText(text, way);

        assert.deepEqual(idsOf(found), records);
        assert.deepEqual(indexesOf(found), unreadable);
        assert.equal(found.count, records.length + unreadable.length);
      });

  it('says where a record stops being JSON', () => {
    const found = readText(lines(record(0), '{"a":x}', record(2)), 'at once');

    assert.deepEqual(found.unreadable, [{ index: 1, reason: 'it is not JSON from its byte 5 on' }]);
  });

  for (const [what, text] of [
    ['a comma before the end', `{"Records":[${record(0)},]}`],
    ['no comma between records', `{"Records":[${record(0)}${record(1)}]}`],
    ['an end that is missing', `{"Records":[${record(0)}`],
  ] as const)
    for (const way of WAYS)
      it(`notes ${what}, which is no record: ${way}`, () => {
        const found = readText(text, way);

        assert.deepEqual(idsOf(found)[0], [0, '0']);
        assert.equal(found.unreadable.length, 0);
        assert.equal(found.notes.length, 1);
      });

  it('gives up a record that is longer than any, and reads on', () => {
    const long = record(1, `,"a":"${'x'.repeat(9_000)}"`);

    for (const text of [lines(record(0), long, record(2)), document(record(0), long, record(2))]) {
      const found = readText(text, 'streamed');

      assert.deepEqual(idsOf(found), [
        [0, '0'],
        [2, '2'],
      ]);
      assert.deepEqual(found.unreadable, [{ index: 1, reason: 'it is longer than 2000 bytes' }]);
    }
  });

  it('keeps the last of equal keys, and takes __proto__ for a key like others', () => {
    const [found] = readText('{"eventName":"a","__proto__":{"x":1},"eventName":"b"}', 'at once').records;

    assert.equal(found?.record.eventName, 'b');
    assert.ok(Object.hasOwn(found?.record ?? {}, '__proto__'));
    assert.equal(({} as { x?: number }).x, undefined);
  });
});
