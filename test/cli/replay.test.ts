// `countersign replay` as people run it: matches on stdout, everything else on stderr, 0 done, 1 not opened, 2 wrong usage.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { jsonLines, runCommand } from '../helpers/command.ts';

const event = (eventName: string, more: object = {}) => ({
  eventVersion: '1.08',
  userIdentity: { type: 'IAMUser', userName: 'alex', arn: 'arn:aws:iam::123456789012:user/alex' },
  eventTime: '2026-01-12T08:00:00Z',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName,
  eventID: `id-of-${eventName}`,
  recipientAccountId: '123456789012',
  ...more,
});
const stopped = event('StopLogging', { requestParameters: { name: 'main' }, errorCode: 'AccessDenied' });
const { eventID: _id, eventTime: _time, ...bare } = stopped;
const read = event('DescribeTrails');

describe('countersign replay', () => {
  let folder = '';
  const write = (name: string, content: string | Buffer): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-replay-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('prints for each match exactly what is promised, whatever the record lacks', async () => {
    const file = write('logs.jsonl', [read, stopped, bare].map((one) => JSON.stringify(one)).join('\n'));

    const { code, stdout, stderr } = await runCommand(['replay', '--json', file]);

    const match = {
      policy: 'aws-cloudtrail-config-changes',
      eventId: 'id-of-StopLogging',
      index: 1,
      file,
      subject: 'alex',
      target: 'trail main',
      severity: 'high',
      attempt: true,
    };
    assert.deepEqual(jsonLines(stdout), [match, { ...match, eventId: null, index: 2 }]);
    assert.deepEqual(Object.keys(jsonLines(stdout)[0] ?? {}), Object.keys(match));
    assert.equal(stderr, '1 files, 3 records, 2 matches, 0 unreadable\n');
    assert.equal(code, 0);
  });

  it('reads a folder and the folders in it by name, and gzip by content', async () => {
    const text = JSON.stringify({ Records: [read, stopped] });
    write('2026/01/b.json.gz', gzipSync(text));
    write('2026/01/a.json', gzipSync(text));
    write('2026/c.jsonl.gz', JSON.stringify(stopped));
    write('notes.txt', JSON.stringify(stopped));

    const { code, stdout, stderr } = await runCommand(['replay', '--json', `${folder}/`]);

    assert.deepEqual(
      jsonLines(stdout).map(({ file, index }) => [file, index]),
      [
        [`${folder}/2026/01/a.json`, 1],
        [`${folder}/2026/01/b.json.gz`, 1],
        [`${folder}/2026/c.jsonl.gz`, 0],
      ],
    );
    assert.match(stderr, /^3 files, 5 records, 3 matches, 0 unreadable\n$/);
    assert.equal(code, 0);
  });

  it('reports what is broken with file and index, and reads everything else', async () => {
    const lines = write(
      'lines.jsonl',
      `${JSON.stringify(read)}\n{"broken\u001b[31m\n${JSON.stringify(stopped)}\n`,
    );
    const packed = gzipSync(Array.from({ length: 2_000 }, () => JSON.stringify(stopped)).join('\n'), {
      level: 0,
    });
    const cut = write('cut.jsonl.gz', packed.subarray(0, packed.length / 2));
    const empty = write('empty.json', '');
    const junk = write('junk.bin', Buffer.from([0, 1, 2, 255, 254]));
    mkdirSync(path.join(folder, 'none'));

    const { code, stdout, stderr } = await runCommand([
      'replay',
      '--json',
      lines,
      cut,
      empty,
      junk,
      path.join(folder, 'none'),
    ]);

    const matches = jsonLines(stdout);
    assert.equal(matches[0]?.index, 2);
    const readOfCut = matches.filter(({ file }) => file === cut);
    assert.ok(readOfCut.length > 500 && readOfCut.length < 1_100, String(readOfCut.length));
    assert.ok(stderr.includes(`${lines}: record 1: it is not JSON from its byte 8 on`), stderr);
    assert.ok(stderr.includes(`${cut}: record ${readOfCut.length}: it ends early`), stderr);
    assert.ok(stderr.includes(`${cut}: unexpected end of file`), stderr);
    assert.ok(stderr.includes(`${empty}: there is no record in it`), stderr);
    assert.ok(stderr.includes(`${junk}: record 0: it is not JSON from its byte 0 on`), stderr);
    assert.ok(stderr.includes('none: there is no log file in it'), stderr);
    assert.match(stderr, /4 files, \d+ records, \d+ matches, 3 unreadable\n$/);
    assert.ok(!stderr.includes('\u001b'));
    assert.equal(code, 0);
  });

  it('ends with 1 when a file cannot be opened, after reading the others', async () => {
    const file = write('a.json', JSON.stringify(stopped));

    const { code, stdout, stderr } = await runCommand([
      'replay',
      '--json',
      path.join(folder, 'missing.json'),
      file,
    ]);

    assert.equal(code, 1);
    assert.equal(jsonLines(stdout).length, 1);
    assert.match(stderr, /missing\.json: ENOENT/);
    assert.match(stderr, /countersign: not opened: 1; everything else was read\n$/);
  });

  it('counts over all files, and prints a counted policy at the end', async () => {
    const login = (second: number): string =>
      JSON.stringify(
        event('ConsoleLogin', {
          eventSource: 'signin.amazonaws.com',
          eventID: `login-${second}`,
          eventTime: new Date(Date.UTC(2026, 0, 12, 8, 0, second)).toISOString(),
          responseElements: { ConsoleLogin: 'Failure' },
        }),
      );
    const logins = Array.from({ length: 40 }, (_, second) => login(second));
    write('b.jsonl', logins.slice(0, 20).join('\n'));
    write(
      'a.jsonl',
      [...logins.slice(20), JSON.stringify({ ...JSON.parse(login(0)), eventTime: 'yesterday' })].join('\n'),
    );

    const { stdout, stderr } = await runCommand(['replay', '--json', folder]);

    const counted = jsonLines(stdout).filter(({ policy }) => policy === 'aws-multiple-failed-logins');
    assert.equal(counted.length, 1);
    assert.equal(jsonLines(stdout).at(-1)?.policy, 'aws-multiple-failed-logins');
    assert.equal(counted[0]?.file, `${folder}/b.jsonl`, 'the first to cross is among the earlier ones');
    assert.match(stderr, /a\.jsonl: record 20: it has no time, and cannot be counted for /);
    assert.match(stderr, /1 without a time that a counted policy needs\n$/);
  });

  it('takes rules from outside, and settings that switch a policy off', async () => {
    const rule =
      'title: Trails Looked At\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  selection:\n    eventName: DescribeTrails\n  condition: selection\nlevel: low\n';
    write('rules/trails_looked_at.yml', rule);
    const settings = write(
      'settings.yml',
      'security: {members: [00000000-0000-4000-8000-000000000001], channel: "19:a@thread.tacv2"}\ndetection: {policies: {aws-cloudtrail-config-changes: {stage: off}}}\n',
    );
    const file = write('a.json', JSON.stringify([read, stopped]));

    const { stdout, stderr } = await runCommand([
      'replay',
      '--json',
      '--rules',
      path.join(folder, 'rules'),
      '--settings',
      settings,
      file,
    ]);

    assert.deepEqual(
      jsonLines(stdout).map(({ policy, index }) => [policy, index]),
      [['trails_looked_at', 0]],
      stderr,
    );
  });

  it('says it in words without --json, with nothing that a terminal would obey', async () => {
    const file = write(
      'a.json',
      JSON.stringify(event('StopLogging', { requestParameters: { name: 'ma\u001b[2Jin' } })),
    );

    const { stdout } = await runCommand(['replay', file]);

    assert.equal(
      stdout,
      `high           aws-cloudtrail-config-changes  alex -> trail ma\\u{1b}[2Jin  ${file}#0\n`,
    );
  });

  it('ends with 2 where nothing is named', async () => {
    const { code, stdout, stderr } = await runCommand(['replay', '--json']);

    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /missing required argument 'path'/);
  });
});
