// Every failure has its words for whoever decided and for the operator, and says whether trying it again is safe.

import assert from 'node:assert/strict';
import { translateAwsError } from '../../src/adapters/aws/aws-error.ts';
import { refusalError } from '../../src/adapters/graph/errors.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { Run } from '../../src/case/run.ts';
import {
  FAILURES,
  failureKind,
  managerWords,
  pauseLine,
  withoutPauses,
  withTrouble,
} from '../../src/govern/failure.ts';
import { allEnglish, english, inLanguage } from '../helpers/english.ts';
import { createGovernStage, type Stage } from '../helpers/govern-stage.ts';
import { erased, type MadeUp, madeUpAction, thing } from '../helpers/made-up-action.ts';

describe('the words of a failure', () => {
  for (const [code, kind] of [
    ['graph.forbidden', 'missing-permission'],
    ['graph.unauthorised', 'missing-permission'],
    ['aws.forbidden', 'missing-permission'],
    ['aws.not-listed', 'missing-permission'],
    ['aws.not-allowed', 'missing-permission'],
    ['govern.out-of-bounds', 'protected'],
    ['govern.refused-at-execution', 'protected'],
    ['graph.not-found', 'gone'],
    ['aws.no-such-bucket', 'gone'],
    ['aws.gone', 'gone'],
    ['aws.unauthorised', 'missing-permission'],
    ['aws.denied', 'protected'],
    ['graph.throttled', 'throttled'],
    ['aws.throttled', 'throttled'],
    ['graph.unavailable', 'timed-out'],
    ['aws.unavailable', 'timed-out'],
    ['aws.refused', 'refused'],
    ['graph.conflict', 'refused'],
    ['govern.not-found-in-the-world', 'not-in-effect'],
    ['govern.outcome-unknown', 'unknown-outcome'],
    ['what.nobody-knows', 'refused'],
  ] as const)
    it(`are those of "${kind}" for ${code}`, () => assert.equal(failureKind(code), kind));

  for (const [kind, { happened, next, retrySafe }] of Object.entries(FAILURES))
    it(`are whole sentences for "${kind}", and say whether trying it again is safe`, () => {
      for (const sentence of [happened, next]) assert.match(english(sentence), /^[A-Z].*\.$/);
      assert.match(english(next), retrySafe ? /trying it again is safe/i : /before trying it again/);
    });

  it('never promise another try beside saying that there is none, whatever the vendor said', () => {
    const refusal = { status: 429, code: 'TooManyRequests', message: '', requestId: 'r', retryAfter: null };
    const slow = Object.assign(new Error('Rate'), { name: 'Throttling', $metadata: { httpStatusCode: 400 } });
    for (const error of [
      refusalError(refusal, 'GET /users', { permissions: [] }, 0),
      refusalError({ ...refusal, status: 503 }, 'GET /users', { permissions: [] }, 0),
      translateAwsError(slow, { operation: 'PutBucketPolicy', account: '123456789012' }),
    ]) {
      const words = english(managerWords(error));
      assert.match(words, /not tried any more by itself/);
      assert.equal(words.match(/by itself|by ourselves/g)?.length, 1, words);
    }
  });

  it('never say that nothing was changed because one call was refused: others may have gone through', () => {
    for (const name of [
      'AccessDenied',
      'AccessControlListNotSupported',
      'LimitExceeded',
      'UnmodifiableEntity',
    ]) {
      const refused = Object.assign(new Error('Access Denied'), { name, $metadata: { httpStatusCode: 403 } });
      const place = { account: '123456789012', bucket: 'invoices' };
      const { say } = translateAwsError(refused, { operation: 'PutPublicAccessBlock', ...place });
      assert.doesNotMatch(english(say), /nothing was changed/, name);
    }
  });

  it('begin with what the port says happened, and never say nothing', () => {
    const said = {
      code: 'aws.forbidden',
      message: 'AccessDenied',
      say: 'It is not allowed.',
      requestId: 'r',
    };
    assert.match(english(managerWords(said)), /^It is not allowed\. Trying it again is safe/);
    assert.match(english(managerWords({ ...said, say: '' })), /^Countersign is not allowed to do this\. /);
    assert.equal(
      inLanguage('de', managerWords({ ...said, say: '' })),
      'Countersign darf das nicht. Ein neuer Versuch schadet nicht und hilft, sobald das behoben ist.',
    );
  });

  it('name who asks us to wait, and only where somebody outside does', () => {
    assert.equal(
      english(pauseLine({ code: 'aws.throttled' }) ?? ''),
      'AWS asks us to slow down. It goes on by itself.',
    );
    assert.equal(
      english(pauseLine({ code: 'graph.unavailable' }) ?? ''),
      'Microsoft does not answer. It goes on by itself.',
    );
    assert.equal(pauseLine({ code: 'store.busy' }), null);
    assert.equal(pauseLine({ code: 'aws.forbidden' }), null);
    assert.equal(pauseLine({ code: 'govern.not-yet' }), null);
    assert.deepEqual(withoutPauses(['Done.', pauseLine({ code: 'aws.throttled' }) ?? '']), ['Done.']);
    // As it stands in cases from before words were kept as messages.
    assert.deepEqual(withoutPauses(['Done.', 'AWS asks us to slow down. It goes on by itself.']), ['Done.']);
  });

  it('keep the operator the latest twenty, cut to length', () => {
    const run = { action: 'a', target: thing('invoices') } as unknown as Run;
    let troubles: Case['troubles'];
    for (let count = 0; count < 25; count++)
      troubles = withTrouble(
        troubles,
        run,
        { code: `c${count}`, message: 'x'.repeat(2_000), say: '', requestId: undefined },
        '2026-11-21T10:00:00.000Z',
      );

    assert.equal(troubles?.length, 20);
    assert.equal(troubles?.at(-1)?.code, 'c24');
    assert.equal(english(troubles?.[0]?.message ?? '').length, 500);
  });
});

