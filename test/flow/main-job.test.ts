// The main job through its own doors: a detection in, a card out, an answer, the change in the world, the proof, the undo.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { writeOut } from '../../src/case/written.ts';
import { people } from '../../src/sandbox/people.ts';
import { english } from '../helpers/english.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const INVOICE = '/contoso-invoices/invoices-2026.csv';

describe('the main job', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const anonymous = async (): Promise<number> => (await fetch(`${world.running.s3}${INVOICE}`)).status;
  const cardFor = (user: string, ref: string) =>
    until(`a card about ${ref} for ${user}`, async () =>
      (await world.messages(user)).findLast((one) => one.kind === 'card' && one.words.includes(ref)),
    );
  const wordsOf = async (user: string, ref: string): Promise<string> => (await cardFor(user, ref)).words;

  it('makes a public bucket private and signs its opener out, proves it, and undoes what can be undone', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    assert.equal(await anonymous(), 200);

    const card = await cardFor(MORGAN, ref);
    assert.match(card.words, /Alex Weber/);
    assert.match(card.words, /contoso-invoices/);
    assert.match(card.words, /2 other policy statements stay/);
    const pressed = await world.click({
      user: MORGAN,
      title: card.buttons.find((one) => one.data.offer === 'contain')?.title,
    });
    assert.equal(pressed.status, 200);
    await world.untilState(ref, 'contained');

    assert.equal(await anonymous(), 403);
    const runs = await world.runs(ref);
    assert.deepEqual(
      runs.map((run) => [run.action, run.state]),
      [
        ['aws.s3.make-bucket-private', 'verified'],
        ['entra.user.revoke-sessions', 'verified'],
      ],
    );
    assert.match(await wordsOf(MORGAN, ref), /Done/);

    await world.click({ user: MORGAN, verb: 'undo' });
    await world.untilState(ref, 'undone');
    assert.equal(await anonymous(), 200);
    assert.match(await wordsOf(MORGAN, ref), /Undone/);
  });

  it('asks once for the same call twice, and joins a second call by the same person', async () => {
    const first = refOf(await world.fire('bucket-public'));
    await cardFor(MORGAN, first);
    const second = refOf(await world.fire('bucket-public'));

    assert.equal(second, first);
    const cards = (await world.messages(MORGAN)).filter((one) => one.kind === 'card');
    assert.equal(cards.length, 1);
    await until('the card to count', async () => /1 more since/.test(await wordsOf(MORGAN, first)));
  });

  it('lets the first of two clicks win, tells the second who and when, and acts once', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const card = await cardFor(MORGAN, ref);
    const title = card.buttons.find((one) => one.data.offer === 'make-private')?.title;

    const answers = await Promise.all([
      world.click({ user: MORGAN, activityId: card.activityId, title }),
      world.click({ user: MORGAN, activityId: card.activityId, title: 'This was expected' }),
      world.click({ user: MORGAN, activityId: card.activityId, title: 'Hand to security' }),
    ]);

    const told = answers.filter((one) =>
      JSON.stringify(one.answer).includes('Already decided by Morgan Reyes'),
    );
    const about = await until('the case to settle', async () => {
      const found = await world.theCase(ref);
      return ['contained', 'dismissed', 'asking'].includes(found.state) && found.decisions.length > 0
        ? found
        : null;
    });
    assert.equal(about.decisions.length, 1);
    assert.ok(told.length >= 1, JSON.stringify(answers));
  });

  it('answers by a line of text, and lists the choices where it is not clear which is meant', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await cardFor(MORGAN, ref);

    assert.match(await world.say(MORGAN, `approve ${ref}`), /Nothing was done/);
    assert.match(await world.say(MORGAN, `approve ${ref} s`), /Nothing was done/);
    assert.equal((await world.theCase(ref)).state, 'asking');
    await world.say(MORGAN, `approve ${ref.toLowerCase()} make-private`);
    await world.untilState(ref, 'contained');
    assert.equal(await anonymous(), 403);
    assert.match(await world.say(MORGAN, `undo ${ref}`), /Undoing it/);
    await world.untilState(ref, 'undone');
    assert.equal(await anonymous(), 200);
  });

  it('refuses people who were not asked, on any verb, and leaves word in the trail', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const card = await cardFor(MORGAN, ref);
    const data = card.buttons[0]?.data ?? {};
    for (const [user, noSuchCase] of [
      [people.alex, /Einen solchen Vorgang gibt es für Sie nicht/],
      [people.priya, /no such case/],
      [people.sam, /no such case/],
    ] as const) {
      for (const line of [
        `approve ${ref} make-private`,
        `dismiss ${ref}`,
        `escalate ${ref}`,
        `undo ${ref}`,
        `case ${ref}`,
      ])
        assert.match(await world.say(user.userPrincipalName, line), noSuchCase);
    }
    // The same button, pressed in the manager's own client with what a forger would change.
    for (const forged of [
      { question: '00000000-0000-4000-8000-000000000000' },
      { offer: 'suspend-everyone' },
      { case: 'ZZZZZZZZ' },
    ])
      await world.click({
        user: MORGAN,
        activityId: card.activityId,
        title: card.buttons[0]?.title,
        data: { ...data, ...forged },
      });

    const about = await world.theCase(ref);
    assert.equal(about.state, 'asking');
    assert.equal(about.decisions.length, 0);
    assert.equal(await anonymous(), 200);
  });

  it('closes as expected and writes that back to Defender', async () => {
    const fired = await world.fire('mass-download');
    const ref = refOf(fired);
    await cardFor(MORGAN, ref);
    await world.click({ user: MORGAN, title: 'This was expected', inputs: { comment: 'End of quarter' } });
    await world.untilState(ref, 'dismissed');

    const alert = await until('the verdict', async () => {
      const found = world.sandbox.graph.state().alerts.at(-1) as Record<string, unknown> | undefined;
      return found?.status === 'resolved' && JSON.stringify(found.comments ?? []).includes('End of quarter')
        ? found
        : null;
    });
    assert.equal(alert.classification, 'informationalExpectedActivity');
    assert.match(JSON.stringify(alert.comments), /Morgan Reyes said that this was expected/);
  });

  it('keeps a high alert in progress when a manager says it was expected, until security confirms', async () => {
    const ref = refOf(await world.fire('mass-download-high'));
    await cardFor(MORGAN, ref);
    await world.click({ user: MORGAN, title: 'This was expected' });
    const alertIs = (status: string) =>
      until(
        `the alert to be ${status}`,
        async () => world.sandbox.graph.state().alerts.at(-1)?.status === status,
      );
    await alertIs('inProgress');
    await cardFor('channel', ref);

    await world.say(people.yuki.userPrincipalName, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');
    await alertIs('resolved');
  });

  it("hands to security, and the manager's card says so", async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await cardFor(MORGAN, ref);
    await world.click({ user: MORGAN, title: 'Hand to security' });

    await cardFor('channel', ref);
    await until('the old card to lose its buttons', async () => {
      const card = await cardFor(MORGAN, ref);
      return card.buttons.length === 0 && /security team/.test(card.words);
    });
    await world.click({ user: people.yuki.userPrincipalName, channel: true, verb: 'approve' });
    await world.untilState(ref, 'contained');
    assert.equal(await anonymous(), 403);
  });

  it('reopens nothing when its own write-back comes back through the poller', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await cardFor(MORGAN, ref);
    await world.say(MORGAN, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');
    // Written back, with its comment: before that, there is nothing that could come back.
    await world.untilIdle();
    const alert = world.sandbox.graph.state().alerts.at(-1);
    const again = await world.post('/api/alerts/graph', alert, {
      authorization: `Bearer ${await world.token()}`,
    });

    assert.equal(again.status, 202);
    const [receipt] = ((await again.json()) as { alerts: { outcome: string; case: string }[] }).alerts;
    assert.deepEqual(receipt && { outcome: receipt.outcome, case: receipt.case }, {
      outcome: 'recorded',
      case: ref,
    });
    assert.equal((await world.theCase(ref)).state, 'dismissed');
  });

  it('closes the question when the alert is resolved in Defender', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await cardFor(MORGAN, ref);
    const alert = world.sandbox.graph.state().alerts.at(-1) ?? {};
    const later = new Date(Date.parse(String(alert.lastUpdateDateTime)) + 60_000).toISOString();
    const resolved = { ...alert, status: 'resolved', lastUpdateDateTime: later };
    const push = async () =>
      world.post('/api/alerts/graph', resolved, { authorization: `Bearer ${await world.token()}` });
    // Whoever may push may say so; only Defender itself can make it true.
    await push();
    await world.untilIdle();
    assert.equal((await world.theCase(ref)).state, 'asking');
    world.sandbox.graph.addAlert(resolved);
    await world.post(
      '/api/alerts/graph',
      { ...resolved, lastUpdateDateTime: new Date(Date.parse(later) + 1_000).toISOString() },
      { authorization: `Bearer ${await world.token()}` },
    );

    await world.untilState(ref, 'closed');
    const card = await cardFor(MORGAN, ref);
    assert.equal(card.buttons.length, 0);
    assert.match(card.words, /resolved in Microsoft Defender/);
  });

  it('does not undo what somebody changed since, and says what', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await cardFor(MORGAN, ref);
    await world.say(MORGAN, `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    const bucket = world.sandbox.s3.world.state().buckets['contoso-invoices'];
    assert.ok(bucket);
    world.sandbox.s3.world.putBucket({
      name: bucket.name,
      account: bucket.account,
      region: bucket.region,
      policy: null,
      publicAccessBlock: bucket.publicAccessBlock,
    });
    await world.say(MORGAN, `undo ${ref}`);

    await until('the refusal on the card', async () => /changed since/.test(await wordsOf(MORGAN, ref)));
    assert.equal((await world.theCase(ref)).state, 'contained');
    assert.equal(world.sandbox.s3.world.state().buckets['contoso-invoices']?.policy, null);
  });
});

describe('who is asked', function () {
  this.timeout(60_000);
  let world: TestWorld;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  const asked = async (sample: string) => {
    const ref = refOf(await world.fire(sample));
    return until(`${sample} to be asked`, async () => {
      const found = await world.theCase(ref);
      return found.state === 'asking' ? found : null;
    });
  };
  const nameOf = async (sample: string): Promise<string> => {
    const { question } = await asked(sample);
    return question?.approver.kind === 'person' ? question.approver.name : 'the security team';
  };

  it('asks the security team when the directory names no manager', async () => {
    assert.equal(await nameOf('no-manager'), 'the security team');
  });

  it('passes over a disabled manager, and says so', async () => {
    const about = await asked('disabled-manager');
    assert.match(JSON.stringify(writeOut(about.question?.path, english)), /disabled/);
    assert.notEqual(
      about.question?.approver.kind === 'person' && about.question.approver.id,
      people.robin.id,
    );
  });

  it('offers nothing on a user whom only a self-chosen session name names', async () => {
    const about = await asked('unknown-session');
    assert.equal(about.question?.approver.kind, 'security');
    assert.equal(about.subject, null);
    const actions = about.question?.offers.flatMap((offer) => offer.actions.map((one) => one.action)) ?? [];
    assert.ok(!actions.some((id) => id.startsWith('entra.')), actions.join());
  });

  it('sends root to the security team', async () => {
    assert.equal(await nameOf('root'), 'the security team');
  });

  const offered = (about: Case): readonly string[] =>
    about.question?.offers.flatMap((offer) => offer.actions.map((one) => one.action)) ?? [];

  it('does not offer to suspend the person of "administrator", and says why', async () => {
    const about = await asked('administrator');

    assert.ok(!offered(about).includes('entra.user.suspend'));
    assert.match(JSON.stringify(writeOut(about.question?.withheld, english)), /administrator|role/i);
  });

  it('offers to suspend the person of "guest" here alone, does not offer to sign them out, and says why', async () => {
    const about = await asked('guest');

    assert.ok(offered(about).includes('entra.user.suspend'));
    assert.ok(!offered(about).includes('entra.user.revoke-sessions'));
    assert.match(
      JSON.stringify(writeOut(about.question?.offers, english)),
      /signing in to this organisation only/,
    );
    assert.match(JSON.stringify(writeOut(about.question?.withheld, english)), /guest/i);
  });

  it('offers to suspend the person of "synced-user" where the account is owned, and says so', async () => {
    const about = await asked('synced-user');
    const suspend = about.question?.offers.find(({ key }) => key === 'suspend');

    assert.match(
      JSON.stringify(writeOut(suspend, english)),
      /disabled in Entra, and in on-premises Active Directory too/,
    );
  });
});
