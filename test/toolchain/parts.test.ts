// The parts that npm does not bring: found where they are said to be, never installed against the operator's word.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PARTS = new URL('../../scripts/test/parts.ts', import.meta.url).href;

describe('preparing the parts of a full test run', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const script = (name: string, text: string) => writeFileSync(at(name), text, { mode: 0o755 });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-parts-'));
    script('apt-get', `#!/bin/sh\necho "$@" >> ${at('apt-calls')}\n`);
    writeFileSync(at('apt-calls'), '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function prepare(env: Record<string, string>) {
    const code = `import('${PARTS}').then((parts) => { parts.prepareParts(); console.log(parts.findPostgres()); });`;
    const done = spawnSync(process.execPath, ['-e', code], {
      encoding: 'utf8',
      env: { PATH: `${folder}${delimiter}${process.env.PATH}`, ...env },
    });
    return { ...done, aptCalls: readFileSync(at('apt-calls'), 'utf8') };
  }
  const NOWHERE = { POSTGRES_BIN: '/nowhere', CEPH_BIN: '/nowhere', CHROMIUM_PATH: '/nowhere/chromium' };

  it('says which suites cannot run and how to get the part, and installs nothing with NO_APT=1', () => {
    const { status, stderr, aptCalls } = prepare({ ...NOWHERE, NO_APT: '1' });

    assert.equal(status, 0);
    assert.match(
      stderr,
      /no PostgreSQL here: cannot run the store contract.*To get it: apt-get install postgresql/,
    );
    assert.match(
      stderr,
      /no radosgw here: cannot run the S3 actions on a real S3.*To get it: apt-get install.*radosgw ceph-mon/,
    );
    assert.match(stderr, /no Chromium here: cannot run the stories.*To get it: apt-get install chromium/);
    assert.equal(aptCalls, '');
  });

  it('installs nothing when every part is there', () => {
    const ceph = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw-admin'];
    for (const name of ['initdb', 'postgres', 'chromium', ...ceph]) script(name, '');

    const places = { POSTGRES_BIN: folder, CEPH_BIN: folder, CHROMIUM_PATH: at('chromium') };
    const { stdout, stderr, aptCalls } = prepare(places);

    assert.equal(stdout.trim(), folder);
    assert.equal(stderr, '');
    assert.equal(aptCalls, '');
  });

  it('does not take a folder with half of PostgreSQL, or half of Ceph', () => {
    script('postgres', '');
    script('radosgw', '');

    const { stdout, stderr } = prepare({ ...NOWHERE, POSTGRES_BIN: folder, CEPH_BIN: folder, NO_APT: '1' });

    assert.equal(stdout.trim(), 'null');
    assert.match(stderr, /no radosgw here/);
  });
});
