// Files that are no rules, or hide something: each is refused with file, line and reason, or read as harmless text.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/case/json.ts';
import { CLOUDTRAIL, catalogueOf, load, matchedPlaces } from './reference-engine.ts';
import { anyEvent } from './reference-events.ts';
import { anyRule } from './reference-rules.ts';

const HEAD = 'title: Hostile\nlogsource: { product: aws, service: cloudtrail }\n';
const ruleOf = (detection: JsonObject, more: JsonObject = {}): string =>
  stringify({ title: 'Hostile', logsource: CLOUDTRAIL, ...more, detection });

const bomb = (): string => {
  const levels = Array.from({ length: 12 }, (_, at) =>
    at === 0
      ? '- &l0 [x, x, x, x, x, x, x, x, x, x]'
      : `- &l${at} [${Array(10)
          .fill(`*l${at - 1}`)
          .join(', ')}]`,
  );
  return `${HEAD}references:\n${levels.map((level) => `  ${level}`).join('\n')}\ndetection: { selection: { a: *l11 }, condition: selection }\n`;
};

const REFUSED: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'only a comment': '# nothing\n',
  'a list': '- title: x\n',
  'a text': 'just text\n',
  'a number': '42\n',
  'no detection': HEAD,
  'no logsource': 'title: x\ndetection: { selection: { a: x }, condition: selection }\n',
  'no condition': `${HEAD}detection: { selection: { a: x } }\n`,
  'no selection': `${HEAD}detection: { condition: selection }\n`,
  'broken YAML': `${HEAD}detection: { selection: { a: x\n`,
  'a bomb of aliases': bomb(),
  'an alias to itself': `${HEAD}detection: &d { selection: *d, condition: selection }\n`,
  'an unknown alias': `${HEAD}detection: { selection: { a: *nobody }, condition: selection }\n`,
  'lists in lists, deep': `${HEAD}detection: { selection: ${'['.repeat(10_000)}x${']'.repeat(10_000)}, condition: selection }\n`,
  'maps in maps, deep': `${HEAD}detection: { selection: ${'{a: '.repeat(10_000)}x${'}'.repeat(10_000)}, condition: selection }\n`,
  'a map as value': ruleOf({ selection: { a: { b: 'x' } }, condition: 'selection' }),
  'the same key twice': `${HEAD}detection:\n  selection: { a: x }\n  selection: { a: y }\n  condition: selection\n`,
  'the same field twice': `${HEAD}detection:\n  selection:\n    a: x\n    a: y\n  condition: selection\n`,
  'a modifier that nobody knows': ruleOf({ selection: { 'a|evil': 'x' }, condition: 'selection' }),
  'a modifier of every object': ruleOf({ selection: { 'a|constructor': 'x' }, condition: 'selection' }),
  'a modifier called __proto__': ruleOf({ selection: { 'a|__proto__': 'x' }, condition: 'selection' }),
  'a name that every object has': ruleOf({ selection: { a: 'x' }, condition: 'toString' }),
  'a selection called __proto__ that is not there': ruleOf({ selection: { a: 'x' }, condition: '__proto__' }),
  'a name that nobody defined': ruleOf({ selection: { a: 'x' }, condition: 'selection and nobody' }),
  'a pattern that finds no name': ruleOf({ selection: { a: 'x' }, condition: '1 of nobody*' }),
  'a condition that stops': ruleOf({ selection: { a: 'x' }, condition: 'selection and' }),
  'a condition with a hole': ruleOf({ selection: { a: 'x' }, condition: 'selection or or selection' }),
  'an open parenthesis': ruleOf({ selection: { a: 'x' }, condition: '(selection' }),
  'a closed parenthesis': ruleOf({ selection: { a: 'x' }, condition: 'selection)' }),
  'an empty condition': ruleOf({ selection: { a: 'x' }, condition: '' }),
  'two names side by side': ruleOf({ selection: { a: 'x' }, condition: 'selection selection' }),
  'code as condition': ruleOf({ selection: { a: 'x' }, condition: 'process.exit(1)' }),
  'the old aggregation': ruleOf({ selection: { a: 'x' }, condition: 'selection | count() > 5' }),
  'a network that is none': ruleOf({ selection: { 'a|cidr': '192.0.2.0/33' }, condition: 'selection' }),
  'a network of words': ruleOf({ selection: { 'a|cidr': 'home' }, condition: 'selection' }),
  'exists with a word': ruleOf({ selection: { 'a|exists': 'perhaps' }, condition: 'selection' }),
  'an order among words': ruleOf({ selection: { 'a|gt': 'x' }, condition: 'selection' }),
  'an hour in words': ruleOf({ selection: { 'a|hour': 'nine' }, condition: 'selection' }),
  'UTF-16 without Base64': ruleOf({ selection: { 'a|utf16le': 'x' }, condition: 'selection' }),
  'a look-ahead': ruleOf({ selection: { 'a|re': '(?=x)' }, condition: 'selection' }),
  'two places at once': ruleOf({ selection: { 'a|re|cidr': '10.0.0.0/8' }, condition: 'selection' }),
  'a regular expression flag alone': ruleOf({ selection: { 'a|i': 'x' }, condition: 'selection' }),
};

