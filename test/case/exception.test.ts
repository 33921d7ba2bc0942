// What asks nobody for a while, and what asks all the same.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SEVERITIES } from '../../src/case/alert.ts';
import { chainOf, type Exception, isExcepted, type Matched, NOBODY } from '../../src/case/exception.ts';
import type { CaseId } from '../../src/case/ids.ts';

const ALEX = ['a1e00000-0000-4000-8000-000000000001', 'alex.weber@contoso.example'];
const [ALEX_ID = '', ALEX_UPN = ''] = ALEX;
const SAM = 'sam.okafor@contoso.example';
const BUCKET = 'bucket:123456789012:contoso-invoices';
const OTHER = 'bucket:123456789012:contoso-payroll';
const MONDAY = '2026-11-23T09:00:00.000Z';
const THURSDAY = '2026-11-26T09:00:00.000Z';
const FRIDAY = '2026-11-27T17:00:00.000Z';
const SATURDAY = '2026-11-28T09:00:00.000Z';

const by = { kind: 'person', id: 'morgan', name: 'Morgan Reyes' } as const;
const common = { id: 'AB12CD', says: '', by, at: MONDAY, until: FRIDAY, upTo: 'medium', held: 0 } as const;
const expected = (over: Partial<Exception> = {}): Exception => ({
  ...{ ...common, kind: 'expected', policies: ['made-public'], subjects: ALEX, targets: [BUCKET] },
  ...{ deeds: ['the deed'], evidence: { 'the deed': ['Berlin', 'SharePoint'] }, people: [] },
  ...over,
});
const quiet = (over: Partial<Exception>): Exception => ({ ...common, kind: 'quiet', ...over });
const match = (over: Partial<Matched> = {}): Matched => ({
  ...{ policy: 'made-public', severity: 'medium', subjects: [ALEX_UPN], people: [], targets: [BUCKET] },
  ...{
    hasMoreTargets: false,
    deeds: ['the deed'],
    evidence: [],
    counted: null,
    attempt: false,
    group: 'a group',
  },
  ...{ at: THURSDAY },
  ...over,
});

