import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { loadFiles, ruleText } from './rule.ts';

const ID = '11111111-2222-4333-8444-555555555555';
const RULE = {
  name: 'rules/one.yml',
  text: ruleText({ sel: { a: 'x' }, condition: 'sel' }, { id: ID, name: 'one' }),
  outside: true,
};
const OTHER = {
  name: 'rules/other.yml',
  text: ruleText({ sel: { a: 'x' }, condition: 'sel' }, { name: 'other' }),
  outside: true,
};
const filterText = (own: object = {}, more: object = {}): string =>
  stringify({
    title: 'Not the administrators',
    logsource: { product: 'aws', service: 'cloudtrail' },
    filter: { rules: ['one'], selection: { 'user|startswith': 'adm_' }, condition: 'selection', ...own },
    ...more,
  });
const load = (text: string, outside = true) =>
  loadFiles([RULE, OTHER, { name: outside ? 'filters/admins.yml' : 'admins.yml', text, outside }]);
const matched = (text: string, user: string): readonly string[] => {
  const { catalogue, problems } = load(text);
  assert.deepEqual(problems, []);
  return catalogue.evaluate('cloudtrail', { a: 'x', user }).policies.map(({ id }) => id);
};

describe('A Sigma filter', () => {
  for (const reference of ['one', ID, ID.toUpperCase()])
    it(`suppresses what the rules that it names match: ${reference}`, () => {
      const text = filterText({ rules: [reference] });

      assert.deepEqual(matched(text, 'adm_jane'), ['other']);
      assert.deepEqual(matched(text, 'jane'), ['one', 'other']);
    });

  it('suppresses the same where it is written with "not", as other tools have it, and that is noted', () => {
    const text = filterText({ condition: 'not selection' });

    assert.deepEqual(matched(text, 'adm_jane'), ['other']);
    assert.deepEqual(matched(text, 'jane'), ['one', 'other']);
    assert.match(load(text).notes[0]?.reason ?? '', /what follows "not" is suppressed/);
    assert.deepEqual(load(filterText()).notes, []);
  });

  it('takes a selection by what it says, not by how it says it', () =>
    assert.deepEqual(matched(filterText({ selection: { 'user|neq': 'jane' } }), 'jane'), ['one', 'other']));

  it('may put several search identifiers together', () => {
    const text = filterText({
      rules: ['one', 'other'],
      robots: { 'user|endswith': '_bot' },
      condition: '1 of them',
    });

    assert.deepEqual(matched(text, 'build_bot'), []);
    assert.deepEqual(matched(text, 'jane'), ['one', 'other']);
  });

  it('raises nothing, and asks nothing', () => {
    assert.deepEqual(
      load(filterText()).catalogue.policies.map(({ id }) => id),
      ['one', 'other'],
    );
    const asking = load(filterText({}, { countersign: { question: 'Really?' } }), false);
    assert.match(asking.problems[0]?.reason ?? '', /a filter asks nothing/);
  });

  it('is named where a rule is explained', () => {
    const { catalogue } = load(filterText());
    const explanation = catalogue.explain('one', 'cloudtrail', { a: 'x', user: 'adm_jane' });

    assert.equal(explanation.holds, false);
    assert.match(JSON.stringify(explanation), /filter: Not the administrators/);
  });

  it('may say less about the logs than the rule', () =>
    assert.deepEqual(matched(filterText({}, { logsource: { product: 'aws' } }), 'adm_jane'), ['other']));

  for (const [what, text, reason] of [
    ['a rule that is not there', filterText({ rules: ['nowhere'] }), /"nowhere" is neither/],
    ['any rule', filterText({ rules: 'any' }), /expected a list of rules/],
    ['no rule', filterText({ rules: [] }), /expected a list of rules/],
    ['rules of other logs', filterText({}, { logsource: { product: 'm365' } }), /reads other logs/],
    ['an unknown selection', filterText({ condition: 'other' }), /names "other"/],
    ['both with and without', filterText({ b: { c: 1 }, condition: 'selection and not b' }), /without "not"/],
    ['twice not', filterText({ condition: 'not not selection' }), /without "not"/],
    ['no condition', filterText({ condition: undefined }), /^filter.condition: expected a text/],
    ['an unknown modifier', filterText({ selection: { 'a|oops': 1 } }), /"oops" is not supported/],
  ] as const)
    it(`for ${what} is refused`, () => {
      const { catalogue, problems } = load(text);

      assert.equal(catalogue.policies.length, 2);
      assert.equal(problems[0]?.file, 'filters/admins.yml');
      assert.match(problems[0]?.reason ?? '', reason);
    });

  it('from outside for a built-in policy is refused, by name and by id: an exception belongs into the settings', () => {
    for (const reference of ['one', ID]) {
      const inside = { ...RULE, name: 'one.yml', outside: false };
      const filter = {
        name: 'filters/admins.yml',
        text: filterText({ rules: ['other', reference] }),
        outside: true,
      };
      const { catalogue, problems } = loadFiles([inside, OTHER, filter]);

      const { policies } = catalogue.evaluate('cloudtrail', { a: 'x', user: 'adm_jane' });
      assert.deepEqual(
        policies.map(({ id }) => id),
        ['one', 'other'],
      );
      assert.equal(problems.length, 1);
      assert.equal(
        problems[0]?.line,
        filter.text.split('\n').findIndex((line) => line.includes(`- ${reference}`)) + 1,
      );
      assert.match(
        problems[0]?.reason ?? '',
        /a filter from outside cannot name a built-in policy: use detection\.policies\.one\.except in the settings/,
      );
    }
  });

  it('of our own narrows built-in policies', () => {
    const inside = { ...RULE, name: 'one.yml', outside: false };
    const { catalogue, problems } = loadFiles([inside, { name: 'admins.yml', text: filterText() }]);

    assert.deepEqual(problems, []);
    assert.deepEqual(catalogue.evaluate('cloudtrail', { a: 'x', user: 'adm_jane' }).policies, []);
  });

  it('for a correlation is refused: its rules are what can be filtered', () => {
    const counted = stringify({
      title: 'Many',
      name: 'many',
      correlation: {
        type: 'event_count',
        rules: ['one'],
        'group-by': ['user'],
        timespan: '1h',
        condition: { gte: 2 },
      },
    });
    const files = [RULE, { name: 'rules/many.yml', text: counted, outside: true }];
    const filter = (rules: readonly string[]) => ({
      name: 'f.yml',
      text: filterText({ rules }),
      outside: true,
    });

    assert.match(loadFiles([...files, filter(['many'])]).problems[0]?.reason ?? '', /no single rule/);
    const { catalogue } = loadFiles([...files, filter(['one'])]);
    assert.deepEqual(catalogue.evaluate('cloudtrail', { a: 'x', user: 'adm_jane' }).observations, []);
    assert.equal(catalogue.evaluate('cloudtrail', { a: 'x', user: 'jane' }).observations.length, 1);
  });
});
