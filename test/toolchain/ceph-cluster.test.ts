// The start of a radosgw for tests, where Ceph's programs do not do what they should: stand-ins written as shell scripts.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCeph } from '../helpers/ceph-cluster.ts';

const PROGRAMS = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw-admin'];

describe('starting a radosgw', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-ceph-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Servers (`-f`) stay, everything else succeeds; but for one program's server, which does this. */
  function standIns(broken: string, script: string): void {
    for (const name of PROGRAMS) {
      const server = name === broken ? script : `echo $$ >> ${join(folder, 'pids')}; exec sleep 60`;
      writeFileSync(join(folder, name), `#!/bin/sh\ncase "$*" in *-f) ${server};; esac\n`, { mode: 0o755 });
    }
  }
  const isRunning = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const leftOver = () =>
    readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number).filter(isRunning);

  it('says which program ended and what its log said, and leaves nothing running', async () => {
    standIns('radosgw', 'echo "cannot listen on that port" >&2; exit 1');

    await assert.rejects(startCeph(folder), (error: Error) => {
      assert.match(error.message, /does not start: Error: radosgw has ended/);
      assert.match(error.message, /--- radosgw\.err\ncannot listen on that port/);
      return true;
    });
    assert.deepEqual(leftOver(), []);
  });

  it('tries the store again, which may fail at first, but not for ever', async () => {
    standIns('ceph-osd', 'echo "wrong fsid" >&2; exit 1');

    await assert.rejects(startCeph(folder), (error: Error) => {
      assert.match(error.message, /ceph-osd has ended/);
      assert.match(error.message, /--- ceph-osd\.err\n(wrong fsid\n?){6}/);
      return true;
    });
    assert.deepEqual(leftOver(), []);
  });
});
