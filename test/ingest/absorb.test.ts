// What is a repeat of an answered question, and what is not: in doubt, it is asked about.
import assert from 'node:assert/strict';
import type { Alert } from '../../src/case/alert.ts';
import { askedAnew } from '../../src/case/asked-anew.ts';
import type { Case, SubjectHint } from '../../src/case/case.ts';
import type { CaseId } from '../../src/case/ids.ts';
import { type Said, say } from '../../src/case/said.ts';
import { isRepeat, reopened } from '../../src/ingest/absorb.ts';
import { joinCase, type Opening, openCase } from '../../src/ingest/open-case.ts';
import { aBucket, anAlert, anOpening, aPolicy } from '../helpers/alerts.ts';
import { allEnglish, english, inLanguage } from '../helpers/english.ts';

const AT = '2026-11-21T09:00:00.000Z';
const fresh = { id: 'case-1' as CaseId, ref: 'K7M2PQRS', nonce: '00' };
const opened = (opening = anOpening(), alert = anAlert()): Case => openCase(opening, alert, fresh, AT);
const joined = (about: Case, alert: Alert, opening = anOpening()): Case => ({
  ...about,
  ...joinCase(about, opening, alert, AT).patch,
});
const dismissed = (about: Case = opened()): Case => ({ ...about, state: 'dismissed' });
const said = (over: Partial<Alert> = {}, opening = anOpening(), answered = dismissed()): boolean =>
  isRepeat(answered, opening, anAlert({ sourceId: '123456789012/2', ...over }), AT);
const call = (eventName: string): Partial<Alert> => ({
  event: { eventSource: 's3.amazonaws.com', eventName },
});

describe('a repeat after the answer', () => {
  it('is the same call on the same target by the same person', () => {
    assert.equal(said(), true);
    const inCapitals = { kind: 'entra', id: 'Alex.Weber@contoso.example' } as const;
    assert.equal(said({}, anOpening({ hint: inCapitals })), true);
  });

  it('is one of any call that had joined before the answer', () => {
    const answered = dismissed(joined(opened(), anAlert(call('PutBucketAcl'))));

    assert.equal(said(call('PutBucketAcl'), anOpening(), answered), true);
    assert.equal(said({}, anOpening(), answered), true);
  });

  it('is less severe, or refused where it had gone through', () => {
    assert.equal(said({}, anOpening({ severity: 'low' })), true);
    assert.equal(said({ attempt: true }), true);
  });

  it('is for Graph an alert of the same title about the same person', () => {
    const alert = anAlert({ source: 'graph', title: 'Mass download', targets: [], event: {} });
    const answered = dismissed(opened(anOpening(), alert));

    assert.equal(said({ ...alert, sourceId: 'da2' }, anOpening(), answered), true);
    assert.equal(said({ ...alert, title: 'Mass deletion' }, anOpening(), answered), false);
  });

  const other: SubjectHint = { kind: 'entra', id: 'lee.tanaka@contoso.example' };
  const notRepeats: readonly (readonly [string, Partial<Alert>, Partial<Opening>])[] = [
    ['another call', call('PutBucketAcl'), {}],
    ['the same call with other parameters', { parameters: 'other' }, {}],
    [
      'the same name in another service',
      { event: { eventSource: 'x', eventName: 'DeleteBucketPolicy' } },
      {},
    ],
    ['another target', { targets: [aBucket('payroll')] }, {}],
    ['one more target', { targets: [aBucket('invoices'), aBucket('payroll')] }, {}],
    ['no target', { targets: [] }, {}],
    ['another person', {}, { hint: other }],
    ['nobody who is known', {}, { hint: { kind: 'unknown', reason: 'x' } }],
    ['somebody new in the evidence', {}, { named: ['lee.tanaka@contoso.example'] }],
    ['a higher severity', {}, { severity: 'high' }],
    ['another policy', {}, { policy: aPolicy({ id: 'aws-s3-bucket-public' }) }],
    ['a policy that has changed', {}, { policy: aPolicy({ hash: 'e'.repeat(64) }) }],
  ];
  for (const [what, alert, opening] of notRepeats)
    it(`is not one with ${what}`, () => assert.equal(said(alert, anOpening(opening)), false));

  it('is not a success after mere attempts, in the case as a whole or of that call alone', () => {
    const tried = opened(anOpening(), anAlert({ attempt: true }));
    const onlyThis = joined(opened(), anAlert({ ...call('DeleteBucket'), attempt: true }));

    assert.equal(said({}, anOpening(), dismissed(tried)), false);
    assert.equal(said({ attempt: true }, anOpening(), dismissed(tried)), true);
    assert.equal(said(call('DeleteBucket'), anOpening(), dismissed(onlyThis)), false);
  });

  it('is none of a target that no longer fitted into the question', () => {
    const many = Array.from({ length: 30 }, (_, n) => anAlert({ targets: [aBucket(`bucket-${n}`)] }));
    const answered = dismissed(many.reduce((about, alert) => joined(about, alert), opened()));

    assert.equal(said({ targets: [aBucket('bucket-3')] }, anOpening(), answered), true);
    assert.equal(said({ targets: [aBucket('bucket-25')] }, anOpening(), answered), false);
  });

  it('is none where the record does not say in full what was asked for', () => {
    const { parameters: _parameters, ...untold } = anAlert();
    const answered = dismissed(opened(anOpening(), untold));

    assert.equal(isRepeat(answered, anOpening(), { ...untold, sourceId: 'another' }, AT), false);
    assert.equal(isRepeat(answered, anOpening(), anAlert(), AT), false);
  });

  it('is none of a count that has grown', () => {
    const count = (events: number): Opening =>
      anOpening({ counted: { events, since: AT, fact: { label: 'Counted', value: `${events} times` } } });
    const answered = dismissed(opened(count(10)));

    assert.equal(isRepeat(answered, count(10), anAlert(), AT), true);
    assert.equal(isRepeat(answered, count(11), anAlert(), AT), false);
  });

  it('is one by root or an IAM user of nobody, but by no session of a role', () => {
    const unknown = { kind: 'unknown', reason: 'x' } as const;
    const by = (type: string, arn: string): boolean => {
      const alert = anAlert({ identity: { type, arn } });
      const opening = anOpening({ hint: unknown });
      return isRepeat(dismissed(opened(opening, alert)), opening, alert, AT);
    };

    assert.equal(by('Root', 'arn:aws:iam::123456789012:root'), true);
    assert.equal(by('IAMUser', 'arn:aws:iam::123456789012:user/build'), true);
    assert.equal(by('AssumedRole', 'arn:aws:sts::123456789012:assumed-role/Deploy/alex'), false);
  });

  it('is none of a case from before deeds were kept', () => {
    const { deeds: _deeds, ...older } = opened();

    assert.equal(said({}, anOpening(), dismissed(older)), false);
  });

  describe('of what was closed because of who it was', () => {
    const scope = { except: { users: [], groups: ['00000000-0000-4000-8000-0000000000f1'] } };
    const closed: Case = { ...opened(anOpening({ scope })), state: 'closed', outOfScopeAt: AT };

    it('is one while the settings say the same about people', () => {
      assert.equal(said({}, anOpening({ scope }), closed), true);
    });

    it('is none once they say something else, or nothing', () => {
      assert.equal(said({}, anOpening({ scope: { only: scope.except } }), closed), false);
      assert.equal(said({}, anOpening(), closed), false);
    });
  });
});

