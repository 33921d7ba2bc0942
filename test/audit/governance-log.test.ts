import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { eventOf, LEFT_OUT } from '../../src/audit/governance-events.ts';
import { governanceLog, logLine } from '../../src/audit/governance-log.ts';
import { ACTIVITY_OF, ocsfEvent } from '../../src/audit/ocsf.ts';
import type { Verb } from '../../src/case/case.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
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

/** Entries about what became of an alert, a card or a case are no part of the log. */
const GOVERNING = /^(?:question|decision|run|security|subject|exception|delegation)\./;

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

    for (const record of governanceLog(about, await test.store.runsOf(about.id), erased, testWords)) {
      assert.equal(record.by, null);
      assert.doesNotMatch(logLine(record), /Alex|Morgan|Priya|undefined/);
    }
  });

  it('says who took an answer back, kept what was contained, or passed the question on, and to whom', async () => {
    const { about } = await log();
    const [entry] = await test.store.entriesOf(about.id);
    assert.ok(entry);
    const by = { id: people.morgan.id, name: 'Morgan Reyes' };
    const decision = (verb: string, facts: object = {}, personal: object = {}): AuditEntry =>
      ({
        ...entry,
        kind: `decision.${verb}`,
        facts: { verb, ...facts },
        personal: { actor: by, personal },
      }) as AuditEntry;

    const records = governanceLog(
      about,
      [],
      [
        decision('correct'),
        decision('keep'),
        decision('reassign', {}, { to: { name: 'Priya Nair' } }),
        decision('approve', { offer: 'contain', onTimeOut: 'contain' }),
      ],
      testWords,
    );

    assert.deepEqual(
      records.map(({ event, by: who, says }) => [event, who?.name, says.join()]),
      [
        ['decided', 'Morgan Reyes', 'correct'],
        ['decided', 'Morgan Reyes', 'keep'],
        ['decided', 'Morgan Reyes', 'reassign to Priya Nair'],
        ['decided', 'Morgan Reyes', 'approve contain, as nobody had answered in time'],
      ],
    );
  });

  it('keeps a dry run apart from what was done, and says what was planned', async () => {
    const { about } = await log();
    const [run] = await test.store.runsOf(about.id);
    const entry = (await test.store.entriesOf(about.id)).find(({ kind }) => kind === 'run.verified');
    assert.ok(run && entry);
    const tried = { ...entry, facts: { ...entry.facts, dryRun: true } };

    const [record] = governanceLog(about, [run], [tried], testWords);

    assert.ok(record);
    assert.equal(record.event, 'dry-run');
    assert.match(record.says.join(' '), /public access blocks/);
    const { activity_name: activity, status } = ocsfEvent(record, about.severity);
    assert.deepEqual([activity, status], ['dry-run', 'dry-run']);
  });

  it('names what was acted on as others know it', async () => {
    const { records } = await log();

    const done = records.find(({ action }) => action === 'aws.s3.make-bucket-private');
    assert.equal(done?.targetKey, 'bucket:123456789012:contoso-invoices');
  });

  it('says of a proposal which action it is, and on what', async () => {
    const proposing = await test.open('mass-download');
    await test.say(people.yuki, `propose ${proposing.ref} entra.user.confirm-compromised`);

    const entries = await test.store.entriesOf(proposing.id);
    const record = governanceLog(proposing, [], entries, testWords).find(({ event }) => event === 'proposed');

    assert.equal(record?.action, 'entra.user.confirm-compromised');
    assert.equal(record.target, 'Alex Weber');
  });

  it('has what is about no case as well, such as a policy that is kept quiet', async () => {
    await test.say(people.yuki, 'quiet policy aws-s3-bucket-public until tomorrow because we move house');
    const heads = await test.store.heads();
    const chain = heads.find(({ caseId }) => caseId.startsWith('exception:'));
    assert.ok(chain);

    const [record] = governanceLog(null, [], await test.store.entriesOf(chain.caseId), testWords);

    assert.deepEqual([record?.event, record?.case, record?.by?.name], ['excepted', null, 'Yuki Mori']);
    assert.ok(record && logLine(record).includes('we move house'));
  });

  it('knows every kind of entry of the trail that is about governance, or leaves it out on purpose', () => {
    const source = globSync('src/**/*.ts').filter((file) => !file.startsWith('src/audit/'));
    const kinds = source.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /\bkind: (?:\w+ \? '([a-z]+\.[a-z-]+)' : )?'([a-z]+\.[a-z-]+)'/g,
        ),
      ].flatMap(([, one = '', other = '']) => [one, other]),
    );
    const verbs = Object.keys({
      ...{ approve: 0, dismiss: 0, escalate: 0, undo: 0, reassign: 0, keep: 0, correct: 0 },
    } satisfies Record<Verb, number>).map((verb) => `decision.${verb}`);

    assert.ok(kinds.length > 20);
    for (const kind of [...kinds, ...verbs].filter((one) => GOVERNING.test(one)))
      assert.ok(eventOf(kind, false) !== null || LEFT_OUT.includes(kind), kind);
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

    it('knows what every action does, and nothing else', () =>
      assert.deepEqual(Object.keys(ACTIVITY_OF).toSorted(), [...ACTIONS.keys()].toSorted()));

    it('names the profile that who did it comes with', async () => {
      const { about, records } = await log();

      for (const record of records) {
        const { actor, metadata } = ocsfEvent(record, about.severity) as {
          readonly actor?: object;
          readonly metadata: { readonly profiles?: readonly string[] };
        };
        assert.deepEqual(metadata.profiles, actor && ['host']);
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
