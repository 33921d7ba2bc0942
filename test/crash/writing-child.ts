// A child that writes as fast as it can and says on stdout what was acknowledged, until somebody kills it.
import { writeSync } from 'node:fs';
import { openStore } from '../../src/adapters/store/index.ts';
import { SYSTEM } from '../../src/case/case.ts';
import { sampleAlert, sampleCase } from '../adapters/store/samples.ts';
import { testWords } from '../helpers/english.ts';

const store = await openStore({
  words: testWords,
  directory: process.argv[2] ?? '',
  clock: { now: () => Date.now() },
});
for (;;) {
  const opened = sampleCase();
  const alert = sampleAlert();
  await store.transact(async (tx) => {
    await tx.insertCase(opened);
    await tx.saveAlert(alert, opened.id);
    await tx.addStep(opened.id, { kind: 'route', key: '' });
    await tx.audit(opened.id, { kind: 'case.opened', actor: SYSTEM, facts: { sourceId: alert.sourceId } });
  });
  // Synchronous, so that a line in the pipe means: committed before.
  writeSync(1, `${opened.id} ${alert.sourceId}\n`);
}
