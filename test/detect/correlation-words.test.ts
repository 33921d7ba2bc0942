// What a count says to people.
import assert from 'node:assert/strict';
import { spanText } from '../../src/case/moment-text.ts';
import { countFact, raisedBy } from '../../src/detect/raise.ts';
import { english, inLanguage } from '../helpers/english.ts';
import { aCorrelation, aPolicy, MINUTE } from './correlation-samples.ts';
import { alertOf } from './rule.ts';

const crossed = (over: Parameters<typeof aCorrelation>[0], count: number) => ({
  correlation: aCorrelation(over),
  policy: aPolicy('a'),
  count,
  sinceMs: Date.parse('2026-01-12T09:10:00Z'),
  events: 2,
  firstId: 'a',
  window: 'w',
});

describe('a counted case', () => {
  it('says how many there were in how long', () => {
    const rules = ['a', 'b', 'c'];
    const says = [
      countFact(crossed({}, 12)),
      countFact(crossed({ type: 'value_count', timespanMs: 60 * MINUTE }, 5)),
      countFact(crossed({ type: 'temporal', rules }, 3)),
      countFact(crossed({ type: 'temporal_ordered', rules, timespanMs: 90_000 }, 2)),
      countFact(crossed({ timespanMs: 24 * 60 * MINUTE }, 1)),
    ].map(({ label, value }) => `${english(label)}: ${english(value)}`);

    assert.deepEqual(says, [
      'Counted: 12 times in 10 minutes',
      'Counted: 5 different values in 1 hour',
      'Counted: 3 of 3 kinds of event in 10 minutes',
      'Counted: 2 of 3 kinds of event, one after the other, in 90 seconds',
      'Counted: once in 1 day',
    ]);
    assert.equal(spanText(1, 'en-GB'), '1 millisecond');
  });

  it('says so in the language of whoever reads it', () => {
    const { label, value } = countFact(crossed({ timespanMs: 48 * 60 * MINUTE }, 1234));

    assert.equal(inLanguage('de', label), 'Gezählt');
    assert.equal(inLanguage('de', value), '1.234-mal (Zeitraum: 2 Tage)');
    assert.equal(inLanguage('fr', value), '1\u202f234 fois en 2\u00a0jours');
    assert.equal(inLanguage('es', countFact(crossed({}, 1)).value), 'una vez en 10 minutos');
  });

  it('is as severe as the policy, or as the alert where Defender said', () => {
    const observed = { crossed: [crossed({}, 3)], full: [], late: [] };

    const [cloudtrail] = raisedBy(observed, alertOf({}, { severity: 'low' }));
    const [graph] = raisedBy(observed, alertOf({}, { severity: 'low', source: 'graph' }));

    assert.equal(cloudtrail?.severity, 'high');
    assert.equal(graph?.severity, 'low');
    assert.deepEqual(
      { events: cloudtrail?.counted.events, since: cloudtrail?.counted.since },
      { events: 2, since: '2026-01-12T09:10:00.000Z' },
    );
  });

  it('is one, however many windows of its policy the event crossed in: that of the most events', () => {
    const windows = [crossed({}, 3), { ...crossed({}, 5), window: 'z' }, { ...crossed({}, 5), window: 'y' }];
    const other = { ...crossed({}, 1), policy: aPolicy('b') };

    for (const order of [windows, windows.toReversed()]) {
      const raised = raisedBy({ crossed: [...order, other], full: [], late: [] }, alertOf({}));

      assert.deepEqual(
        raised.map(({ policy, counted }) => [policy.id, counted.window]),
        [
          ['a', 'y'],
          ['b', 'w'],
        ],
      );
    }
  });

  it('goes to the security team where counting stopped, and says that it did', () => {
    const full = { correlation: aCorrelation(), policy: aPolicy('a'), window: 'w' };

    const [raised, nothing] = raisedBy(
      { crossed: [], full: [full, { ...full, policy: null }], late: [] },
      alertOf({}),
    );

    assert.equal(nothing, undefined);
    assert.equal(raised?.policy.securityOnly, true);
    assert.equal(raised?.counted.full, true);
    assert.notEqual(raised?.counted.window, 'w');
    assert.match(raised?.policy.question ?? '', /stopped counting for “Many deletions” after 10,000 events/);
    assert.match(english(raised?.counted.fact.value ?? ''), /within 10 minutes/);
  });
});
