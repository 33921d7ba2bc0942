import assert from 'node:assert/strict';
import { type ExportedEntry, exportTrail } from '../../src/audit/export.ts';
import { entryHash } from '../../src/case/audit-chain.ts';
import { A, B, createTestTrail } from './trail.ts';

describe('exporting the audit trail', () => {
  it('gives every entry, with or without personal data, such that its hash can still be checked', async () => {
    const trail = await createTestTrail();
    await trail.append(A, 'case.opened', 'decision.taken');
    await trail.append(B, 'case.opened');
    const collect = async (options?: { personal: boolean }) => {
      const lines: ExportedEntry[] = [];
      for await (const line of exportTrail(trail.store, options))
        lines.push(JSON.parse(JSON.stringify(line)));
      return lines;
    };

    const whole = await collect();
    const bare = await collect({ personal: false });
    await trail.close();

    assert.deepEqual(
      whole.map(({ caseId, seq, kind }) => `${caseId} ${seq} ${kind}`),
      ['case-a 1 case.opened', 'case-a 2 decision.taken', 'case-b 1 case.opened'],
    );
    assert.ok(JSON.stringify(whole).includes('Countersign'));
    assert.ok(!JSON.stringify(bare).includes('Countersign'));
    for (const entry of [...whole, ...bare]) assert.equal(entryHash(entry), entry.hash);
    assert.ok(bare.every((entry) => !('salt' in entry) && !('personal' in entry)));
  });
});
