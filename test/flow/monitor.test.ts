// A policy that only watches, through the service's own doors: everything is looked up and recorded, and nobody notices.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { jsonLines, runCommand } from '../helpers/command.ts';
import { allEnglish } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
/** Both: what only watches keeps no broader policy from asking. */
const WATCHING = {
  policies: {
    'aws-s3-bucket-public': { stage: 'monitor' },
    'aws-s3-config-changes': { stage: 'monitor' },
  },
};

describe('a policy that only watches', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ settings: { detection: WATCHING } });
  });
  afterEach(() => world.close());
  const changesAtGraph = () => world.sandbox.graph.requests.filter((one) => one.method !== 'GET');

  it('records whom it would have asked and what it would have offered, and owes nothing more', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const about = await world.untilState(ref, 'monitored');

    assert.equal(await world.store.nextDueInMs(), null);
    assert.equal(about.question?.approver.kind === 'person' && about.question.approver.name, 'Morgan Reyes');
    assert.deepEqual(
      about.question?.offers.map((offer) => offer.key),
      // Silently without those that are about single objects and access keys: nobody would miss them here.
      ['make-private', 'contain', 'remove-collaborators', 'deny-sso', 'sign-out', 'suspend', 'block-account'],
    );
    assert.match(allEnglish(about.outcome).join(), /only watches\. Morgan Reyes would have been asked/);
    assert.deepEqual(await world.trail(ref), ['case.opened', 'question.monitored']);
    assert.deepEqual(await world.messages(MORGAN), []);
    assert.deepEqual(await world.store.copiesOf(about.id), []);
    assert.deepEqual(changesAtGraph(), []);
  });

  it('joins what comes again, and looks once more at what is new', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.untilState(ref, 'monitored');
    const again = refOf(await world.fire('bucket-public'));
    const other = refOf(await world.fire('bucket-public-acl'));
    await world.untilIdle();

    assert.deepEqual([again, other], [ref, ref]);
    const about = await world.theCase(ref);
    assert.deepEqual([about.state, about.seen, about.targets.length], ['monitored', 3, 2]);
    assert.deepEqual(await world.messages(MORGAN), []);
  });

  it('cannot be answered: not by a line, not by a click, not by whom it would have asked', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const before = await world.untilState(ref, 'monitored');

    for (const line of [`approve ${ref} make-private`, `dismiss ${ref}`, `escalate ${ref}`, `undo ${ref}`]) {
      assert.match(await world.say(MORGAN, line), /no such case for you/, line);
      assert.match(await world.say(YUKI, line), /only watches: nobody was asked|nothing to undo/, line);
    }
    const asked = refOf(await world.fire('trail-stopped'));
    const card = await world.cardFor(MORGAN, asked);
    const { title } = card.buttons.find((button) => button.verb === 'dismiss') ?? {};
    await world.click({
      ...{ user: MORGAN, activityId: card.activityId, title },
      data: { case: ref, question: before.question?.id },
    });
    await world.untilIdle();

    const after = await world.theCase(ref);
    assert.deepEqual([after.state, after.version, after.decisions], ['monitored', before.version, []]);
    assert.deepEqual(await world.runs(ref), []);
    const refused = (await world.trail(ref)).filter((kind) => kind === 'decision.refused');
    assert.equal(refused.length, 9);
  });

  it('is shown to the security team for what it is, without buttons, and owes their copy nothing', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.untilState(ref, 'monitored');

    assert.match(await world.say(YUKI, 'cases'), /monitored, would have asked Morgan Reyes/);
    await world.say(YUKI, `case ${ref}`);
    const card = await world.cardFor(YUKI, ref);
    assert.match(card.words, /Only watched: nobody was asked/);
    assert.deepEqual(card.buttons, []);
    await world.fire('bucket-public-acl');
    await world.untilIdle();
    assert.deepEqual(await world.store.copiesOf((await world.theCase(ref)).id), []);
    assert.match(await world.say(MORGAN, 'cases'), /There are no cases for you/);
  });

  it('bars nobody whom it is about from answering for others', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.untilState(ref, 'monitored');

    const { subject, id } = await world.theCase(ref);
    assert.ok(subject);
    assert.equal(await world.store.isSubjectOfOpenCase(subject.id, 'another' as typeof id), false);
  });

  it('leaves its cases as they are when it is set to ask, and asks from the next match on', async () => {
    const first = refOf(await world.fire('bucket-public'));
    await world.untilState(first, 'monitored');
    world.changeSettings({ detection: { policies: {} } });
    await world.restart();

    assert.equal((await world.theCase(first)).state, 'monitored');
    const second = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, second);
    assert.notEqual(first, second);
    assert.equal((await world.theCase(second)).state, 'asking');
    assert.equal((await world.theCase(first)).state, 'closed');
    assert.ok(!(await world.trail(first)).includes('question.asked'));
  });

  it('keeps a question that stands when it is set to watch', async () => {
    world.changeSettings({ detection: { policies: {} } });
    await world.restart();
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    world.changeSettings({ detection: WATCHING });
    await world.restart();

    await world.say(MORGAN, `dismiss ${ref}`);

    assert.equal((await world.theCase(ref)).state, 'dismissed');
  });

  it('is listed by the command line with whom it would have asked', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.untilState(ref, 'monitored');
    const env = { COUNTERSIGN_STATE_DIR: world.directory };

    const [line] = jsonLines((await runCommand(['cases', '--json'], { env })).stdout);
    const text = (await runCommand(['cases'], { env })).stdout;

    assert.deepEqual(
      [line?.case, line?.state, line?.stage, line?.approver, line?.wouldAsk],
      [ref, 'monitored', 'monitor', null, 'Morgan Reyes'],
    );
    assert.match(JSON.stringify(line?.offers), /make-private/);
    assert.match(text, /monitored {3}.*\(would have asked: Morgan Reyes\)/);
  });
});

describe('a Graph alert that a policy asks about and another only watches', function () {
  this.timeout(60_000);

  it('is asked about, and recorded by the one that watches', async () => {
    const world = await startWorld({
      settings: { detection: { policies: { 'm365-mass-download': { stage: 'monitor' } } } },
    });
    try {
      const ref = refOf(await world.fire('mass-download'));
      await world.cardFor(MORGAN, ref);
      await world.untilIdle();

      const all = await world.store.listCases();
      assert.deepEqual(all.map((one) => one.state).toSorted(), ['asking', 'monitored']);
      assert.equal(all.find((one) => one.state === 'monitored')?.policy.id, 'm365-mass-download');
    } finally {
      await world.close();
    }
  });
});
