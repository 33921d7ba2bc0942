import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createKey, publicKeyOf, readPrivateKey } from '../../src/audit/key.ts';
import { createSealer } from '../../src/audit/seal.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { linkEntry } from '../../src/case/audit-chain.ts';
import { SYSTEM } from '../../src/case/case.ts';
import { A, B, createTestTrail, type TestTrail } from './trail.ts';

describe('checking the audit trail', () => {
  let trail: TestTrail;
  beforeEach(async () => {
    trail = await createTestTrail();
    await trail.append(A, 'case.opened', 'decision.taken', 'run.verified');
    await trail.append(B, 'case.opened');
    await trail.seal();
  });
  afterEach(() => trail.close());

  /** `kind case seq` for every problem, sorted. */
  async function problems(): Promise<readonly string[]> {
    const report = await trail.verify();
    assert.equal(report.ok, report.problems.length === 0);
    return report.problems
      .map(({ kind, caseId, seq }) => [kind, caseId, seq].filter(Boolean).join(' '))
      .toSorted();
  }
  const lines = async () => (await readFile(trail.logFile, 'utf8')).trimEnd().split('\n');
  const writeLines = (all: readonly string[]) => writeFile(trail.logFile, `${all.join('\n')}\n`);

  /** Puts another entry in a place, with every hash as it should be: only a checkpoint can tell. */
  async function rewrite(caseId: typeof A, from: number): Promise<void> {
    let head = null;
    for await (const entry of trail.store.entries()) {
      if (entry.caseId !== caseId || entry.seq < from - 1) continue;
      if (entry.seq === from - 1) {
        head = entry;
        continue;
      }
      const facts = { ...entry.facts, forged: true };
      const link = { caseId, at: entry.at, kind: entry.kind, facts };
      head = linkEntry(head, link, entry.personal ?? {}, entry.salt ?? '');
      trail.tamper(`update audit_entry set facts = '${JSON.stringify(head.facts)}', previous = '${head.previous}',
        hash = '${head.hash}' where case_id = '${caseId}' and seq = ${entry.seq}`);
    }
  }

  it('finds nothing wrong with a trail that nobody touched, and counts what the seal covers', async () => {
    await trail.append(A, 'undo.requested', 'run.reverted');

    assert.deepEqual(await trail.verify(), {
      ok: true,
      problems: [],
      cases: 2,
      entries: 6,
      checkpoints: 1,
      sealedAt: '2026-03-02T09:00:00.000Z',
      unprotected: 2,
      erased: 0,
      tornLines: 0,
    });
  });

  it('calls every entry unprotected while nothing was sealed, and says so of old ones', async () => {
    const fresh = await createTestTrail();
    await fresh.append(A, 'case.opened', 'case.joined');

    const report = await fresh.verify();
    await fresh.close();

    assert.deepEqual([report.unprotected, report.sealedAt], [2, null]);
    assert.deepEqual(
      report.problems.map((one) => one.kind),
      ['never-sealed'],
    );
  });

  const alterations: Readonly<Record<string, string>> = {
    'what happened': `update audit_entry set kind = 'decision.refused' where case_id = 'case-a' and seq = 2`,
    facts: `update audit_entry set facts = '{"kind":"other"}' where case_id = 'case-a' and seq = 2`,
    'facts, to what is no JSON': `update audit_entry set facts = 'gone' where case_id = 'case-a' and seq = 2`,
    time: `update audit_entry set at = '2020-01-01T00:00:00.000Z' where case_id = 'case-a' and seq = 2`,
    'the digest of its personal data': `update audit_entry set personal_digest = 'f' where case_id = 'case-a' and seq = 2`,
  };
  for (const [what, sql] of Object.entries(alterations))
    it(`finds an entry that was altered in ${what}`, async () => {
      trail.tamper(sql);

      assert.ok((await problems()).includes('entry-altered case-a 2'));
    });

  it('cannot tell that an end was rewritten before it was sealed, and says that it is not protected', async () => {
    await trail.append(A, 'undo.requested');
    await rewrite(A, 4);

    assert.deepEqual(await problems(), []);
    assert.equal((await trail.verify()).unprotected, 1);
  });

  it('finds a replaced entry by the one after it, which still follows the old one', async () => {
    await trail.append(A, 'undo.requested', 'run.reverted');
    const entries = [];
    for await (const entry of trail.store.entries()) if (entry.caseId === A) entries.push(entry);
    const [, , third, fourth] = entries;
    assert.ok(third && fourth);
    const forged = linkEntry(
      third,
      { caseId: A, at: fourth.at, kind: fourth.kind, facts: { forged: true } },
      fourth.personal ?? {},
      fourth.salt ?? '',
    );
    trail.tamper(`update audit_entry set facts = '{"forged":true}', hash = '${forged.hash}'
      where case_id = 'case-a' and seq = 4`);

    assert.deepEqual(await problems(), ['entry-altered case-a 5']);
  });

  it('finds a chain that was rewritten from some entry on, with every hash made good', async () => {
    await rewrite(A, 2);

    assert.deepEqual(await problems(), ['chain-rewritten case-a 3']);
  });

  it('finds a chain that was rewritten between two checkpoints, by the older one too', async () => {
    await trail.append(A, 'undo.requested');
    await trail.seal();
    await rewrite(A, 1);

    assert.deepEqual(await problems(), ['chain-rewritten case-a 3', 'chain-rewritten case-a 4']);
  });

  it('finds altered personal data', async () => {
    trail.tamper(
      `update audit_personal set personal = replace(personal, 'Countersign', 'Somebody') where case_id = 'case-a' and seq = 1`,
    );
    trail.tamper(`update audit_personal set salt = '${'0'.repeat(32)}' where case_id = 'case-a' and seq = 2`);
    trail.tamper(`update audit_personal set personal = 'not JSON' where case_id = 'case-b'`);

    assert.deepEqual(await problems(), [
      'personal-altered case-a 1',
      'personal-altered case-a 2',
      'personal-altered case-b 1',
    ]);
  });

  it('finds missing entries, at the start and in the middle', async () => {
    await trail.append(A, 'undo.requested', 'run.reverted');
    trail.tamper(`delete from audit_entry where case_id = 'case-a' and seq in (1, 3, 4)`);

    assert.deepEqual(await problems(), [
      'entry-missing case-a 1',
      'entry-missing case-a 3',
      'entry-missing case-a 4',
    ]);
  });

  it('finds a chain that lost its end', async () => {
    trail.tamper(`delete from audit_entry where case_id = 'case-a' and seq > 1`);

    assert.deepEqual(await problems(), ['chain-shortened case-a 3']);
  });

  it('still finds it after the shortened chain was sealed and grew again', async () => {
    trail.tamper(`delete from audit_entry where case_id = 'case-a' and seq > 1;
      delete from audit_personal where case_id = 'case-a' and seq > 1`);
    await trail.seal();
    await trail.append(A, 'decision.taken', 'run.failed');
    await trail.seal();

    assert.deepEqual(await problems(), ['chain-rewritten case-a 3']);
  });

  it('finds a deleted case', async () => {
    trail.tamper(
      `delete from audit_entry where case_id = 'case-a'; delete from audit_personal where case_id = 'case-a'`,
    );

    assert.deepEqual(await problems(), ['case-deleted case-a']);
  });

  it('counts an erasure that was recorded, and finds one that was not', async () => {
    await trail.store.transact((tx) => tx.erasePersonal(A, [1, 2], SYSTEM));
    const recorded = await trail.verify();
    trail.tamper(`delete from audit_personal where case_id = 'case-b'`);
    const unrecorded = await trail.verify();

    assert.deepEqual([recorded.ok, recorded.erased], [true, 2]);
    assert.equal(unrecorded.erased, 3);
    assert.deepEqual(await problems(), ['erasure-unrecorded case-b 1']);
  });

  it('does not take an erasure in one case for an erasure in another', async () => {
    await trail.store.transact((tx) => tx.erasePersonal(A, [1], SYSTEM));
    trail.tamper(`delete from audit_personal where case_id = 'case-b' and seq = 1`);

    assert.deepEqual(await problems(), ['erasure-unrecorded case-b 1']);
  });

  describe('against the checkpoints', () => {
    beforeEach(async () => {
      await trail.append(A, 'undo.requested');
      await trail.seal();
      await trail.append(B, 'case.joined');
      await trail.seal();
      assert.equal((await lines()).length, 3);
    });

    it('finds a checkpoint that was altered', async () => {
      const [first = '', second = '', third = ''] = await lines();
      const altered = second.replace('"cases":2', '"cases":1');
      assert.notEqual(altered, second);
      await writeLines([first, altered, third]);

      assert.deepEqual(await problems(), ['checkpoint-forged', 'checkpoint-missing']);
    });

    it('finds a checkpoint that another key signed, and believes nothing in it', async () => {
      await trail.append(A, 'run.reverted');
      const key = readPrivateKey(createKey());
      await createSealer({ trail: trail.store, log: trail.log, key, clock: trail.clock }).seal();
      const report = await trail.verify();

      assert.deepEqual(
        report.problems.map((problem) => problem.kind),
        ['checkpoint-forged'],
      );
      assert.equal(report.unprotected, 1);
      assert.equal(report.checkpoints, 3);
    });

    it('accepts no checkpoint at all with a wrong public key', async () => {
      const publicKey = publicKeyOf(readPrivateKey(createKey()));
      const report = await verifyTrail({ trail: trail.store, log: trail.log, publicKey });

      assert.equal(report.ok, false);
      assert.equal(report.checkpoints, 0);
      assert.equal(report.unprotected, 6);
    });

    it('finds checkpoints that were taken out, put twice or put in another order', async () => {
      const [first = '', second = '', third = ''] = await lines();

      await writeLines([first, third]);
      assert.deepEqual(await problems(), ['checkpoint-missing']);
      await writeLines([second, third]);
      assert.deepEqual(await problems(), ['checkpoint-missing']);
      await writeLines([first, second, second, third]);
      assert.deepEqual(await problems(), ['checkpoint-altered']);
      await writeLines([first, third, second]);
      assert.deepEqual(await problems(), ['checkpoint-altered', 'checkpoint-missing']);
    });

    it('finds a checkpoint of ours that was made beside the log and put into it', async () => {
      const [first = '', , third = ''] = await lines();
      await writeFile(trail.logFile, `${first}\n`);
      await trail.append(A, 'run.reverted');
      await createSealer({ trail: trail.store, log: trail.log, key: trail.key, clock: trail.clock }).seal();
      const [, foreign = ''] = await lines();
      await writeLines([first, foreign, third]);

      assert.deepEqual(await problems(), ['checkpoint-altered']);
    });

    it('forgives a line that a crash cut off, but no other unreadable line', async () => {
      const [first = '', second = '', third = ''] = await lines();
      const cut = third.slice(0, 40);

      await writeFile(trail.logFile, [first, second, cut].join('\n'));
      assert.deepEqual([(await trail.verify()).ok, (await trail.verify()).tornLines], [true, 1]);
      await writeLines([first, cut, second, third]);
      assert.deepEqual([(await trail.verify()).ok, (await trail.verify()).tornLines], [true, 1]);
      await writeLines([first, cut, third]);
      assert.deepEqual(await problems(), ['checkpoint-missing']);
      await writeLines([first, second, cut]);
      assert.deepEqual(await problems(), ['checkpoint-altered']);
    });

    it('finds nothing in hostile lines that it would trip over', async () => {
      const [first = '', second = '', third = ''] = await lines();
      const hostile = [
        'null',
        '[]',
        '{"heads":[null]}',
        '{"number":1e99}',
        '"',
        '{"__proto__":{"number":1}}',
      ];
      await writeLines([first, second, third, ...hostile]);

      assert.deepEqual(await problems(), ['checkpoint-altered']);
    });
  });
});
