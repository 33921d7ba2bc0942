import assert from 'node:assert/strict';
import { createGraphAlertSource } from '../../../src/adapters/graph/alert-source.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import type { AlertSource } from '../../../src/ports/alert-source.ts';
import { failureOf, startWorld, type World } from './start.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();

describe('the alert source through Graph', () => {
  let world: World;
  let source: AlertSource;
  before(async () => {
    world = await startWorld({ maxPageSize: 50, now: () => Date.parse('2026-03-01T00:00:00Z') });
    source = createGraphAlertSource(world.client);
    for (let minute = 0; minute < 230; minute += 1)
      world.graph.addAlert({ id: `a${minute}`, title: `Alert ${minute}`, lastUpdateDateTime: at(minute) });
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  const collect = async (since: string): Promise<readonly JsonObject[][]> => {
    const pages: JsonObject[][] = [];
    for await (const page of source.updatedSince(since)) pages.push([...page]);
    return pages;
  };

  it('hands out every alert since a time once, oldest first and page by page', async () => {
    const pages = await collect(at(10));

    const ids = pages.flat().map((alert) => alert.id);
    assert.deepEqual(
      ids,
      Array.from({ length: 220 }, (_, index) => `a${index + 10}`),
    );
    assert.deepEqual(
      pages.map((page) => page.length),
      [100, 100, 20],
    );
  });

  it('hands out nothing when there is nothing', async () => {
    assert.deepEqual(await collect(at(1000)), []);
  });

  it('hands out the raw record', async () => {
    const [[alert] = []] = await collect(at(229));

    assert.equal(alert?.title, 'Alert 229');
    assert.equal(alert?.status, 'new');
  });

  it('hands out nothing at all when a page fails: a gap would never be noticed', async () => {
    let pages = 0;
    const cut = createGraphAlertSource({
      ...world.client,
      call: (call) => {
        pages += 1;
        if (pages === 3)
          world.graph.faults.add({ path: /alerts_v2$/, answer: { kind: 'throttle', retryAfter: '2' } });
        return world.client.call(call);
      },
    });
    let handed = 0;

    const error = await failureOf(
      (async () => {
        for await (const page of cut.updatedSince(at(0))) handed += page.length;
      })(),
    );

    assert.equal(error.code, 'graph.throttled');
    assert.equal(error.retryAfterMs, 2000);
    assert.equal(handed, 0);
  });

  it('hands out an alert that moved while the pages were read once, as it is now', async () => {
    const pages: JsonObject[][] = [
      [{ id: 'x', status: 'resolved', lastUpdateDateTime: '2026-03-02T10:00:00.0000002Z' }],
      [
        { id: 'x', status: 'new', lastUpdateDateTime: '2026-03-02T10:00:00.0000001Z' },
        { id: 'y', status: 'new', lastUpdateDateTime: '2026-03-02T09:00:00Z' },
      ],
    ];
    const moving = createGraphAlertSource({
      baseUrl: 'https://graph.microsoft.com',
      call: async () => {
        const value = pages.shift() ?? [];
        const link = pages.length ? { '@odata.nextLink': 'https://graph.microsoft.com/v1.0/next' } : {};
        return { status: 200, body: { value, ...link }, requestId: '' };
      },
    });

    const seen: JsonObject[] = [];
    for await (const page of moving.updatedSince(at(0))) seen.push(...page);

    assert.deepEqual(
      seen.map(({ id, status }) => [id, status]),
      [
        ['y', 'new'],
        ['x', 'resolved'],
      ],
    );
  });

  it('asks for enum values that are newer than the API', async () => {
    await source.read('a1');

    assert.equal(world.graph.requests.at(-1)?.headers.prefer, 'include-unknown-enum-members');
  });

  it('reads one alert, or null', async () => {
    assert.equal((await source.read('a7'))?.title, 'Alert 7');
    assert.equal(await source.read('nothing'), null);
  });

  it('writes the verdict, and only what it says', async () => {
    await source.setVerdict('a1', {
      status: 'resolved',
      classification: 'truePositive',
      determination: 'compromisedAccount',
    });
    await source.setVerdict('a2', { status: 'inProgress' });

    assert.equal((await source.read('a1'))?.determination, 'compromisedAccount');
    assert.deepEqual(world.graph.requests.at(-2)?.body, { status: 'inProgress' });
  });

  it('adds a comment', async () => {
    await source.comment('a3', 'Approved by Morgan Reyes: "was it me?"');

    const comments = (await source.read('a3'))?.comments as { comment: string }[];
    assert.equal(comments[0]?.comment, 'Approved by Morgan Reyes: "was it me?"');
  });

  it('keeps hostile ids inside the collection', async () => {
    for (const id of ['a1/comments', "a1' or '1'='1", 'a1?$expand=x', '../../users/me'])
      assert.equal(await source.read(id), null, id);
    for (const id of ['..', '.', '']) assert.equal((await failureOf(source.read(id))).code, 'graph.bad-id');
    for (const { path } of world.graph.requests) assert.match(path, /^\/v1\.0\/security\/alerts_v2/);
  });

  it('refuses a watermark that is not a time', async () => {
    assert.equal((await failureOf(collect("2026' or 1 eq 1"))).code, 'graph.bad-time');
  });
});
