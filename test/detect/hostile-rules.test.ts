// Rules and events made to keep an engine busy for ever, or to make it fail: they end, in a process that is watched.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { MAX_TEXT } from '../../src/detect/regular-expression.ts';
import { CLOUDTRAIL } from './reference-engine.ts';
import type { HostileCase, HostileResult } from './reference-hostile-child.ts';

const CHILD = path.join(import.meta.dirname, 'reference-hostile-child.ts');
/** Generous: everything here takes a second or two on a slow machine, or, done wrongly, longer than the universe. */
const WATCHDOG_MS = 50_000;

/** JSON is YAML, and short. */
const ruleOf = (selection: unknown, condition = 'selection'): string =>
  JSON.stringify({ title: 'Hostile', logsource: CLOUDTRAIL, detection: { selection, condition } });

function run(cases: readonly HostileCase[]): ReadonlyMap<string, HostileResult> {
  const input = JSON.stringify(cases);
  const child = spawnSync(process.execPath, [CHILD], { input, timeout: WATCHDOG_MS, maxBuffer: 64_000_000 });
  const [last] = child.stderr.toString().trim().split('\n').slice(-1);
  assert.equal(
    child.status,
    0,
    `${child.signal ? 'does not end' : 'fails'} at: ${last}\n${child.stderr.toString().slice(-2_000)}`,
  );
  const results = JSON.parse(child.stdout.toString()) as readonly HostileResult[];
  for (const { problems } of results) for (const problem of problems) assertTold(problem);
  return new Map(results.map((result) => [result.name, result]));
}

function assertTold({ file, line, reason }: HostileResult['problems'][number]): void {
  assert.match(file, /^rule-\d+\.yml$/);
  assert.ok(Number.isInteger(line) && line >= 1, `line ${line}`);
  assert.ok(reason.length > 0 && reason.length < 1_000 && !reason.includes('\n'), `reason: ${reason}`);
}

const LONG = 'a'.repeat(100_000);
const WORDS = Array.from({ length: 20_000 }, (_, at) => `word${at}x`).join('|');
/** None of them matches the text, and engines that go back try for ever to find that out. */
const ENDLESS = [
  ...[
    '(a+)+$',
    '^(a|a)*$',
    '(a|aa)+$',
    '^([a-z]+)*$',
    '(a*)*b',
    '(x+x+)+y',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(.*a){20}$',
  ],
  ...[
    '(.*)(.*)(.*)(.*)(.*)[^a!]$',
    '^((((a*)*)*)*)*$',
    '(?:a|b|ab)*c',
    '((a{0,20}){0,20}){0,2}b',
    'a{1000}{1000}b',
  ],
  ...[
    '(a?){500}a{500}$',
    `^(${WORDS})$`,
    `${'('.repeat(5_000)}b${')'.repeat(5_000)}`,
    `${'a'.repeat(200_000)}$`,
  ],
];
/** What RE2 has not, and what no engine has. */
const REFUSED = ['(?=a)a', '(a)\\1', '(?<!b)a', '[', '(', '*', '\\', '(?P<n', 'a{2,1}', '\\p{Nobody}'];

