// When npm is called to install, and when it is not. On a made-up project, with an `npm` of our own that notes its arguments.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const LOCKED = {
  '': { name: 'made-up' },
  'node_modules/node': { version: process.versions.node, integrity: 'sha512-node' },
  'node_modules/used': { version: '1.0.0', integrity: 'sha512-used' },
  'node_modules/for-tests': { version: '2.0.0', integrity: 'sha512-for-tests', dev: true },
  'node_modules/for-another-platform': { version: '3.0.0', integrity: 'sha512-other', optional: true },
};
const INSTALLED = Object.fromEntries(
  Object.entries(LOCKED).filter(([path, entry]) => path !== '' && !('optional' in entry)),
);

describe('installing what is missing', () => {
  let project: string;
  const at = (...parts: readonly string[]): string => join(project, ...parts);

  function writeJson(path: string, value: unknown): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(value));
  }

  /** What npm would leave behind: the packages, the pinned Node, and npm's own note of them. */
  function fillNodeModules(packages: Record<string, object> = INSTALLED): void {
    for (const path of Object.keys(packages)) writeJson(at(path, 'package.json'), {});
    mkdirSync(at('node_modules', 'node', 'bin'), { recursive: true });
    symlinkSync(process.execPath, at('node_modules', 'node', 'bin', 'node'));
    writeJson(at('node_modules', '.package-lock.json'), { packages });
  }

  function run(...flags: readonly string[]) {
    const done = spawnSync(process.execPath, [at('scripts', 'ensure-installed.mjs'), ...flags], {
      cwd: tmpdir(),
      encoding: 'utf8',
      env: { PATH: `${at('bin')}${delimiter}/usr/bin${delimiter}/bin`, NODE: process.execPath },
    });
    const npmCalls = existsSync(at('npm-calls'))
      ? readFileSync(at('npm-calls'), 'utf8').trim().split('\n')
      : [];
    return { ...done, npmCalls };
  }

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'countersign-install-'));
    mkdirSync(at('scripts'));
    cpSync('scripts/ensure-installed.mjs', at('scripts', 'ensure-installed.mjs'));
    writeJson(at('package-lock.json'), { packages: LOCKED });
    mkdirSync(at('bin'));
    // Restores node_modules from `stock` as `npm ci` would: everything anew.
    writeFileSync(
      at('bin', 'npm'),
      '#!/bin/sh\necho "$@" >> npm-calls\n[ -d stock ] || exit 7\nrm -rf node_modules\ncp -R stock node_modules\n',
      { mode: 0o755 },
    );
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  /** Makes the fake npm able to install. */
  function stock(): void {
    fillNodeModules();
    cpSync(at('node_modules'), at('stock'), { recursive: true, verbatimSymlinks: true });
    rmSync(at('node_modules'), { recursive: true });
  }

  it('installs on a fresh clone, by the lockfile, from whatever folder it is called', () => {
    stock();

    const { status, npmCalls } = run();

    assert.equal(status, 0);
    assert.equal(npmCalls.length, 1);
    assert.match(npmCalls[0] ?? '', /^ci /);
  });

  it('asks for the development packages where the tests need them', () => {
    stock();

    assert.match(run('--dev').npmCalls[0] ?? '', /--include=dev/);
  });

  it('installs nothing when everything is there', () => {
    fillNodeModules();

    assert.deepEqual(run().npmCalls, []);
    assert.deepEqual(run('--dev').npmCalls, []);
  });

  it('installs nothing at a start where all development packages were left out on purpose', () => {
    const { 'node_modules/for-tests': _left, ...production } = INSTALLED;
    fillNodeModules(production);

    assert.deepEqual(run().npmCalls, []);
  });

  const broken: readonly (readonly [string, () => void])[] = [
    ['npm never ended (it writes its note last)', () => rmSync(at('node_modules', '.package-lock.json'))],
    ['npm’s note was cut off', () => writeFileSync(at('node_modules', '.package-lock.json'), '{"pack')],
    ['a package’s folder is gone', () => rmSync(at('node_modules', 'used'), { recursive: true })],
    ['the pinned Node is gone', () => rmSync(at('node_modules', 'node', 'bin', 'node'))],
    [
      'the pinned Node is for another machine',
      () => {
        rmSync(at('node_modules', 'node', 'bin', 'node'));
        writeFileSync(at('node_modules', 'node', 'bin', 'node'), 'not a program here', { mode: 0o755 });
      },
    ],
    [
      'the lockfile names another version',
      () => {
        const newer = { ...INSTALLED, 'node_modules/used': { version: '0.9.0', integrity: 'sha512-older' } };
        writeJson(at('node_modules', '.package-lock.json'), { packages: newer });
      },
    ],
  ];
  for (const [what, breakIt] of broken)
    it(`installs anew when ${what}`, () => {
      stock();
      fillNodeModules();
      breakIt();

      const { status, npmCalls, stderr } = run('--dev');

      assert.equal(status, 0, stderr);
      assert.equal(npmCalls.length, 1);
      assert.equal(run('--dev').npmCalls.length, 1, 'and not a second time');
    });

  it('fails with npm’s own exit code when npm fails', () => {
    const { status, stderr } = run();

    assert.equal(status, 7);
    assert.match(stderr, /npm ci failed/);
  });

  it('says what to do when npm leaves out install scripts, so that the pinned Node is missing', () => {
    stock();
    rmSync(at('stock', 'node', 'bin', 'node'));

    const { status, stderr } = run();

    assert.equal(status, 1);
    assert.match(stderr, /npm rebuild node --ignore-scripts=false/);
  });
});