describe('a change that fails', () => {
  let made: MadeUp;
  let stage: Stage;
  const start = async (over: Partial<MadeUp['action']> = {}): Promise<void> => {
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
      recheckMs: 0,
    });
  };
  beforeEach(() => start());
  afterEach(() => stage.close());
  const throttled = () =>
    new CountersignError('aws.throttled', 'PutBucketPolicy: SlowDown', {
      say: 'AWS asks us to slow down.',
      retryable: true,
      requestId: 'r-1',
    });
  const denied = () =>
    new CountersignError('aws.forbidden', 'PutBucketPolicy: AccessDenied', {
      say: 'Countersign is not allowed to do this in AWS account 123456789012.',
      requestId: 'r-9',
    });

  it('is told to the security team in words, and to the operator with code, vendor words and request id', async () => {
    const about = await stage.open();
    await stage.approve(about, 'both');
    made.errors.push(denied());
    const asked = await stage.run(about);

    assert.equal(asked.question?.approver.kind, 'security');
    assert.match(
      english(asked.toSecurity ?? ''),
      /^"Close the thing" did not succeed: Countersign is not allowed to do this in AWS account 123456789012\. Trying it again is safe/,
    );
    assert.deepEqual(asked.troubles, [
      {
        at: '2026-11-21T10:00:00.000Z',
        action: 'test.thing.close',
        target: 'invoices',
        code: 'aws.forbidden',
        message: 'PutBucketPolicy: AccessDenied',
        requestId: 'r-9',
      },
    ]);
    assert.deepEqual(
      (await stage.runs(about)).map((run) => [run.state, english(run.says ?? '').slice(0, 12)]),
      [
        ['failed', 'Countersign '],
        ['failed', 'Not started:'],
      ],
    );
    assert.deepEqual(made.calls, []);
  });

  it('says once that a throttled call is tried again, and takes that back when it goes on', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.errors.push(throttled(), throttled());
    const paused = await stage.run(about);
    assert.deepEqual(allEnglish(paused.outcome), ['AWS asks us to slow down. It goes on by itself.']);
    assert.equal((await stage.later(about, 1_000)).version, paused.version);
    const done = await stage.later(about, 1_000);

    assert.equal(done.state, 'contained');
    assert.equal(done.outcome.length, 1);
    assert.match(english(done.outcome[0] ?? ''), /checked twice/);
    assert.equal(done.troubles, undefined);
  });

  it('does not go on saying that it waits while the proof is still to come', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.errors.push(throttled());
    await stage.run(about);
    stage.clock.at += 1_000;
    const step = await stage.step();

    assert.equal(step?.kind, 'act');
    assert.deepEqual((await stage.store.readCase(about.id))?.outcome, []);
  });

  it('is tried ten times where it may pass, and is then a person’s', async () => {
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.errors.push(...Array.from({ length: 12 }, throttled));
    let current = await stage.run(about);
    for (let round = 1; round < 10; round++) {
      assert.equal(current.state, 'executing', `try ${round}`);
      current = await stage.later(about, 1_000);
    }

    assert.equal(current.question?.approver.kind, 'security');
    assert.equal(current.troubles?.[0]?.code, 'aws.throttled');
    assert.ok(!allEnglish(current.outcome).includes('AWS asks us to slow down. It goes on by itself.'));
  });

  it('is never repeated where it must not be: without an answer it goes to a person, who is told to look first', async () => {
    await stage.close();
    await start({ effect: 'blind' });
    const about = await stage.open();
    await stage.approve(about, 'one');
    made.errors.push(new CountersignError('graph.unavailable', 'no answer in time', { retryable: true }));
    await stage.run(about);
    const asked = await stage.later(about, 1_000);

    assert.equal(asked.question?.approver.kind, 'security');
    assert.match(
      english(asked.toSecurity ?? ''),
      /Its outcome is not known\. It may have happened: look before trying it again/,
    );
    assert.deepEqual(made.calls, []);
    assert.equal(asked.troubles?.[0]?.code, 'govern.outcome-unknown');
  });
});