describe('Hostile rules and events', () => {
  it('cannot make a regular expression run for long: it is refused, or ends', function () {
    this.timeout(WATCHDOG_MS + 10_000);
    const cases = [...ENDLESS, ...REFUSED].map((pattern, place) => ({
      name: `${place} ${pattern.slice(0, 40)}`,
      texts: [ruleOf({ 'a|re': pattern })],
      event: JSON.stringify({ a: `${LONG.slice(0, MAX_TEXT - 1)}!` }),
    }));

    const results = [...run(cases).values()];

    for (const { name, matched } of results) assert.deepEqual(matched, [], name);
    for (const { name, problems } of results.slice(ENDLESS.length)) assert.equal(problems.length, 1, name);
    assert.deepEqual(
      results.slice(0, 6).flatMap(({ problems }) => problems),
      [],
      'what ends is not refused',
    );
  });

  it('cannot make any other comparison run for long', function () {
    this.timeout(WATCHDOG_MS + 10_000);
    const list = Array.from({ length: 20_000 }, (_, at) => `${at}`);
    const values = Array.from({ length: 19_900 }, (_, at) => `${80_100 + at}`);
    const event = JSON.stringify({
      a: `${LONG}!`,
      one: list,
      other: list.map((each) => `x${each}`),
      c: '99999',
    });
    const make = (name: string, selection: unknown, condition?: string): HostileCase => ({
      name,
      texts: [ruleOf(selection, condition)],
      event,
    });

    const results = run([
      make('stars', { 'a|contains': `${'*a?'.repeat(200)}b` }),
      make('keyword of stars', [`${'*a'.repeat(200)}*b`]),
      make('dashes', { 'a|windash|contains': '-'.repeat(60) }),
      make('placeholders', { 'a|expand': '%p%'.repeat(60) }),
      make('fieldref over long lists', { 'one|fieldref': 'other' }),
      make('a long list', { c: values }),
      make('a long list of parts', { 'c|contains': values }),
      make('a long list of patterns', { 'c|startswith': values.map((each) => `*${each}?`) }),
      make('a long list of keywords', values.slice(-500)),
      make(
        'a long list of maps',
        values.slice(-9_900).map((each) => ({ c: each })),
      ),
      make('deep parentheses', { c: 'x' }, `${'('.repeat(50_000)}selection${')'.repeat(50_000)}`),
      make('many nots', { c: 'x' }, `${'not '.repeat(50_000)}selection`),
      make('a long condition', { c: '99999' }, Array(20_000).fill('selection').join(' and ')),
      make('a long field', { [`a${'.a'.repeat(50_000)}`]: 'x' }),
    ]);

    for (const name of [
      'a long list',
      'a long list of parts',
      'a long list of keywords',
      'a long list of maps',
    ])
      assert.deepEqual(results.get(name)?.matched, ['rule-0'], name);
  });

  it('cannot load for long, or stop other files from loading', function () {
    this.timeout(WATCHDOG_MS + 10_000);
    const many = <Made>(count: number, make: (at: number) => Made): Made[] =>
      Array.from({ length: count }, (_, at) => make(at));
    const lists = (count: number, length: number) =>
      Object.fromEntries(many(count, (at) => [`s${at}`, many(length, (value) => ({ [`f${at}`]: value }))]));
    const ruleWith = (detection: object): string =>
      JSON.stringify({ title: 'Hostile', logsource: CLOUDTRAIL, detection });
    const aliases = many(48, (at) => `s${at}: *a`).join(', ');
    const refused: Readonly<Record<string, string>> = {
      'many maps': ruleOf(many(120_000, () => ({ a: 1 }))),
      'a list that aliases repeat': `title: x\nreferences: &a [${'x,'.repeat(100_000)}x]\nlogsource: { product: aws }\ndetection: { ${aliases}, condition: s1 }\n`,
      'lists that aliases deepen': `title: x\nreferences:\n${many(12, (at) => `- &a${at} [[[${at ? `*a${at - 1}` : 'x'}]]]`).join('\n')}\ndetection: { s: *a11, condition: s }\nlogsource: { product: aws }\n`,
      'an alias within what it stands for': 'title: x\nreferences: &a [[*a]]\n',
      'conditions full of quantifiers': ruleWith({
        ...Object.fromEntries(many(2_000, (at) => [`s${at}`, { a: at }])),
        condition: many(100, () => many(330, () => '1 of s*').join(' or ')),
      }),
      'conditions full of names': ruleWith({
        ...lists(40, 200),
        condition: many(15, () => many(40, (at) => `s${at}`).join(' and ')),
      }),
      'lists in lists': '['.repeat(400_000),
    };
    const cases = Object.entries(refused).map(([name, text]) => ({
      name,
      texts: [text, ruleOf({ a: 'x' })],
      event: '{"a":"x"}',
    }));
    const ors = ruleWith({ ...lists(8, 100), condition: many(8, (at) => `s${at}`).join(' and ') });

    const results = run([
      ...cases,
      {
        name: 'ands of ors',
        texts: [ors],
        event: JSON.stringify({ ...Object.fromEntries(many(8, (at) => [`f${at}`, 99])) }),
      },
    ]);

    for (const name of Object.keys(refused)) {
      const { matched, problems } = results.get(name) ?? assert.fail(name);
      assert.deepEqual(matched, ['rule-1'], `${name}: the other file loads`);
      assert.equal(problems.length, 1, name);
      assert.equal(problems[0]?.file, 'rule-0.yml');
      assert.match(problems[0]?.reason ?? '', /too deeply|more than|lies in/, name);
    }
    assert.deepEqual(results.get('ands of ors')?.matched, ['rule-0']);
  });

  it('cannot make an event too deep to look at', function () {
    this.timeout(WATCHDOG_MS + 10_000);
    const deep = 100_000;
    const lists = `{"a": ${'['.repeat(deep)}"alpha"${']'.repeat(deep)}, "z": "omega"}`;
    const objects = `{"a": ${'{"a":'.repeat(deep)}"alpha"${'}'.repeat(deep)}, "z": "omega"}`;
    const selections = [
      { a: 'x' },
      { 'a|contains': 'x' },
      { 'a.a.a': 'x' },
      { 'a|re': 'x' },
      { 'a|cidr': '10.0.0.0/8' },
      ['nothing'],
      { 'a|fieldref': 'z' },
      { 'a|exists': true },
      { a: null },
    ];
    const counted = [
      {
        title: 'Base',
        name: 'base',
        logsource: CLOUDTRAIL,
        detection: { s: { z: 'omega' }, condition: 's' },
      },
      {
        title: 'Counted',
        correlation: {
          type: 'event_count',
          rules: ['base'],
          'group-by': ['a'],
          timespan: '5m',
          condition: { gte: 2 },
        },
      },
    ];
    const texts = [
      ...selections.map((each) => ruleOf(each)),
      ruleOf({ z: 'omega' }),
      counted.map((each) => JSON.stringify(each)).join('\n---\n'),
    ];

    const results = run([
      { name: 'lists', texts, event: lists },
      { name: 'objects', texts, event: objects },
    ]);

    for (const { name, matched, observed, explained } of results.values()) {
      assert.ok(matched.includes('rule-9'), name);
      assert.ok(observed > 0, `${name} are counted`);
      assert.equal(explained.length, texts.length, `${name} are explained`);
    }
  });
});
