import assert from 'node:assert/strict';
import { appendFile, readFile, stat } from 'node:fs/promises';
import { createCheckpointFile } from '../../src/adapters/store/checkpoint-file.ts';
import { createSealer } from '../../src/audit/seal.ts';
import type { CheckpointLog } from '../../src/ports/checkpoint-log.ts';
import { A, B, createTestTrail, type TestTrail } from './trail.ts';

describe('sealing the audit trail', () => {
  let trail: TestTrail;
  beforeEach(async () => {
    trail = await createTestTrail();
  });
  afterEach(() => trail.close());
  const sealer = (log: CheckpointLog = trail.log) =>
    createSealer({ trail: trail.store, log, key: trail.key, clock: trail.clock });

  it('writes the heads that moved since the checkpoint before, and the number of all chains', async () => {
    await trail.append(A, 'case.opened', 'decision.taken');
    await trail.append(B, 'case.opened');
    const first = await trail.seal();
    await trail.append(B, 'case.joined');
    const second = await trail.seal();

    assert.deepEqual(
      first?.heads.map(({ caseId, seq }) => [caseId, seq]),
      [
        [A, 2],
        [B, 1],
      ],
    );
    assert.deepEqual(
      second?.heads.map(({ caseId, seq }) => [caseId, seq]),
      [[B, 2]],
    );
    assert.deepEqual([first?.number, second?.number, second?.cases], [1, 2, 2]);
    assert.equal(
      await readFile(trail.logFile, 'utf8'),
      `${JSON.stringify(first)}\n${JSON.stringify(second)}\n`,
    );
    assert.equal((await trail.verify()).ok, true);
  });

  it('writes nothing while no chain moves', async () => {
    assert.equal(await trail.seal(), null);
    await trail.append(A, 'case.opened');
    await trail.seal();

    assert.equal(await trail.seal(), null);
    assert.equal((await trail.log.read()).lines.length, 1);
  });

  it('goes on after a restart where the file ends', async () => {
    await trail.append(A, 'case.opened');
    await sealer().seal();
    assert.equal(await sealer().seal(), null);
    await trail.append(A, 'case.joined');

    const checkpoint = await sealer().seal();

    assert.equal(checkpoint?.number, 2);
    assert.deepEqual(await trail.verify(), {
      ...(await trail.verify()),
      ok: true,
      unprotected: 0,
      checkpoints: 2,
    });
  });

  it('goes on after a line that a crash cut off, without touching it', async () => {
    await trail.append(A, 'case.opened');
    await sealer().seal();
    await appendFile(trail.logFile, '{"number":2,"at":"2026-');
    const before = await readFile(trail.logFile, 'utf8');
    await trail.append(A, 'case.joined');

    const checkpoint = await sealer().seal();

    assert.equal(checkpoint?.number, 2);
    assert.ok((await readFile(trail.logFile, 'utf8')).startsWith(`${before}\n`));
    const report = await trail.verify();
    assert.deepEqual([report.ok, report.tornLines, report.checkpoints], [true, 1, 2]);
  });

  it('covers every case in the file of each replica', async () => {
    const other = createCheckpointFile(`${trail.logFile}.other`);
    await trail.append(A, 'case.opened');
    await sealer().seal();
    await trail.append(B, 'case.opened');
    const first = await sealer(other).seal();

    assert.deepEqual(
      first?.heads.map((head) => head.caseId),
      [A, B],
    );
    assert.equal(first?.number, 1);
  });

  it('seals again what it could not write', async () => {
    let full = true;
    const log: CheckpointLog = {
      read: () => trail.log.read(),
      async append(line) {
        if (full) throw new Error('no space left on device');
        await trail.log.append(line);
      },
    };
    const { seal } = sealer(log);
    await trail.append(A, 'case.opened');

    await assert.rejects(seal(), /no space left/);
    full = false;

    assert.equal((await seal())?.number, 1);
    assert.equal(await seal(), null);
  });

  it('looks at the file again when it cannot know whether a line was written', async () => {
    let broken = false;
    const log: CheckpointLog = {
      read: () => trail.log.read(),
      async append(line) {
        await trail.log.append(line);
        if (broken) throw new Error('the disk did not answer');
      },
    };
    const { seal } = sealer(log);
    await trail.append(A, 'case.opened');
    await seal();
    await trail.append(A, 'case.joined');

    broken = true;
    await assert.rejects(seal(), /did not answer/);
    broken = false;
    await trail.append(A, 'case.joined');

    assert.equal((await seal())?.number, 3);
    assert.equal((await trail.verify()).ok, true);
  });

  it('numbers checkpoints that are asked for at once one after the other', async () => {
    await trail.append(A, 'case.opened');

    const made = await Promise.all([trail.seal(), trail.seal(), trail.seal()]);

    assert.deepEqual(
      made.map((checkpoint) => checkpoint?.number ?? null),
      [1, null, null],
    );
  });

  it('keeps the file from everybody else', async () => {
    await trail.append(A, 'case.opened');
    await trail.seal();

    assert.equal((await stat(trail.logFile)).mode & 0o777, 0o600);
  });
});
