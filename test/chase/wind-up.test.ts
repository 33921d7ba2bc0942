// A store from before questions had clocks: what waits there is chased from now on.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { createClockFor } from '../../src/chase/question-clock.ts';
import { createWindUp } from '../../src/chase/wind-up.ts';
import { type Desk, onBothDatabases } from '../decide/desk.ts';
import { aCase, MANAGER, settings } from '../helpers/cases.ts';

const HOUR = 3_600_000;

describe('a question from before there were clocks', () => {
  onBothDatabases((desk: () => Desk) => {
    const replicas = () =>
      desk().stores.map((store) =>
        createWindUp({
          store,
          clock: { now: () => desk().time },
          clockFor: createClockFor({
            settings,
            calendars: {
              calendarOf: async () => ({ timeZone: null, hours: null, away: null, locale: null }),
            },
          }),
        }),
      );
    const open = (over: Partial<Case> = {}): Promise<Case> => {
      const { asking: _, ...policy } = aCase().policy;
      const { clock: __, ...question } = aCase().question ?? assert.fail();
      const approver = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
      return desk().open([], { severity: 'critical', policy, question: { ...question, approver }, ...over });
    };
    const read = async ({ id }: Case): Promise<Case> =>
      (await desk().stores[0]?.readCase(id)) ?? assert.fail();
    const chases = async () =>
      ((await desk().stores[0]?.takeSteps(10, HOUR)) ?? []).filter(({ kind }) => kind === 'chase');

    it('gets its moments from now on, once, however many replicas look', async () => {
      const about = await open();

      const counts = await Promise.all(replicas().map((windUp) => windUp()));

      assert.deepEqual(counts.toSorted(), [0, 1]);
      const { question, version } = await read(about);
      assert.equal(version, about.version + 1);
      assert.equal(question?.askedAt, about.question?.askedAt);
      assert.equal(Date.parse(question?.clock?.timeOutAt ?? ''), desk().time + HOUR);
      desk().time += HOUR / 6;
      assert.deepEqual(
        (await chases()).map(({ caseId, key }) => [caseId, key]),
        [[about.id, question?.id]],
      );
    });

    it('keeps them when somebody looks again', async () => {
      const about = await open();
      const [first] = replicas();
      await first?.();
      const wound = await read(about);

      desk().time += 2 * HOUR;
      const counts = [await first?.(), ...(await Promise.all(replicas().map((windUp) => windUp())))];

      assert.deepEqual(counts, [0, 0, 0]);
      assert.deepEqual(await read(about), wound);
    });

    it('is none of what nobody is asked any more', async () => {
      const about = await open({ state: 'dismissed' });

      const counts = await Promise.all(replicas().map((windUp) => windUp()));

      assert.deepEqual(counts, [0, 0]);
      assert.equal((await read(about)).question?.clock, undefined);
    });

    it('is found within the hour where an earlier version asked it beside this one', async () => {
      const [windUp] = replicas();
      await windUp?.();
      await open();

      const soon = await windUp?.();
      desk().time += HOUR;
      const later = await windUp?.();

      assert.deepEqual([soon, later], [0, 1]);
    });
  });
});
