// No way of closing a case leaves what was done in it where nobody can undo it: every event that closes is tried on a case with
// something standing, and every file that names one is known here.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Case } from '../../src/case/case.ts';
import type { Run, Step, StepKind } from '../../src/case/run.ts';
import { CASE_EVENTS, CASE_STATES, type CaseEvent, TRANSITIONS } from '../../src/case/transitions.ts';
import { checkSource } from '../../src/ingest/check-source.ts';
import { takeOver } from '../../src/ingest/supersede.ts';
import { closeOutOfScope, closeRecognised } from '../../src/route/close-unasked.ts';
import { placeOf } from '../../src/route/place-of.ts';
import { anOpening, aPolicy } from '../helpers/alerts.ts';
import { aCase, settings } from '../helpers/cases.ts';
import { allEnglish } from '../helpers/english.ts';
import { createFakeWorld, SUSPECT } from '../helpers/fake-world.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, madeUpAction, thing } from '../helpers/made-up-action.ts';

const SRC = path.join(import.meta.dirname, '../../src');
const SOURCE = { source: 'cloudtrail', sourceId: '123456789012/1', resolved: false } as const;

const closes = (event: CaseEvent): boolean =>
  CASE_STATES.some((state) => state !== 'closed' && TRANSITIONS[state][event] === 'closed');

/** By event: where it is named, and what becomes of a case over which something stands. */
const CLOSING: Partial<
  Record<CaseEvent, { readonly named: readonly string[]; try?(stage: Stage, about: Case): Promise<void> }>
> = {
  'resolved-at-source': {
    named: ['ingest/check-source.ts'],
    async try(stage, about) {
      const step = await stepOf(stage, about, 'check-source', SOURCE.sourceId);
      await checkSource(step, { ...stage.parts, isResolved: async () => true });
    },
  },
  recognised: {
    named: ['route/close-unasked.ts'],
    try: async (stage, about) => closeRecognised(await stepOf(stage, about, 'route'), about, stage.parts),
  },
  'out-of-scope': {
    named: ['route/close-unasked.ts'],
    try: async (stage, about) =>
      closeOutOfScope(
        await stepOf(stage, about, 'route'),
        about,
        (await createFakeWorld().world.directory.findUser(SUSPECT.id)) ?? assert.fail(),
        stage.parts,
      ),
  },
  superseded: {
    named: ['ingest/supersede.ts', 'route/one-question.ts'],
    async try(stage, about) {
      const opening = anOpening({ policy: aPolicy(), covered: [about.groupKey ?? ''] });
      const into = aCase({ decisions: [], openedAt: '2026-11-20T09:00:00.000Z' });
      const { from } = await stage.store.transact((tx) => takeOver(tx, into, opening));

      assert.deepEqual(from, []);
      assert.equal(placeOf({ ...about, question: null }, [into], settings.asking).kind, 'own');
    },
  },
  // Only of what nobody is asked about, so nothing was done in it.
  lapsed: { named: ['ingest/end-watch.ts'] },
};

async function stepOf(stage: Stage, about: Case, kind: StepKind, key = ''): Promise<Step> {
  await stage.store.transact((tx) => tx.addStep(about.id, { kind, key }));
  const [step = assert.fail()] = await stage.store.takeSteps(1, 60_000);
  return step;
}

describe('A case that closes', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await createGovernStage({
      actions: [erased(madeUpAction().action)],
      offers: { one: [['test.thing.close', thing('invoices')]] },
      recheckMs: 0,
    });
  });
  afterEach(() => stage.close());
  /** Asked again after something was done in it. */
  const standing = async (over: Partial<Run>): Promise<Case> => {
    const about = await stage.open({ sources: [SOURCE] });
    await stage.approve(about, 'one');
    const contained = await stage.run(about);
    const [run = assert.fail()] = await stage.runs(about);
    await stage.store.transact(async (tx) => {
      await tx.saveRun({ ...run, ...over });
      const { version } = (await tx.lockCase(about.id)) ?? assert.fail();
      await tx.saveCase({ ...contained, state: 'routing', groupKey: 'broader', version: version + 1 });
    });
    return (await stage.store.readCase(about.id)) ?? assert.fail();
  };

  it('does so by an event that is known here, named in no other file', () => {
    assert.deepEqual(CASE_EVENTS.filter(closes).toSorted(), Object.keys(CLOSING).toSorted());
    const files = globSync('**/*.ts', { cwd: SRC }).filter((file) => file !== 'case/transitions.ts');
    const namesIt = (event: string) =>
      files.filter((file) => readFileSync(path.join(SRC, file), 'utf8').includes(`'${event}'`));
    for (const [event, { named }] of Object.entries(CLOSING))
      assert.deepEqual(namesIt(event).toSorted(), named);
  });

  for (const [event, { try: closeIt }] of Object.entries(CLOSING))
    for (const over of [
      { state: 'verified' },
      { state: 'kept' },
      { state: 'kept', after: null },
      { state: 'executed' },
    ] as const)
      if (closeIt)
        it(`stays where it can be undone while something of it is ${over.state}${'after' in over ? ', unseen' : ''}: ${event}`, async () => {
          const about = await standing(over);
          await closeIt(stage, about);
          const now = (await stage.store.readCase(about.id)) ?? assert.fail();

          assert.notEqual(now.state, 'closed');
          if (now.state === 'contained')
            assert.ok(allEnglish(now.outcome).includes('What was done before still stands:'));
          const [run = assert.fail()] = await stage.runs(about);
          assert.equal(stage.deciding.canUndo(run), over.state !== 'executed');
        });
});