describe('what was answered, where the case asks about something else by now', () => {
  const by = { kind: 'person', id: 'morgan', name: 'Morgan Reyes' } as const;
  const LATER = '2026-11-21T09:10:00.000Z';
  const payroll = anAlert({ ...call('PutBucketAcl'), targets: [aBucket('payroll')] });
  const answered = { ...dismissed(), decisions: [{ verb: 'dismiss', by, at: AT } as const] };
  const asking: Case = {
    ...answered,
    ...reopened(answered, anOpening(), payroll, LATER),
    state: 'asking',
  };
  const again = (about: Case = asking, opening = anOpening()) =>
    joinCase(about, opening, anAlert({ sourceId: '123456789012/3' }), LATER);

  it('is counted, and nothing of it becomes part of the question', () => {
    const { patch, widened } = again();

    assert.equal(widened, false);
    assert.equal(patch.seen, asking.seen + 1);
    const { targets, callers, deeds, sources, attempt, title } = { ...asking, ...patch };
    assert.deepEqual(
      { targets, callers, deeds, sources, attempt, title },
      {
        ...{ targets: asking.targets, callers: asking.callers, deeds: asking.deeds },
        ...{ sources: asking.sources, attempt: asking.attempt, title: asking.title },
      },
    );
  });

  it('leaves a question about refused calls as it is', () => {
    const tried: Case = {
      ...asking,
      ...reopened(answered, anOpening(), { ...payroll, attempt: true }, LATER),
    };
    const { patch, widened } = again(tried);

    assert.equal(widened, false);
    assert.equal({ ...tried, ...patch }.attempt, true);
  });

  const asksAnew: Readonly<Record<string, readonly [Partial<Case>, Partial<Opening>]>> = {
    'it was revoked': [{ unexpectedSince: AT }, {}],
    'the person in question says that it was not them': [
      { statements: [{ by, at: LATER, was: 'not-me' }] },
      {},
    ],
    'the answer was said to be a mistake': [
      { decisions: [...asking.decisions, { verb: 'correct', by, at: LATER }] },
      {},
    ],
    'it is graver': [{}, { severity: 'high' }],
    'somebody else is named in it': [{}, { named: ['lee.tanaka@contoso.example'] }],
  };
  for (const [what, [over, opening]] of Object.entries(asksAnew))
    it(`is asked about where ${what}`, () => {
      const { patch, widened } = again({ ...asking, ...over }, anOpening(opening));

      assert.equal(widened, true);
      assert.deepEqual(patch.targets, [aBucket('payroll'), aBucket('invoices')]);
      assert.equal(patch.deeds?.length, 2);
    });
});

