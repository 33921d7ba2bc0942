import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../../../src/adapters/store/index.ts';
import { randomIds, systemClock } from '../../../src/adapters/system.ts';
import type { DigestId } from '../../../src/case/ids.ts';
import { aCase } from '../../helpers/cases.ts';
import { testWords } from '../../helpers/english.ts';

describe('a state directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-lock-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const open = (alone = true) => openStore({ words: testWords, directory, clock: systemClock, alone });

  it('is worked on by one process at a time, and says so to the second', async () => {
    const first = await open();
    await assert.rejects(open(), { code: 'store.in-use' });
    await (await openStore({ words: testWords, directory, clock: systemClock, readOnly: true })).close();
    await first.close();
    await (await open()).close();
  });

  it('gives the right to draw a list of a dead process to the next one at once', async () => {
    const dead = await open();
    const id = randomIds.nonce() as DigestId;
    const lost = await dead.transact(async ({ digests }) => {
      await digests.save({
        ...{ id, reader: 'reader', open: true, openedAtMs: 0, notBeforeMs: 0 },
        ...{ place: null, again: false, moved: [] },
      });
      return digests.takeDrawing(id, 3_600_000);
    });
    await dead.close();

    const next = await open();
    const taken = await next.transact(({ digests }) => digests.takeDrawing(id, 3_600_000));

    assert.ok(taken !== null && taken > (lost ?? 0));
    assert.equal(await next.transact(({ digests }) => digests.endDrawing(id, lost ?? 0)), false);
    await next.close();
  });

  it('gives the steps of a dead process to the next one at once, and refuses its late writes', async () => {
    const dead = await open();
    const about = aCase({ id: randomIds.caseId(), state: 'routing', version: 1, question: null });
    await dead.transact(async (tx) => {
      await tx.insertCase(about);
      await tx.addStep(about.id, { kind: 'route', key: '' });
    });
    const [lost] = await dead.takeSteps(1, 3_600_000);
    assert.ok(lost);
    await dead.close();

    const next = await open();
    const [taken] = await next.takeSteps(1, 3_600_000);

    assert.equal(taken?.id, lost.id);
    await assert.rejects(
      next.transact((tx) => tx.finishStep(lost)),
      { code: 'store.lease-lost' },
    );
    await next.close();
  });
});
