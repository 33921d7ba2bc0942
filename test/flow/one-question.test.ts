// One person, one question: what comes about them from Graph and from CloudTrail, of any policy, is asked about together.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { people } from '../../src/sandbox/people.ts';
import { SAMPLES } from '../../src/sandbox/samples/samples.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

type GraphAlert = Readonly<Record<string, unknown>>;
const MORGAN = people.morgan.userPrincipalName;

describe('what one person does', function () {
  this.timeout(120_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ settings: { asking: { related: '24h' } } });
  });
  afterEach(() => world.close());

  const cards = async (user: string) => (await world.messages(user)).filter(({ kind }) => kind === 'card');
  const open = () => world.store.listCases({ states: ['routing', 'asking'], limit: 1_000 });

  it('in two clouds is one question, and one answer ends it', async () => {
    const first = refOf(await world.fire('risky-sign-in'));
    await world.untilState(first, 'asking');
    const bucket = refOf(await world.fire('bucket-public'));
    const app = refOf(await world.fire('oauth-app'));
    await until('both to have joined', async () => {
      const about = await world.theCase(first);
      return about.state === 'asking' && about.related?.length === 2 ? about : null;
    });
    await world.untilIdle();

    assert.equal((await world.theCase(bucket)).state, 'closed');
    assert.equal((await world.theCase(app)).state, 'closed');
    const about = await world.theCase(first);
    assert.deepEqual(about.sources.map(({ source }) => source).sort(), ['cloudtrail', 'graph', 'graph']);
    const answerable = (await cards(MORGAN)).filter(({ buttons }) =>
      buttons.some(({ verb }) => verb === 'dismiss'),
    );
    assert.equal(answerable.length, 1);
    assert.match(answerable[0]?.words ?? '', /Unfamiliar sign-in/);

    await world.click({ user: MORGAN, verb: 'dismiss', activityId: answerable[0]?.activityId });
    await world.untilState(first, 'dismissed');
    await world.untilIdle();
    assert.deepEqual(await open(), []);
  });

  it('again joins the question that took it over', async () => {
    const first = refOf(await world.fire('risky-sign-in'));
    await world.untilState(first, 'asking');
    await world.fire('oauth-app');
    await until('it to have joined', async () => (await world.theCase(first)).related?.length === 1);
    await world.untilState(first, 'asking');

    assert.equal(refOf(await world.fire('oauth-app')), first);
  });

  const flood: readonly (readonly [what: string, each: (alert: GraphAlert, at: number) => GraphAlert])[] = [
    ['of the same', (alert) => alert],
    [
      'of ever other files',
      (alert, at) => JSON.parse(JSON.stringify(alert).replaceAll('.xlsx', `-${at}.xlsx`)),
    ],
  ];
  for (const [what, each] of flood)
    it(`five hundred times ${what} in a minute is one card`, async () => {
      const sample = SAMPLES['mass-download'];
      assert.ok(sample);
      const token = await world.token();
      for (let batch = 0; batch < 10; batch++) {
        const alerts = Array.from({ length: 50 }, (_, at) =>
          each(
            sample.build(new Date(Date.now() - batch * 1_000 - at), randomUUID()) as GraphAlert,
            batch * 50 + at,
          ),
        );
        const answer = await world.post(
          '/api/alerts/graph',
          { value: alerts },
          { authorization: `Bearer ${token}` },
        );
        assert.equal(answer.status, 202);
      }
      await until('somebody to be asked', async () => (await cards(MORGAN)).length > 0);
      await world.untilIdle();

      const asking = (await open()).filter(({ state }) => state === 'asking');
      assert.equal(asking.length, 1);
      assert.equal((await cards(MORGAN)).length, 1);
      assert.match((await cards(MORGAN))[0]?.words ?? '', / more since/);
    });
});
