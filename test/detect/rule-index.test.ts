import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import type { Need } from '../../src/detect/compiled.ts';
import { compileField } from '../../src/detect/fields.ts';
import type { PolicyFile } from '../../src/detect/load-policies.ts';
import { createRuleIndex } from '../../src/detect/rule-index.ts';
import { load, loadFiles, ruleText } from './rule.ts';

const need = (field: string, values: readonly string[] | null, accepts = (_: unknown) => true): Need => ({
  field,
  values,
  accepts,
});
const candidates = (rules: Record<string, readonly Need[] | null>, event: object): readonly string[] => {
  const index = createRuleIndex(Object.entries(rules).map(([name, needs]) => ({ name, needs })));
  return index
    .candidates(event)
    .map(({ name }) => name)
    .sort();
};

describe('The index of rules', () => {
  const rules = {
    always: null,
    never: [],
    stop: [need('eventName', ['stoplogging'])],
    either: [need('eventName', ['stoplogging', 'deletetrail']), need('user.type', ['root'])],
    number: [need('port', ['22'])],
    json: [need('blob', ['{"a":1}'])],
    open: [need('errorCode', null, (value) => String(value).startsWith('Access'))],
  };

  for (const [event, expected] of [
    [{}, ['always']],
    [{ eventName: 'StopLogging' }, ['always', 'either', 'stop']],
    [{ eventName: 'STOPLOGGING' }, ['always', 'either', 'stop']],
    [{ eventName: 'StopLogging20150331v2' }, ['always', 'either', 'stop']],
    [{ eventName: ['x', 'DeleteTrail'] }, ['always', 'either']],
    [{ eventName: 'DeleteTrail', user: { type: 'Root' } }, ['always', 'either']],
    [{ 'user.type': 'Root' }, ['always', 'either']],
    [{ user: { type: 'x' }, 'user.type': 'Root' }, ['always', 'either']],
    [{ user: [{ type: 'x' }, { type: 'root' }] }, ['always', 'either']],
    [{ user: 'root' }, ['always']],
    [{ port: 22 }, ['always', 'number']],
    [{ blob: { a: 1 } }, ['always', 'json']],
    [{ errorCode: 'AccessDenied' }, ['always', 'open']],
    [{ errorCode: null }, ['always']],
    [{ errorCode: 'Throttled' }, ['always']],
  ] as const)
    it(`gives ${expected.join(', ')} for ${JSON.stringify(event)}`, () =>
      assert.deepEqual(candidates(rules, event), [...expected].sort()));

  it('gives nothing of the event before', () => {
    const index = createRuleIndex([{ needs: [need('a', ['x'])] }]);

    assert.equal(index.candidates({ a: 'x' }).length, 1);
    assert.equal(index.candidates({ a: 'y' }).length, 0);
    assert.equal(index.candidates({ a: 'X' }).length, 1);
  });

  it('looks at few rules, however many there are', () => {
    const many = Array.from({ length: 6000 }, (_, at) => ({ needs: [need('eventName', [`call${at}`])] }));
    const index = createRuleIndex(many);

    assert.deepEqual(index.candidates({ eventName: 'Call77' }), [many[77]]);
  });

  it('still finds a rule after more texts than it keeps in mind', () => {
    const index = createRuleIndex([{ needs: [need('eventName', ['call7'])] }]);
    for (let at = 0; at < 50_000; at += 1) index.candidates({ eventName: `Junk${at}` });

    assert.equal(index.candidates({ eventName: 'Call7' }).length, 1);
    assert.equal(index.candidates({ eventName: `${'x'.repeat(100_000)}` }).length, 0);
  });
});

describe('A catalogue of many rules', () => {
  const detections = Array.from({ length: 300 }, (_, at) => ({
    one: { eventSource: `s${at % 7}`, eventName: [`Call${at % 50}`, `Call${at % 11}Other`] },
    two: { 'user.type': at % 3 === 0 ? 'Root' : 'User', 'eventName|startswith': `Call${at % 5}` },
    three: { 'tag|contains': `t${at % 13}` },
    condition: ['one', 'one or two', 'two and not three', '1 of t*', 'not one'][at % 5],
  }));
  const files = detections.map(
    (detection, at): PolicyFile => ({
      name: `r${String(at).padStart(3, '0')}.yml`,
      text: ruleText(detection),
    }),
  );
  const events = Array.from(
    { length: 200 },
    (_, at): JsonObject => ({
      eventSource: `S${at % 9}`,
      eventName: `Call${at % 60}${['', 'Other', '20150331v2'][at % 3]}`,
      user: { type: at % 4 ? 'User' : 'ROOT' },
      ...(at % 2 ? { tag: [`t${at % 17}`] } : {}),
    }),
  );

  it('matches what each of them matches by itself', () => {
    const { catalogue } = loadFiles(files);
    const alone = files.map((file) => loadFiles([file]).catalogue);
    let matches = 0;

    for (const event of events) {
      const together = catalogue.evaluate('cloudtrail', event).policies.map(({ id }) => id);
      const apart = alone.flatMap((one) => one.evaluate('cloudtrail', event).policies.map(({ id }) => id));
      const explained = catalogue.policies.filter(
        ({ id }) => catalogue.explain(id, 'cloudtrail', event).holds,
      );
      assert.deepEqual(together, apart.sort());
      assert.deepEqual(
        together,
        explained.map(({ id }) => id),
      );
      matches += together.length;
    }
    assert.ok(matches > 1000, 'too few matches to mean anything');
  });
});