describe('an answer "expected until"', () => {
  it('holds for the same deed by the same person on the same thing', () => {
    assert.equal(isExcepted(expected(), match()), true);
  });

  const fits: Readonly<Record<string, Partial<Matched>>> = {
    'under another of their names': { subjects: [ALEX_ID] },
    'of a lower severity': { severity: 'low' },
    'refused this time': { attempt: true },
    'that names less than the question did': { evidence: ['Berlin'] },
    'in the last millisecond': { at: '2026-11-27T16:59:59.999Z' },
    'that names the person once more': { people: [ALEX_ID] },
    'that touches their own account as well': { targets: [BUCKET, `user:${ALEX_ID}`] },
  };
  for (const [what, over] of Object.entries(fits))
    it(`holds for one ${what}`, () => assert.equal(isExcepted(expected(), match(over)), true));

  const asks: Readonly<Record<string, Partial<Matched>>> = {
    'on another thing': { targets: [OTHER] },
    'on one more thing': { targets: [BUCKET, OTHER] },
    'on more than is listed': { hasMoreTargets: true },
    'on the account of somebody else': { targets: [BUCKET, `user:${SAM}`] },
    'by somebody else': { subjects: [SAM] },
    'by nobody known': { subjects: [NOBODY] },
    'of a higher severity': { severity: 'high' },
    'under another policy': { policy: 'public-access' },
    'that is another deed': { deeds: ['another'] },
    'that names somebody else': { people: [SAM] },
    'that names another place': { evidence: ['Pyongyang'] },
    'that names one more place': { evidence: ['Berlin', 'SharePoint', 'Pyongyang'] },
    'when it is over': { at: FRIDAY },
    'after it is over': { at: SATURDAY },
    'of which more are counted than were answered': { counted: 1 },
  };
  for (const [what, over] of Object.entries(asks))
    it(`asks about one ${what}`, () => assert.equal(isExcepted(expected(), match(over)), false));

  it('asks once it is revoked', () => {
    assert.equal(isExcepted(expected({ revoked: { by, at: MONDAY } }), match()), false);
  });

  it('asks where nobody can tell until when it holds', () => {
    assert.equal(isExcepted(expected({ until: 'friday' }), match()), false);
  });

  it('says nothing of a success where only refused calls were answered', () => {
    const tried = expected({ attemptsOnly: true });

    assert.equal(isExcepted(tried, match()), false);
    assert.equal(isExcepted(tried, match({ attempt: true })), true);
  });

  it('holds for as many as were counted and other deeds among them, and asks about more', () => {
    const counted = expected({ countedBy: { 'made-public': 12 } });

    for (const [count, holds] of [
      [11, true],
      [12, true],
      [13, false],
    ] as const)
      assert.equal(isExcepted(counted, match({ counted: count, deeds: ['another'] })), holds, `${count}`);
  });

  it('holds for nothing of one policy because of what another one counted', () => {
    const policies = ['made-public', 'secrets-read'];
    const counted = expected({ policies, countedBy: { 'made-public': 500, 'secrets-read': 3 } });
    const reads = (count: number) => match({ policy: 'secrets-read', counted: count, deeds: [] });

    assert.equal(isExcepted(counted, reads(3)), true);
    assert.equal(isExcepted(counted, reads(4)), false);
    assert.equal(isExcepted(expected({ policies, countedBy: { 'made-public': 500 } }), reads(1)), false);
  });

  it('holds for no evidence where the question showed none', () => {
    const { evidence: _, ...bare } = expected();

    assert.equal(isExcepted(bare, match({ evidence: ['Berlin'] })), false);
    assert.equal(isExcepted(bare, match()), true);
  });

  it('holds for a person without a thing only where nothing is touched', () => {
    const signIn = expected({ targets: [] });

    assert.equal(isExcepted(signIn, match({ targets: [] })), true);
    assert.equal(isExcepted(signIn, match({ targets: [`resource:${ALEX_UPN}`] })), true);
    assert.equal(isExcepted(signIn, match({ targets: [BUCKET] })), false);
  });

  describe('about nobody known', () => {
    const nobody = expected({ subjects: [NOBODY], group: 'a group' });

    it('holds for the same caller on the same thing', () => {
      assert.equal(isExcepted(nobody, match({ subjects: [NOBODY] })), true);
    });

    it('asks about anybody who is known, another caller, and what touches nothing', () => {
      for (const over of [{}, { subjects: [NOBODY], group: 'another' }, { subjects: [NOBODY], targets: [] }])
        assert.equal(isExcepted(nobody, match(over)), false, JSON.stringify(over));
    });
  });

  /** Each field of a match, of a few values that may or may not be what was answered. */
  const anyMatch: fc.Arbitrary<Matched> = fc.record({
    policy: fc.constantFrom('made-public', 'public-access'),
    severity: fc.constantFrom(...SEVERITIES),
    subjects: fc.subarray([...ALEX, SAM, NOBODY], { minLength: 1, maxLength: 1 }),
    people: fc.subarray([ALEX_ID, SAM]),
    targets: fc.subarray([BUCKET, OTHER, `user:${ALEX_ID}`, `user:${SAM}`]),
    hasMoreTargets: fc.boolean(),
    deeds: fc.subarray(['the deed', 'another']),
    evidence: fc.subarray(['Berlin', 'SharePoint', 'Pyongyang']),
    counted: fc.constantFrom(null, 1, 12, 13),
    attempt: fc.boolean(),
    group: fc.constantFrom('a group', 'another'),
    at: fc.constantFrom(MONDAY, THURSDAY, FRIDAY, SATURDAY),
  });

  it('never holds for anything but what was answered, whatever comes together', () => {
    fc.assert(
      fc.property(anyMatch, fc.boolean(), fc.boolean(), (given, attemptsOnly, isKnown) => {
        const exception = expected({
          countedBy: { 'made-public': 12 },
          ...(attemptsOnly && { attemptsOnly }),
          ...(!isKnown && { subjects: [NOBODY], group: 'a group' }),
        });
        if (!isExcepted(exception, given)) return;

        const who = isKnown ? ALEX : [NOBODY];
        assert.ok(given.subjects.every((name) => who.includes(name)));
        assert.ok(given.people.every((name) => isKnown && name === ALEX_ID));
        assert.ok(given.targets.every((key) => key === BUCKET || (isKnown && key === `user:${ALEX_ID}`)));
        assert.ok(!given.hasMoreTargets && given.policy === 'made-public');
        assert.ok(SEVERITIES.indexOf(given.severity) <= SEVERITIES.indexOf('medium'));
        assert.ok(given.at < FRIDAY && (given.attempt || !attemptsOnly));
        assert.ok(given.counted !== null || !given.evidence.includes('Pyongyang'));
        assert.ok(given.counted === null ? given.deeds.includes('the deed') : given.counted <= 12);
      }),
      { seed: 20_261_122, numRuns: 5_000 },
    );
  });
});

describe('what the security team keeps quiet', () => {
  it('is a person, a thing or a policy, whatever else it is', () => {
    const elsewhere = match({ deeds: ['another'], people: [SAM], counted: 40, group: 'another' });

    for (const scope of [{ subjects: ALEX }, { targets: [BUCKET] }, { policies: ['made-public'] }])
      assert.equal(isExcepted(quiet(scope), elsewhere), true, JSON.stringify(scope));
  });

  it('asks about anybody else, anything else and any other policy', () => {
    for (const scope of [{ subjects: [SAM] }, { targets: [OTHER] }, { policies: ['public-access'] }])
      assert.equal(isExcepted(quiet(scope), match()), false, JSON.stringify(scope));
  });

  it('asks where a quiet thing is touched together with another, or nothing is named', () => {
    const thing = quiet({ targets: [BUCKET] });

    assert.equal(isExcepted(thing, match({ targets: [BUCKET, OTHER] })), false);
    assert.equal(isExcepted(thing, match({ targets: [] })), false);
  });

  it('keeps nothing quiet of whoever set it, by any of their names', () => {
    const mine = quiet({ policies: ['made-public'], notFor: ALEX });

    assert.equal(isExcepted(mine, match()), false);
    assert.equal(isExcepted(mine, match({ subjects: [SAM], people: [ALEX_ID] })), false);
    assert.equal(isExcepted(mine, match({ subjects: [SAM] })), true);
  });

  it('is never everything', () => {
    assert.equal(isExcepted(quiet({}), match()), false);
  });
});

describe('what an exception did', () => {
  it('is on record with its case, or on a chain of its own', () => {
    assert.equal(chainOf({ id: 'AB12CD', caseId: 'a case' as CaseId }), 'a case');
    assert.equal(chainOf({ id: 'AB12CD' }), 'exception:AB12CD');
  });
});
