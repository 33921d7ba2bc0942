import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createCheckpointFile } from '../../src/adapters/store/checkpoint-file.ts';
import { openStore } from '../../src/adapters/store/index.ts';
import { createKey, publicKeyOf, readPrivateKey } from '../../src/audit/key.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { testWords } from '../helpers/english.ts';

const ROUNDS = 5;

describe('a process that is killed while it writes', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'countersign-kill-'));
  });
  after(() => rm(directory, { recursive: true }));

  /** Lets a child write until it has acknowledged so many cases, kills it, and answers all that it acknowledged. */
  async function writeAndKill(enough: number): Promise<readonly string[]> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'writing-child.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (acknowledged.length === enough) child.kill('SIGKILL');
    }
    assert.deepEqual(await exit, [null, 'SIGKILL']);
    return acknowledged;
  }

  it('loses nothing that it acknowledged, keeps nothing half, and leaves a trail that checks', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) acknowledged.push(...(await writeAndKill(20 + round * 17)));

    const store = await openStore({ words: testWords, directory, clock: { now: () => Date.now() } });
    for (const line of acknowledged) {
      const [caseId = '', sourceId = ''] = line.split(' ');
      assert.ok(await store.readCase(caseId as CaseId), line);
      const alert = await store.transact((tx) => tx.findAlert('graph', sourceId));
      assert.equal(alert?.caseId, caseId);
    }
    const cases = await store.listCases({ limit: 1_000_000 });
    const heads = await store.heads();
    const steps = await store.takeSteps(1_000_000, 60_000);
    const report = await verifyTrail({
      trail: store,
      log: createCheckpointFile(join(directory, 'checkpoints.jsonl')),
      publicKey: publicKeyOf(readPrivateKey(createKey())),
    });
    await store.close();

    assert.ok(cases.length >= acknowledged.length);
    assert.equal(heads.length, cases.length);
    assert.equal(steps.length, cases.length);
    assert.deepEqual([report.ok, report.entries], [true, cases.length]);
  });
});
