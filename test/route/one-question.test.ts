import assert from 'node:assert/strict';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { type Place, placeOf, strictest } from '../../src/route/one-question.ts';
import { aBucket } from '../helpers/alerts.ts';
import { aCase } from '../helpers/cases.ts';

const DAY_MS = 86_400_000;

/** Asked about a bucket in AWS. */
const open = (over: Partial<Case> = {}): Case =>
  aCase({ deeds: [{ key: 'bucket', says: 'made invoices public' }], decisions: [], ...over });

/** About the same person, from Defender, and not asked yet. */
const fresh = (over: Partial<Case> = {}): Case =>
  aCase({
    id: 'case-2' as CaseId,
    ref: 'NEWNEWNE',
    state: 'routing',
    question: null,
    groupKey: 'm365-impossible-travel|alex',
    policy: {
      ...aCase().policy,
      id: 'm365-impossible-travel',
      title: 'Impossible travel',
      hash: 'e'.repeat(64),
      question: 'Did {subject} sign in from both places?',
      offers: [
        { key: 'sign-out', label: 'Sign out', actions: ['entra.user.revoke-sessions'] },
        { key: 'make-private', label: 'Suspend', actions: ['entra.user.suspend'] },
      ],
    },
    title: 'Impossible travel',
    targets: [],
    deeds: [{ key: 'travel', says: 'signed in from two continents' }],
    sources: [{ source: 'graph', sourceId: 'alert-1', resolved: false }],
    openedAt: '2026-11-21T10:00:00.000Z',
    firstSeenAt: '2026-11-21T09:59:00.000Z',
    lastSeenAt: '2026-11-21T09:59:00.000Z',
    ...over,
  });

const joined = (place: Place): Case => {
  assert.equal(place.kind, 'joins');
  return (place as Extract<Place, { kind: 'joins' }>).merged;
};

describe('what one person did', () => {
  it('becomes one question, whatever policy and cloud it came from', () => {
    const merged = joined(placeOf(fresh({ severity: 'high' }), [open()], DAY_MS));

    assert.equal(merged.id, 'case-1');
    assert.equal(merged.severity, 'high');
    assert.deepEqual(
      merged.deeds?.map(({ key }) => key),
      ['bucket', 'travel'],
    );
    assert.deepEqual(
      merged.sources.map(({ source }) => source),
      ['cloudtrail', 'graph'],
    );
    assert.deepEqual(
      merged.related?.map(({ id, ref }) => [id, ref]),
      [['m365-impossible-travel', 'NEWNEWNE']],
    );
  });

  it('offers what both policies offer: the same once, and another thing under a key of its own', () => {
    const merged = joined(placeOf(fresh(), [open()], DAY_MS));

    assert.deepEqual(
      merged.policy.offers.map(({ key, actions }) => [key, ...actions]),
      [
        ['make-private', 'aws.s3.make-bucket-private'],
        ['sign-out', 'entra.user.revoke-sessions'],
        ['make-private-2', 'entra.user.suspend'],
      ],
    );
  });

  it('lists a policy once, however often it matches', () => {
    const first = joined(placeOf(fresh(), [open()], DAY_MS));
    const second = joined(
      placeOf(fresh({ id: 'case-3' as CaseId, deeds: [{ key: 'again', says: 'x' }] }), [first], DAY_MS),
    );

    assert.equal(second.related?.length, 1);
    assert.equal(second.deeds?.length, 3);
  });

  const apart: readonly (readonly [why: string, current: Partial<Case>, other: Partial<Case>])[] = [
    ['what is only watched', {}, { policy: { ...open().policy, stage: 'monitor' } }],
    ['what only the security team answers', {}, { policy: { ...open().policy, securityOnly: true } }],
    ['what came long before', {}, { lastSeenAt: '2026-11-19T09:00:00.000Z' }],
    ['what was opened later', {}, { openedAt: '2026-11-21T11:00:00.000Z' }],
    ['what is contained and waits for its answer', {}, { containedFirst: { decision: 0, at: '' } }],
    ['what was asked already', { question: open().question }, {}],
  ];
  for (const [why, current, other] of apart)
    it(`stays apart from ${why}`, () => {
      assert.equal(placeOf(fresh(current), [open(other)], DAY_MS).kind, 'own');
    });

  it('of two that come at once, only the later joins the earlier', () => {
    const one = fresh({ openedAt: '2026-11-21T10:00:00.000Z', id: 'case-1' as CaseId });
    const two = fresh({ openedAt: '2026-11-21T10:00:00.000Z', id: 'case-2' as CaseId });

    assert.equal(placeOf(one, [two], DAY_MS).kind, 'own');
    assert.equal(placeOf(two, [one], DAY_MS).kind, 'joins');
  });

  it('waits behind a question that lists as much as one can read, unless it is graver', () => {
    const full = open({ targets: Array.from({ length: 20 }, (_, at) => aBucket(`bucket-${at}`)) });
    const more = (severity: Case['severity']) => fresh({ severity, targets: [aBucket('one-more')] });

    assert.equal(placeOf(more('medium'), [full], DAY_MS).kind, 'waits');
    assert.equal(placeOf(more('critical'), [full], DAY_MS).kind, 'own');
  });

  it('is asked as the stricter of the policies asks', () => {
    const one = { ...DEFAULT_ASKING, rule: { kind: 'quorum', of: 2 }, subjectFirst: true } as const;
    const other = {
      ...DEFAULT_ASKING,
      rule: { kind: 'quorum', of: 3 },
      comment: 'always',
      freshSignIn: true,
    } as const;

    const both = strictest(one, other);

    assert.deepEqual(both.rule, { kind: 'quorum', of: 3 });
    assert.deepEqual([both.comment, both.freshSignIn, both.subjectFirst], ['always', true, false]);
  });
});
