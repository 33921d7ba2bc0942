// What an exception holds back where an alert comes in: on a real store with a clock of our own. Nothing is sent.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore, type Store } from '../../src/adapters/store/index.ts';
import { randomIds } from '../../src/adapters/system.ts';
import type { Alert } from '../../src/case/alert.ts';
import { type Case, type Decision, SYSTEM } from '../../src/case/case.ts';
import { type Exception, saidBy } from '../../src/case/exception.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { JsonObject } from '../../src/case/json.ts';
import { expectUntil } from '../../src/decide/expected-until.ts';
import { acceptAlerts, type Receipt } from '../../src/ingest/accept-alerts.ts';
import { holdBack } from '../../src/ingest/hold-back.ts';
import type { Opening } from '../../src/ingest/open-case.ts';
import { openDue } from '../../src/ingest/open-due.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { people } from '../../src/sandbox/people.ts';
import { aBucket, anAlert, anOpening, aPolicy } from '../helpers/alerts.ts';
import { settings } from '../helpers/cases.ts';
import { allEnglish, english, testWords } from '../helpers/english.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONDAY = Date.parse('2026-11-23T09:00:00.000Z');
const FRIDAY = '2026-11-27T17:00:00.000Z';
const alex = people.alex;
const morgan = { kind: 'person', id: people.morgan.id, name: people.morgan.displayName } as const;

