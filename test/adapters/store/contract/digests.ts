// What was put to whom, and the cards that hold a flood: one open one a reader, one drawing at a time, and what each drawing showed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Store } from '../../../../src/adapters/store/index.ts';
import { isCountersignError } from '../../../../src/case/errors.ts';
import type { DigestId, QuestionId } from '../../../../src/case/ids.ts';
import type { Digest, Digests } from '../../../../src/ports/digests.ts';
import { AN_HOUR_MS, moved, sampleCase } from '../samples.ts';
import { START, type StoreWorld, together } from './world.ts';

export function describeDigests(world: () => StoreWorld): void {
  let store: Store;
  beforeEach(async () => {
    store = await world().open();
  });
  const digest = (over: Partial<Digest> = {}): Digest => ({
    ...{ id: randomUUID() as DigestId, reader: 'reader', open: true, openedAtMs: START, notBeforeMs: START },
    ...{ place: null, again: false, moved: [] },
    ...over,
  });
  const inside = <Result>(work: (digests: Digests) => Promise<Result>, on = store): Promise<Result> =>
    on.transact((tx) => work(tx.digests));
  const aQuestion = async () => {
    const created = sampleCase();
    await store.transact((tx) => tx.insertCase(created));
    return {
      about: created,
      put: { reader: 'reader', questionId: randomUUID() as QuestionId, caseId: created.id },
    };
  };

  it('keeps all of a digest, and finds the latest of its reader', async () => {
    const place = {
      conversation: { id: 'c', serviceUrl: 'https://teams.example' },
      activityId: '1',
      sentAtMs: START,
    };
    const first = digest({ open: false });
    const second = digest({ openedAtMs: START + 1 });
    const changed: Digest = { ...second, place, again: true, moved: [place], notBeforeMs: START + 5 };
    await inside(async (digests) => {
      await digests.save(first);
      await digests.save(second);
      await digests.save(changed);
    });

    assert.deepEqual(await inside((digests) => digests.find(second.id)), changed);
    assert.deepEqual(await inside((digests) => digests.latestOf('reader')), changed);
    assert.deepEqual(await inside((digests) => digests.lock(first.id)), first);
    assert.equal(await inside((digests) => digests.latestOf('somebody else')), null);
    assert.equal(await inside((digests) => digests.find('none' as DigestId)), null);
  });

  it('has one open digest a reader, whoever asks for another', async () => {
    await inside((digests) => digests.save(digest()));

    await assert.rejects(
      inside((digests) => digests.save(digest())),
      isCountersignError,
    );
    await inside((digests) => digests.save(digest({ reader: 'another' })));
    await inside((digests) => digests.save(digest({ open: false })));
  });

  it('lets one at a time put a question to a reader, among replicas', async () => {
    const stores = await together(4, () => world().open());
    const questions = await together(12, aQuestion);

    await together(12, (turn) =>
      inside(
        async (digests) => {
          await digests.lockReader('reader');
          const { count } = await digests.countPuts('reader', START - 1);
          const { put } = questions[turn] ?? assert.fail();
          await digests.put({ ...put, atMs: START + count, digest: null });
        },
        stores[turn % 4],
      ),
    );

    const found = await together(12, (turn) =>
      inside((digests) => digests.findPut('reader', questions[turn]?.put.questionId ?? assert.fail())),
    );
    assert.deepEqual(
      found.map((put) => put?.atMs).sort(),
      Array.from({ length: 12 }, (_, at) => START + at),
    );
  });

  it('counts what was put since, and forgets a day later what is no line', async () => {
    const list = digest();
    const [old, line, fresh] = await together(3, aQuestion);
    assert.ok(old && line && fresh);
    await inside(async (digests) => {
      await digests.save(list);
      await digests.put({ ...old.put, atMs: START, digest: null });
      await digests.put({ ...line.put, atMs: START, digest: list.id });
      await digests.put({ ...fresh.put, atMs: START + 25 * AN_HOUR_MS, digest: null });
    });

    assert.deepEqual(await inside((digests) => digests.countPuts('reader', START - 1)), {
      count: 2,
      lastMs: START + 25 * AN_HOUR_MS,
    });
    assert.equal((await inside((digests) => digests.countPuts('reader', START))).count, 1);
    assert.equal(await inside((digests) => digests.findPut('reader', old.put.questionId)), null);
    assert.equal(
      (await inside((digests) => digests.findPut('reader', line.put.questionId)))?.digest,
      list.id,
    );
  });

  it('counts a reminder as one more card, and takes a card for a line once it is put there', async () => {
    const list = digest();
    const [one, two] = await together(2, aQuestion);
    assert.ok(one && two);
    await inside(async (digests) => {
      await digests.save(list);
      await digests.put({ ...one.put, atMs: START, digest: null });
      await digests.put({ ...two.put, atMs: START + 1, digest: null });
      await digests.put({ ...one.put, reminder: 1, atMs: START + 2, digest: null });
      await digests.put({ ...one.put, reminder: 1, atMs: START + 3, digest: null });
    });

    assert.equal(await inside((digests) => digests.countCards('reader', START - 1)), 3);
    assert.equal(await inside((digests) => digests.countCards('reader', START + 1)), 1);
    assert.ok(await inside((digests) => digests.findPut('reader', one.put.questionId, 1)));
    assert.equal(await inside((digests) => digests.findPut('reader', one.put.questionId, 2)), null);
    const cards = async () =>
      (await inside((digests) => digests.cardsOf('reader'))).map(({ questionId }) => questionId);
    assert.deepEqual(await cards(), [one.put.questionId, two.put.questionId]);

    await inside((digests) => digests.put({ ...one.put, atMs: START + 4, digest: list.id }));

    assert.deepEqual(await cards(), [two.put.questionId]);
    assert.equal(await inside((digests) => digests.countCards('reader', START - 1)), 2);
    const [line] = await inside((digests) => digests.linesOf(list.id));
    assert.deepEqual([line?.questionId, line?.atMs], [one.put.questionId, START]);
  });

  it('answers the cases of its lines as they are now, each with its latest question, in the order they came', async () => {
    const list = digest();
    const [one, two] = await together(2, aQuestion);
    assert.ok(one && two);
    const again = randomUUID() as QuestionId;
    await inside(async (digests) => {
      await digests.save(list);
      await digests.put({ ...one.put, atMs: START, digest: list.id });
      await digests.put({ ...two.put, atMs: START + 1, digest: list.id });
      await digests.put({ ...one.put, questionId: again, atMs: START + 2, digest: list.id });
    });
    await store.transact((tx) => tx.saveCase(moved(one.about, { seen: 7 })));

    const lines = await inside((digests) => digests.linesOf(list.id));

    assert.deepEqual(
      lines.map(({ about, questionId, atMs }) => [about.id, about.seen, questionId, atMs]),
      [
        [two.about.id, 1, two.put.questionId, START + 1],
        [one.about.id, 7, again, START + 2],
      ],
    );
  });

  it('gives the right to draw to one of many replicas, and to the next when it is given back or has run out', async () => {
    const list = digest();
    await inside((digests) => digests.save(list));
    const stores = await together(4, () => world().open());

    const tokens = await Promise.all(
      stores.map((one) => inside((digests) => digests.takeDrawing(list.id, AN_HOUR_MS), one)),
    );
    const [token] = tokens.filter((one) => one !== null);
    assert.equal(tokens.filter((one) => one !== null).length, 1);
    assert.equal(await inside((digests) => digests.endDrawing(list.id, (token ?? 0) + 1)), false);
    assert.equal(await inside((digests) => digests.endDrawing(list.id, token ?? 0)), true);

    const short = await inside((digests) => digests.takeDrawing(list.id, 0));
    const next = await inside((digests) => digests.takeDrawing(list.id, AN_HOUR_MS));
    assert.ok(short !== null && next === short + 1);
    assert.equal(await inside((digests) => digests.endDrawing(list.id, short)), false);
  });

  it('keeps what the latest drawings showed, each under a number of its own', async () => {
    const list = digest();
    const shown = { caseId: sampleCase().id, questionId: randomUUID() as QuestionId };
    await inside((digests) => digests.save(list));

    const versions = await together(25, () =>
      inside((digests) => digests.saveDrawn(list.id, { dismiss: [shown], escalate: [] })),
    );

    assert.deepEqual(
      versions.toSorted((a, b) => a - b),
      Array.from({ length: 25 }, (_, at) => at + 1),
    );
    assert.deepEqual(await inside((digests) => digests.findDrawn(list.id, 25)), {
      dismiss: [shown],
      escalate: [],
    });
    assert.ok(await inside((digests) => digests.findDrawn(list.id, 6)));
    assert.equal(await inside((digests) => digests.findDrawn(list.id, 5)), null);
    assert.equal(await inside((digests) => digests.findDrawn('none' as DigestId, 25)), null);
  });
}
