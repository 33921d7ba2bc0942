// Files as they lie on disks: of any size, packed or not, whole or cut, told by what is in them and not by their names.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createDensity } from '../../src/replay/density.ts';
import { findFiles } from '../../src/replay/find-files.ts';
import { readFile } from '../../src/replay/read-file.ts';
import { RecordReader } from '../../src/replay/read-records.ts';
import { RecordCounter } from '../../src/replay/record-sink.ts';
import { RecordWalker } from '../../src/replay/walk-record.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'countersign-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: Buffer | string) {
  const file = path.join(folder, 'any-name');
  writeFileSync(file, content);
  const ids: unknown[] = [];
  const unreadable: string[] = [];
  let told = 0;
  const counter = new RecordCounter({
    record(record) {
      ids.push(record.eventID);
      return null;
    },
    known: () => assert.fail('there is no guard'),
    unreadable: (index, reason) => void unreadable.push(`${index}: ${reason}`),
    note: () => undefined,
  });
  const walker = new RecordWalker(null);
  const { problem } = await readFile(
    file,
    (form) => new RecordReader({ walker, outcomes: null, counter, density: createDensity(), ...form }),
    () => {
      told++;
    },
  );
  return { ids, unreadable, problem, told };
}

const record = (eventID: number | string, more = ''): string =>
  `{"eventVersion":"1.08","eventID":"${eventID}"${more}}`;

describe('reading a file', () => {
  it('goes through one that is larger than memory is lent for, in windows, and tells how far it is', async () => {
    const long = `,"a":"${'x'.repeat(1_000_000)}"`;
    const text = `{"Records":[${Array.from({ length: 36 }, (_, id) => record(id, long)).join(',')}]}`;

    const found = await read(text);

    assert.deepEqual(
      found.ids,
      Array.from({ length: 36 }, (_, id) => String(id)),
    );
    assert.deepEqual([found.problem, found.unreadable], [null, []]);
    assert.ok(found.told > 10);
  });

  it('unpacks one that is much larger than it looks', async () => {
    const blank = ' '.repeat(40_000_000);

    const found = await read(gzipSync(`[${record('a')},${blank}${record('b')}]`));

    assert.deepEqual([found.ids, found.problem], [['a', 'b'], null]);
  });

  it('gives up a line of 40 MB as one record, and reads on', async () => {
    const line = record('b', `,"a":"${'x'.repeat(40_000_000)}"`);

    const found = await read([record('a'), line, record('c')].join('\n'));

    assert.deepEqual(found.ids, ['a', 'c']);
    assert.deepEqual(found.unreadable, ['1: it is longer than 33554432 bytes']);
  });

  it('unpacks several gzip members in a row, whatever the last one’s trailer says of the rest', async () => {
    const members = ['a', 'b', 'c'].map((id) => gzipSync(`${record(id)}\n`));

    const found = await read(Buffer.concat(members));

    assert.deepEqual([found.ids, found.problem], [['a', 'b', 'c'], null]);
  });

  for (const said of [0, 1, 0xffffffff])
    it(`does not believe a trailer that says ${said} bytes: it says so, and gives what was read`, async () => {
      const packed = gzipSync(Array.from({ length: 9_000 }, (_, id) => record(id)).join('\n'));
      packed.writeUInt32LE(said, packed.length - 4);

      const found = await read(packed);

      assert.ok(found.ids.length > 7_000, String(found.ids.length));
      assert.match(found.problem ?? '', /incorrect length check/);
    });

  it('says what is wrong with damaged gzip', async () => {
    const packed = gzipSync(record('a'));
    packed.fill(0xff, 12);

    assert.ok((await read(packed)).problem);
    assert.ok((await read(Buffer.from([0x1f, 0x8b]))).problem);
  });

  it('takes an empty file for one without records', async () => {
    assert.deepEqual(await read(''), { ids: [], unreadable: [], problem: null, told: 0 });
    assert.deepEqual((await read(gzipSync(''))).ids, []);
    assert.deepEqual((await read('\ufeff \r\n')).unreadable, []);
  });
});

describe('finding files', () => {
  it('takes those of a folder by name and in order, and follows no link to a folder', () => {
    for (const name of ['b/2.json', 'b/1.jsonl.GZ', 'a.json.gz', 'c.txt', 'd.jsonl']) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), 'x');
    }
    symlinkSync(folder, path.join(folder, 'b', 'loop'));
    symlinkSync(path.join(folder, 'c.txt'), path.join(folder, 'e.json'));

    const { files, notFound, empty } = findFiles([`${folder}//`, path.join(folder, 'c.txt')]);

    assert.deepEqual(
      files.map(({ file }) => file.slice(folder.length)),
      ['/a.json.gz', '/b/1.jsonl.GZ', '/b/2.json', '/d.jsonl', '/e.json', '/c.txt'],
    );
    assert.deepEqual([notFound, empty], [[], []]);
  });

  it('says what is not there, and which folders hold nothing', () => {
    const { files, notFound, empty } = findFiles([path.join(folder, 'none'), folder]);

    assert.deepEqual(files, []);
    assert.match(notFound[0]?.reason ?? '', /ENOENT/);
    assert.deepEqual(empty, [folder]);
  });
});