describe('What a catalogue needs', () => {
  const needsOf = (...detections: readonly object[]): readonly Need[] | null =>
    loadFiles(
      detections.map((detection, at) => ({ name: `rule-${at}.yml`, text: ruleText(detection) })),
    ).catalogue.needs('cloudtrail');
  const shape = (needs: readonly Need[] | null) =>
    needs?.map(({ field, values }) => [field, values ? [...values].sort() : null]) ?? null;

  for (const [what, detection, expected] of [
    ['a name', { sel: { eventName: ['A', 'b'] }, condition: 'sel' }, [['eventName', ['a', 'b']]]],
    [
      'the name before the service',
      { sel: { eventSource: 's3', eventName: ['A', 'B'] }, condition: 'sel' },
      [['eventName', ['a', 'b']]],
    ],
    [
      'a service before a part of a name',
      { sel: { eventSource: 's3', 'eventName|startswith': 'A' }, condition: 'sel' },
      [['eventSource', ['s3']]],
    ],
    ['a part of a name', { sel: { 'eventName|startswith': 'A' }, condition: 'sel' }, [['eventName', null]]],
    ['the fewer of two', { sel: { a: ['x', 'y'], b: 'z' }, condition: 'sel' }, [['b', ['z']]]],
    [
      'either of two',
      { one: { a: 'x' }, two: { b: 'y' }, condition: 'one or two' },
      [
        ['a', ['x']],
        ['b', ['y']],
      ],
    ],
    [
      'one of two that must both hold',
      { one: { eventName: 'x' }, two: { b: 'y' }, condition: 'two and one' },
      [['eventName', ['x']]],
    ],
    [
      'what is not negated',
      { one: { a: 'x' }, two: { b: 'y' }, condition: 'one and not two' },
      [['a', ['x']]],
    ],
    ['texts in any case', { sel: { 'a|cased': 'X' }, condition: 'sel' }, [['a', ['x']]]],
    ['nothing that can be: it never matches', { sel: { 'a|expand': '%who%' }, condition: 'sel' }, []],
    ['anything, for a negation', { sel: { a: 'x' }, condition: 'not sel' }, null],
    ['anything, for neq', { sel: { 'a|neq': 'x' }, condition: 'sel' }, null],
    ['anything, for null', { sel: { a: null }, condition: 'sel' }, null],
    ['anything, for exists', { sel: { 'a|exists': true }, condition: 'sel' }, null],
    ['anything, for keywords', { sel: ['x'], condition: 'sel' }, null],
    [
      'anything, where one way may be anything',
      { one: { a: 'x' }, two: ['y'], condition: '1 of them' },
      null,
    ],
  ] as const)
    it(`is ${what}`, () => assert.deepEqual(shape(needsOf(detection)), expected));

  it('is together what any of its rules needs', () => {
    const one = { sel: { eventName: 'A' }, condition: 'sel' };
    const two = { sel: { 'eventName|cased': 'B' }, condition: 'sel' };
    const needs = needsOf(one, two, { sel: { c: 'z' }, condition: 'sel' });

    assert.deepEqual(shape(needs), [
      ['eventName', ['a', 'b']],
      ['c', ['z']],
    ]);
    const accepted = ['A', 'a', 'A20150331', 'B', 'b', 'C', 5, null, ['x', 'B']].filter((value) =>
      needs?.[0]?.accepts(value),
    );
    assert.deepEqual(accepted, ['A', 'a', 'A20150331', 'B', ['x', 'B']]);
    assert.equal(needsOf(one, { sel: { a: null }, condition: 'sel' }), null);
    assert.deepEqual(loadFiles([]).catalogue.needs('cloudtrail'), []);
  });

  it('is anything for Graph alerts where a rule reads them as audit records', () => {
    const text = ruleText(
      { sel: { eventName: 'A' }, condition: 'sel' },
      { logsource: { product: 'm365', service: 'threat_management' } },
    );

    assert.equal(load(text).catalogue.needs('graph'), null);
    assert.deepEqual(load(text).catalogue.needs('cloudtrail'), []);
  });
});

describe('A field', () => {
  it('is read alike the quick way and the long way', () => {
    const names = ['a', 'a.b', 'a.b.c', '__proto__.x', 'constructor.name', 'toString', 'eventName'];
    const events = [
      '{}',
      '{"a":"x"}',
      '{"a":5}',
      '{"a":{"b":"x"}}',
      '{"a.b":"x"}',
      '{"a":{"b":"y"},"a.b":"x"}',
      '{"a":[{"b":"x"}]}',
      '{"a":{"b.c":"x"}}',
      '{"a":{"b":{"c":"y"}},"a.b":{"c":"x"}}',
      '{"a":{"b":{"c":"y"}},"a.b.c":"x"}',
      '{"__proto__":{"x":"x"}}',
      '{"constructor":{"name":"x"}}',
      '{"toString":"x"}',
      '{"eventName":"x20150331"}',
      '{"a":null}',
      '[{"a":"x"}]',
    ].map((text) => JSON.parse(text) as unknown);

    for (const name of names)
      for (const event of events) {
        const field = compileField(name);
        const found: unknown[] = [];
        field.some((value) => {
          found.push(value);
          return false;
        })(event);
        const quick = field.quick(event);
        const long = field.values(event);
        if (quick === undefined) assert.deepEqual(long, [], `${name} of ${JSON.stringify(event)}`);
        if (typeof quick === 'string') assert.deepEqual(found[0], quick);
        assert.equal(field.some((value) => value === 'x')(event), found.includes('x'));
        assert.equal(long.length > 0, found.length > 0);
      }
  });
});
