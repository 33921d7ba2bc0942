import assert from 'node:assert/strict';
import { z } from 'zod';
import { governanceLog, logLine } from '../../src/audit/governance-log.ts';
import { ocsfEvent } from '../../src/audit/ocsf.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp, type TestApp } from '../helpers/app.ts';
import { testWords } from '../helpers/english.ts';

/** What OCSF 1.3.0 requires of the class, and the values that it knows. */
const eventSchema = z.object({
  class_uid: z.literal(7001),
  category_uid: z.literal(7),
  activity_id: z.literal([1, 2, 3, 4, 99]),
  type_uid: z.int(),
  time: z.int(),
  severity_id: z.literal([1, 2, 3, 4, 5]),
  status_id: z.literal([1, 2, 99]),
  command_uid: z.string().min(1),
  metadata: z.object({
    version: z.literal('1.3.0'),
    product: z.object({ name: z.string().min(1), vendor_name: z.string().min(1) }),
  }),
});

describe('the governance log of a case', () => {
  let test: TestApp;
  let ref: string;
  before(async () => {
    test = await createTestApp();
    ref = (await test.open('bucket-public')).ref;
    await test.say(people.priya, `approve ${ref} contain`);
    await test.say(people.morgan, `approve ${ref} contain please be quick`);
    await test.say(people.morgan, `approve ${ref} contain`);
    await test.settled(ref);
    await test.say(people.morgan, `undo ${ref}`);
    await test.settled(ref);
  });
  after(() => test.close());

  const log = async () => {
    const about = await test.store.findCase(ref);
    assert.ok(about);
    const records = governanceLog(
      about,
      await test.store.runsOf(about.id),
      await test.store.entriesOf(about.id),
      testWords,
    );
    return { about, records };
  };
  const only = async (event: string) => (await log()).records.filter((one) => one.event === event);

  it('says in order who was asked, who decided, what was begun, done, proven and undone', async () => {
    const { records } = await log();

    const events = records.map(({ event }) => event);
    const order = ['asked', 'decided', 'started', 'done', 'verified', 'decided', 'undo-started', 'undone'];
    let at = -1;
    for (const event of order) {
      at = events.indexOf(event as (typeof events)[number], at + 1);
      assert.ok(at >= 0, `${event} is missing or out of order in ${events.join(' ')}`);
    }
  });

  it('names who was asked and why, with what each button would have done', async () => {
    const [asked] = await only('asked');

    assert.equal(asked?.by?.name, 'Countersign');
    assert.match(asked?.says[0] ?? '', /^Morgan Reyes: Morgan Reyes is .*manager/);
    assert.match(asked?.says.join('\n') ?? '', /Make private: .*public access blocks/);
  });

  it('names who decided what', async () => {
    const [approved] = await only('decided');

    assert.equal(approved?.by?.name, 'Morgan Reyes');
    assert.deepEqual(approved?.says, ['approve contain', 'please be quick']);
  });

  it('says for each run what was shown, the proof, and the request ids of what was done', async () => {
    const started = await only('started');
    const done = await only('done');
    const verified = await only('verified');

    const bucket = started.find(({ action }) => action === 'aws.s3.make-bucket-private');
    assert.ok(bucket?.says.some((sentence) => /four public access blocks/.test(sentence)));
    assert.equal(bucket?.target, 'contoso-invoices');
    assert.ok(done.every(({ requestIds }) => requestIds.length > 0));
    const proof = verified.find(({ action }) => action === 'aws.s3.make-bucket-private')?.says.join(' ');
    assert.match(proof ?? '', /Took effect at \d{4}-\d\d-\d\dT[\d:.]+Z, checked twice/);
  });

  it('says what was waited for, and when it went on', async () => {
    const { about } = await log();
    const [run] = await test.store.runsOf(about.id);
    const [entry] = await test.store.entriesOf(about.id);
    assert.ok(run && entry);
    const entryOf = (kind: string, code?: string, says?: string): AuditEntry => ({
      ...entry,
      kind,
      facts: { run: run.id, ...(code && { code }) },
      personal: { actor: { id: 'countersign', name: 'Countersign' }, personal: says ? { says } : null },
    });
    const records = governanceLog(
      about,
      [run],
      [
        entryOf('run.paused', 'aws.throttled'),
        entryOf('run.resumed'),
        entryOf('run.not-yet', undefined, 'Not yet: it runs.'),
        entryOf('run.again', undefined, 'It did not last.'),
      ],
      testWords,
    );

    assert.deepEqual(
      records.map(({ event, action, says }) => [event, action, says.join(' ')]),
      [
        ['waiting', run.action, 'It is tried again by itself. aws.throttled'],
        ['waiting', run.action, 'It goes on.'],
        ['waiting', run.action, 'Not yet: it runs.'],
        ['waiting', run.action, 'It did not last.'],
      ],
    );
  });

  it('keeps who tried without being asked', async () => {
    const [refused] = await only('refused');

    assert.equal(refused?.by?.name, people.priya.displayName);
    assert.deepEqual(refused?.says, ['decide.not-asked']);
  });

  it('is one line a record for people to read, without marks for times', async () => {
    const { records } = await log();

    for (const record of records) {
      assert.doesNotMatch(logLine(record), /\{time:|\n/);
      assert.ok(logLine(record).includes(ref));
    }
  });

  it('no longer names a person who was erased from the trail', async () => {
    const { about } = await log();
    const entries = await test.store.entriesOf(about.id);

    const erased = entries.map((entry) => ({ ...entry, personal: null, salt: null }));

    for (const record of governanceLog(about, [], erased, testWords)) assert.equal(record.by, null);
  });

  it('can be read on from where somebody stopped', async () => {
    const { about } = await log();
    const all = await test.store.entriesOf(about.id);

    const rest = await test.store.entriesOf(about.id, all[2]?.seq);

    assert.deepEqual(rest, all.slice(3));
  });

  describe('as OCSF events', () => {
    it('has what the class Remediation Activity of OCSF 1.3.0 requires', async () => {
      const { about, records } = await log();

      for (const record of records) {
        const event = eventSchema.parse(ocsfEvent(record, about.severity));
        assert.equal(event.type_uid, 7001 * 100 + event.activity_id);
        assert.equal(event.time, Date.parse(record.at));
      }
    });

    it('tells what was shut out from what was put back, and success from failure', async () => {
      const { about, records } = await log();
      const events = records.map((record) => ({ record, event: ocsfEvent(record, about.severity) }));

      const verified = events.find(
        ({ record }) => record.event === 'verified' && record.action?.startsWith('aws.s3'),
      );
      const undone = events.find(({ record }) => record.event === 'undone');
      const refused = events.find(({ record }) => record.event === 'refused');
      assert.deepEqual([verified?.event.activity_name, verified?.event.status], ['Harden', 'Success']);
      assert.deepEqual([undone?.event.activity_name, undone?.event.status], ['Restore', 'Success']);
      assert.equal(refused?.event.status, 'Failure');
    });

    it('gives each record an id that stays the same, and the case as what belongs together', async () => {
      const { about, records } = await log();
      const ids = records.map((record) => {
        const { uid, correlation_uid } = ocsfEvent(record, about.severity).metadata as Record<string, string>;
        assert.equal(correlation_uid, about.ref);
        return uid;
      });

      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(
        (await log()).records.map(({ uid }) => uid),
        ids,
      );
    });
  });
});
