import assert from 'node:assert/strict';
import {
  type Asking,
  type AskingSettings,
  DEFAULT_ASKING,
  DEFAULT_ASKING_SETTINGS,
} from '../../src/case/asking.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { strictest } from '../../src/route/join-policies.ts';
import { type Place, placeOf } from '../../src/route/place-of.ts';
import { aBucket } from '../helpers/alerts.ts';
import { aCase } from '../helpers/cases.ts';

const within: AskingSettings = { ...DEFAULT_ASKING_SETTINGS, relatedMs: 86_400_000 };

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

const unasked = (over: Partial<Case>): Partial<Case> => ({ state: 'routing', question: null, ...over });
const asking = (over: Partial<Asking>, { policy }: Pick<Case, 'policy'> = fresh()): Case['policy'] => ({
  ...policy,
  asking: { ...DEFAULT_ASKING, ...over },
});

const joined = (place: Place): Case => {
  assert.equal(place.kind, 'joins');
  return (place as Extract<Place, { kind: 'joins' }>).merged;
};

describe('what one person did', () => {
  it('becomes one question, whatever policy and cloud it came from', () => {
    const merged = joined(placeOf(fresh({ severity: 'high' }), [open()], within));

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
    const merged = joined(placeOf(fresh(), [open()], within));

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
    const first = joined(placeOf(fresh(), [open()], within));
    const second = joined(
      placeOf(fresh({ id: 'case-3' as CaseId, deeds: [{ key: 'again', says: 'x' }] }), [first], within),
    );

    assert.equal(second.related?.length, 1);
    assert.equal(second.deeds?.length, 3);
  });

  const apart: readonly (readonly [why: string, current: Partial<Case>, other: Partial<Case>])[] = [
    ['what is only watched', {}, { policy: { ...open().policy, stage: 'monitor' } }],
    ['what only the security team answers', {}, { policy: { ...open().policy, securityOnly: true } }],
    ['what came long before', {}, { lastSeenAt: '2026-11-19T09:00:00.000Z' }],
    ['what was opened later and is not asked either', {}, unasked({ openedAt: '2026-11-21T11:00:00.000Z' })],
    ['what is less severe and not asked yet', { severity: 'high' }, unasked({})],
    [
      'what may yet turn out to be out of scope',
      {},
      unasked({ scope: { except: { users: [], groups: ['x'] } } }),
    ],
    ['what others are asked about', { policy: asking({ approvers: ['grace.obi@contoso.example'] }) }, {}],
    ['what the security team has of a manager, where it is theirs itself', { toSecurity: 'Too many.' }, {}],
    ['what is contained and waits for its answer', {}, { containedFirst: { decision: 0, at: '' } }],
    ['what was asked already', { question: open().question }, {}],
  ];
  for (const [why, current, other] of apart)
    it(`stays apart from ${why}`, () => {
      assert.equal(placeOf(fresh(current), [open(other)], within).kind, 'own');
    });

  it('of two that come at once, only the later joins the earlier', () => {
    const one = fresh({ openedAt: '2026-11-21T10:00:00.000Z', id: 'case-1' as CaseId });
    const two = fresh({ openedAt: '2026-11-21T10:00:00.000Z', id: 'case-2' as CaseId });

    assert.equal(placeOf(one, [two], within).kind, 'own');
    assert.equal(placeOf(two, [one], within).kind, 'joins');
  });

  it('waits behind a question that lists as much as one can read, unless it is graver', () => {
    const full = open({ targets: Array.from({ length: 20 }, (_, at) => aBucket(`bucket-${at}`)) });
    const more = (severity: Case['severity']) => fresh({ severity, targets: [aBucket('one-more')] });

    assert.equal(placeOf(more('medium'), [full], within).kind, 'waits');
    assert.equal(placeOf(more('critical'), [full], within).kind, 'own');
  });

  it('joins what is asked already, whichever of them was opened first', () => {
    const younger = open({ openedAt: '2026-11-21T11:00:00.000Z' });

    assert.equal(placeOf(fresh(), [younger], within).kind, 'joins');
    assert.equal(placeOf(fresh(), [{ ...younger, state: 'routing' }], within).kind, 'joins');
  });

  it('joins what waits only where it is no graver, and waits no more once it is', () => {
    const behind = { id: 'case-1' as CaseId, ref: 'K7M2PQRS' };
    const full = open({ targets: Array.from({ length: 20 }, (_, at) => aBucket(`bucket-${at}`)) });
    const waiting = fresh({ behind, targets: [aBucket('more')] });
    const third = (severity: Case['severity']) =>
      fresh({
        id: 'case-3' as CaseId,
        severity,
        openedAt: '2026-11-21T10:01:00.000Z',
        targets: [aBucket('third')],
      });

    assert.equal(placeOf(third('medium'), [full, waiting], within).kind, 'joins');
    assert.equal(placeOf(third('critical'), [full, waiting], within).kind, 'own');
    assert.equal(placeOf({ ...waiting, severity: 'critical' }, [full], within).kind, 'own');
  });

  describe('is asked as the stricter of the policies asks', () => {
    const of = (over: Partial<Asking>): Asking => ({ ...DEFAULT_ASKING, ...over });

    it('with a comment, a fresh sign-in and as many people as either wants', () => {
      const one = of({ rule: { kind: 'quorum', of: 2 }, subjectFirst: true });
      const other = of({ rule: { kind: 'quorum', of: 3 }, comment: 'always', freshSignIn: true });

      for (const both of [strictest(one, other), strictest(other, one)]) {
        assert.deepEqual(both?.rule, { kind: 'quorum', of: 3 });
        assert.deepEqual([both?.comment, both?.freshSignIn, both?.subjectFirst], ['always', true, false]);
      }
    });

    const rules: readonly Asking['rule'][] = [
      { kind: 'quorum', of: 3 },
      { kind: 'everyone' },
      { kind: 'sequence' },
    ];
    for (const rule of rules)
      for (const other of rules) {
        const isSame = rule === other;
        it(`${rule.kind} and ${other.kind} are ${isSame ? 'the same' : 'asked apart'}`, () => {
          assert.deepEqual(strictest(of({ rule }), of({ rule: other }))?.rule ?? null, isSame ? rule : null);
          assert.deepEqual(strictest(of({}), of({ rule }))?.rule, rule);
        });
      }

    const silence: readonly (readonly [
      one: Asking['onTimeOut'],
      other: Asking['onTimeOut'],
      usual: 'escalate' | 'contain',
      both: Asking['onTimeOut'],
    ])[] = [
      ['dismiss', 'escalate', 'escalate', 'escalate'],
      ['dismiss', 'dismiss', 'escalate', 'dismiss'],
      ['dismiss', undefined, 'escalate', undefined],
      ['escalate', undefined, 'escalate', 'escalate'],
      ['escalate', undefined, 'contain', undefined],
      ['contain', 'dismiss', 'escalate', 'contain'],
      ['contain', undefined, 'escalate', 'contain'],
      [undefined, undefined, 'escalate', undefined],
    ];
    for (const [first, second, usual, both] of silence)
      it(`of silence: ${first} and ${second} where ${usual} is usual is ${both}`, () => {
        const [one, other] = [first, second].map((onTimeOut) => of(onTimeOut ? { onTimeOut } : {}));

        assert.equal(strictest(one, other, usual)?.onTimeOut, both);
        assert.equal(strictest(other, one, usual)?.onTimeOut, both);
      });
  });

  describe('with something that is contained where nobody answers', () => {
    const setup: AskingSettings = { ...within, containFirst: ['entra.user.suspend'] };
    const grave = (over: Partial<Case> = {}): Case =>
      fresh({ policy: asking({ contain: 'make-private', onTimeOut: 'contain' }), ...over });

    it('is still contained, by the same work under the name that it has now', () => {
      const { policy } = joined(placeOf(grave(), [open()], setup));

      assert.deepEqual([policy.asking?.contain, policy.asking?.onTimeOut], ['make-private-2', 'contain']);
      const offer = policy.offers.find(({ key }) => key === policy.asking?.contain);
      assert.deepEqual(offer?.actions, ['entra.user.suspend']);
    });

    it('never waits, nor is it part of what is not asked yet', () => {
      const full = open({ targets: Array.from({ length: 20 }, (_, at) => aBucket(`bucket-${at}`)) });

      assert.equal(placeOf(grave({ targets: [aBucket('one-more')] }), [full], setup).kind, 'own');
      assert.equal(placeOf(grave(), [open(unasked({}))], setup).kind, 'own');
    });

    const lost: readonly (readonly [why: string, into: Partial<Case>])[] = [
      ['another thing is contained', { policy: asking({ contain: 'make-private' }, open()) }],
      [
        'there is more of it than may be done at once',
        { targets: Array.from({ length: 11 }, (_, at) => aBucket(`bucket-${at}`)) },
      ],
      [
        'it was contained before',
        { decisions: [{ verb: 'approve', by: SYSTEM, at: '2026-11-21T09:30:00.000Z' }] },
      ],
    ];
    for (const [why, into] of lost)
      it(`is asked about by itself where ${why}`, () => {
        assert.equal(placeOf(grave(), [open(into)], setup).kind, 'own');
      });

    it('does not carry out for another what its own policy does not wish for', () => {
      const one = { ...DEFAULT_ASKING, contain: 'make-private', onTimeOut: 'escalate' } as const;

      assert.equal(strictest(one, DEFAULT_ASKING, 'contain')?.contain, null);
    });
  });
});
