// Contained before anybody has answered: what the operator listed and can be put back, under the limits of people; and what follows.
import assert from 'node:assert/strict';
import type { Asking } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import { settings as usual } from '../helpers/cases.ts';
import { allEnglish, english } from '../helpers/english.ts';
import type { StageOptions } from '../helpers/govern-stage.ts';
import { CLOSE, createLife, DAY, HOUR, type Life, MINUTE, patience, withAsking } from './life.ts';

const contains: Partial<Asking> = { contain: 'close', onTimeOut: 'contain' };
const allowed = withAsking({ containFirst: [CLOSE] });
const states = async (life: Life, about: Case) => (await life.stage.runs(about)).map(({ state }) => state);

describe('contain first', () => {
  let life: Life;
  afterEach(() => life.close());
  /** Four hours of silence about something of high severity. */
  const afterSilence = async (
    options: Partial<StageOptions> = {},
    over: Partial<Case> = {},
  ): Promise<Case> => {
    life = await createLife({ settings: allowed, ...options });
    return life.pass(await life.open('high', contains, over), 4 * HOUR + MINUTE);
  };

  it('is done by the system, proven, and the question goes on with whoever was asked', async () => {
    const about = await afterSilence();

    assert.deepEqual(life.made.calls, ['invoices']);
    assert.deepEqual(
      [about.state, about.question?.approver.kind, about.toSecurity],
      ['asking', 'person', null],
    );
    const decisions = about.decisions.map(({ verb, offer, by }) => [verb, offer, by.kind]);
    assert.deepEqual(decisions, [['approve', 'close', 'system']]);
    assert.equal(about.containedFirst?.decision, 0);
    assert.match(allEnglish(about.outcome).join(' '), /It is closed\./);
    assert.ok(!about.groupKey.includes('claimed'), 'repeats join it again');
    const kinds = (await life.stage.trail()).map(({ kind }) => kind);
    assert.ok(kinds.indexOf('run.executing') > kinds.indexOf('decision.approve'));
  });

  it('is done by whoever runs by then', async () => {
    life = await createLife({ settings: allowed });
    const opened = await life.open('high', contains);

    const about = await life.pass(opened, 5 * HOUR, true);

    assert.deepEqual(life.made.calls, ['invoices']);
    assert.equal(about.containedFirst?.decision, 0);
  });

  it('is done within a minute where it cannot wait', async () => {
    const at = { remindMs: MINUTE, escalateMs: MINUTE, timeOutMs: MINUTE };
    life = await createLife({ settings: withAsking({ containFirst: [CLOSE], ...patience('critical', at) }) });

    await life.pass(await life.open('critical', contains), MINUTE);

    assert.deepEqual(life.made.calls, ['invoices']);
  });

  it('is not done for the silence of the person in question: the manager is asked first, and has time', async () => {
    life = await createLife({ settings: allowed });
    const opened = await life.open('high', { ...contains, subjectFirst: true });

    const asked = await life.pass(opened, HOUR + 2 * MINUTE);
    assert.deepEqual(life.made.calls, []);
    assert.deepEqual([asked.state, asked.question?.approver.kind], ['asking', 'person']);
    await life.pass(opened, 4 * HOUR);

    assert.deepEqual(life.made.calls, ['invoices']);
  });

  it('is done at night, late, where nothing ran at the time', async () => {
    life = await createLife({ settings: allowed });
    const opened = await life.open('medium', contains);

    life.stage.clock.at += 7 * DAY + 14 * HOUR;
    await life.stage.run(opened);

    assert.deepEqual(life.made.calls, ['invoices']);
  });

  it('is released by "expected"', async () => {
    const about = await afterSilence();

    // From high severity that takes two people.
    await life.stage.answer(about, { verb: 'dismiss' });
    const asked = await life.stage.run(about);
    await life.stage.answer(asked, { verb: 'dismiss' }, 'security');
    const released = await life.pass(about, HOUR);

    assert.deepEqual(life.made.calls, ['invoices', '-invoices']);
    assert.equal(released.state, 'undone');
  });

  it('stays by "keep", and can be undone afterwards', async () => {
    const about = await afterSilence();

    await life.stage.answer(about, { verb: 'keep' });
    const kept = await life.pass(about, HOUR);
    assert.equal(kept.state, 'contained');
    const count = life.cards.length;
    await life.pass(about, 10 * DAY);
    assert.equal(life.cards.length, count);

    await life.stage.undo(kept);
    const first = await life.stage.run(about);
    if (first.state === 'contained') await life.stage.answer(first, { verb: 'undo' });
    await life.stage.run(about);
    assert.deepEqual(life.made.calls, ['invoices', '-invoices']);
  });

  it('happens once: silence after that goes to the security team, and closes nothing', async () => {
    const about = await afterSilence();

    const month = await life.pass(about, 30 * DAY, true);

    assert.deepEqual(life.made.calls, ['invoices']);
    assert.deepEqual([month.state, month.question?.approver.kind], ['asking', 'security']);
    assert.equal(month.decisions.length, 1);
    assert.equal(month.containedFirst?.decision, 0);
  });

  it('goes to the security team where it fails, and is not tried again', async () => {
    life = await createLife({ settings: allowed });
    life.made.errors.push(new CountersignError('graph.forbidden', 'no', { say: 'Entra refused it.' }));

    const about = await life.pass(await life.open('high', contains), 10 * DAY);

    assert.deepEqual(life.made.calls, []);
    assert.deepEqual(await states(life, about), ['failed']);
    assert.match(english(about.toSecurity ?? ''), /did not succeed/);
    assert.equal(about.containedFirst, undefined);
  });

  it('is no second time where it was so already: there is nothing to release', async () => {
    life = await createLife({ settings: allowed });
    const opened = await life.open('high', contains);
    life.made.looks.push({ kind: 'took-effect', says: 'It was closed.' });
    life.made.things.set('invoices', 'closed');

    const about = await life.pass(opened, 5 * HOUR);

    assert.deepEqual(life.made.calls, []);
    assert.equal(about.containedFirst, undefined);
    assert.equal(about.state, 'asking');
  });

  it('is planned afresh and done a minute later where the world had changed meanwhile', async () => {
    life = await createLife({ settings: allowed });
    const opened = await life.open('high', contains);
    life.made.things.set('invoices', 'ajar');

    const asked = await life.pass(opened, 4 * HOUR + 30_000);
    assert.deepEqual([asked.state, asked.voids, life.made.calls.length], ['asking', 1, 0]);
    const about = await life.pass(opened, MINUTE);

    assert.deepEqual(life.made.calls, ['invoices']);
    assert.equal(about.containedFirst?.decision, 1);
    assert.deepEqual(await states(life, about), ['void', 'verified']);
  });

  const LIMITS: readonly (readonly [string, Partial<StageOptions>, RegExp])[] = [
    ['the action', { chase: { deciding: { capOf: () => 0 } } }, /limit is 0 an hour/],
    [
      'one approver, whom the system is not above',
      { settings: { ...allowed, governance: { ...usual.governance, approverCapPerHour: 0 } } },
      /limit is 0 an hour/,
    ],
  ];
  for (const [what, options, says] of LIMITS)
    it(`goes to the security team instead at the limit of ${what}`, async () => {
      const about = await afterSilence(options);

      assert.deepEqual(life.made.calls, []);
      assert.deepEqual(await states(life, about), []);
      assert.match(english(about.toSecurity ?? ''), /^Nobody answered in time: .* Nothing was done first: /);
      assert.match(english(about.toSecurity ?? ''), says);
      assert.deepEqual(about.decisions, []);
    });

  it('is no signature: the next one at a limit that is reached is asked like anybody else', async () => {
    const settings = { ...allowed, governance: { ...usual.governance, kindCapsPerHour: { bucket: 1 } } };
    life = await createLife({ settings });
    const one = await life.open('high', contains, { groupKey: 'one' });
    const two = await life.open('high', contains, { groupKey: 'two' });

    await life.pass(one, 4 * HOUR + MINUTE);
    const [first, second] = [await life.theCase(one), await life.theCase(two)];

    assert.deepEqual(life.made.calls, ['invoices']);
    const both = [first, second].toSorted((a, b) => b.decisions.length - a.decisions.length);
    assert.deepEqual(
      both.map(({ decisions }) => decisions.length),
      [1, 0],
    );
    assert.match(english(both[1]?.toSecurity ?? ''), /Nothing was done first: .*limit of 1/);
  });

  it('uses nothing up of what one person may decide on', async () => {
    const settings = { ...allowed, governance: { ...usual.governance, approverCapPerHour: 1 } };
    life = await createLife({ settings });
    const one = await life.open('high', contains, { groupKey: 'one' });
    const two = await life.open('high', contains, { groupKey: 'two' });

    await life.pass(one, 4 * HOUR + MINUTE);

    for (const about of [one, two]) assert.equal((await life.theCase(about)).decisions[0]?.by.kind, 'system');
  });

  it('only plans in a dry run, and says so', async () => {
    const settings = { ...allowed, governance: { ...usual.governance, dryRun: true } };

    const about = await afterSilence({ settings });

    assert.deepEqual(life.made.calls, []);
    assert.deepEqual([about.state, about.containedFirst], ['asking', undefined]);
    assert.deepEqual(allEnglish(about.outcome), ['Dry run: nothing was changed.']);
  });

  it('does nothing that the settings have stopped allowing since it was asked', async () => {
    const options = { ...allowed };
    life = await createLife({ settings: options });
    const opened = await life.open('high', contains);
    Object.assign(options, withAsking({}));
    await life.reboot();

    const about = await life.pass(opened, 5 * HOUR);

    assert.deepEqual(life.made.calls, []);
    assert.equal(about.question?.approver.kind, 'security');
  });

  it('is done for the security team as well, where they are silent, and their question goes on', async () => {
    const about = await afterSilence({}, { toSecurity: 'It was handed over.' });

    assert.deepEqual(life.made.calls, ['invoices']);
    assert.equal(about.question?.approver.kind, 'security');
    const later = await life.pass(about, 10 * DAY);
    assert.equal(later.state, 'asking');
    assert.deepEqual(life.made.calls, ['invoices']);
  });
});
