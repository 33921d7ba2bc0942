// What becomes one case over time: on a real store with a clock of our own, routed in a made-up company. Nothing is sent.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import type { Alert } from '../../src/case/alert.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { createClockFor } from '../../src/chase/question-clock.ts';
import { claim } from '../../src/decide/claim.ts';
import { acceptAlerts, type Receipt } from '../../src/ingest/accept-alerts.ts';
import type { Opening } from '../../src/ingest/open-case.ts';
import { ASK_ANEW_MS } from '../../src/ingest/place-alert.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { routeCase } from '../../src/route/route-case.ts';
import { groups, people } from '../../src/sandbox/people.ts';
import { aBucket, anAlert, anOpening, aPolicy } from '../helpers/alerts.ts';
import { actor, settings } from '../helpers/cases.ts';
import { allEnglish, testWords } from '../helpers/english.ts';
import { createFakeWorld, type FakeWorld } from '../helpers/fake-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = Date.parse('2026-11-21T09:00:00.000Z');
const eachForItself = { ...settings, asking: { ...settings.asking, relatedMs: 0 } };
const watching = aPolicy({ stage: 'monitor' });

describe('the cases of a group', () => {
  let directory: string;
  let store: Store;
  let world: FakeWorld;
  let time: number;
  let fired: number;
  let installed: string[];
  let askAnewMs: number | null;
  let planned: Case['policy']['offers'][];
  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
    time = START;
    fired = 0;
    installed = [];
    askAnewMs = 0;
    planned = [];
    store = await openStore({ words: testWords, directory, clock: { now: () => time } });
    world = createFakeWorld();
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const clock = { now: () => time };

  async function fire(alert: Partial<Alert> = {}, opening: Partial<Opening> = {}): Promise<Receipt> {
    fired += 1;
    const occurredAt = new Date(time).toISOString();
    const [receipt] = await acceptAlerts(
      [anAlert({ sourceId: `123456789012/${fired}`, fingerprint: `${fired}`, occurredAt, ...alert })],
      {
        ...{ store, clock, ids: randomIds },
        judge: async () => [anOpening(opening)],
        windowsOf: () => [],
        routingDelayMs: () => 0,
        ...(askAnewMs !== null && { askAnewMs }),
      },
    );
    assert.ok(receipt);
    return receipt;
  }

  const routingOn = (directory: Directory) => ({
    ...{ store, clock, directory, ids: randomIds, tenantId: 'tenant', settings: eachForItself },
    ...{ risk: world.world.risk, calendars: world.calendars, installer: world.installer },
    clockFor: createClockFor({ calendars: world.calendars, settings }),
  });

  /** Routes what is to be routed; other steps stay owed. */
  async function route(people: Directory = world.world.directory): Promise<void> {
    for (const step of await store.takeSteps(10, HOUR_MS)) {
      if (step.kind !== 'route') continue;
      await routeCase(step, {
        ...routingOn(people),
        installer: {
          openChat: async (person) => {
            installed.push(person);
            return world.installer.openChat(person);
          },
        },
        plan: async ({ policy }) => {
          planned.push(policy.offers);
          return { offers: [], withheld: [] };
        },
      });
    }
  }
  const cases = async (): Promise<readonly Case[]> => (await store.listCases()).toReversed();
  const theOnly = async (): Promise<Case> => {
    const [one, ...others] = await cases();
    assert.ok(one);
    assert.deepEqual(others, []);
    return one;
  };
  const later = (ms: number): void => {
    time += ms;
  };
  async function dismiss(about: Case): Promise<void> {
    const answer = { verb: 'dismiss', questionId: about.question?.id ?? null } as const;
    const parts = {
      store,
      clock,
      ids: randomIds,
      settings,
      capOf: () => 1,
      strengthOf: () => 5,
      canUndo: () => false,
      undoLetsIn: () => false,
      isAtRisk: async () => null,
      accountOf: async () => ({ enabled: true, guest: false }),
      findPerson: async () => null,
    };
    const result = await claim(about.id, answer, actor(people.morgan.id), parts);
    assert.equal(result.kind, 'decided', JSON.stringify(result));
  }

  describe('that only watch', () => {
    it('end with whom they would have asked and why, owe nothing, and install nothing for anybody', async () => {
      await fire({}, { policy: watching });
      await route();

      const about = await theOnly();
      assert.equal(about.state, 'monitored');
      assert.deepEqual(about.question?.approver, {
        kind: 'person',
        id: people.morgan.id,
        name: 'Morgan Reyes',
        as: 'manager',
      });
      assert.deepEqual(allEnglish(about.outcome), [
        "This policy only watches. Morgan Reyes would have been asked: Morgan Reyes is Alex Weber's manager.",
      ]);
      assert.equal(await store.nextDueInMs(), null);
      assert.deepEqual(installed, []);
      assert.equal(await store.isSubjectOfOpenCase(people.alex.id, randomIds.caseId()), false);
    });

    it('ask, where the policy asks: the same path, with a card to send', async () => {
      await fire();
      await route();

      assert.equal((await theOnly()).state, 'asking');
      assert.equal(await store.nextDueInMs(), 0);
      assert.deepEqual(installed, [people.morgan.id]);
      assert.equal(await store.isSubjectOfOpenCase(people.alex.id, randomIds.caseId()), true);
    });

    it('count later matches, and look again only at what is new', async () => {
      await fire({}, { policy: watching });
      await route();
      later(MINUTE_MS);
      const joined = await fire({}, { policy: watching });
      const before = await theOnly();
      await fire({ targets: [aBucket('payroll')] }, { policy: watching });
      const widened = await theOnly();
      await route();

      assert.equal(joined.outcome, 'joined');
      assert.deepEqual([before.state, before.seen], ['monitored', 2]);
      assert.equal(before.lastSeenAt, '2026-11-21T09:01:00.000Z');
      assert.equal(widened.state, 'routing');
      const after = await theOnly();
      assert.deepEqual([after.state, after.seen, after.targets.length], ['monitored', 3, 2]);
      assert.notEqual(after.question?.id, before.question?.id);
    });

    it('end with the first match after the grouping time, counted from when they were opened', async () => {
      await fire({}, { policy: watching });
      await route();
      later(HOUR_MS);
      await fire({}, { policy: watching });
      later(1);
      const next = await fire({}, { policy: watching });

      const [first, second, ...more] = await cases();
      assert.deepEqual(more, []);
      assert.deepEqual([first?.state, first?.seen], ['closed', 2]);
      assert.deepEqual([second?.state, second?.ref, second?.seen], ['routing', next.case, 1]);
      assert.equal(next.outcome, 'opened');
    });

    it('swallow nothing once the policy asks, in whatever state they are', async () => {
      await fire({}, { policy: watching });
      later(1);
      const early = await fire();
      await route();
      const [first, second] = await cases();

      assert.equal(early.outcome, 'opened');
      assert.deepEqual([first?.state, second?.state], ['closed', 'asking']);
    });

    it('leave a question alone that was asked before the policy was set to watch', async () => {
      await fire();
      await route();
      const joined = await fire({}, { policy: watching });

      assert.equal(joined.outcome, 'joined');
      assert.equal((await theOnly()).state, 'asking');
    });
  });

  describe('of one person’s clean-up', () => {
    const calls = ['DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketLogging'];
    const event = (eventName = '') => ({ event: { eventSource: 's3.amazonaws.com', eventName } });

    it('are one: sixty events in an hour, with the answer in the middle', async () => {
      for (let minute = 0; minute < 60; minute++) {
        const targets = [aBucket(minute % 2 === 0 ? 'invoices' : 'payroll')];
        await fire({ ...event(calls[minute % 3]), targets });
        await route();
        if (minute === 29) await dismiss(await theOnly());
        later(MINUTE_MS);
      }

      const about = await theOnly();
      assert.deepEqual([about.state, about.seen, about.repeats], ['dismissed', 60, 30]);
      assert.equal(about.lastSeenAt, '2026-11-21T09:59:00.000Z');
      assert.equal(about.decisions.length, 1);
      const kinds: string[] = [];
      for await (const entry of store.entries()) kinds.push(entry.kind);
      assert.equal(kinds.filter((kind) => kind === 'case.repeated').length, 30);
    });

    it('are asked about anew as soon as something is new, in the same case', async () => {
      await fire();
      await route();
      const before = await theOnly();
      await dismiss(before);
      const repeated = await fire();
      const fresh = await fire(event('DeleteBucket'));
      await route();

      assert.deepEqual([repeated.outcome, fresh.outcome], ['recorded', 'reopened']);
      const about = await theOnly();
      assert.deepEqual([about.state, about.seen, about.decisions.length], ['asking', 3, 1]);
      assert.notEqual(about.question?.id, before.question?.id);
    });

    it('ask once about a burst, after a short wait that nobody can draw out', async () => {
      askAnewMs = null;
      await fire();
      await route();
      const first = await theOnly();
      await fire(event('PutBucketAcl'));
      for (let second = 0; second < ASK_ANEW_MS / 1_000; second++) {
        await route();
        assert.equal((await theOnly()).state, 'routing');
        later(1_000);
        await fire({ ...event('PutBucketLogging'), parameters: `${second}` });
      }
      await route();

      const about = await theOnly();
      assert.deepEqual([about.state, about.deeds?.length], ['asking', 5]);
      assert.notEqual(about.question?.id, first.question?.id);
    });

    it('are another case once the grouping time since the answer is over, however often it was repeated', async () => {
      await fire();
      await route();
      await dismiss(await theOnly());
      later(50 * MINUTE_MS);
      const repeated = await fire();
      later(10 * MINUTE_MS);
      const last = await fire();
      later(1);
      const late = await fire();

      assert.deepEqual([repeated.outcome, last.outcome, late.outcome], ['recorded', 'recorded', 'opened']);
    });

    it('are another case where a later one of the group was answered otherwise', async () => {
      await fire();
      await route();
      await dismiss(await theOnly());
      later(MINUTE_MS);
      await fire({}, { policy: aPolicy({ hash: 'e'.repeat(64) }) });
      const [, second] = await cases();
      assert.ok(second);
      await store.transact((tx) =>
        tx.saveCase({
          ...second,
          ...{ state: 'contained', version: second.version + 1 },
          groupKey: `${second.groupKey}|claimed:${second.id}`,
        }),
      );

      assert.equal((await fire()).outcome, 'opened');
    });

    it('store an event that is a repeat once: the same delivery again changes nothing', async () => {
      await fire();
      await route();
      await dismiss(await theOnly());
      const known = { sourceId: '123456789012/again', fingerprint: 'again' };
      await fire(known);

      assert.equal((await fire(known)).outcome, 'repeat');
      assert.equal((await theOnly()).repeats, 1);
    });
  });

  describe('outside a policy’s scope', () => {
    const scope = { except: { users: [], groups: [groups.commercial.id] } };

    it('are closed with the reason once the directory says so, and nobody is asked', async () => {
      await fire({}, { scope });
      await route();

      const about = await theOnly();
      assert.equal(about.state, 'closed');
      assert.equal(about.outOfScopeAt, '2026-11-21T09:00:00.000Z');
      assert.deepEqual(allEnglish(about.outcome), [
        'The settings leave Alex Weber out of what this policy looks at, so nobody was asked.',
      ]);
      assert.equal(about.question, null);
      assert.equal(await store.nextDueInMs(), null);
      assert.deepEqual(installed, []);
    });

    it('count their repeats instead of looking the person up again', async () => {
      await fire({}, { scope });
      await route();
      const repeated = await fire({}, { scope });

      assert.equal(repeated.outcome, 'recorded');
      const about = await theOnly();
      assert.deepEqual([about.state, about.seen, about.repeats], ['closed', 2, 1]);
    });

    it('ask about somebody who is not in the group', async () => {
      const lee = { kind: 'entra', id: people.lee.id } as const;
      await fire({}, { scope, hint: lee });
      await route();

      assert.equal((await theOnly()).state, 'asking');
    });

    it('ask where the directory knows nobody of that name', async () => {
      const hint = { kind: 'entra', id: 'nobody@contoso.example' } as const;
      await fire({}, { scope: { only: scope.except }, hint });
      await route();

      const about = await theOnly();
      assert.deepEqual([about.state, about.question?.approver.kind], ['asking', 'security']);
    });

    it('look again where somebody else joined while the directory was asked', async () => {
      const lee = { kind: 'entra', id: people.lee.id } as const;
      const busy: Directory = {
        ...world.world.directory,
        isMemberOfAny: async (id, wanted) => {
          await fire({}, { hint: lee });
          return world.world.directory.isMemberOfAny(id, wanted);
        },
      };
      await fire({}, { scope });
      await route(busy);
      const between = await theOnly();
      await route();

      assert.equal(between.state, 'routing');
      const about = await theOnly();
      assert.equal(about.state, 'asking');
      assert.deepEqual(about.named, [people.lee.id]);
    });

    it('wait while the directory cannot be asked, however long', async () => {
      const away: Directory = {
        ...world.world.directory,
        isMemberOfAny: async () => {
          throw new CountersignError('graph.unavailable', 'away', { retryable: true });
        },
      };
      await fire({}, { scope });
      const [step] = await store.takeSteps(1, HOUR_MS);
      assert.ok(step);
      const parts = {
        ...routingOn(away),
        plan: async () => ({ offers: [], withheld: [] }),
      };

      await assert.rejects(routeCase({ ...step, attempts: 1_000 }, parts), { code: 'graph.unavailable' });

      assert.equal((await theOnly()).state, 'routing');
    });

    it('ask in the end where the app may not see groups at all', async () => {
      const forbidden: Directory = {
        ...world.world.directory,
        isMemberOfAny: async () => {
          throw new CountersignError('graph.forbidden', 'no permission');
        },
      };
      await fire({}, { scope });
      const [step] = await store.takeSteps(1, HOUR_MS);
      assert.ok(step);
      const parts = {
        ...routingOn(forbidden),
        plan: async () => ({ offers: [], withheld: [] }),
      };

      await assert.rejects(routeCase(step, parts), { code: 'graph.forbidden' });
      await routeCase({ ...step, attempts: 7 }, parts);

      assert.equal((await theOnly()).state, 'asking');
    });

    it('leave a question standing that was asked before', async () => {
      await fire({}, { scope: { except: { users: [], groups: [] } } });
      await route();
      const asked = await theOnly();
      await store.transact((tx) => tx.saveCase({ ...asked, scope, version: asked.version + 1 }));
      await fire({ targets: [aBucket('payroll')] }, { scope });
      await route();

      assert.equal((await theOnly()).state, 'asking');
    });
  });

  it('keep the policy that they were opened under, whatever becomes of its file', async () => {
    const offers = [{ key: 'keep', label: 'Keep it', actions: ['aws.s3.make-bucket-private'] }];
    const before = aPolicy({ text: 'title: before', question: 'Before?', offers });
    const after = aPolicy({
      text: 'title: after',
      hash: 'e'.repeat(64),
      question: 'After?',
      securityOnly: true,
    });
    await fire({}, { policy: before });
    await route();
    await fire({ targets: [aBucket('payroll')] }, { policy: after });
    await route();

    const { policy, question, state } = await theOnly();
    assert.equal(state, 'asking');
    const { id, title, text, hash, stage, grouping, securityOnly, asking } = before;
    assert.deepEqual(policy, {
      ...{ id, title, text, hash, stage, grouping, securityOnly, asking },
      ...{ question: 'Before?', offers },
    });
    assert.equal(question?.approver.kind, 'person');
    assert.deepEqual(planned, [offers, offers]);
  });

  it('are routed at once where they have become graver, whatever they wait for; more of the same does not hurry them', async () => {
    await fire();
    const [step] = await store.takeSteps(1, MINUTE_MS);
    assert.ok(step);
    await store.retryStep(step, HOUR_MS, 'the look-up failed');

    await fire({ targets: [aBucket('payroll')] });
    assert.equal(await store.nextDueInMs(), HOUR_MS);
    await fire({}, { severity: 'critical' });

    assert.equal(await store.nextDueInMs(), 0);
  });

  it('by target hold whoever changed it, and none of them is asked', async () => {
    const grouping = { by: 'target', withinMs: HOUR_MS } as const;
    const opening = { policy: aPolicy({ grouping }), groupKey: 'p|bucket:invoices' };
    await fire({}, opening);
    await route();
    await fire({}, { ...opening, hint: { kind: 'entra', id: people.morgan.userPrincipalName } });
    await route();

    const about = await theOnly();
    assert.deepEqual(about.named, [people.morgan.id]);
    assert.deepEqual(about.question?.approver, {
      ...{ kind: 'person', id: people.priya.id, name: 'Priya Nair' },
      as: 'manager',
    });
  });
});
