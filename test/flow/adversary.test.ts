// What somebody would try who is in question, holds a push token, or writes to the database: through the doors that they have.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createCheckpointFile } from '../../src/adapters/store/checkpoint-file.ts';
import { readPublicKey } from '../../src/audit/key.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
const BEN = people.ben.userPrincipalName;
const INVOICE = '/contoso-invoices/invoices-2026.csv';

describe('an adversary', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const anonymous = async (): Promise<number> => (await fetch(`${world.running.s3}${INVOICE}`)).status;
  const key = () => ({ 'x-countersign-key': world.running.cloudtrailKey });
  /** A call by Alex that S3 refused, on a bucket of a name that Alex made up. */
  const refusedCall = async (bucketName: string): Promise<string> => {
    const built = SAMPLES['bucket-public']?.build(new Date(), randomUUID()) as {
      detail: { requestParameters: object };
    };
    const detail = {
      ...built.detail,
      errorCode: 'AccessDenied',
      errorMessage: 'Access Denied',
      requestParameters: { ...built.detail.requestParameters, bucketName },
    };
    const response = await world.post('/api/alerts/cloudtrail', { ...built, detail }, key());
    const { alerts } = (await response.json()) as { alerts: { case: string }[] };
    return alerts[0]?.case ?? '';
  };
  const push = async (alert: unknown) =>
    (await (
      await world.post('/api/alerts/graph', alert, { authorization: `Bearer ${await world.token()}` })
    ).json()) as { alerts: { outcome: string; case: string | null }[] };
  const alertOf = (sample = 'mass-download') =>
    SAMPLES[sample]?.build(new Date(), randomUUID()) as Record<string, unknown>;

  it('cannot crowd the real bucket out of the question with made-up names', async () => {
    let ref = '';
    for (let index = 0; index < 25; index++) ref = await refusedCall(`decoy-${index}`);
    assert.equal(refOf(await world.fire('bucket-public')), ref);
    await world.untilIdle();
    const card = await world.cardFor(MORGAN, ref);

    assert.match(card.words, /people outside the company to reach contoso-invoices/);
    await world.click({ user: MORGAN, title: 'Make private' });
    await world.untilState(ref, 'contained');
    assert.equal(await anonymous(), 403);
  });

  it('cannot replace the question by failing at something else', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const card = await world.cardFor(MORGAN, ref);
    const { question } = await world.theCase(ref);
    for (let index = 0; index < 5; index++) assert.equal(await refusedCall(`decoy-${index}`), ref);
    await world.untilIdle();

    const about = await world.theCase(ref);
    assert.equal(about.question?.id, question?.id);
    assert.equal(about.seen, 6);
    await world.click({ user: MORGAN, activityId: card.activityId, title: 'Make private' });
    await world.untilState(ref, 'contained');
  });

  it('who is not known by name opens one case with a hundred refused calls', async () => {
    const refs = new Set<string>();
    for (let index = 0; index < 20; index++) {
      const built = SAMPLES['unknown-session']?.build(new Date(), randomUUID()) as {
        detail: { requestParameters: object };
      };
      const detail = {
        ...built.detail,
        errorCode: 'AccessDenied',
        requestParameters: { ...built.detail.requestParameters, bucketName: `decoy-${index}` },
      };
      const response = await world.post('/api/alerts/cloudtrail', { ...built, detail }, key());
      refs.add(((await response.json()) as { alerts: { case: string }[] }).alerts[0]?.case ?? '');
    }
    assert.equal(refs.size, 1);
  });

  it('says on the card what a button leaves alone, before and after', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    const built = SAMPLES['bucket-public']?.build(new Date(), randomUUID()) as {
      detail: { requestParameters: object };
    };
    const requestParameters = { ...built.detail.requestParameters, bucketName: 'not-there' };
    await world.post(
      '/api/alerts/cloudtrail',
      { ...built, detail: { ...built.detail, requestParameters } },
      key(),
    );
    await until('the wider question', async () =>
      /Not touched: .*not-there/.test((await world.cardFor(MORGAN, ref)).words),
    );
    await world.click({ user: MORGAN, title: 'Make private' });
    await world.untilState(ref, 'contained');

    assert.match((await world.cardFor(MORGAN, ref)).words, /Not touched: .*not-there/);
  });

  it('cannot have one manager undo what another case relies on', async () => {
    const first = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, first);
    await world.say(MORGAN, `approve ${first} make-private`);
    await world.untilState(first, 'contained');
    const second = refOf(await world.fire('bucket-public'));
    assert.notEqual(second, first);
    await world.cardFor(MORGAN, second);
    await world.say(MORGAN, `approve ${second} make-private`);
    await world.untilState(second, 'contained');

    await world.say(MORGAN, `undo ${first}`);
    await until('the undo to be left', async () => (await world.theCase(first)).undoConflicts?.length);
    await world.untilState(first, 'contained');
    assert.match((await world.cardFor(MORGAN, first)).words, new RegExp(`${second} relies on`));
    assert.equal(await anonymous(), 403);
    assert.match(
      await world.say(MORGAN, `undo ${first} anyway`),
      /Only the security team can undo this over/,
    );
    assert.equal(await anonymous(), 403);
    await world.say(MORGAN, `undo ${second}`);
    await world.untilState(second, 'undone');
  });

  it('gets no Undo for what was so already', async () => {
    const first = refOf(await world.fire('mass-download'));
    await world.cardFor(MORGAN, first);
    const second = refOf(await world.fire('cloud-app-alert'));
    await world.cardFor(MORGAN, second);
    await world.say(MORGAN, `approve ${first} suspend`);
    await world.untilState(first, 'contained');
    await world.say(MORGAN, `approve ${second} suspend`);
    await world.untilState(second, 'contained');

    assert.match((await world.cardFor(MORGAN, second)).words, /It was already so/);
    assert.match(
      await world.say(MORGAN, `undo ${second}`),
      /Nothing that was done in this case can be undone/,
    );
    assert.equal(world.sandbox.graph.state().accounts[people.alex.id]?.accountEnabled, false);
  });

  it('with a push token cannot hide an alert by sending a harmless one of its id first', async () => {
    const alert = alertOf();
    const ahead = new Date(Date.now() + 5 * 60_000).toISOString();
    const poison = {
      ...alert,
      severity: 'informational',
      title: 'Nothing to see',
      lastUpdateDateTime: ahead,
    };
    assert.equal((await push(poison)).alerts[0]?.case, null);

    const [receipt] = (await push(alert)).alerts;
    assert.equal(receipt?.outcome, 'opened');
    assert.equal((await push(alert)).alerts[0]?.outcome, 'repeat');
  });

  it('alone cannot end a high case, not even in the security team', async () => {
    const ref = refOf(await world.fire('trail-stopped'));
    await world.untilState(ref, 'asking');
    await world.say(YUKI, `dismiss ${ref}`);
    await world.untilIdle();
    await world.say(YUKI, `dismiss ${ref}`);
    await world.untilIdle();
    assert.equal((await world.theCase(ref)).state, 'asking');

    await world.say(BEN, `dismiss ${ref}`);
    await world.untilState(ref, 'dismissed');
  });

  it('cannot have a line of text approve a plan whose card has not come yet', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    world.sandbox.teams.service.fault({ kind: 'throttled', times: 3, retryAfterSeconds: 1 });
    const other = refOf(await world.fire('bucket-public-acl'));
    assert.equal(other, ref);
    await until('a wider question whose card is held up', async () => {
      const about = await world.theCase(ref);
      const copies = await world.store.copiesOf(about.id);
      const isNew = about.state === 'asking' && about.targets.length === 2;
      return isNew && !copies.some((copy) => copy.questionId === about.question?.id);
    });

    // The answer is held up like the card: what counts is that nothing was decided.
    await world.say(MORGAN, `approve ${ref} make-private`);
    assert.equal((await world.theCase(ref)).decisions.length, 0);
    await until('the new card', async () => {
      const about = await world.theCase(ref);
      const copies = await world.store.copiesOf(about.id);
      return copies.some((copy) => copy.questionId === about.question?.id);
    });
    assert.match(await world.say(MORGAN, `approve ${ref} make-private`), /Working on it/);
  });

  it('who writes to the database is found, even where the chain was left alone', async () => {
    const ref = refOf(await world.fire('mass-download'));
    const about = await world.untilState(ref, 'asking');
    const check = async () => {
      const publicKey = readPublicKey(readFileSync(path.join(world.directory, 'audit-key.pem'), 'utf8'));
      const log = createCheckpointFile(path.join(world.directory, 'checkpoints.jsonl'));
      return verifyTrail({ trail: world.store, log, publicKey });
    };
    assert.equal((await check()).ok, true);
    const database = new DatabaseSync(path.join(world.directory, 'countersign.sqlite'));
    database
      .prepare(`update cases set body = replace(body, ?, ?) where id = ?`)
      .run(`"id":"${people.morgan.id}"`, `"id":"${people.sam.id}"`, about.id);
    database.close();

    assert.deepEqual(
      (await check()).problems.map((one) => one.kind),
      ['case-altered'],
    );
  });

  it('who presses what belongs to no case, or asks about a case of others, leaves word in the trail', async () => {
    const ref = refOf(await world.fire('bucket-public'));
    const card = await world.cardFor(MORGAN, ref);
    await world.click({
      user: MORGAN,
      activityId: card.activityId,
      title: 'Make private',
      data: { case: 'ZZZZZZZZ' },
    });
    await world.say(people.alex.userPrincipalName, `undo ${ref}`);
    const refusals: unknown[] = [];
    for await (const entry of world.store.entries())
      if (entry.kind === 'decision.refused') refusals.push(entry.facts.code);

    assert.deepEqual(refusals.toSorted(), ['decide.no-case', 'decide.not-asked']);
  });

  it('cannot keep a question by removing the app: it goes to the next level', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await world.cardFor(MORGAN, ref);
    await fetch(`${world.running.teams}/uninstall`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: MORGAN }),
    });

    const card = await world.cardFor(people.priya.userPrincipalName, ref);
    assert.match(card.words, /Morgan Reyes is Alex Weber's manager but cannot be reached in Teams/);
  });
});
