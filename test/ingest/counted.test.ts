// What a policy counts, as it joins an open question: shown with each, and asked about anew once it is a matter of another size.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import { countedOf } from '../../src/case/case.ts';
import { mergeCases } from '../../src/case/merge-cases.ts';
import { isRepeat } from '../../src/ingest/absorb.ts';
import { askedFor, joinCase } from '../../src/ingest/open-case.ts';
import { anAlert, anOpening, aPolicy } from '../helpers/alerts.ts';
import { aCase } from '../helpers/cases.ts';

const AT = '2026-11-21T09:00:00.000Z';
const openingOf = (events: number, id = 'aws-s3-config-changes') =>
  anOpening({
    policy: aPolicy({ id }),
    counted: { events, since: AT, fact: { label: 'Counted', value: `${events} times` } },
  });
const asking = (events: number, over: Partial<Case> = {}): Case => {
  const { policy } = aCase();
  return aCase({
    ...askedFor(openingOf(events), anAlert()),
    policy: { ...policy, id: 'aws-s3-config-changes' },
    ...over,
  });
};
const join = (about: Case, events: number, id?: string) => {
  const { widened, patch } = joinCase(about, openingOf(events, id), anAlert({ sourceId: `x/${events}` }), AT);
  return { widened, about: { ...about, ...patch } };
};

describe('what is counted while a question is open', () => {
  it('is asked about anew once it is ten times what was asked about, and then ten times that', () => {
    const first = join(asking(5), 49);
    const tenfold = join(first.about, 50);
    const more = join(tenfold.about, 499);
    const again = join(more.about, 500);

    assert.deepEqual(
      [first, tenfold, more, again].map(({ widened }) => widened),
      [false, true, false, true],
    );
    assert.equal(countedOf(again.about, 'aws-s3-config-changes'), 500);
  });

  it('is what is asked about while the question is still on its way', () => {
    const before = join(asking(5, { state: 'routing', question: null }), 40);

    assert.equal(join({ ...before.about, state: 'asking' }, 399).widened, false);
    assert.equal(join({ ...before.about, state: 'asking' }, 400).widened, true);
  });

  it('is kept by policy: neither counts for the other', () => {
    const { about } = join(asking(5), 30, 'secrets-read');

    assert.equal(countedOf(about, 'aws-s3-config-changes'), 5);
    assert.equal(countedOf(about, 'secrets-read'), 30);
    assert.equal(countedOf(about, 'constructor'), 0);
  });

  it('is of one of two cases that become one: the one whose count the card shows', () => {
    const other = asking(500, { countedBy: { 'secrets-read': 500 } });

    const merged = mergeCases(asking(5), other) ?? assert.fail();

    assert.equal(countedOf(merged, 'secrets-read'), 0);
    assert.equal(countedOf(merged, 'aws-s3-config-changes'), 5);
    assert.ok(merged.facts.some(({ value }) => value === '5 times'));
  });
});

describe('what is counted after an answer', () => {
  it('repeats it up to what was counted of the same policy', () => {
    const answered = asking(5, {
      ...{ state: 'dismissed', severity: 'medium' },
      policy: { ...asking(5).policy, hash: 'f'.repeat(64) },
      related: [
        { id: 'secrets-read', title: '', text: '', hash: 'f'.repeat(64), question: '', ref: 'ABCD2345' },
      ],
    });

    assert.equal(isRepeat(answered, openingOf(5), anAlert(), AT), true);
    assert.equal(isRepeat(answered, openingOf(6), anAlert(), AT), false);
    assert.equal(isRepeat(answered, openingOf(5, 'secrets-read'), anAlert(), AT), false);
  });
});
