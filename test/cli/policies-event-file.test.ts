// Which event of a file `policies explain` explains, in every form that events are kept in.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SourceName } from '../../src/case/alert.ts';
import { isCountersignError } from '../../src/case/errors.ts';
import { readEvent } from '../../src/cli/event-file.ts';

const FIRST = { eventName: 'StopLogging', eventID: '1' };
const SECOND = { eventName: 'DeleteTrail', eventID: '2' };
const ALERT = { id: 'mass-1', title: 'Mass download' };
const OTHER = { id: 'mass-2', title: 'Mass share' };
const wrap = (detail: object) => ({ 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3', detail });
const lines = (...values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('the event of a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-event-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (content: string | Uint8Array | object, index = 0, source: SourceName = 'cloudtrail') => {
    const file = path.join(folder, 'event');
    const asIs = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(file, asIs ? content : JSON.stringify(content));
    return readEvent(file, index, source);
  };
  const isRefusal = (says: RegExp) => (error: unknown) =>
    isCountersignError(error) && error.code === 'explain.event' && says.test(error.message);

  const records: readonly (readonly [string, string | Uint8Array | object, number, object])[] = [
    ['a bare record', FIRST, 0, FIRST],
    ['an EventBridge envelope', wrap(FIRST), 0, FIRST],
    ['the first of a Records document', { Records: [FIRST, SECOND] }, 0, FIRST],
    ['another of a Records document', { Records: [FIRST, SECOND] }, 1, SECOND],
    ['one of an array of envelopes', [wrap(FIRST), wrap(SECOND)], 1, SECOND],
    ['a line', lines(FIRST, wrap(SECOND)), 1, SECOND],
    ['a line after one that is no JSON', `${lines(FIRST)}{"half\n${lines(SECOND)}`, 2, SECOND],
    ['one of documents, a line each', lines({ Records: [FIRST] }, { Records: [SECOND] }), 1, SECOND],
    ['gzip', gzipSync(JSON.stringify({ Records: [FIRST, SECOND] })), 1, SECOND],
    ['written over several lines', JSON.stringify({ Records: [FIRST, SECOND] }, null, 2), 1, SECOND],
  ];
  for (const [what, content, index, expected] of records)
    it(`is a CloudTrail record: ${what}`, async () => assert.deepEqual(await read(content, index), expected));

  const alerts: readonly (readonly [string, string | object, number, object])[] = [
    ['alone', ALERT, 0, ALERT],
    ['under value, as Graph lists them', { value: [OTHER, ALERT] }, 1, ALERT],
    ['in an array', [OTHER, ALERT], 1, ALERT],
    ['on a line', lines(OTHER, ALERT), 1, ALERT],
    ['with a byte order mark before it', `\uFEFF${JSON.stringify(ALERT)}`, 0, ALERT],
  ];
  for (const [what, content, index, expected] of alerts)
    it(`is a Graph alert: ${what}`, async () =>
      assert.deepEqual(await read(content, index, 'graph'), expected));

  const refused: readonly (readonly [string, string | Uint8Array | object, number, SourceName, RegExp])[] = [
    [
      'a place after the last',
      { Records: [FIRST, SECOND] },
      2,
      'cloudtrail',
      /holds 2 events: there is no 2$/,
    ],
    ['a document of none', { Records: [] }, 0, 'cloudtrail', /holds 0 events/],
    ['a line that is no JSON', `${lines(FIRST)}{"half\n${lines(SECOND)}`, 1, 'cloudtrail', /event 1: /],
    ['a record that is a number', '[1]', 0, 'cloudtrail', /event 0: /],
    ['gzip that was cut', gzipSync('{"Records":[]}').subarray(0, 12), 0, 'cloudtrail', /ends early/],
    ['no JSON at all', 'no JSON at all', 0, 'graph', /neither JSON nor JSON lines/],
    ['an empty file', '', 0, 'graph', /neither JSON nor JSON lines/],
    ['an alert that is a number', '[1]', 0, 'graph', /event 0: not an object/],
    ['an alert on a line that is no JSON', `{"half\n${lines(ALERT)}`, 0, 'graph', /event 0: /],
    ['what a terminal would obey', '\u001b[2J', 0, 'graph', /^\P{C}+\\u\{1b\}\P{C}*$/u],
  ];
  for (const [what, content, index, source, says] of refused)
    it(`is refused: ${what} (${source})`, async () => {
      await assert.rejects(read(content, index, source), isRefusal(says));
    });

  it('is refused where there is no such file', async () => {
    for (const source of ['cloudtrail', 'graph'] as const)
      await assert.rejects(readEvent(path.join(folder, 'none'), 0, source), isRefusal(/none cannot be read/));
  });
});