const CODE = [
  ...[
    'process.exit(1)',
    '`$ {process.exit(1)}`',
    "'); process.exit(1); ('",
    'function () { while (true) {} }',
  ],
  ...[
    '{{constructor.constructor("return process")()}}',
    '<script>alert(1)</script>',
    '$(reboot)',
    "'; DROP TABLE cases; --",
  ],
];
const OBJECT_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

describe('A file from outside', () => {
  for (const [name, text] of Object.entries(REFUSED))
    it(`with ${name} is refused with file, line and reason`, () => {
      const { catalogue, problems } = load([text]);

      assert.equal(catalogue.policies.length, 0);
      assert.ok(problems.length > 0);
      assertTold(problems, [text]);
    });

  it('that is refused names the line of what is wrong', () => {
    const text = `${HEAD}detection:\n  selection:\n    a: x\n    b|evil: y\n  condition: selection\n`;

    assert.deepEqual(
      load([text]).problems.map(({ line }) => line),
      [6],
    );
  });

  it('with text that looks like code compares it as text', () => {
    for (const code of CODE) {
      const quoted = code.replace(/[\\*?]/g, '\\$&');
      const catalogue = catalogueOf([ruleOf({ selection: { [code]: quoted }, condition: 'selection' })]);

      assert.deepEqual(matchedPlaces(catalogue, { [code]: code }), [0], code);
      assert.deepEqual(matchedPlaces(catalogue, { other: code }), [], code);
    }
  });

  it('finds fields named like those of every object only where the event has them', () => {
    for (const name of OBJECT_NAMES) {
      const selections: Json[] = [
        { [`${name}|exists`]: true },
        { [name]: '*' },
        { [`a.${name}|exists`]: true },
      ];
      const catalogue = catalogueOf(
        selections.map((selection) =>
          ruleOf(
            Object.fromEntries([
              [name, selection],
              ['condition', name],
            ]),
          ),
        ),
      );
      const own = JSON.parse(`{"${name}": "x", "a": {"${name}": "x"}}`) as JsonObject;

      assert.deepEqual(matchedPlaces(catalogue, { a: {}, b: [] }), [], name);
      assert.deepEqual(matchedPlaces(catalogue, own), [0, 1, 2], name);
    }
    assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
  });

  it('with tags for code is refused, or read as plain text', () => {
    for (const tag of ['!!js/function', '!!js/regexp', '!!python/object/apply:os.system', '!evil']) {
      const text = `${HEAD}detection:\n  selection:\n    a: ${tag} 'x'\n  condition: selection\n`;
      const { catalogue, problems } = load([text]);

      assertTold(problems, [text]);
      if (problems.length === 0) assert.deepEqual(matchedPlaces(catalogue, { a: 'x' }), [0], tag);
    }
  });

  it('damaged at random never stops the loading, and is refused with file, line and reason or evaluated', () => {
    const damage = fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 12 }),
      put: fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom(...'{}[]:-|>&*!%@`\'"#?,\n\t '.split(''))),
    });
    fc.assert(
      fc.property(
        anyRule({ logsource: CLOUDTRAIL }),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        anyEvent,
        (generated, damages, event) => {
          const text = damages.reduce((text, { at, cut, put }) => {
            const from = at % (text.length + 1);
            return text.slice(0, from) + put + text.slice(from + cut);
          }, generated.yaml);
          const { catalogue, problems } = load([text]);
          assertTold(problems, [text]);
          catalogue.evaluate('cloudtrail', event);
        },
      ),
      { seed: 20_260_112, numRuns: 500 },
    );
  });
});

function assertTold(problems: ReturnType<typeof load>['problems'], texts: readonly string[]): void {
  for (const { file, line, reason } of problems) {
    assert.equal(file, 'rule-0.yml');
    const lines = (texts[0] ?? '').split('\n').length;
    assert.ok(Number.isInteger(line) && line >= 1 && line <= lines + 1, `line ${line} of ${lines}`);
    assert.ok(
      reason.trim().length > 0 && reason.length < 1_000 && !reason.includes('\n'),
      `reason: ${reason}`,
    );
  }
}
