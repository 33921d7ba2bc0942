// Hourly limits: by action, by kind of target, by person. One that is reached asks a second person; one of 0 forbids.
import assert from 'node:assert/strict';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import type { OperatorSettings } from '../../src/case/settings.ts';
import { writeOut } from '../../src/case/written.ts';
import { approve } from '../../src/decide/approve.ts';
import { MANAGER, SECURITY, STRANGER } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { decided, offerOf, onBothDatabases, refusal, START } from './desk.ts';

const MINUTE_MS = 60_000;
const LIMIT = 'The limit of 1 of these decided in an hour is reached.';
const AWAITS = `One more person has to agree. ${LIMIT}`;

describe('the hourly limits of approvals', () => {
  onBothDatabases((desk) => {
    const limit = (over: Partial<OperatorSettings['governance']>): void => {
      const { settings } = desk();
      desk().settings = {
        ...settings,
        security: { ...settings.security, members: [SECURITY, STRANGER] },
        governance: { ...settings.governance, ...over },
      };
    };
    const capped = (cap: number) => ({ capOf: () => cap });
    let opened = 0;
    /** Of a target of its own. */
    const open = (action = 'a.5', over: Partial<Case> = {}) =>
      desk().open([offerOf(`${action} bucket-${opened++}`)], over);
    const approveOne = async (cap = 1): Promise<Case> =>
      decided(await desk().approve(await open(), 'a.5', MANAGER, capped(cap)));

    beforeEach(() => limit({}));

    it('ask a second person about the one too many, and run nothing of it', async () => {
      assert.equal((await approveOne()).state, 'executing');
      const about = await open();

      const asked = decided(await desk().approve(about, 'a.5', MANAGER, capped(1)));

      assert.equal(asked.state, 'routing');
      assert.equal(asked.decisions[0]?.awaits, AWAITS);
      const label = about.question?.offers[0]?.label;
      assert.equal(asked.toSecurity, `${MANAGER} chose "${label}". ${AWAITS}`);
      const [store] = desk().stores;
      assert.deepEqual(await store?.runsOf(about.id), []);
      const steps = (await store?.takeSteps(9, 1)) ?? [];
      assert.ok(steps.some((step) => step.caseId === about.id && step.kind === 'route'));
    });

    it('write back to the alert that it is not decided yet', async () => {
      await approveOne();
      const about = await open('a.5', {
        sources: [{ source: 'graph', sourceId: 'alert-1', resolved: false }],
      });
      decided(await desk().approve(about, 'a.5', MANAGER, capped(1)));

      const [store] = desk().stores;
      const kept: unknown[] = [];
      for (;;) {
        const [step] = (await store?.takeSteps(1, 60_000)) ?? [];
        if (!step || !store) break;
        if (step.kind === 'write-back') kept.push(step.body);
        await store.transact((tx) => tx.finishStep(step));
      }
      assert.equal(kept.length, 1);
      assert.match(
        JSON.stringify(writeOut(kept, english)),
        /"status":"inProgress".*limit of 1.*stays in progress until then/,
      );
    });

    it('are gone beyond by a different person who chooses the same, and by nobody twice', async () => {
      await approveOne();
      const about = await open();
      decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));
      await desk().askAgain(about);

      assert.deepEqual(refusal(await desk().approve(about, 'a.5', SECURITY, capped(1))), {
        code: 'decide.same-person',
        say: `You chose this already; somebody else has to confirm it. ${LIMIT}`,
      });
      assert.equal((await desk().now(about)).state, 'asking');
      const confirmed = decided(await desk().approve(about, 'a.5', STRANGER, capped(1)));
      assert.equal(confirmed.state, 'executing');
      assert.equal(confirmed.decisions.at(-1)?.awaits, undefined);
      assert.equal((await desk().stores[0]?.runsOf(about.id))?.length, 1);
      assert.equal((await approveOne(2)).state, 'routing', 'what went beyond counts all the same');
    });

    it('want the second person to choose the same offer', async () => {
      await approveOne();
      const about = await desk().open([offerOf('a.5 one'), offerOf('b.5 two')]);
      const once = capped(1);
      decided(await desk().approve(about, 'a.5', SECURITY, once));
      await desk().askAgain(about);
      decided(await desk().approve(await open('b.5'), 'b.5', MANAGER, once));

      assert.equal(decided(await desk().approve(about, 'b.5', STRANGER, once)).state, 'routing');
      await desk().askAgain(about);
      assert.equal(decided(await desk().approve(about, 'a.5', STRANGER, once)).state, 'executing');
    });

    it('are said before the first of two people signs, where two are needed anyway', async () => {
      decided(await desk().approve(await open(), 'a.5', MANAGER, capped(1)));
      const about = await open('a.5', { severity: 'low' });
      const { question } = about;
      assert.ok(question);
      const twoPeople = 'They are an administrator.';
      const strict = { ...about, version: about.version + 1, question: { ...question, twoPeople } };
      await desk().stores[0]?.transact((tx) => tx.saveCase(strict));

      const asked = decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));

      assert.equal(asked.decisions[0]?.awaits, `One more person has to agree. ${twoPeople} ${LIMIT}`);
      await desk().askAgain(about);
      assert.equal(decided(await desk().approve(about, 'a.5', STRANGER, capped(1))).state, 'executing');
    });

    it('are not gone beyond on the word of somebody who signed before they were reached', async () => {
      const { question } = await open();
      assert.ok(question);
      const offers = [offerOf('a.5 late')];
      const about = await desk().open(offers, {
        question: { ...question, offers, twoPeople: 'They are an administrator.' },
      });
      decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));
      await desk().askAgain(about);
      await approveOne();

      const second = decided(await desk().approve(about, 'a.5', STRANGER, capped(1)));
      assert.notEqual(second.state, 'executing');
      assert.match(second.decisions.at(-1)?.awaits ?? '', /^One more person has to agree\..*limit of 1/);
      await desk().askAgain(about);
      const first = decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));
      assert.equal(first.state, 'executing', 'whoever signed before reads of the limit, and signs again');
    });

    it('forget a first signature once the question has grown', async () => {
      await approveOne();
      const about = await open();
      const first = decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));
      const grown = { ...first, version: first.version + 1, decidedBefore: 1 };
      await desk().stores[0]?.transact((tx) => tx.saveCase(grown));
      await desk().askAgain(about);

      const second = decided(await desk().approve(about, 'a.5', STRANGER, capped(1)));
      assert.equal(second.decisions.at(-1)?.awaits, AWAITS);
    });

    it('take two signatures again once the two before were carried out', async () => {
      await approveOne();
      const about = await open();
      decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));
      await desk().askAgain(about);
      const done = decided(await desk().approve(about, 'a.5', STRANGER, capped(1)));
      const voided = { ...done, version: done.version + 1, state: 'routing' as const };
      await desk().stores[0]?.transact((tx) => tx.saveCase(voided));
      await desk().askAgain(about);

      const anew = decided(await desk().approve(about, 'a.5', STRANGER, capped(1)));
      assert.deepEqual([anew.state, anew.decisions.at(-1)?.awaits], ['asking', AWAITS]);
    });

    it('want nobody else once there is room again', async () => {
      await approveOne();
      const about = await open();
      decided(await desk().approve(about, 'a.5', SECURITY, capped(1)));
      await desk().askAgain(about);
      desk().time += 60 * MINUTE_MS;

      assert.equal(decided(await desk().approve(about, 'a.5', SECURITY, capped(1))).state, 'executing');
    });

    it('count any hour: twenty at 10:59 leave none for 11:01', async () => {
      desk().time = START + 59 * MINUTE_MS;
      for (let turn = 0; turn < 20; turn++) assert.equal((await approveOne(20)).state, 'executing');
      desk().time = START + 61 * MINUTE_MS;
      const states = [];
      for (let turn = 0; turn < 20; turn++) states.push((await approveOne(20)).state);
      assert.deepEqual(new Set(states), new Set(['routing']));

      desk().time = START + 119 * MINUTE_MS;
      assert.equal((await approveOne(20)).state, 'executing');
    });

    it('count by kind of target, where the settings say so', async () => {
      limit({ kindCapsPerHour: { bucket: 1, user: 9 } });
      decided(await desk().approve(await open('a.5'), 'a.5'));

      const asked = decided(await desk().approve(await open('b.5'), 'b.5'));
      assert.equal(
        asked.decisions[0]?.awaits,
        'One more person has to agree. The limit of 1 change decided in an hour on this kind of target (bucket) is reached.',
      );
    });

    it('count by person', async () => {
      limit({ approverCapPerHour: 3 });
      const three = await desk().open([offerOf('a.5 x', 'b.5 y', 'c.5 z')]);
      assert.equal(decided(await desk().approve(three, 'a.5')).state, 'executing');

      const asked = decided(await desk().approve(await open(), 'a.5'));
      assert.equal(
        asked.decisions[0]?.awaits,
        'One more person has to agree. The limit of 3 changes an hour that one person decides on is reached.',
      );
      assert.equal(decided(await desk().approve(await open(), 'a.5', SECURITY)).state, 'executing');
    });

    for (const [what, twoPeople, first] of [
      ['beyond a limit', undefined, {}],
      ['where it takes two anyway', 'They are an administrator.', { kindCapsPerHour: {} }],
    ] as const)
      it(`count everybody who agrees ${what}`, async () => {
        limit({ approverCapPerHour: 2, kindCapsPerHour: { bucket: 1 }, ...first });
        decided(await desk().approve(await open(), 'a.5', MANAGER));
        const { question } = await open();
        assert.ok(question);
        const offers = [offerOf('a.5 both')];
        const about = await desk().open(offers, {
          question: { ...question, offers, ...(twoPeople && { twoPeople }) },
        });
        assert.notEqual(decided(await desk().approve(about, 'a.5', SECURITY)).state, 'executing');
        await desk().askAgain(about);
        assert.equal(decided(await desk().approve(about, 'a.5', STRANGER)).state, 'executing');

        limit({ approverCapPerHour: 1, kindCapsPerHour: {} });
        for (const who of [SECURITY, STRANGER])
          assert.notEqual(decided(await desk().approve(await open(), 'a.5', who)).state, 'executing');
      });

    it('count nobody for what is done because nobody answered, and hold the action and the kind of target', async () => {
      limit({ approverCapPerHour: 1 });
      const contain = async (cap: number) => {
        const about = await open();
        const { store } = desk().parts();
        const at = new Date(desk().time).toISOString();
        return store.transact((tx) =>
          approve(tx, about, { verb: 'approve', offer: 'a.5', by: SYSTEM, at }, desk().parts(capped(cap))),
        );
      };

      assert.equal((await contain(2)).event, 'approved');
      assert.equal((await contain(2)).event, 'approved');
      assert.notEqual((await contain(2)).event, 'approved');
    });

    it('forbid with 0, whoever asks, and in a dry run as well', async () => {
      for (const dryRun of [false, true]) {
        limit({ dryRun });
        for (const who of [MANAGER, SECURITY]) {
          const about = await open();
          const refused = refusal(await desk().approve(about, 'a.5', who, capped(0)));
          assert.equal(refused.code, 'decide.cap-reached');
          assert.match(refused.say, /their limit is 0 an hour. Nothing was changed/);
          assert.deepEqual((await desk().now(about)).decisions, []);
        }
      }
      limit({ dryRun: false, kindCapsPerHour: { bucket: 0 } });
      assert.equal(refusal(await desk().approve(await open(), 'a.5')).code, 'decide.cap-reached');
    });

    it('are not used up by dry runs, of the process or of a policy', async () => {
      const { policy } = await open();
      const { detection } = desk().settings;
      const dry = { ...detection, policies: { [policy.id]: { dryRun: true } } };
      desk().settings = { ...desk().settings, detection: dry };
      for (let turn = 0; turn < 3; turn++) assert.equal((await approveOne()).state, 'executing');
      desk().settings = { ...desk().settings, detection };
      limit({ dryRun: true });
      for (let turn = 0; turn < 3; turn++) assert.equal((await approveOne()).state, 'executing');

      limit({ dryRun: false });
      assert.equal((await approveOne()).state, 'executing');
      assert.equal((await approveOne()).state, 'routing');
    });

    it('get back what a claim took that was not made after all', async () => {
      const about = await open();
      const breaking = {
        ...capped(1),
        // Of a single action the strength is only asked once its slot is taken.
        strengthOf: () => {
          throw new Error('the claim breaks');
        },
      };
      await assert.rejects(desk().approve(about, 'a.5', MANAGER, breaking), /the claim breaks/);

      assert.equal(decided(await desk().approve(about, 'a.5', MANAGER, capped(1))).state, 'executing');
    });

    it('are exact however many press at once', async () => {
      limit({ approverCapPerHour: 12 });
      const cases = await Promise.all(Array.from({ length: 40 }, () => open()));
      const claims = await Promise.all(
        cases.map((about, turn) =>
          desk().approve(about, 'a.5', turn % 2 === 0 ? MANAGER : SECURITY, capped(20)),
        ),
      );

      const passed = claims.map(decided).filter((about) => about.state === 'executing');
      assert.equal(passed.length, 20);
      for (const who of [MANAGER, SECURITY]) {
        const theirs = passed.filter((about) => about.decisions[0]?.by.id === who).length;
        assert.ok(theirs >= 8 && theirs <= 12, `${theirs} of one person`);
      }
    });

    it('let one of two second persons confirm who press at once', async () => {
      await approveOne();
      const about = await open();
      decided(await desk().approve(about, 'a.5', MANAGER, capped(1)));
      await desk().askAgain(about);

      const both = await Promise.all(
        [SECURITY, STRANGER].map((who) => desk().approve(about, 'a.5', who, capped(1))),
      );
      assert.deepEqual(both.map(({ kind }) => kind).toSorted(), ['decided', 'refused']);
      assert.equal((await desk().stores[0]?.runsOf(about.id))?.length, 1);
    });
  });
});
