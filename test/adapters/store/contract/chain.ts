// The contract for the audit chain as the store writes and reads it. That tampering is found is tested in test/audit.
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/adapters/store/index.ts';
import { entryHash, NO_HASH, personalDigest } from '../../../../src/case/audit-chain.ts';
import { SYSTEM } from '../../../../src/case/case.ts';
import { caseDigest } from '../../../../src/case/case-digest.ts';
import type { AuditEntry } from '../../../../src/ports/audit-trail.ts';
import { newCaseId, sampleCase } from '../samples.ts';
import { chainOf, note, type StoreWorld } from './world.ts';

export function describeChain(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });

  it('tells a row that is as its latest transition recorded it from one that was changed past it', async () => {
    const about = sampleCase();
    await store.transact(async (tx) => {
      await tx.insertCase(about);
      await tx.audit(about.id, note('case.opened', { digest: caseDigest(about) }));
      await tx.audit(about.id, note('decision.refused'));
    });
    const digest = caseDigest(about);
    assert.deepEqual(await store.rowDigests(about.id), { row: digest, recorded: digest });

    await world().execute(
      `update cases set body = replace(body, 'routing', 'closed') where id = '${about.id}'`,
    );
    const { row, recorded } = await store.rowDigests(about.id);
    assert.equal(recorded, digest);
    assert.notEqual(row, digest);
    assert.deepEqual(await store.rowDigests(newCaseId()), { row: null, recorded: null });
  });

  it('chains the entries of a case, with personal data beside them', async () => {
    const about = sampleCase();
    const actor = { kind: 'person', id: 'a', name: 'Lee Gu' } as const;
    await store.transact(async (tx) => {
      await tx.insertCase(about);
      await tx.audit(about.id, note('case.opened', { severity: 'high', list: [1.5, null, 'ä\0'] }));
      await tx.audit(about.id, { kind: 'decision.taken', actor, facts: {}, personal: { comment: 'ok' } });
    });
    world().time += 1_000;
    await store.transact((tx) => tx.audit(about.id, note('run.verified')));

    const chain = await chainOf(store, about.id);

    assert.deepEqual(
      chain.map((entry) => entry.kind),
      ['case.opened', 'decision.taken', 'run.verified'],
    );
    assert.deepEqual(
      chain.map((entry) => entry.previous),
      [NO_HASH, chain[0]?.hash, chain[1]?.hash],
    );
    assert.deepEqual(
      chain.map((entry) => entry.at.slice(11, 19)),
      ['09:00:00', '09:00:00', '09:00:01'],
    );
    assert.deepEqual(chain[0]?.facts, { severity: 'high', list: [1.5, null, 'ä\0'] });
    assert.deepEqual(chain[1]?.personal, { actor, personal: { comment: 'ok' } });
    for (const entry of chain) {
      assert.equal(entry.hash, entryHash(entry));
      assert.equal(entry.personalDigest, personalDigest(entry.salt ?? '', entry.personal ?? {}));
      assert.match(entry.salt ?? '', /^[0-9a-f]{32}$/);
    }
    assert.equal(new Set(chain.map((entry) => entry.salt)).size, 3, 'a salt is never used twice');
  });

  it('answers the last entry of every chain, and reads long trails in order', async () => {
    const ids = Array.from({ length: 1_300 }, newCaseId);
    await store.transact(async (tx) => {
      for (const id of ids) await tx.audit(id, note('case.opened'));
      for (const id of ids.slice(0, 10)) await tx.audit(id, note('case.joined'));
    });

    const heads = await store.heads();
    const entries: AuditEntry[] = [];
    for await (const entry of store.entries()) entries.push(entry);

    assert.equal(heads.length, 1_300);
    assert.equal(entries.length, 1_310);
    assert.equal(new Set(entries.map((entry) => entry.hash)).size, 1_310);
    const sealed = new Map(entries.map((entry) => [entry.caseId, entry.hash]));
    assert.deepEqual(new Map(heads.map((head) => [head.caseId, head.hash])), sealed);
  });

  it('erases a person from an entry, says so in the chain, and the chain still holds', async () => {
    const about = sampleCase();
    await store.transact(async (tx) => {
      await tx.insertCase(about);
      for (const kind of ['case.opened', 'decision.taken', 'run.verified'])
        await tx.audit(about.id, note(kind));
    });

    await store.transact((tx) => tx.erasePersonal(about.id, [1, 2], SYSTEM));
    await store.transact((tx) => tx.erasePersonal(about.id, [], SYSTEM));

    const chain = await chainOf(store, about.id);
    assert.deepEqual(
      chain.map((entry) => entry.personal === null),
      [true, true, false, false],
    );
    assert.deepEqual(
      chain.map((entry) => entry.salt === null),
      [true, true, false, false],
    );
    assert.equal(chain[3]?.kind, 'audit.erased');
    assert.deepEqual(chain[3]?.facts, { seqs: [1, 2] });
    for (const entry of chain) assert.equal(entry.hash, entryHash(entry));
  });
}
