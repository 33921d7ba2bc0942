// What `npm test` promises about its own end: counts, exit codes, missing parts and leaks. Runs it on small suites.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('npm test', () => {
  let folder: string;
  beforeEach(() => {
    // Under test/, because that is how the runner tells a file from an option's value.
    mkdirSync(join(root, 'test', 'toolchain', 'tmp'), { recursive: true });
    folder = mkdtempSync(join(root, 'test', 'toolchain', 'tmp', 'suite-'));
  });
  afterEach(() => rmSync(join(root, 'test', 'toolchain', 'tmp'), { recursive: true, force: true }));

  function run(suite: string, env: Record<string, string> = {}, args: readonly string[] = []) {
    const file = join(folder, 'small.ts');
    writeFileSync(file, suite);
    const done = spawnSync(process.execPath, ['scripts/test.mjs', relative(root, file), ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CI: '', ...env },
    });
    return { ...done, lastLine: done.stdout.trimEnd().split('\n').at(-1) };
  }

  it('ends with the counts alone on a line, and exit code 0, when everything passes', () => {
    const { status, lastLine } = run(`it('a', () => {}); it('b', () => {});`);

    assert.equal(lastLine, '2 passed, 0 failed');
    assert.equal(status, 0);
  });

  it('runs the suites of a folder, and not the helpers and programs that lie beside them', () => {
    writeFileSync(join(folder, 'some.test.ts'), `it('a', () => {});`);
    writeFileSync(join(folder, 'program.ts'), `await Promise.resolve(); throw new Error('run as a test');`);
    const done = spawnSync(process.execPath, ['scripts/test.mjs', relative(root, folder)], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CI: '' },
    });

    assert.equal(done.stdout.trimEnd().split('\n').at(-1), '1 passed, 0 failed');
  });

  it('counts failures, and fails', () => {
    const { status, lastLine } = run(`it('a', () => {}); it('b', () => { throw new Error('no'); });`);

    assert.equal(lastLine, '1 passed, 1 failed');
    assert.equal(status, 1);
  });

  it('names skipped tests on a machine of one’s own', () => {
    const { status, lastLine } = run(`it('a', () => {}); it('b', function () { this.skip(); });`);

    assert.equal(lastLine, '1 passed, 0 failed, 1 skipped');
    assert.equal(status, 0);
  });

  for (const [where, suite] of [
    ['a test', `it('a', function () { this.skip(); });`],
    ['a hook', `describe('x', () => { before(function () { this.skip(); }); it('a', () => {}); });`],
  ] as const)
    it(`takes a skip in ${where} as a failure with CI=true`, () => {
      const { status, lastLine } = run(suite, { CI: 'true' });

      assert.match(lastLine ?? '', /^0 passed, 1 failed/);
      assert.notEqual(status, 0);
    });

  it('fails when a file of tests does not even load', () => {
    const { status, lastLine } = run(`import './missing.ts';`);

    assert.equal(lastLine, '0 passed, 1 failed');
    assert.notEqual(status, 0);
  });

  it('notices what the tests left running, and fails', () => {
    const { status, lastLine, stderr } = run(`it('a', () => { setInterval(() => {}, 50); });`, {
      TEST_LEAK_WAIT_MS: '100',
    });

    assert.match(stderr, /something still runs: .*Timeout/);
    assert.equal(lastLine, '1 passed, 1 failed');
    assert.equal(status, 1);
  });

  it('hands options on to mocha', () => {
    const { lastLine } = run(`it('apple', () => {}); it('pear', () => {});`, {}, ['-g', 'pear']);

    assert.equal(lastLine, '1 passed, 0 failed');
  });

  it('keeps to the core, the rooms and the laws with --unit, without looking for a database or a browser', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/test.mjs', '--unit', '--dry-run'],
      {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, NO_APT: '1', CHROMIUM_PATH: '/nowhere' },
      },
    );

    assert.equal(status, 0);
    assert.match(stdout, /the transitions of a case/);
    assert.match(stdout, /the import law/);
    assert.doesNotMatch(stdout, /installing what is missing/);
    assert.doesNotMatch(stderr, /no Chromium here/);
  });

  it('says what it takes with --help, and runs nothing', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', '--help'], {
      cwd: root,
      encoding: 'utf8',
    });

    assert.equal(status, 0);
    assert.match(stdout, /--unit/);
    assert.match(stdout, /NO_APT=1/);
    assert.doesNotMatch(stdout, /passed/);
  });
});