describe('an exception, where an alert comes in', () => {
  let directory: string;
  let store: Store;
  let time: number;
  let fired: number;
  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
    time = MONDAY;
    fired = 0;
    store = await openStore({ words: testWords, directory, clock: { now: () => time } });
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const clock = { now: () => time };
  const now = (): string => new Date(time).toISOString();
  const opening = { clock, ids: randomIds, routingDelayMs: () => 0, askAnewMs: 0 };

  async function fireAt(on: Store, alert: Partial<Alert>, over: Partial<Opening>): Promise<Receipt> {
    fired += 1;
    const [receipt] = await acceptAlerts(
      [anAlert({ sourceId: `123456789012/${fired}`, fingerprint: `${fired}`, occurredAt: now(), ...alert })],
      { ...opening, store: on, judge: async () => [anOpening(over)], windowsOf: () => [] },
    );
    assert.ok(receipt);
    return receipt;
  }
  const fire = (alert: Partial<Alert> = {}, over: Partial<Opening> = {}) => fireAt(store, alert, over);
  const theCase = async (ref: string | null): Promise<Case> =>
    (await store.findCase(ref ?? '')) ?? assert.fail(`no case ${ref}`);

  /** As the claim does it, with whom the directory knows the subject to be. */
  async function dismiss(ref: string | null, until: string | null = FRIDAY): Promise<readonly string[]> {
    const { id } = await theCase(ref);
    return store.transact(async (tx) => {
      const locked = await tx.lockCase(id);
      assert.ok(locked);
      const { id: user, displayName: name, userPrincipalName } = alex;
      const subject = locked.hint.kind === 'entra' ? { id: user, name, userPrincipalName } : null;
      const decision: Decision = { verb: 'dismiss', by: morgan, at: now(), ...(until && { until }) };
      const asked = await commitTransition(tx, locked, {
        event: 'asked',
        at: now(),
        patch: { subject },
        note: { kind: 'question.asked', actor: SYSTEM, facts: {} },
      });
      const says = await expectUntil(tx, asked, [decision], { ids: randomIds, settings });
      await commitTransition(tx, asked, {
        event: 'dismissed',
        at: now(),
        patch: { decisions: [decision], outcome: says },
        note: { kind: 'decision.dismiss', actor: morgan, facts: {} },
      });
      return allEnglish(says);
    });
  }
  const exceptions = () => store.exceptionsInForce(now());
  async function theOnly(): Promise<Exception> {
    const [one, ...others] = await exceptions();
    assert.ok(one);
    assert.deepEqual(others, []);
    return one;
  }
  const quiet = (over: Partial<Exception>) =>
    store.transact((tx) =>
      tx.exceptions.save({
        ...{ id: 'QUIET1', kind: 'quiet', says: '', upTo: 'medium', by: morgan, at: now(), until: FRIDAY },
        ...{ held: 0, ...over },
      }),
    );
  async function trailOf(chain: string) {
    const kinds: string[] = [];
    for await (const entry of store.entries()) if (entry.caseId === chain) kinds.push(entry.kind);
    return kinds;
  }

  describe('by an answer', () => {
    let ref: string | null;
    beforeEach(async () => {
      ref = (await fire()).case;
      await dismiss(ref);
      time += 3 * DAY_MS;
    });

    it('holds the same back on Thursday: on record, counted, and nobody is owed a question', async () => {
      await store.takeSteps(10, DAY_MS);
      const receipt = await fire();

      const { id } = await theOnly();
      const about = await theCase(ref);
      assert.deepEqual([receipt.outcome, receipt.case, receipt.exception], ['held-back', ref, id]);
      assert.deepEqual([about.state, about.seen], ['dismissed', 1]);
      assert.deepEqual(await store.takeSteps(10, DAY_MS), []);
      assert.deepEqual([(await theOnly()).held, (await theOnly()).lastAt], [1, now()]);
      assert.equal((await trailOf(about.id)).at(-1), 'exception.held');
    });

    it('asks about the same again on Saturday', async () => {
      await fire();
      time += 2 * DAY_MS;

      assert.equal((await fire()).outcome, 'opened');
      assert.deepEqual(await exceptions(), []);
    });

    it('knows the person by their object id as well as by their principal name', async () => {
      const hint = { kind: 'entra', id: alex.id } as const;
      const over = { hint, groupKey: `aws-s3-config-changes|subject:${alex.id}` };

      assert.equal((await fire({}, over)).outcome, 'held-back');
    });

    it('holds back the same that is refused this time', async () => {
      assert.equal((await fire({ attempt: true })).outcome, 'held-back');
    });

    const asks: Readonly<Record<string, readonly [Partial<Alert>, Partial<Opening>]>> = {
      'another bucket': [{ targets: [aBucket('payroll')] }, {}],
      'the same bucket and another': [{ targets: [aBucket('invoices'), aBucket('payroll')] }, {}],
      'another call on the same bucket': [{ parameters: 'bucketName=invoices&acl=public-read' }, {}],
      'a call of another name': [
        { event: { eventSource: 's3.amazonaws.com', eventName: 'PutBucketAcl' } },
        {},
      ],
      'a higher severity': [{}, { severity: 'high' }],
      'somebody else': [
        {},
        {
          hint: { kind: 'entra', id: 'sam.okafor@contoso.example' },
          groupKey: 'aws-s3-config-changes|subject:sam.okafor@contoso.example',
        },
      ],
      'nobody known': [
        {},
        { hint: { kind: 'unknown', reason: '' }, groupKey: 'aws-s3-config-changes|caller:x' },
      ],
      'one that names somebody else': [{}, { named: ['sam.okafor@contoso.example'] }],
      'another policy': [
        {},
        { policy: aPolicy({ id: 'aws-s3-public' }), groupKey: 'aws-s3-public|subject:alex' },
      ],
    };
    for (const [what, [alert, over]] of Object.entries(asks))
      it(`asks about ${what}`, async () => {
        assert.notEqual((await fire(alert, over)).outcome, 'held-back');
        assert.equal((await theOnly()).held, 0);
      });

    it('keeps out of a question about something else that the case asks by now', async () => {
      time -= 3 * DAY_MS;
      const other = await fire({ parameters: 'bucketName=invoices&acl=public-read' });
      assert.equal(other.outcome, 'reopened');
      time += 2 * HOUR_MS;
      const before = await theCase(ref);

      const same = await fire();

      assert.equal(same.outcome, 'held-back');
      assert.equal((await theCase(ref)).version, before.version);
    });

    it('counts right whoever takes in what, at once', async () => {
      const replicas = await Promise.all([1, 2].map(() => openStore({ words: testWords, directory, clock })));
      const receipts = await Promise.all(
        Array.from({ length: 20 }, (_, turn) => fireAt(replicas[turn % 2] ?? store, {}, {})),
      );
      await Promise.all(replicas.map((replica) => replica.close()));

      assert.deepEqual([...new Set(receipts.map(({ outcome }) => outcome))], ['held-back']);
      assert.equal((await theOnly()).held, 20);
      assert.equal((await store.listCases()).length, 1);
    });

    it('holds back what is judged late as well, and nobody is woken for it', async () => {
      const due = {
        alert: anAlert({ sourceId: '123456789012/late', fingerprint: 'late', occurredAt: now() }),
        openings: [anOpening()],
      };

      const landed = await openDue({
        ...opening,
        store,
        judgeDue: async () => ({ due: [due], more: false }),
      });

      assert.equal(landed, 0);
      assert.equal((await theOnly()).held, 1);
    });

    it('says of an alert that one policy asks about and another does not that it is asked', async () => {
      const second = anOpening({
        policy: aPolicy({ id: 'aws-s3-public' }),
        groupKey: 'aws-s3-public|subject:alex.weber@contoso.example',
      });
      const [receipt] = await acceptAlerts([anAlert({ sourceId: 'both', fingerprint: 'both' })], {
        ...{ ...opening, store, windowsOf: () => [] },
        judge: async () => [anOpening(), second],
      });

      assert.deepEqual([receipt?.outcome, receipt?.exception], ['opened', undefined]);
      assert.equal((await theOnly()).held, 1);
    });
  });

  describe('by an answer about what Microsoft found', () => {
    const evidenceOf = (address: string, country: string, ...things: readonly JsonObject[]): JsonObject => ({
      category: 'Exfiltration',
      evidence: [
        {
          '@odata.type': '#microsoft.graph.security.userEvidence',
          roles: ['compromised'],
          verdict: 'unknown',
        },
        {
          ...{ '@odata.type': '#microsoft.graph.security.ipEvidence', createdDateTime: now() },
          ...{ ipAddress: address, countryLetterCode: country },
        },
        ...things,
      ],
    });
    const file = (fileName: string, filePath?: string): JsonObject => ({
      '@odata.type': '#microsoft.graph.security.fileEvidence',
      fileDetails: { fileName, ...(filePath && { filePath }) },
    });
    const app = (displayName: string, more: JsonObject = {}): JsonObject => ({
      '@odata.type': '#microsoft.graph.security.cloudApplicationEvidence',
      ...{ displayName, appId: 15600, ...more },
    });
    const graph = (event: JsonObject): Partial<Alert> => ({
      ...{ source: 'graph', title: 'Mass download by a single user', targets: [], event },
    });
    const SALES = '/sites/sales/';
    const first = () =>
      graph(evidenceOf('192.0.2.44', 'DE', app('SharePoint'), file('a.xlsx', SALES), file('b.xlsx', SALES)));
    beforeEach(async () => {
      await dismiss((await fire(first())).case);
      time += 2 * DAY_MS;
    });

    it('holds the same back, whenever it was found, whatever Microsoft made of it, and of whichever files there', async () => {
      assert.equal((await fire(first())).outcome, 'held-back');
      const later = evidenceOf(
        ...(['192.0.2.44', 'DE'] as const),
        app('SharePoint', { verdict: 'malicious', remediationStatus: 'none', tags: ['x'] }),
        file('c.xlsx', SALES),
      );
      assert.equal((await fire(graph(later))).outcome, 'held-back');
    });

    it('says by its name what is expected', async () => {
      assert.equal(english((await theOnly()).says), '“Mass download by a single user” by Alex Weber');
    });

    const asks: Readonly<Record<string, () => JsonObject>> = {
      'another address': () => evidenceOf('203.0.113.66', 'DE', app('SharePoint')),
      'another country': () => evidenceOf('192.0.2.44', 'KP', app('SharePoint')),
      'another app': () => evidenceOf('192.0.2.44', 'DE', app('Evil Planner')),
      'an app of the same name': () => evidenceOf('192.0.2.44', 'DE', app('SharePoint', { appId: 1 })),
      'files that lie elsewhere': () => evidenceOf('192.0.2.44', 'DE', file('a.xlsx', '/sites/board/')),
      'files of which nobody says where they lie': () => evidenceOf('192.0.2.44', 'DE', file('a.xlsx')),
      'another kind of matter': () => ({ ...evidenceOf('192.0.2.44', 'DE'), category: 'Impact' }),
      'something never named before': () =>
        evidenceOf('192.0.2.44', 'DE', {
          '@odata.type': '#microsoft.graph.security.azureResourceEvidence',
          resourceId: 'x',
        }),
    };
    for (const [what, event] of Object.entries(asks))
      it(`asks about ${what}`, async () => {
        assert.equal((await fire(graph(event()))).outcome, 'opened');
      });

    it('asks about other files where the question named them and not where they lie', async () => {
      time -= 2 * DAY_MS;
      const of = (name: string) => graph(evidenceOf('192.0.2.99', 'DE', file(name)));
      const over = { groupKey: 'another group' };
      await dismiss((await fire(of('prices.xlsx'), over)).case);
      time += 2 * DAY_MS;

      assert.equal((await fire(of('board-minutes.xlsx'), over)).outcome, 'opened');
      assert.equal((await fire(of('prices.xlsx'), { groupKey: 'a third' })).outcome, 'held-back');
    });
  });

  describe('what an answer leaves', () => {
    it('is nothing where no date was named', async () => {
      const { case: ref } = await fire();

      assert.deepEqual(await dismiss(ref, null), []);
      assert.deepEqual(await exceptions(), []);
    });

    it('says what it is about, until when, and how it ends', async () => {
      const { case: ref } = await fire();
      const [says] = await dismiss(ref);

      const { id, until, upTo, caseId } = await theOnly();
      assert.equal(
        says,
        `Expected until 27 Nov 2026, 18:00:00 CET: “DeleteBucketPolicy on invoices” by Alex Weber on invoices asks nobody until then. Revoke it with: revoke ${id}.`,
      );
      assert.match(id, /^[0-9A-Z]{6}$/);
      assert.deepEqual([until, upTo, caseId], [FRIDAY, 'medium', (await theCase(ref)).id]);
      assert.ok((await trailOf((await theCase(ref)).id)).includes('exception.made'));
    });

    it('ends within the longest that the settings allow', async () => {
      await dismiss((await fire()).case, '2028-01-01T00:00:00.000Z');

      const { until } = await theOnly();
      assert.equal(Date.parse(until), MONDAY + settings.asking.longestMs);
    });

    it('is nothing where the date is over', async () => {
      const says = await dismiss((await fire()).case, '2026-11-20T00:00:00.000Z');

      assert.match(says.join(), /The date is over/);
      assert.deepEqual(await exceptions(), []);
    });

    it('says nothing of a success where calls were refused', async () => {
      await dismiss((await fire({ attempt: true })).case);
      assert.equal((await theOnly()).attemptsOnly, true);
      time += 2 * DAY_MS;

      assert.equal((await fire({ attempt: true })).outcome, 'held-back');
      assert.equal((await fire()).outcome, 'opened');
    });

    it('is for the same caller where nobody is known by name, and for nobody who is', async () => {
      const over = {
        hint: { kind: 'unknown', reason: 'Whoever uses this role chooses the session name.' },
        groupKey: 'aws-s3-config-changes|caller:arn:aws:iam::123456789012:role/Deploy',
      } as const;
      const role = { identity: { type: 'AssumedRole', roleArn: 'arn:aws:iam::123456789012:role/Deploy' } };
      const other = { identity: { type: 'AssumedRole', roleArn: 'arn:aws:iam::123456789012:role/Other' } };
      await dismiss((await fire(role, over)).case);
      time += 2 * DAY_MS;

      assert.equal((await fire(role, over)).outcome, 'held-back');
      assert.equal((await fire(role)).outcome, 'opened');
      const groupKey = 'aws-s3-config-changes|caller:arn:aws:iam::123456789012:role/Other';
      assert.equal((await fire(other, { ...over, groupKey })).outcome, 'opened');
    });

    it('is nothing for the root user, who is nobody in particular', async () => {
      const hint = { kind: 'unknown', reason: 'The root user made the call.', name: 'root' } as const;
      const says = await dismiss((await fire({}, { hint })).case);

      assert.match(says.join(), /Nothing is expected of the root user/);
      assert.deepEqual(await exceptions(), []);
    });

    it('is nothing where there is neither a person nor a thing to tell the same by', async () => {
      const hint = { kind: 'unknown', reason: '' } as const;
      const says = await dismiss((await fire({ targets: [] }, { hint })).case);

      assert.match(says.join(), /asks again/);
      assert.deepEqual(await exceptions(), []);
    });

    it('takes the earliest date of several, and none where somebody named none', async () => {
      const { id } = await theCase((await fire()).case);
      const signed = (until?: string): Decision => ({
        ...{ verb: 'dismiss', by: morgan, at: now() },
        ...(until && { until }),
      });
      const make = (...untils: readonly (string | undefined)[]) =>
        store.transact(async (tx) =>
          expectUntil(tx, (await tx.lockCase(id)) ?? assert.fail(), untils.map(signed), {
            ids: randomIds,
            settings,
          }),
        );

      assert.match(allEnglish(await make(FRIDAY, undefined)).join(), /Not everybody .* named a date/);
      assert.deepEqual(await exceptions(), []);
      await make(FRIDAY, '2026-11-25T00:00:00.000Z');
      assert.equal((await theOnly()).until, '2026-11-25T00:00:00.000Z');
      assert.deepEqual(saidBy(await theOnly()), ['Morgan Reyes'], 'each once');
    });
  });

  describe('by the security team', () => {
    it('holds back what would ask: the alert is kept, and what it did is on a chain of its own', async () => {
      await quiet({ policies: ['aws-s3-config-changes'] });

      const receipt = await fire();

      assert.deepEqual([receipt.outcome, receipt.case, receipt.exception], ['held-back', null, 'QUIET1']);
      assert.deepEqual(await store.listCases(), []);
      assert.deepEqual(await trailOf('exception:QUIET1'), ['exception.held']);
      const known = await store.transact((tx) => tx.findAlert('cloudtrail', receipt.sourceId));
      assert.equal(known?.caseId, null);
      assert.ok(known);
    });

    it('lets the same alert, sent again, be a repeat', async () => {
      await quiet({ policies: ['aws-s3-config-changes'] });
      const twice = { sourceId: 'same', fingerprint: 'same' };

      assert.equal((await fire(twice)).outcome, 'held-back');
      assert.equal((await fire(twice)).outcome, 'repeat');
      assert.equal((await theOnly()).held, 1);
    });

    it('does not keep from an open question what joins it: somebody is being asked already', async () => {
      const { case: ref } = await fire();
      await quiet({ policies: ['aws-s3-config-changes'] });

      const same = await fire();
      const more = await fire({ parameters: 'bucketName=invoices&acl=public-read' });

      assert.deepEqual([same.outcome, more.outcome], ['joined', 'joined']);
      assert.equal((await theCase(ref)).deeds?.length, 2);
      assert.equal((await theOnly()).held, 0);
    });

    it('asks about what is graver, and about whoever set it', async () => {
      await quiet({ policies: ['aws-s3-config-changes'], notFor: ['sam.okafor@contoso.example'] });
      const sam = {
        hint: { kind: 'entra', id: 'Sam.Okafor@contoso.example' },
        groupKey: 'aws-s3-config-changes|subject:sam.okafor@contoso.example',
      } as const;

      assert.equal((await fire({}, { severity: 'high' })).outcome, 'opened');
      assert.equal((await fire({}, sam)).outcome, 'opened');
    });

    it('holds back no policy that only watches where it is about another', async () => {
      await quiet({ subjects: ['sam.okafor@contoso.example'] });

      assert.equal((await fire({}, { policy: aPolicy({ stage: 'monitor' }) })).outcome, 'opened');
    });
  });

  it('holds nothing back once it is revoked, even by another replica at this very moment', async () => {
    await quiet({ policies: ['aws-s3-config-changes'] });
    const [read] = await exceptions();
    assert.ok(read);
    await store.transact((tx) => tx.exceptions.revoke('QUIET1', morgan, now()));

    const held = await store.transact((tx) =>
      holdBack(
        // As it was read before the other replica committed.
        { ...tx, exceptions: { ...tx.exceptions, inForce: async () => [read] } },
        anOpening(),
        anAlert(),
        now(),
      ),
    );

    assert.equal(held, null);
    assert.deepEqual(await trailOf('exception:QUIET1'), []);
  });

  it('goes on to the next where one was revoked in the meantime', async () => {
    await quiet({ policies: ['aws-s3-config-changes'] });
    await quiet({ id: 'QUIET2', subjects: [alex.userPrincipalName.toLowerCase() as UserId] });
    await store.transact((tx) => tx.exceptions.revoke('QUIET1', morgan, now()));

    assert.equal((await fire()).exception, 'QUIET2');
  });
});
