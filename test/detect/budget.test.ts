// What rules may cost together: regular expressions, and rules that a correlation counts.
import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { crossings } from '../../src/detect/count.ts';
import { MAX_TEXT } from '../../src/detect/regular-expression.ts';
import { loadFiles, matches, ruleText } from './rule.ts';

/** 120 or so instructions. */
const expression = (at: number): string => `${at}(?:[a-z]x[0-9]){30}`;
const ruleWith = (expressions: number): string =>
  ruleText({
    sel: { 'a|re': Array.from({ length: expressions }, (_, at) => expression(at)) },
    condition: 'sel',
  });

describe('Regular expressions together', () => {
  it('are bounded in a file: it is refused with the line of the one that is too much', () => {
    const { problems, catalogue } = loadFiles([
      { name: 'many.yml', text: ruleWith(60) },
      { name: 'few.yml', text: ruleWith(20) },
    ]);

    assert.deepEqual(
      catalogue.policies.map(({ id }) => id),
      ['few'],
    );
    assert.equal(problems[0]?.file, 'many.yml');
    assert.equal(problems[0]?.line, 7);
    assert.match(
      problems[0]?.reason ?? '',
      /the regular expressions of this file are too big together: more than 5000/,
    );
  });

  it('are bounded over all files from outside; those of our own and what is refused do not count', () => {
    const file = (at: number, expressions = 30) => ({
      name: `rules/r${at}.yml`,
      text: ruleWith(expressions),
      outside: true,
    });
    const own = Array.from({ length: 30 }, (_, at) => ({ name: `own${at}.yml`, text: ruleWith(30) }));
    const greedy = Array.from({ length: 20 }, (_, at) => file(100 + at, 60));

    const { problems } = loadFiles([...own, ...greedy, ...Array.from({ length: 30 }, (_, at) => file(at))]);

    const late = problems.filter(({ file }) => !/r1\d\d\.yml/.test(file));
    assert.equal(problems.length - late.length, 20);
    assert.ok(late.length > 0 && late.length < 30, `${late.length} are refused`);
    for (const { file, reason } of late) {
      assert.ok(Number(/r(\d+)/.exec(file)?.[1]) >= 30 - late.length, `${file} is one of the last`);
      assert.match(reason, /of all rules from outside are too big together: more than 50000/);
    }
  });

  it('look at the beginning of a value alone', () => {
    const padded = (spaces: number): object => ({ a: `${' '.repeat(spaces)}evil` });
    const rule = { sel: { 'a|re': 'ev[i]l' }, condition: 'sel' };

    assert.equal(matches(rule, padded(MAX_TEXT - 4)), true);
    assert.equal(matches(rule, padded(MAX_TEXT - 3)), false);
    assert.equal(
      matches({ sel: { 'a|re': '^ *$' }, condition: 'sel' }, padded(MAX_TEXT)),
      false,
      'a cut is no end',
    );
    assert.equal(matches({ sel: { 'a|contains': 'evil' }, condition: 'sel' }, padded(100_000)), true);
  });
});

describe('Texts with wildcards in their midst', () => {
  it('are bounded together, as they are compared character by character', () => {
    const ruleOf = (count: number): string =>
      ruleText({
        sel: { a: Array.from({ length: count }, (_, at) => `*${'a'.repeat(400)}?${at}c*`) },
        condition: 'sel',
      });

    assert.match(
      loadFiles([{ name: 'many.yml', text: ruleOf(60) }]).problems[0]?.reason ?? '',
      /the texts with wildcards of this file are too long together: more than 20000/,
    );
    assert.deepEqual(loadFiles([{ name: 'few.yml', text: ruleOf(40) }]).problems, []);
  });
});

describe('The rules of a correlation', () => {
  const counted = (type: string, rules: number): readonly string[] => {
    const names = Array.from({ length: rules }, (_, at) => `r${at}`);
    const condition =
      type === 'event_count' ? { gte: 2 } : type === 'value_count' ? { gte: 2, field: 'b' } : undefined;
    const correlation = { type, rules: names, timespan: '5m', ...(condition && { condition }) };
    const { problems } = loadFiles(
      [
        ...names.map((name) => ({
          name: `${name}.yml`,
          text: ruleText({ sel: { a: name }, condition: 'sel' }, { name }),
        })),
        { name: 'counted.yml', text: stringify({ title: 'Counted', correlation }) },
      ]
        .filter(({ name }) => name !== 'r0.yml')
        .concat({ name: 'rule0.yml', text: ruleText({ sel: { a: 'r0' }, condition: 'sel' }, { name: 'r0' }) })
        .map(({ name, text }) => ({ name: `rules/${name}`, text, outside: true })),
    );
    return problems.map(({ line, reason }) => `${line} ${reason}`);
  };

  for (const [type, most] of [
    ['temporal', 20],
    ['temporal_ordered', 20],
    ['event_count', 200],
    ['value_count', 200],
  ] as const)
    it(`of the type ${type} are at most ${most}`, () => {
      assert.deepEqual(counted(type, most), []);
      assert.deepEqual(counted(type, most + 1), [
        `${5 + most} correlation.rules.${most}: ${type} takes at most ${most} rules`,
      ]);
    });

  it('are counted in order however many there are', () => {
    const rules = Array.from({ length: 990 }, (_, at) => `r${at}`);
    const events = rules.slice(0, 3).map((rule, at) => ({ eventId: rule, atMs: at, rule, value: '' }));
    const correlation = {
      key: 'k',
      type: 'temporal_ordered',
      rules,
      timespanMs: 1_000,
      condition: { gte: 3 },
      grows: true,
      policy: null,
    } as const;

    assert.deepEqual(
      crossings(correlation, events).map(({ count }) => count),
      [3],
    );
  });
});
