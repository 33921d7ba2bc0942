// Whoever can write into a log, or name a file, gets no record in that JSON does not have, and no run that never ends.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findFiles } from '../../src/replay/find-files.ts';
import { readText, WAYS } from './reading.ts';

const record = (id: string): string => `{"eventVersion":"1.08","eventName":"StopLogging","eventID":"${id}"}`;
const inside = (before: string, between: string, after: string): string =>
  `${before}\n${['a', 'b', 'c', 'd'].map(record).join(between)}\n${after}`;
const OUTER = '{"eventVersion":"1.08","eventName":"DescribeTrails","eventID":"outer","requestParameters":';

/** Valid JSON with one record, in which objects that look like records stand on lines of their own. */
const NESTED: Readonly<Record<string, string>> = {
  'in a list, the commas on lines between': inside(`{"Records":[${OUTER}{"a":[{}\n,`, '\n,\n', ']}}]}'),
  'in a list, the commas before': inside(`[${OUTER}[{}\n,`, '\n,', ']}]'),
  'in a bare record': inside(`${OUTER}[`, '\n,\n', ']}'),
  'one by one': `${OUTER}\n${record('a')}\n}`,
};

describe('what looks like records within a record', () => {
  for (const [how, text] of Object.entries(NESTED))
    for (const way of WAYS)
      it(`is none ${how}, read ${way}`, () => {
        JSON.parse(text);

        const { records, unreadable } = readText(text, way);

        assert.deepEqual(
          records.map(({ record: { eventID } }) => eventID),
          ['outer'],
        );
        assert.deepEqual(unreadable, []);
      });
});

describe('what was packed', () => {
  const pack = (value: unknown) => ({
    awslogs: { data: gzipSync(JSON.stringify(value)).toString('base64') },
  });
  const logs = (...messages: readonly string[]) => ({ logEvents: messages.map((message) => ({ message })) });

  it('is unpacked once, and not again within', () => {
    const { records, unreadable } = readText(
      JSON.stringify(pack(logs(record('a'), JSON.stringify(pack(logs(record('b'))))))),
      'at once',
    );

    assert.deepEqual(
      records.map(({ record: { eventID } }) => eventID),
      ['a'],
    );
    assert.match(unreadable[0]?.reason ?? '', /awslogs within awslogs/);
  });
});

describe('a folder of logs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-forged-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read without the links in it that lead to a pipe or a device', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, join(folder, 'a.json'));
    symlinkSync('/dev/zero', join(folder, 'b.json'));
    writeFileSync(join(folder, 'c.json'), record('c'));
    symlinkSync(join(folder, 'c.json'), join(folder, 'd.json'));

    const { files, notFound } = findFiles([folder]);

    assert.deepEqual(
      files.map(({ file }) => file.slice(folder.length + 1)),
      ['c.json', 'd.json'],
    );
    assert.deepEqual(
      notFound.map(({ reason }) => reason),
      ['it is no file', 'it is no file'],
    );
  });
});
