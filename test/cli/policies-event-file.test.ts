// Which event of a file `policies explain` explains, in every form that events are kept in.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { isCountersignError } from '../../src/case/errors.ts';
import { readEvent } from '../../src/cli/event-file.ts';

const FIRST = { eventName: 'StopLogging', eventID: '1' };
const SECOND = { eventName: 'DeleteTrail', eventID: '2' };
const ALERT = { id: 'mass-1', title: 'Mass download' };
const wrap = (detail: object) => ({ 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3', detail });
const lines = (...values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('the event of a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-event-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (content: string | Uint8Array | object, index = 0): object => {
    const file = path.join(folder, 'event');
    const asIs = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(file, asIs ? content : JSON.stringify(content));
    return readEvent(file, index);
  };
  const refuses = (content: string | Uint8Array | object, index: number, says: RegExp): void =>
    assert.throws(
      () => read(content, index),
      (error) => isCountersignError(error) && error.code === 'explain.event' && says.test(error.message),
    );

  const forms: readonly (readonly [string, string | Uint8Array | object, number, object])[] = [
    ['a bare record', FIRST, 0, FIRST],
    ['a Graph alert', ALERT, 0, ALERT],
    ['an EventBridge envelope', wrap(FIRST), 0, FIRST],
    ['the first of a Records document', { Records: [FIRST, SECOND] }, 0, FIRST],
    ['another of a Records document', { Records: [FIRST, SECOND] }, 1, SECOND],
    ['one of Graph’s value document', { value: [ALERT, FIRST] }, 1, FIRST],
    ['one of an array of envelopes', [wrap(FIRST), wrap(SECOND)], 1, SECOND],
    ['a line', lines(FIRST, wrap(SECOND)), 1, SECOND],
    ['a line after one that is no JSON', `{"half\n${lines(SECOND)}`, 1, SECOND],
    [
      'a record of a line that holds a document',
      lines({ Records: [FIRST] }, { Records: [SECOND] }),
      1,
      SECOND,
    ],
    ['gzip', gzipSync(JSON.stringify({ Records: [FIRST, SECOND] })), 1, SECOND],
    ['text with a byte order mark', `\uFEFF${JSON.stringify(FIRST)}`, 0, FIRST],
  ];
  for (const [what, content, index, expected] of forms)
    it(`is ${what}`, () => assert.deepEqual(read(content, index), expected));

  it('keeps a field of its own that is called detail', () => {
    assert.deepEqual(read({ detail: { a: 1 } }), { detail: { a: 1 } });
  });

  it('is refused where there is none, saying what the file holds', () => {
    refuses({ Records: [FIRST, SECOND] }, 2, /holds 2 events: there is no 2$/);
    refuses({ Records: [] }, 0, /holds 0 events/);
    refuses('{"half\n{}', 0, /event 0, is not JSON/);
    refuses('no JSON at all', 0, /neither JSON nor JSON lines/);
    refuses('', 0, /neither JSON nor JSON lines/);
    refuses('[1]', 0, /event 0, is not an object/);
    refuses(gzipSync('{}').subarray(0, 12), 0, /cannot be read: /);
  });

  it('is refused without repeating what a terminal would obey', () => {
    refuses('\u001b[2J', 0, /^\P{C}+\\u\{1b\}\P{C}*$/u);
  });

  it('is refused where there is no such file', () => {
    assert.throws(
      () => readEvent(path.join(folder, 'none.json'), 0),
      (error) => isCountersignError(error) && error.code === 'explain.event',
    );
  });
});
