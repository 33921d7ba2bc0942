// The scanner's idea of JSON is JSON.parse's, on good texts and on bad ones.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { skipSpace } from '../../src/replay/json-bytes.ts';
import { skipValue } from '../../src/replay/skip-value.ts';

/** Whether the whole text is one value. */
function isJson(text: string): boolean {
  const bytes = Buffer.from(`${text}\0`);
  const end = skipValue(bytes, skipSpace(bytes, 0));
  return end >= 0 && skipSpace(bytes, end) === bytes.length - 1;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const space = fc.constantFrom(undefined, 1, '\t', '\r\n');
const jsonText = fc
  .tuple(fc.jsonValue(), space)
  .map(([value, indent]) => JSON.stringify(value, null, indent));
/** What breaks JSON, and what only nearly does. */
const pieces = [
  ...'{}[],:"\\ 0129-+.eEtfnu\n\t/',
  'true',
  'null',
  '\\u00e9',
  '\\u12',
  '\\x',
  '\u0001',
  '1.',
  '-',
  '0x',
  'é',
];

describe('the scanner', () => {
  it('takes for JSON what JSON.parse takes', () => {
    fc.assert(fc.property(jsonText, (text) => assert.ok(isJson(text), text)));
  });

  it('judges a text with one change as JSON.parse does', () => {
    const change = fc.record({ at: fc.nat(), length: fc.nat(2), put: fc.constantFrom('', ...pieces) });
    fc.assert(
      fc.property(jsonText, change, (text, { at, length, put }) => {
        const from = at % (text.length + 1);
        const changed = text.slice(0, from) + put + text.slice(from + length);

        assert.equal(isJson(changed), parses(changed), changed);
      }),
      { numRuns: 3_000 },
    );
  });

  it('judges any row of JSON’s parts as JSON.parse does', () => {
    const row = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(row, (text) => assert.equal(isJson(text), parses(text), text)),
      { numRuns: 3_000 },
    );
  });

  it('walks a million brackets without the call stack', () => {
    const depth = 1_000_000;

    assert.ok(isJson('['.repeat(depth) + ']'.repeat(depth)));
    assert.ok(!isJson('['.repeat(depth)));
  });
});
