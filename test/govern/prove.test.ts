// Proof of a change: two looks that agree, "not yet" on the card until it is true, made again where it is not there, then a person.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { allEnglish, english } from '../helpers/english.ts';
import { createGovernStage, type Stage, type StageOptions } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

describe('the proof of a change', () => {
  let made: MadeUp;
  let stage: Stage;
  const start = async (over: Partial<MadeUp['action']> = {}, options: Partial<StageOptions> = {}) => {
    made = madeUpAction(over);
    stage = await createGovernStage({
      actions: [erased(made.action)],
      offers: {
        one: [['test.thing.close', thing('invoices')]],
        both: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.close', thing('logs')],
        ],
      },
      ...options,
    });
  };
  beforeEach(() => start());
  afterEach(() => stage.close());
  const approved = async (offer = 'one'): Promise<Case> => {
    const about = await stage.open();
    await stage.approve(about, offer);
    return stage.run(about);
  };
  const runOf = async (about: Case) => {
    const [run] = await stage.runs(about);
    assert.ok(run);
    return run;
  };

  it('is two looks, five seconds apart: until the second one nothing is called proven', async () => {
    const about = await approved();

    assert.equal(about.state, 'executing');
    assert.equal((await runOf(about)).state, 'executed');
    assert.deepEqual((await runOf(about)).checks, ['2026-11-21T10:00:00.000Z']);
    assert.equal((await stage.later(about, 4_999)).state, 'executing');
    const done = await stage.later(about, 1);
    assert.equal(done.state, 'contained');
    assert.deepEqual(allEnglish(done.outcome), ['Took effect at 11:00:00 CET, checked twice. It is closed.']);
    assert.deepEqual((await runOf(about)).checks, ['2026-11-21T10:00:00.000Z', '2026-11-21T10:00:05.000Z']);
    assert.deepEqual((await runOf(about)).after, { value: 'closed' });
  });

  it('does not keep the next part of the decision waiting, and ends with the last of them', async () => {
    const about = await approved('both');

    assert.deepEqual(made.calls, ['invoices', 'logs']);
    assert.equal(about.state, 'executing');
    const done = await stage.later(about, 5_000);
    assert.equal(done.state, 'contained');
    assert.deepEqual(
      allEnglish(done.outcome)
        .map((line) => line.slice(0, line.indexOf(':')))
        .toSorted(),
      ['invoices', 'logs'],
    );
  });

  it('is called accepted, and neither proven nor looked at twice, where nothing can be read back', async () => {
    const later = { afterMs: 60_000, says: 'Not yet: it shows tomorrow.' };
    made.looks.push({ kind: 'took-effect', unproven: true, says: 'It was taken in.', followUp: later });
    const about = await approved();

    assert.equal(about.state, 'contained');
    assert.deepEqual(allEnglish(about.outcome), [
      'Accepted at 11:00:00 CET. It was taken in.',
      'Not yet: it shows tomorrow.',
    ]);
    assert.deepEqual(allEnglish((await stage.later(about, 60_000)).outcome), ['It is closed.']);
  });

  it('makes the change again when the second look does not find it, and says so', async () => {
    const about = await approved();
    made.things.set('invoices', 'open');
    const again = await stage.later(about, 5_000);

    assert.deepEqual(allEnglish(again.outcome), ['It did not last: It is open. It is made again.']);
    await stage.later(about, 5_000);
    const done = await stage.later(about, 5_000);
    assert.equal(done.state, 'contained');
    assert.deepEqual(made.calls, ['invoices', 'invoices']);
    assert.equal(done.outcome.length, 1);
    assert.match(english(done.outcome[0] ?? ''), /^Took effect at .*, checked twice/);
  });

  it('gives up on a change that never lasts after it was made three times more', async () => {
    const about = await approved();
    let current = about;
    for (let round = 0; round < 12 && current.state === 'executing'; round++) {
      made.things.set('invoices', 'open');
      current = await stage.later(about, 5_000);
    }

    assert.equal(current.state, 'asking');
    assert.equal(current.question?.approver.kind, 'security');
    assert.equal(made.calls.length, 4);
    assert.match(english(current.toSecurity ?? ''), /did not succeed: It is open\. Trying it again is safe/);
  });

  it('makes a change again that is not found at all, three times', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.looks.push(
      ...Array.from({ length: 20 }, () => ({ kind: 'not-done', says: 'It is open.' }) as const),
    );
    let current = await stage.run(about);
    for (let round = 0; round < 12 && current.state === 'executing'; round++)
      current = await stage.later(about, 5_000);

    assert.equal(made.calls.length, 4);
    assert.equal(current.question?.approver.kind, 'security');
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      // The thing is not as it was, so undo stays possible.
      ['kept'],
    );
  });

  it('never makes a blind change again', async () => {
    await stage.close();
    await start({ effect: 'blind' });
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.looks.push({ kind: 'not-done', says: 'Nothing is to be seen.' });
    const current = await stage.run(about);

    assert.deepEqual(made.calls, ['invoices']);
    assert.equal(current.question?.approver.kind, 'security');
  });

  it('says "not yet" on the card, once for the same words, until it is true', async () => {
    const wait = (says: string) => ({ kind: 'not-yet', says, retryInMs: 10_000 }) as const;
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.looks.push(wait('The sync has not run.'), wait('The sync has not run.'), wait('Not yet: it runs.'));
    const first = await stage.run(about);
    assert.deepEqual(allEnglish(first.outcome), ['Not yet: The sync has not run.']);
    const second = await stage.later(about, 10_000);
    assert.equal(second.version, first.version);
    assert.deepEqual(allEnglish((await stage.later(about, 10_000)).outcome), ['Not yet: it runs.']);
    await stage.later(about, 10_000);
    const done = await stage.later(about, 5_000);

    assert.equal(done.state, 'contained');
    assert.equal(done.outcome.length, 1);
    assert.match(english(done.outcome[0] ?? ''), /checked twice/);
    assert.deepEqual(made.calls, ['invoices']);
  });

  it('takes back that it waits at the first look that succeeds, before the second', async () => {
    let failures = 1;
    await stage.close();
    await start({
      verify: async () => {
        if (failures-- > 0) throw new CountersignError('aws.throttled', 'SlowDown', { retryable: true });
        return { kind: 'took-effect', says: 'It is closed.' };
      },
    });
    const waiting = await approved();
    assert.match(allEnglish(waiting.outcome).join(' '), /AWS asks us to slow down/);

    const about = await stage.later(waiting, 1_000);

    assert.equal((await runOf(about)).checks?.length, 1);
    assert.deepEqual(about.outcome, []);
    assert.equal((await stage.later(about, 5_000)).state, 'contained');
  });

  it('hands "not yet" to a person after forty looks', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.looks.push(
      ...Array.from({ length: 60 }, () => ({ kind: 'not-yet', says: 'Waiting.', retryInMs: 1_000 }) as const),
    );
    let current = await stage.run(about);
    for (let round = 1; round < 39; round++) current = await stage.later(about, 1_000);
    assert.equal(current.state, 'executing');
    current = await stage.later(about, 1_000);

    assert.equal(current.question?.approver.kind, 'security');
    assert.equal(current.troubles?.[0]?.code, 'govern.not-found-in-the-world');
    assert.deepEqual(made.calls, ['invoices']);
  });

  it('makes again what was seen in effect once and then is not, whatever the vendor calls it, and asks a person after three times', async () => {
    const reading = async ({ target }: { readonly target: { readonly name: string } }) =>
      made.things.get(target.name) === 'closed'
        ? ({ kind: 'took-effect', says: 'It is closed.' } as const)
        : ({ kind: 'not-yet', says: 'It is shown as open.', retryInMs: 1_000 } as const);
    await stage.close();
    await start({ verify: reading });
    const about = await approved();
    made.things.set('invoices', 'open');
    const again = await stage.later(about, 5_000);
    assert.deepEqual(allEnglish(again.outcome), ['It did not last: It is shown as open. It is made again.']);
    let current = await stage.later(about, 5_000);
    assert.deepEqual(made.calls, ['invoices', 'invoices']);
    for (let round = 0; round < 12 && current.state === 'executing'; round++) {
      made.things.set('invoices', 'open');
      current = await stage.later(about, 5_000);
    }

    assert.equal(made.calls.length, 4);
    assert.equal(current.question?.approver.kind, 'security');
    // Nobody is kept from containing it.
    const other = await stage.open();
    await stage.approve(other, 'one');
    await stage.run(other);
    assert.equal((await stage.later(other, 5_000)).state, 'contained');
  });

  it('begins the looks anew for a blind change where one replica knew and the next one does not', async () => {
    await stage.close();
    await start({ effect: 'blind' });
    const about = await approved();
    made.looks.push({ kind: 'not-yet', says: 'Not here.', retryInMs: 1_000 });
    await stage.later(about, 5_000);
    assert.deepEqual((await runOf(about)).checks, []);
    await stage.later(about, 1_000);
    const done = await stage.later(about, 5_000);

    assert.equal(done.state, 'contained');
    assert.deepEqual(made.calls, ['invoices']);
    assert.deepEqual((await runOf(about)).checks?.length, 2);
  });

  it('hands "not yet" to a person after half an hour in all, however often it was made again, and frees the target', async () => {
    const minutes = (count: number) => count * 60_000;
    const wait = { kind: 'not-yet', says: 'Waiting.', retryInMs: minutes(10) } as const;
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.looks.push(wait, wait, { kind: 'took-effect', says: 'It is closed.' }, wait);
    made.looks.push({ kind: 'not-done', says: 'It is open.' }, wait, wait);
    await stage.run(about);
    await stage.later(about, minutes(10));
    await stage.later(about, minutes(10));
    await stage.later(about, minutes(5));
    assert.equal((await stage.later(about, minutes(4))).state, 'executing');
    assert.equal(made.calls.length, 2);
    const handed = await stage.later(about, minutes(10));

    assert.equal(handed.question?.approver.kind, 'security');
    assert.equal(handed.troubles?.[0]?.code, 'govern.not-found-in-the-world');
    made.things.set('invoices', 'open');
    const other = await stage.open();
    await stage.approve(other, 'one');
    assert.doesNotMatch(allEnglish((await stage.run(other)).outcome).join(' '), /Waiting for case/);
  });

  it('keeps proving what was done while a later part has failed and a person has taken over', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    await stage.step();
    made.errors.push(new CountersignError('aws.forbidden', 'AccessDenied', { say: 'It is not allowed.' }));
    const asked = await stage.run(about);

    assert.equal(asked.state, 'asking');
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      ['executed', 'failed'],
    );
    const later = await stage.later(about, 5_000);
    assert.equal(later.state, 'asking');
    assert.deepEqual(
      (await stage.runs(about)).map((run) => run.state),
      ['verified', 'failed'],
    );
    assert.match(allEnglish(later.outcome).join('\n'), /invoices: Took effect at .*, checked twice/);
  });

  it('is not two looks that saw different things: undo would compare with what nobody saw last', async () => {
    const seen = { kind: 'took-effect', says: 'It is closed.' } as const;
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.looks.push(seen, seen, seen);
    await stage.run(about);
    made.things.set('invoices', 'closed for good');
    assert.equal((await stage.later(about, 5_000)).state, 'executing');
    assert.equal((await stage.later(about, 5_000)).state, 'contained');
    assert.deepEqual((await runOf(about)).after, { value: 'closed for good' });
    assert.deepEqual((await runOf(about)).checks, ['2026-11-21T10:00:05.000Z', '2026-11-21T10:00:10.000Z']);
  });

  it('tells the person who has taken over what of it does not last, and makes nothing again by itself', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    await stage.step();
    made.errors.push(new CountersignError('aws.forbidden', 'AccessDenied', { say: 'It is not allowed.' }));
    const asked = await stage.run(about);
    made.things.set('invoices', 'open');
    const later = await stage.later(about, 5_000);

    assert.deepEqual(made.calls, ['invoices']);
    assert.equal(later.state, 'asking');
    assert.equal(later.question?.id, asked.question?.id);
    assert.match(
      allEnglish(later.outcome).join('\n'),
      /invoices: "Close the thing" did not succeed: It is open\./,
    );
    assert.equal(later.troubles?.length, 2);
  });

  it('tells the security team what of it is not there, though what was wanted holds', async () => {
    const look = { kind: 'took-effect', says: 'It is shut.', lacks: 'The lock is still broken.' } as const;
    made.looks.push(look, look);

    const done = await stage.later(await approved(), 5_000);

    assert.equal(done.state, 'contained');
    assert.deepEqual(
      done.troubles?.map(({ code, message }) => [code, message]),
      [['govern.in-part', 'The lock is still broken.']],
    );
  });

  it('goes on with the question where an action only asked or told somebody', async () => {
    await stage.close();
    await start({ informs: true });
    const about = await stage.open({ groupKey: 'policy|alex' });
    await stage.approve(about, 'one');
    await stage.run(about);
    const asked = await stage.later(about, 5_000);

    assert.equal(asked.state, 'asking');
    assert.equal(asked.groupKey, 'policy|alex');
    assert.equal(asked.question?.approver.kind, 'person');
    assert.match(allEnglish(asked.outcome).join(' '), /It is closed\./);
    // No verdict is written anywhere, and the targets are free.
    const other = await stage.open();
    await stage.approve(other, 'both');
    assert.equal((await stage.run(other)).state, 'executing');
  });

  it('is contained where something was done beside what only informs', async () => {
    await stage.close();
    const telling = madeUpAction({ id: 'test.thing.tell', informs: true, strength: 0 });
    await start({}, {});
    await stage.close();
    stage = await createGovernStage({
      actions: [erased(made.action), erased(telling.action)],
      offers: {
        both: [
          ['test.thing.close', thing('invoices')],
          ['test.thing.tell', thing('logs')],
        ],
      },
      recheckMs: 0,
    });
    const about = await stage.open();
    await stage.approve(about, 'both');

    assert.equal((await stage.run(about)).state, 'contained');
  });

  it('waits for its turn without doing anything', async () => {
    const first = await stage.open();
    const second = await stage.open();
    await stage.approve(first, 'one');
    await stage.approve(second, 'one');
    const waiting = await stage.run(second);
    assert.deepEqual(made.calls, ['invoices']);
    assert.equal(waiting.state, 'executing');
    assert.match(allEnglish(waiting.outcome).join(' '), new RegExp(`^Waiting for case ${first.ref}`));
    // It looks by itself now and then, and sees that it is not its turn.
    made.looks.push({ kind: 'not-yet', says: 'Not here.', retryInMs: 60_000 });
    await stage.later(second, 5_000);
    await stage.later(second, 30_000);
    assert.deepEqual(
      (await stage.runs(second)).map((run) => run.state),
      ['pending'],
    );
    assert.deepEqual(made.calls, ['invoices']);
    await stage.later(first, 60_000);

    const done = await stage.later(first, 5_000);
    assert.equal(done.state, 'contained');
    // What is so already is nothing to decide anew about.
    const second2 = await stage.store.readCase(second.id);
    assert.deepEqual(allEnglish(second2?.outcome ?? []), ['It was already so: It is closed.']);
    assert.equal(second2?.state, 'contained');
    assert.deepEqual(made.calls, ['invoices']);
  });
});