describe('what joins a case that groups by target', () => {
  const by = (id: string): SubjectHint => ({ kind: 'entra', id });

  it('keeps everybody who did it from answering, and asks anew', () => {
    const { patch, widened } = joinCase(
      opened(),
      anOpening({ hint: by('Lee.Tanaka@contoso.example') }),
      anAlert(),
      AT,
    );

    assert.equal(widened, true);
    assert.deepEqual(patch.named, ['lee.tanaka@contoso.example']);
  });

  it('asks nothing anew when the subject does it again', () => {
    const { patch, widened } = joinCase(opened(), anOpening(), anAlert(), AT);

    assert.equal(widened, false);
    assert.deepEqual(patch.named, []);
  });

  it('takes away the doubt whether the policy looks at it, where there is none about the new one', () => {
    const scope = { except: { users: ['alex.weber@contoso.example'], groups: [] } };
    const doubted = opened(anOpening({ scope }));

    assert.deepEqual(joined(doubted, anAlert(), anOpening({ scope })).scope, scope);
    assert.deepEqual(joined(doubted, anAlert()).scope, {});
    assert.deepEqual(
      joined(doubted, anAlert(), anOpening({ scope, hint: by('lee@contoso.example') })).scope,
      {},
    );
  });
});

describe('a question that has grown', () => {
  const by = { kind: 'person', id: 'morgan', name: 'Morgan Reyes' } as const;
  const toSecurity = 'Morgan Reyes chose it. A second person has to confirm it.';
  const grown = (...decisions: Case['decisions']) => askedAnew({ ...opened(), decisions, toSecurity });
  const limited = { verb: 'approve', by, at: AT, awaits: 'The limit of 1 an hour is reached.' } as const;

  it('goes back to the manager where only a second signature was missing, which it says no more', () => {
    assert.deepEqual(grown({ verb: 'dismiss', by, at: AT }), { decidedBefore: 1, toSecurity: null });
    assert.deepEqual(grown(limited), { decidedBefore: 1, toSecurity: null });
    assert.deepEqual(grown({ verb: 'approve', by, at: AT }), { decidedBefore: 1, toSecurity });
    assert.deepEqual(grown({ verb: 'escalate', by, at: AT }, limited), {
      decidedBefore: 2,
      toSecurity: say('decide.security-had-it'),
    });
  });
});

describe('what is said of what came', () => {
  const by = { kind: 'person', id: 'morgan', name: 'Morgan Reyes' } as const;
  const answered = (over: Partial<Case> = {}): Case => ({
    ...dismissed(),
    decisions: [{ verb: 'dismiss', by, at: AT }],
    ...over,
  });
  const outcome = (about: Case) =>
    reopened(about, anOpening(), anAlert(call('PutBucketAcl')), AT).outcome ?? [];

  it('is, where it asks anew, who had said what and when', () => {
    assert.deepEqual(allEnglish(outcome(answered())), [
      'Morgan Reyes said at 10:00:00 CET that this was expected. Something else came in since then.',
    ]);
    assert.deepEqual(allEnglish(outcome(answered({ unexpectedSince: AT }))), [
      'Morgan Reyes said at 10:00:00 CET that this was expected, and that was taken back since.',
    ]);
    assert.equal(
      inLanguage('de', outcome(answered())[0] ?? ''),
      'Morgan Reyes hat dies als erwartet bezeichnet (10:00:00 MEZ). Seitdem ist etwas anderes hinzugekommen.',
    );
  });

  it('is of a call what it asked for, and whether it was refused', () => {
    const facts = [{ label: say('ingest.asked-for'), value: `policy: ${'x'.repeat(200)}` }];
    const title = say('ingest.call-on-and-more', { call: 'PutBucketPolicy', target: 'invoices', more: 2 });
    const [deed] = opened(anOpening(), anAlert({ title, facts, attempt: true })).deeds ?? [];
    const asked = `policy: ${'x'.repeat(112)}`;

    assert.equal(
      english(deed?.says ?? ''),
      `Tried, and refused: PutBucketPolicy on invoices and 2 more: ${asked}`,
    );
    assert.equal(
      inLanguage('es', deed?.says ?? ''),
      `Se intentó y se denegó: PutBucketPolicy en invoices y 2 más: ${asked}`,
    );
  });

  it('is the same deed in whatever words it is told', () => {
    const found = (title: Said) =>
      opened(anOpening(), anAlert({ source: 'inventory', title, event: { reasons: ['Open.'] } })).deeds?.[0]
        ?.key;

    assert.equal(found(say('ingest.bucket-public')), found('S3 bucket publicly accessible'));
  });
});
