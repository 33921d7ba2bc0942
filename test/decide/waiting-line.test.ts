// Two cases never change one target at once: the claim of the second stands, and waits its turn.
import assert from 'node:assert/strict';
import type { Store } from '../../src/adapters/store/index.ts';
import type { Case } from '../../src/case/case.ts';
import type { Step } from '../../src/case/run.ts';
import { heldTarget } from '../../src/case/waiting.ts';
import { bucket, decided, offerOf, onBothDatabases, refusal } from './desk.ts';

describe('the line for a target', () => {
  onBothDatabases((desk) => {
    const claimOf = async (action: string, over: Partial<Case> = {}): Promise<Case> => {
      const about = await desk().open([offerOf(action)], over);
      return decided(await desk().approve(about, action.split(' ')[0] ?? ''));
    };
    /** Takes and runs whatever is due, one after the other; answers the references in that order. */
    async function runDue(): Promise<readonly string[]> {
      const ran: string[] = [];
      for (;;) {
        const [store] = desk().stores;
        assert.ok(store);
        const [step] = await store.takeSteps(1, 60_000);
        if (!step) return ran;
        await desk().run(step, store, async () => {
          ran.push((await store.readCase(step.caseId))?.ref ?? '');
        });
      }
    }

    it('makes a run of each action and target, the strongest first, as it was shown', async () => {
      const about = await desk().open([offerOf('a.2', 'b.7 one', 'c.2', 'b.7 two')], {
        decisions: [
          { verb: 'escalate', by: { kind: 'person', id: 'x', name: 'X' }, at: '2026-11-21T09:00:00.000Z' },
        ],
      });
      decided(await desk().approve(about, 'a.2'));

      const runs = (await desk().stores[0]?.runsOf(about.id)) ?? [];
      assert.deepEqual(
        runs.map(({ position, decision, action, target, shown, state }) => ({
          ...{ position, decision, action, target, shown, state },
        })),
        [
          ['b.7', 'one'],
          ['b.7', 'two'],
          ['a.2', undefined],
          ['c.2', undefined],
        ].map(([action = '', name], position) => ({
          position,
          decision: 1,
          action,
          target: bucket(name ?? 'contoso-invoices'),
          shown: {
            says: [`Does ${action}${name ? ` ${name}` : ''}.`, 'Undo puts it back.'],
            basis: { of: `${action}${name ? ` ${name}` : ''}` },
            undo: true,
            undoSays: 'Undo puts it back.',
          },
          state: 'pending',
        })),
      );
    });

    it('lets the second claim stand, and says whom it waits for until its turn comes', async () => {
      const first = await claimOf('a.5');
      const second = await claimOf('a.5');

      assert.deepEqual([first.state, first.outcome], ['executing', []]);
      assert.equal(second.state, 'executing');
      assert.deepEqual(second.outcome, [
        `Waiting for case ${first.ref}, which is at work on contoso-invoices.`,
      ]);
      assert.deepEqual(await runDue(), [first.ref, second.ref]);
      assert.deepEqual((await desk().now(second)).outcome, []);
      assert.deepEqual((await kindsOf(second)).slice(0, 2), ['decision.approve', 'targets.taken']);
    });

    it('holds a bucket for whoever takes a collaborator off it', async () => {
      const first = await claimOf('a.5');
      const offer = offerOf('b.5');
      const collaborator = {
        kind: 'collaborator',
        account: '123456789012',
        region: '',
        bucket: 'contoso-invoices',
        principal: '444455556666',
      } as const;
      const about = await desk().open([
        { ...offer, actions: offer.actions.map((one) => ({ ...one, target: collaborator })) },
      ]);

      const second = decided(await desk().approve(about, 'b.5'));

      assert.deepEqual(second.outcome, [
        `Waiting for case ${first.ref}, which is at work on contoso-invoices.`,
      ]);
      await runDue();
      const [run] = (await desk().stores[0]?.runsOf(first.id)) ?? [];
      assert.ok(run);
      const relying = await desk().stores[0]?.transact((tx) => tx.caseRelyingOn(run));
      assert.equal(relying, second.ref, 'and counts as changing it since');
    });

    it('lets a stronger one go first, never before one that runs, and tells the weaker', async () => {
      const running = await claimOf('a.1');
      const weak = await claimOf('a.3');
      const strong = await claimOf('a.8');

      assert.deepEqual(strong.outcome, [
        `Waiting for case ${running.ref}, which is at work on contoso-invoices.`,
      ]);
      const told = await desk().now(weak);
      assert.deepEqual(told.outcome, [
        `Waiting for case ${strong.ref}, which goes first on contoso-invoices.`,
      ]);
      assert.equal(told.version, weak.version + 1, 'every card of it is drawn again');
      assert.ok((await kindsOf(weak)).includes('targets.waiting'));
      assert.deepEqual(await runDue(), [running.ref, strong.ref, weak.ref]);
    });

    it('takes the strongest action of a decision for its strength', async () => {
      const running = await claimOf('a.1');
      const weak = await claimOf('a.3');
      const about = await desk().open([offerOf('a.1', 'b.6')]);
      const mixed = decided(await desk().approve(about, 'a.1'));

      assert.deepEqual(await runDue(), [running.ref, mixed.ref, weak.ref]);
    });

    it('lets those who want something else pass', async () => {
      await claimOf('a.5');
      await claimOf('a.5');

      assert.deepEqual((await claimOf('a.5 contoso-press-kit')).outcome, []);
    });

    it('loses nobody when every process dies between the claims and the first act', async () => {
      const first = await claimOf('a.5');
      const second = await claimOf('a.5');
      const third = await claimOf('a.9');
      await desk().restart();

      assert.deepEqual(await runDue(), [first.ref, third.ref, second.ref]);
    });

    it('looks again by itself after a while, should nobody wake it', async () => {
      const first = await claimOf('a.5');
      const second = await claimOf('a.5');
      await runDueButNotTelling(first);

      assert.deepEqual(await runDue(), []);
      desk().time += 30_000;
      assert.deepEqual(await runDue(), [second.ref]);
    });

    it('passes over a case that no longer waits, so that nothing is held for ever', async () => {
      const first = await claimOf('a.5');
      const gone = await claimOf('a.9');
      const last = await claimOf('a.5');
      const now = await desk().now(gone);
      await desk().stores[0]?.transact(async (tx) => {
        await tx.saveCase({ ...now, state: 'routing', version: now.version + 1 });
        await tx.cancelSteps(gone.id, ['act']);
      });

      assert.deepEqual(await runDue(), [first.ref, last.ref]);
    });

    it('refuses an undo while another case changes the target, and while one waits for it', async () => {
      const undone = await claimOf('a.5');
      await runDue();
      const running = await claimOf('a.5');
      const undo = () => desk().answer(undone, { verb: 'undo' });

      assert.deepEqual(refusal(await undo()), {
        code: 'decide.target-held',
        say: 'Another case is at work on the same thing. Nothing was changed; press again in a minute.',
      });
      await claimOf('a.5');
      const [store] = desk().stores;
      assert.ok(store);
      const [step] = await store.takeSteps(1, 60_000);
      assert.equal(step?.caseId, running.id);
      await desk().run(step, store);
      assert.equal(refusal(await undo()).code, 'decide.target-held');
      await runDue();
      assert.equal(decided(await undo()).state, 'undoing');
    });

    it('makes an approval wait for an undo', async () => {
      const undone = await claimOf('a.5');
      await runDue();
      decided(await desk().answer(undone, { verb: 'undo' }));

      assert.deepEqual((await claimOf('a.9')).outcome, [
        `Waiting for case ${undone.ref}, which is at work on contoso-invoices.`,
      ]);
    });

    it('runs 50 that were claimed at once on one target one by one, the strongest first', async () => {
      const count = 50;
      const cases = await Promise.all(
        Array.from({ length: count }, (_, index) => desk().open([offerOf(`a.${index % 10}`)])),
      );
      const claimed = (
        await Promise.all(cases.map((about, index) => desk().approve(about, `a.${index % 10}`)))
      ).map(decided);
      assert.equal(claimed.filter((about) => about.outcome.length === 0).length, 1);

      let running = 0;
      const order: number[] = [];
      const work = async (store: Store): Promise<void> => {
        while (order.length < count) {
          const steps: readonly Step[] = await store.takeSteps(3, 60_000);
          await Promise.all(
            steps.map((step) =>
              desk().run(step, store, async (runs) => {
                assert.equal(++running, 1, 'one at a time');
                await new Promise(setImmediate);
                order.push(Number(runs[0]?.action.split('.')[1]));
                running--;
              }),
            ),
          );
          if (steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      await Promise.all(desk().stores.flatMap((store) => [work(store), work(store)]));

      const waited = order.slice(1);
      assert.deepEqual(
        waited,
        waited.toSorted((a, b) => b - a),
      );
      for (const about of cases)
        assert.deepEqual(
          [(await desk().now(about)).state, (await desk().now(about)).outcome],
          ['contained', []],
        );
    });

    it('is not joined by a dry run, which keeps nobody waiting either', async () => {
      const held = await claimOf('a.5');
      const { settings } = desk();
      desk().settings = { ...settings, governance: { ...settings.governance, dryRun: true } };
      const dry = await claimOf('a.9');
      desk().settings = settings;
      assert.deepEqual([dry.state, dry.outcome], ['executing', []]);

      assert.deepEqual(new Set(await runDue()), new Set([held.ref, dry.ref]));
      desk().settings = { ...settings, governance: { ...settings.governance, dryRun: true } };
      await claimOf('a.9');
      desk().settings = settings;
      assert.deepEqual((await claimOf('a.5')).outcome, []);
    });

    it('does not miss a release that comes while somebody joins it', async () => {
      const held = await claimOf('a.5');
      const late = await desk().open([offerOf('a.5')]);
      const [one, two] = desk().stores;
      assert.ok(one && two);
      const letGo = Promise.withResolvers<void>();
      let releasing: Promise<unknown> | undefined;

      await one.transact(async (tx) => {
        await tx.takeTargets(late.id, [heldTarget(bucket('contoso-invoices'))], 5);
        releasing ??= two.transact(async (other) => {
          await other.releaseTargets(held.id);
          letGo.resolve();
        });
        // Without one lock for both, the release is through before anybody is seen to wait.
        await Promise.race([letGo.promise, new Promise((resolve) => setTimeout(resolve, 300))]);
      });
      await releasing;

      assert.equal(await two.transact((tx) => tx.holdsTargets(late.id)), true);
    });

    it('goes on when claims and releases meet, on several targets at once', async () => {
      const names = ['one', 'two', 'three', 'four'];
      const count = 30;
      const cases = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          desk().open([
            offerOf(
              ...names
                .filter((__, place) => index % 4 === place || (index >> place) % 2 === 1)
                .map((name) => `a.${index % 3} ${name}`),
            ),
          ]),
        ),
      );
      const changing = new Set<string>();
      let ran = 0;
      const work = async (store: Store): Promise<void> => {
        while (ran < count) {
          const steps = await store.takeSteps(2, 60_000);
          await Promise.all(
            steps.map((step) =>
              desk().run(step, store, async (runs) => {
                const keys = runs.map(({ target }) => (target.kind === 'bucket' ? target.name : ''));
                for (const key of keys) assert.ok(!changing.has(key), `${key} is changed by one at a time`);
                for (const key of keys) changing.add(key);
                await new Promise(setImmediate);
                for (const key of keys) changing.delete(key);
                ran++;
              }),
            ),
          );
          if (steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };

      await Promise.all([
        ...cases.map((about, index) =>
          desk()
            .approve(about, `a.${index % 3}`)
            .then(decided),
        ),
        ...desk().stores.map(work),
      ]);

      for (const about of cases) assert.equal((await desk().now(about)).state, 'contained');
    });

    async function kindsOf({ id }: Case): Promise<readonly string[]> {
      return ((await desk().stores[0]?.entriesOf(id)) ?? []).map((entry) => entry.kind);
    }

    /** As if the process died between the hand-over and whatever would have told the next one. */
    async function runDueButNotTelling(about: Case): Promise<void> {
      const [store] = desk().stores;
      assert.ok(store);
      const [step] = await store.takeSteps(1, 60_000);
      assert.equal(step?.caseId, about.id);
      await store.transact(async (tx) => {
        await tx.releaseTargets(about.id);
        await tx.finishStep(step);
      });
    }
  });
});
