// Folders of policies, with what people really have in them: links, pipes, things that are no rules.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isCountersignError } from '../src/case/errors.ts';
import { ACTIONS } from '../src/govern/actions/index.ts';
import { loadCatalogue, readRuleFolder, requireCatalogue } from '../src/policy-files.ts';
import { parseSettings } from '../src/settings/file.ts';
import { settingsText } from './helpers/settings.ts';

const RULE = `
title: Lambda Function Deleted
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventName: DeleteFunction
  condition: selection
level: medium
`;
const knownActions = [...ACTIONS.keys()];

describe('a folder of rules', () => {
  let folder: string;
  const write = (name: string, text: string | Buffer = RULE): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const link = (to: string, name: string): void => symlinkSync(to, path.join(folder, name));
  /** Without the folder's own name. */
  const read = () => {
    const { files, problems } = readRuleFolder(folder);
    return {
      names: files.map((file) => file.name.slice(folder.length + 1)),
      problems: problems.map(({ file, reason }) => `${file.slice(folder.length + 1)} ${reason}`),
    };
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'countersign-rules-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read with the folders below it, in the order of the names', () => {
    write('b.yml');
    write('a/deeper/c.yaml');
    write('a/README.md');
    write('z.YML');

    assert.deepEqual(read(), { names: ['a/deeper/c.yaml', 'b.yml', 'z.YML'], problems: [] });
  });

  it('gives rules from outside, named as the folder was given, with or without a slash at its end', () => {
    write('a.yml');

    const [plain] = readRuleFolder(folder).files;
    const [slashed] = readRuleFolder(`${folder}//`).files;

    assert.deepEqual(plain, { name: `${folder}/a.yml`, text: RULE, outside: true });
    assert.deepEqual(slashed, plain);
  });

  it('leaves hidden files and folders alone', () => {
    write('.github/workflows/ci.yml');
    write('.hidden.yml');

    assert.deepEqual(read(), { names: [], problems: [] });
  });

  it('follows links, and reads a folder once that two lead to', () => {
    write('rules/a.yml');
    link('rules', 'same');
    link('rules/a.yml', 'b.yml');

    assert.deepEqual(read(), { names: ['b.yml', 'rules/a.yml'], problems: [] });
  });

  it('names a link that leads back up, and reads the rest', () => {
    write('rules/a.yml');
    link('..', 'rules/up');
    link('itself.yml', 'itself.yml');
    link('nowhere.yml', 'dangling.yml');

    assert.deepEqual(read(), {
      names: ['rules/a.yml'],
      problems: [
        'dangling.yml is not there',
        'itself.yml is a link that leads to itself',
        'rules/up is a link back to a folder that it lies in',
      ],
    });
  });

  it('names what is no text, too large or a pipe, and waits for none of it', () => {
    write('a.yml', Buffer.from([0x74, 0xff, 0xfe]));
    write('b.yml', `${RULE}#${' '.repeat(1_048_576)}`);
    execFileSync('mkfifo', [path.join(folder, 'c.yml')]);
    write('d.yml');

    assert.deepEqual(read(), {
      names: ['d.yml'],
      problems: ['a.yml is not UTF-8 text', 'b.yml is larger than 1048576 bytes', 'c.yml is not a file'],
    });
  });

  it('names what may not be read', () => {
    write('a.yml');
    chmodSync(path.join(folder, 'a.yml'), 0);

    assert.deepEqual(
      asNobodyInParticular(folder, () => read().problems),
      ['a.yml may not be read'],
    );
  });

  it('may be missing, or be a file: that is its one problem', () => {
    write('a.yml');

    assert.deepEqual(readRuleFolder(`${folder}/none`).problems, [
      { file: `${folder}/none`, line: 1, reason: 'is not there' },
    ]);
    assert.deepEqual(readRuleFolder(`${folder}/a.yml`).problems, [
      { file: `${folder}/a.yml`, line: 1, reason: 'is not a folder' },
    ]);
  });

  it('adds its rules to the project’s own, and says which of its files were refused, and why', () => {
    write('lambda_deleted.yml');
    write('odd.yml', RULE.replace('condition: selection', 'condition: selektion'));

    const { catalogue, problems } = loadCatalogue({ ruleFolders: [folder], knownActions });

    const ids = catalogue.policies.map((policy) => policy.id);
    assert.ok(ids.includes('lambda_deleted') && ids.includes('aws-s3-bucket-public'));
    assert.deepEqual(
      problems.map(({ file, line }) => [file, line]),
      [[`${folder}/odd.yml`, 9]],
    );
  });

  it('names file and line of a setting that does nothing', () => {
    const text = [
      'detection:',
      '  policies:',
      '    aws-s3-bucket-pubic: { stage: off }',
      '    aws-s3-bucket-public:',
      '      stage: ask',
      '      threshold: 3',
      'visibility:',
      '  policies:',
      '    aws-s3-bucket-open: { files: false }',
    ].join('\n');
    write('settings.yml', settingsText(text));
    const file = path.join(folder, 'settings.yml');
    const settings = { ...parseSettings(settingsText(text), folder), file };
    const lineOf = (part: string): number =>
      settingsText(text)
        .split('\n')
        .findIndex((line) => line.includes(part)) + 1;

    const { problems } = loadCatalogue({ settings, knownActions });

    assert.deepEqual(
      problems.map(({ file, line, reason }) => `${file}:${line}: ${reason}`),
      [
        `${file}:${lineOf('pubic')}: detection.policies.aws-s3-bucket-pubic: there is no such policy`,
        `${file}:${lineOf('threshold')}: detection.policies.aws-s3-bucket-public: it counts nothing: it has no threshold`,
        `${file}:${lineOf('bucket-open')}: visibility.policies.aws-s3-bucket-open: there is no such policy`,
      ],
    );
  });

  it('names file and line of what is told of the settings', () => {
    write('settings.yml', settingsText());
    const file = path.join(folder, 'settings.yml');
    const settings = { ...parseSettings(settingsText(), folder), file };

    const { problems, notes } = requireCatalogue({ settings, knownActions });

    assert.deepEqual(problems, []);
    assert.match(
      notes.map(({ line, ...one }) => `${one.file}:${line}: ${one.reason}`).join(),
      /yml:4: security\.members names/,
    );
    assert.equal(notes[0]?.file, file);
  });

  it('stops a start when anything of it is refused, with all that is wrong', () => {
    write('odd.yml', RULE.replace('condition: selection', 'condition: selektion'));
    write('empty.yml', '');

    assert.throws(
      () => requireCatalogue({ ruleFolders: [folder, `${folder}/none`], knownActions }),
      (error) =>
        isCountersignError(error) &&
        error.code === 'config.policies' &&
        error.message.includes(`${folder}/odd.yml:9: `) &&
        error.message.includes(`${folder}/empty.yml:1: `) &&
        error.message.includes(`${folder}/none:1: is not there`),
    );
  });
});

describe('the policies of the project', () => {
  it('load at a start, from the inside', () => {
    const { catalogue, problems } = requireCatalogue({ knownActions });

    assert.deepEqual(problems, []);
    assert.ok(catalogue.policies.length > 0);
    assert.deepEqual(
      catalogue.policies.filter((policy) => policy.outside),
      [],
    );
  });
});

/** Root may read everything, so it steps aside for as long as `work` runs. */
function asNobodyInParticular<Result>(folder: string, work: () => Result): Result {
  if (process.getuid?.() !== 0) return work();
  chmodSync(folder, 0o755);
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
