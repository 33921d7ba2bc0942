import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/case/json.ts';
import type { Observation } from '../../src/detect/compiled.ts';
import type { PolicyFile } from '../../src/detect/load-policies.ts';
import { loadFiles, ruleText } from './rule.ts';

const rule = (name: string, more: object = {}): string =>
  ruleText({ sel: { call: name }, condition: 'sel' }, { name, ...more });
const correlation = (own: object, more: object = {}): string =>
  stringify({
    title: 'Counted',
    correlation: { type: 'event_count', 'group-by': ['who'], timespan: '5m', condition: { gte: 3 }, ...own },
    ...more,
  });
const file = (name: string, documents: readonly string[], outside = false): PolicyFile => ({
  name,
  text: documents.join('---\n'),
  outside,
});

function loaded(...files: readonly PolicyFile[]) {
  const { catalogue, problems } = loadFiles(files);
  assert.deepEqual(problems, []);
  return catalogue;
}
const one = (observations: readonly Observation[]): Observation => {
  assert.equal(observations.length, 1);
  return observations[0] as Observation;
};
const observed = (own: object, event: JsonObject): readonly Observation[] =>
  loaded(file('many.yml', [correlation({ rules: ['one'], ...own }), rule('one')])).evaluate('cloudtrail', {
    call: 'one',
    ...event,
  }).observations;
const refusal = (...documents: readonly string[]) => {
  const { catalogue, problems } = loadFiles([file('many.yml', documents)]);
  assert.equal(catalogue.policies.length, 0, 'it loaded');
  return problems[0];
};

describe('A correlation', () => {
  it('is a counted policy of the source of its rules', () => {
    const catalogue = loaded(
      file('many.yml', [
        correlation({ rules: ['one'] }, { level: 'high', tags: ['attack.t1110'] }),
        rule('one'),
      ]),
    );
    const [policy, ...others] = catalogue.policies;

    assert.deepEqual(others, []);
    assert.equal(policy?.id, 'many');
    assert.equal(policy?.counted, true);
    assert.equal(policy?.source, 'cloudtrail');
    assert.equal(policy?.severity, 'high');
    assert.deepEqual(policy?.techniques, ['T1110']);
    assert.deepEqual(
      { ...catalogue.correlations.get('many') },
      {
        key: 'many',
        type: 'event_count',
        rules: ['many.one'],
        timespanMs: 300_000,
        condition: { gte: 3 },
        grows: true,
        policy,
      },
    );
  });

  it('observes what its rules match, and nothing else', () => {
    const catalogue = loaded(file('many.yml', [correlation({ rules: ['one'] }), rule('one')]));
    const { policies, observations } = catalogue.evaluate('cloudtrail', { call: 'one', who: 'jane' });
    const seen = one(observations);

    assert.deepEqual(policies, []);
    assert.equal(seen.correlation, catalogue.correlations.get('many'));
    assert.deepEqual([seen.rule, seen.group, seen.value, seen.onward], ['many.one', '["jane"]', '', []]);
    assert.deepEqual(catalogue.evaluate('cloudtrail', { call: 'two' }).observations, []);
  });

  it('may stand after its rules, and refer to them by id, in any case', () => {
    const id = 'ABCDEF12-1111-4111-8111-111111111111';
    const catalogue = loaded(
      file('many.yml', [rule('one', { id }), correlation({ rules: [id.toLowerCase()] })]),
    );

    assert.deepEqual(
      catalogue.policies.map(({ counted }) => counted),
      [true],
    );
  });

  it('may refer to rules of other files, in any order of reading', () => {
    const catalogue = loaded(
      file('many.yml', [correlation({ rules: ['one'] })], true),
      file('one.yml', [rule('one')], true),
    );

    assert.equal(one(catalogue.evaluate('cloudtrail', { call: 'one' }).observations).rule, 'one');
  });

  it('prefers the rule of its own file where another has the same name', () => {
    const catalogue = loaded(
      file('a.yml', [correlation({ rules: ['one'] }), rule('one')], true),
      file('b.yml', [correlation({ rules: ['one'] }), rule('one')], true),
    );

    assert.deepEqual(
      [...catalogue.correlations.values()].map(({ rules }) => rules),
      [['a.one'], ['b.one']],
    );
  });

  for (const [timespan, expected] of [
    ['90s', 90_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ] as const)
    it(`counts within ${timespan}`, () =>
      assert.equal(one(observed({ timespan }, {})).correlation.timespanMs, expected));

  for (const [condition, grows] of [
    [{ gte: 3 }, true],
    [{ gt: 0 }, true],
    [{ gt: 2, gte: 2 }, true],
    [{ lt: 3 }, false],
    [{ lte: 1 }, false],
    [{ eq: 2 }, false],
    [{ neq: 2 }, false],
    [{ gt: 1, lte: 5 }, false],
    [{ gte: 5000 }, true],
  ] as const)
    it(`with ${JSON.stringify(condition)} ${grows ? 'fires at its first crossing' : 'is judged when no more can come'}`, () => {
      const { correlation } = one(observed({ condition }, {}));

      assert.deepEqual(correlation.condition, condition);
      assert.equal(correlation.grows, grows);
    });

  for (const type of ['temporal', 'temporal_ordered'])
    it(`${type} asks for all its rules, or as many as it says`, () => {
      const load = (condition: object) =>
        loaded(
          file('many.yml', [
            correlation({ type, rules: ['one', 'two'], condition: undefined, ...condition }),
            rule('one'),
            rule('two'),
          ]),
        ).correlations.get('many');

      assert.deepEqual(load({})?.condition, { gte: 2 });
      assert.deepEqual(load({})?.rules, ['many.one', 'many.two']);
      assert.equal(load({})?.grows, true);
      assert.deepEqual(load({ condition: { gte: 1 } })?.condition, { gte: 1 });
    });
});

describe('The group of an observation', () => {
  for (const [event, group] of [
    [{ who: 'jane', where: { ip: '192.0.2.1' } }, '["jane","192.0.2.1"]'],
    [{ who: 'jane' }, '["jane",null]'],
    [{ who: null, where: {} }, '[null,null]'],
    [{}, '[null,null]'],
    [{ who: ['b', 'a'], where: [{ ip: 1 }, { ip: 2 }] }, '[["b","a"],[1,2]]'],
    [{ who: ['jane'] }, '["jane",null]'],
    [{ who: { b: 1, a: 2 } }, '[{"a":2,"b":1},null]'],
    [{ who: 'null' }, '["null",null]'],
  ] as const)
    it(`of ${JSON.stringify(event)} is ${group}`, () =>
      assert.equal(one(observed({ 'group-by': ['who', 'where.ip'] }, event as JsonObject)).group, group));

  it('ignores letter case, as comparisons do, and leaves keys as they are', () => {
    const groupOf = (who: Json): string => one(observed({ 'group-by': ['who'] }, { who })).group;

    assert.equal(groupOf('Bob.Smith'), groupOf('bOb.sMITH'));
    assert.equal(groupOf(['Ann', 'Bob']), groupOf(['ANN', 'bob']));
    assert.equal(groupOf({ a: 'X' }), groupOf({ a: 'x' }));
    assert.notEqual(groupOf({ a: 'x' }), groupOf({ A: 'x' }));
  });

  it('is one for all where nothing is grouped by', () =>
    assert.equal(one(observed({ 'group-by': [] }, { who: 'jane' })).group, '[]'));

  it('takes eventName without its API version', () =>
    assert.equal(
      one(observed({ 'group-by': 'eventName' }, { eventName: 'UpdateFunctionCode20150331v2' })).group,
      '["updatefunctioncode"]',
    ));

  it('follows aliases', () => {
    const catalogue = loaded(
      file('many.yml', [
        correlation({
          type: 'temporal',
          rules: ['one', 'two'],
          condition: undefined,
          'group-by': ['ip', 'who'],
          aliases: { ip: { one: 'source.ip', two: 'destination' } },
        }),
        rule('one'),
        rule('two'),
      ]),
    );
    const group = (event: JsonObject): string =>
      one(catalogue.evaluate('cloudtrail', { who: 'jane', ...event }).observations).group;

    assert.equal(group({ call: 'one', source: { ip: 'x' } }), '["x","jane"]');
    assert.equal(group({ call: 'two', destination: 'x', source: { ip: 'y' } }), '["x","jane"]');
  });
});

describe('A value_count', () => {
  const counted = (field: unknown, event: JsonObject) =>
    observed({ type: 'value_count', condition: { field, gte: 2 } }, event);

  it('counts the value of its field, or of all its fields together', () => {
    assert.equal(one(counted('user', { user: 'a' })).value, '["a"]');
    assert.equal(one(counted(['user', 'host'], { user: 'a', host: 1 })).value, '["a",1]');
    assert.deepEqual(one(counted('user', { user: 'a' })).correlation.condition, { gte: 2 });
  });

  it('counts every value of a list once, whatever their order', () => {
    const machines = (...ids: readonly string[]) => ({ set: ids.map((id) => ({ id })) });

    assert.equal(one(counted('set.id', machines('i-2', 'i-1', 'i-2'))).value, '["i-1"]\n["i-2"]');
  });

  it('does not count what has no value', () => {
    assert.deepEqual(counted('user', {}), []);
    assert.deepEqual(counted('user', { user: null }), []);
    assert.deepEqual(counted(['user', 'host'], { user: 'a' }), []);
  });
});

describe('A chain of correlations', () => {
  const documents = [
    correlation({ type: 'temporal_ordered', rules: ['many_failed', 'success'], condition: undefined }),
    correlation({ rules: ['failed'], 'group-by': ['ip'] }, { name: 'many_failed' }),
    rule('failed'),
    rule('success'),
  ];

  it('carries what a crossing is to the one above', () => {
    const catalogue = loaded(file('chain.yml', documents));
    const seen = one(catalogue.evaluate('cloudtrail', { call: 'failed', who: 'jane', ip: 'x' }).observations);

    assert.deepEqual(
      [seen.correlation.key, seen.correlation.policy, seen.rule, seen.group],
      ['chain.many_failed', null, 'chain.failed', '["x"]'],
    );
    const above = one(seen.onward);
    assert.deepEqual(
      [above.correlation.key, above.correlation.policy?.id, above.rule, above.group],
      ['chain', 'chain', 'chain.many_failed', '["jane"]'],
    );
    assert.deepEqual(catalogue.correlations.get('chain')?.rules, ['chain.many_failed', 'chain.success']);
    assert.deepEqual([...catalogue.correlations.keys()].sort(), ['chain', 'chain.many_failed']);
  });

  it('takes an alias of an inner correlation, or of the rules below it', () => {
    for (const aliases of [
      { user: { many_failed: 'a.b', success: 'c' } },
      { user: { failed: 'a.b', success: 'c' } },
    ]) {
      const [top = '', ...rest] = documents;
      const text = top
        .replace('- who', '- user')
        .replace('correlation:', `correlation:\n  aliases: ${JSON.stringify(aliases)}`);
      const catalogue = loaded(file('chain.yml', [text, ...rest]));
      const seen = one(catalogue.evaluate('cloudtrail', { call: 'failed', a: { b: 'jane' } }).observations);

      assert.equal(one(seen.onward).group, '["jane"]');
    }
  });

  it('observes nothing where the policy at its end is off', () => {
    const { catalogue } = loadFiles([file('chain.yml', documents)], {
      policies: { chain: { stage: 'off' } },
    });

    assert.deepEqual(catalogue.evaluate('cloudtrail', { call: 'failed' }).observations, []);
  });

  it('observes nothing where all that is above it looks elsewhere', () => {
    const only = { accounts: ['123456789012'], regions: [], networks: [], users: [], groups: [] };
    const { catalogue } = loadFiles([file('chain.yml', documents)], { policies: { chain: { only } } });
    const observations = (recipientAccountId: string) =>
      catalogue.evaluate('cloudtrail', { call: 'failed', recipientAccountId }).observations;

    assert.equal(one(observations('123456789012')).onward.length, 1);
    assert.deepEqual(observations('999999999999'), []);
  });

  it('in a circle is refused', () => {
    const circle = [
      correlation({ rules: ['b'] }, { name: 'a' }),
      correlation({ rules: ['a', 'one'] }, { name: 'b' }),
      rule('one'),
    ];

    assert.match(refusal(...circle)?.reason ?? '', /circle/);
    assert.match(refusal(correlation({ rules: ['a'] }, { name: 'a' }))?.reason ?? '', /circle/);
  });

  it('that multiplies without end is refused', () => {
    const levels = Array.from({ length: 10 }, (_, at) =>
      ['x', 'y', 'z'].map((name) =>
        correlation(
          { rules: at === 0 ? ['one'] : [`x${at - 1}`, `y${at - 1}`, `z${at - 1}`] },
          { name: `${name}${at}` },
        ),
      ),
    ).flat();

    assert.match(refusal(...levels, rule('one'))?.reason ?? '', /too many rules/);
  });
});

describe('A rule that a correlation counts', () => {
  const policies = (...files: readonly PolicyFile[]): readonly string[] =>
    loaded(...files)
      .evaluate('cloudtrail', { call: 'one' })
      .policies.map(({ id }) => id);

  it('raises nothing by itself', () =>
    assert.deepEqual(
      policies(
        file('one.yml', [rule('one')], true),
        file('many.yml', [correlation({ rules: ['one'] })], true),
      ),
      [],
    ));

  for (const [where, more, own] of [
    ['beside the correlation', { generate: true }, {}],
    ['in it', {}, { generate: true }],
  ] as const)
    it(`raises where the correlation says generate, ${where}`, () =>
      assert.deepEqual(
        policies(file('many.yml', [correlation({ rules: ['one'], ...own }, more), rule('one')])),
        ['many.one'],
      ));

  it('raises where it is a built-in policy of its own, whatever an outside file refers to', () => {
    const counting = correlation({ rules: ['one'] });

    assert.deepEqual(policies(file('one.yml', [rule('one')]), file('many.yml', [counting], true)), ['one']);
    assert.deepEqual(policies(file('one.yml', [rule('one')]), file('many.yml', [counting])), ['one']);
    assert.deepEqual(policies(file('many.yml', [counting, rule('one')])), []);
  });

  it('stays a part of its built-in policy, whatever an outside file generates', () =>
    assert.deepEqual(
      policies(
        file('many.yml', [correlation({ rules: ['one'] }), rule('one')]),
        file('theirs.yml', [correlation({ rules: ['one'] }, { generate: true })], true),
      ),
      [],
    ));
});

describe('A correlation is refused, with its line,', () => {
  const one = rule('one');
  for (const [what, own, line, reason] of [
    ['for a sum', { type: 'value_sum' }, 3, /"value_sum" is not supported/],
    ['for an average', { type: 'value_avg' }, 3, /"value_avg" is not supported/],
    ['for a percentile', { type: 'value_percentile' }, 3, /"value_percentile" is not supported/],
    ['for an unknown type', { type: 'sorcery' }, 3, /unknown type; known are event_count/],
    ['without a timespan that can be read', { timespan: 'soon' }, 6, /s, m, h or d/],
    ['for months', { timespan: '1M' }, 6, /s, m, h or d/],
    ['for longer than windows are kept', { timespan: '31d' }, 6, /30 days/],
    ['without a count', { condition: undefined }, 2, /needs a count/],
    ['with an empty condition', { condition: {} }, 7, /needs a count/],
    ['with a text as condition', { condition: 'one and two' }, 7, /expected object/],
    ['with an unknown operator', { condition: { about: 3 } }, 8, /Unrecognized/],
    ['with half an event', { condition: { gte: 2.5 } }, 8, /whole number/],
    ['with more than is counted', { condition: { gte: 5001 } }, 8, /more than 5000/],
    ['with a range of nothing', { condition: { gt: 5, lt: 6 } }, 7, /no count can meet/],
    ['with none', { condition: { eq: 0 } }, 7, /no count can meet/],
    ['with fewer than one', { condition: { lt: 1 } }, 7, /no count can meet/],
    ['with a field that is not counted', { condition: { gte: 2, field: 'a' } }, 9, /only value_count/],
    ['with values of no field', { type: 'value_count' }, 7, /needs a field/],
    ['with more rules than it has', { type: 'temporal', condition: { gte: 2 } }, 7, /no count can meet/],
    ['for a rule that is not there', { rules: ['two'] }, 10, /"two" is neither the id nor the name/],
    ['for a rule that is named twice', { rules: ['one', 'one'] }, 11, /named twice/],
    ['for no rule', { rules: [] }, 9, /./],
    [
      'for an alias that is silent about a rule',
      { 'group-by': ['x'], aliases: { x: {} } },
      12,
      /says nothing about "one"/,
    ],
    ['for an alias of a rule that is not there', { aliases: { x: { two: 'a' } } }, 13, /"two" is neither/],
    ['for an unknown key', { count: 5 }, 11, /Unrecognized/],
  ] as const)
    it(what, () => {
      const problem = refusal(correlation({ condition: { gte: 3 }, rules: ['one'], ...own }), one);

      assert.match(problem?.reason ?? '', reason);
      assert.equal(problem?.line, line, problem?.reason);
    });

  it('for a name that two rules have', () => {
    const { problems } = loadFiles([
      file('a.yml', [rule('one')], true),
      file('b.yml', [rule('one')], true),
      file('many.yml', [correlation({ rules: ['one'] })], true),
    ]);

    assert.match(problems[0]?.reason ?? '', /name of two rules/);
  });

  it('when the rule that it counts is', () => {
    const { catalogue, problems } = loadFiles([
      file('top.yml', [correlation({ rules: ['middle'] })]),
      file('middle.yml', [correlation({ rules: ['bad'] }, { name: 'middle' })]),
      file('bad.yml', [ruleText({ sel: { 'a|oops': 1 }, condition: 'sel' }, { name: 'bad' })]),
    ]);

    assert.deepEqual(catalogue.policies, []);
    assert.deepEqual(problems.map(({ file }) => file).sort(), ['bad.yml', 'middle.yml', 'top.yml']);
  });
});
