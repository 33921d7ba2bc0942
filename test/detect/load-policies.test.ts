import assert from 'node:assert/strict';
import { loadPolicies } from '../../src/detect/load-policies.ts';
import { KNOWN_ACTIONS, load, problemOf, ruleText } from './rule.ts';

const DETECTION = { sel: { a: 'x' }, condition: 'sel' };
const withBlock = (countersign: object): string => ruleText(DETECTION, { countersign });
const offer = (more: object = {}) => ({
  key: 'stop',
  label: 'Stop',
  actions: ['entra.user.suspend'],
  ...more,
});

describe('A policy file', () => {
  it('becomes a policy with its text, hash, techniques and level', () => {
    const text = ruleText(DETECTION, {
      level: 'high',
      tags: ['attack.exfiltration', 'attack.t1562.008', 'cve.2021-1'],
      countersign: { question: 'Was {target} meant, {subject}?', offers: [offer()], securityOnly: true },
    });
    const [policy] = load(text, 'some-rule.yml').catalogue.policies;

    assert.ok(policy);
    assert.equal(policy.id, 'some-rule');
    assert.equal(policy.text, text);
    assert.match(policy.hash, /^[0-9a-f]{64}$/);
    assert.equal(policy.severity, 'high');
    assert.deepEqual(policy.techniques, ['T1562.008']);
    assert.deepEqual(policy.offers, [offer()]);
    assert.equal(policy.securityOnly, true);
    assert.equal(policy.fallback, false);
  });

  it('without a countersign block asks a plain question and offers nothing', () => {
    const [policy] = load(ruleText(DETECTION)).catalogue.policies;

    assert.equal(policy?.question, 'Was this expected of {subject}?');
    assert.deepEqual(policy?.offers, []);
    assert.equal(policy?.severity, 'medium');
  });

  it('matches only events of its own source', () => {
    const graph = load(ruleText(DETECTION, { logsource: { product: 'm365' } })).catalogue;
    const { catalogue } = load(ruleText(DETECTION));

    assert.equal(graph.evaluate('graph', { a: 'x' }).policies.length, 1);
    assert.equal(graph.evaluate('cloudtrail', { a: 'x' }).policies.length, 0);
    assert.equal(catalogue.evaluate('cloudtrail', { a: 'x' }).policies.length, 1);
    assert.equal(catalogue.evaluate('graph', { a: 'x' }).policies.length, 0);
  });

  it('matches only what its detector holds for too', () => {
    const { catalogue } = load(
      ruleText(
        { sel: { eventName: 'CreateBucket' }, condition: 'sel' },
        { countersign: { detector: 's3-made-public' } },
      ),
    );
    const matched = (acl: string): number =>
      catalogue.evaluate('cloudtrail', { eventName: 'CreateBucket', requestParameters: { 'x-amz-acl': acl } })
        .policies.length;

    assert.equal(matched('public-read'), 1);
    assert.equal(matched('private'), 0);
  });

  it('that is refused does not keep the others from loading', () => {
    const { catalogue, problems } = loadPolicies(
      [
        { name: 'b-good.yml', text: ruleText(DETECTION) },
        { name: 'bad.yml', text: 'title: [' },
        { name: 'a-good.yml', text: ruleText(DETECTION) },
      ],
      { knownActions: KNOWN_ACTIONS },
    );

    assert.deepEqual(
      catalogue.policies.map((policy) => policy.id),
      ['a-good', 'b-good'],
    );
    assert.deepEqual(
      problems.map((problem) => problem.file),
      ['bad.yml'],
    );
  });

  it('with the id of another is refused', () => {
    const files = ['twin.yml', 'twin.yaml'].map((name) => ({ name, text: ruleText(DETECTION) }));
    const { catalogue, problems } = loadPolicies(files, { knownActions: [] });

    assert.equal(catalogue.policies.length, 1);
    assert.equal(problems[0]?.file, 'twin.yaml');
  });

  for (const name of ['UPPER.yml', '../up.yml', 'a.json', 'no', '.yml', 'two words.yml'])
    it(`is refused under the name ${name}`, () =>
      assert.equal(load(ruleText(DETECTION), name).catalogue.policies.length, 0));
});

describe('What cannot be read is refused with line and reason:', () => {
  const lines = (...text: string[]): string => text.join('\n');
  const HEAD = ['title: A rule', 'logsource: { product: aws, service: cloudtrail }'];

  for (const [what, text, line, reason] of [
    ['broken YAML', lines('title: a', 'detection: [}'), 2, /./],
    [
      'a second document that is no rule',
      lines(...HEAD, 'detection: { s: { a: x }, condition: s }', '---', 'title: b', 'logsource: {}'),
      5,
      /^detection: expected a map/,
    ],
    ['nothing', '# only a comment', 1, /no rule/],
    [
      'a rule that is also a correlation',
      lines(...HEAD, 'detection: { s: { a: x }, condition: s }', 'correlation: {}'),
      4,
      /beside "detection"/,
    ],
    ['a rule collection', lines('action: global', ...HEAD), 1, /^action: rule collections/],
    [
      'the old way to count',
      lines(...HEAD, 'detection:', '  sel: { a: x }', '  timeframe: 5m', '  condition: sel'),
      5,
      /use a correlation rule/,
    ],
    ['a key given twice', lines('title: a', 'title: b'), 2, /unique/],
    ['an unknown tag', lines(...HEAD, 'detection: !!js/function x'), 3, /tag/],
    ['no title', lines('logsource: { product: aws }', 'detection: { condition: a }'), 1, /^title/],
    ['a text instead of a rule', 'hello', 1, /expected object/],
    ['no condition', lines(...HEAD, 'detection:', '  sel: { a: x }'), 3, /^detection.condition/],
    [
      'an unknown level',
      lines(...HEAD, 'level: dire', 'detection: { s: { a: x }, condition: s }'),
      3,
      /^level/,
    ],
    [
      'a tag without namespace',
      lines(...HEAD, 'tags:', '  - attack.t1', '  - oops', 'detection: { s: { a: x }, condition: s }'),
      5,
      /^tags.1/,
    ],
    [
      'a modifier that is not known',
      lines(...HEAD, 'detection:', '  sel:', '    a: x', '    b|sounds_like: y', '  condition: sel'),
      6,
      /"sounds_like" is not supported; known are/,
    ],
    [
      'two positions',
      lines(...HEAD, 'detection:', '  sel:', '    b|contains|endswith: y', '  condition: sel'),
      5,
      /exclude each other/,
    ],
    [
      'a modifier twice',
      lines(...HEAD, 'detection:', '  sel:', '    b|all|all: [y, z]', '  condition: sel'),
      5,
      /twice/,
    ],
    [
      'all with one value',
      lines(...HEAD, 'detection:', '  sel:', '    b|contains|all: y', '  condition: sel'),
      5,
      /at least two/,
    ],
    [
      'exists with a text',
      lines(...HEAD, 'detection:', '  sel:', '    b|exists: maybe', '  condition: sel'),
      5,
      /true or false/,
    ],
    [
      'null among others',
      lines(...HEAD, 'detection:', '  sel:', '    b: [x, null]', '  condition: sel'),
      5,
      /null cannot stand/,
    ],
    [
      'contains null',
      lines(...HEAD, 'detection:', '  sel:', '    b|contains: null', '  condition: sel'),
      5,
      /needs a text/,
    ],
    [
      'an object as value',
      lines(...HEAD, 'detection:', '  sel:', '    b: { c: d }', '  condition: sel'),
      5,
      /expected a text/,
    ],
    ['an empty map', lines(...HEAD, 'detection:', '  sel: {}', '  condition: sel'), 4, /match every event/],
    ['an empty list', lines(...HEAD, 'detection:', '  sel: []', '  condition: sel'), 4, /matches nothing/],
    [
      'an empty list of values',
      lines(...HEAD, 'detection:', '  sel:', '    a: []', '  condition: sel'),
      5,
      /matches nothing/,
    ],
    [
      'a text for a selection',
      lines(...HEAD, 'detection:', '  sel: x', '  condition: sel'),
      4,
      /expected a map/,
    ],
  ] as const)
    it(what, () => {
      const problem = problemOf(text);

      assert.match(problem.reason, reason);
      assert.equal(problem.line, line, problem.reason);
    });

  for (const [condition, reason] of [
    ['sel | count() > 5', /aggregations/],
    ['other', /names "other"/],
    ['sel and', /ends too early/],
    ['and sel', /names "and"/],
    ['sel sel', /unexpected "sel"/],
    ['(sel', /not closed/],
    ['sel)', /unexpected "\)"/],
    ['()', /ends too early/],
    ['2 of sel*', /"2 of" is not supported/],
    ['1 of nothing*', /names no search identifier/],
    ['1 of', /names no search identifier/],
    ['sel; process.exit()', /cannot read/],
    ['', /empty/],
    [`${'('.repeat(1000)}sel${')'.repeat(1000)}`, /nested too deeply/],
    [`sel${' or sel'.repeat(1000)}`, /too long/],
    ['constructor', /names "constructor"/],
  ] as const)
    it(`the condition ${JSON.stringify(condition).slice(0, 40)}`, () => {
      const problem = problemOf(
        lines(...HEAD, 'detection:', '  sel: { a: x }', `  condition: ${JSON.stringify(condition)}`),
      );

      assert.match(problem.reason, reason);
      assert.equal(problem.line, 5);
    });

  it('an alias bomb', () => {
    const rows = Array.from(
      { length: 9 },
      (_, at) => `b${at + 1}: &b${at + 1} [${Array(9).fill(`*b${at}`).join(', ')}]`,
    );

    assert.match(problemOf(lines('b0: &b0 [x]', ...rows)).reason, /more than 20000 values/);
  });

  it('more than 1 MB', () =>
    assert.match(problemOf(`${ruleText(DETECTION)}# ${'x'.repeat(1_000_000)}`).reason, /larger than 1 MB/));

  for (const [what, nested] of [
    ['lists in brackets', `${'['.repeat(5000)}x${']'.repeat(5000)}`],
    ['lists in a row', `${'- '.repeat(5000)}x`],
    ['maps', `${'{ a: '.repeat(5000)}x${' }'.repeat(5000)}`],
  ] as const)
    it(`what is nested too deeply: ${what}`, () => {
      const problem = problemOf(lines(...HEAD, 'detection:', `  sel:\n    ${nested}`, '  condition: sel'));

      assert.match(problem.reason, /nested too deeply|Maximum call stack/);
    });

  it('what is nested a little too deeply, with its line', () => {
    const nested = Array.from({ length: 40 }, (_, at) => `${' '.repeat(at + 1)}k:`);
    const problem = problemOf(lines(...HEAD, 'detection:', ...nested));

    assert.match(problem.reason, /nested too deeply/);
    assert.ok(problem.line > 20 && problem.line < 40, `line ${problem.line}`);
  });

  it('thousands of keys, as quickly as a few', () => {
    const keys = Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`);

    assert.match(problemOf(lines(...keys, 'k7: 1')).reason, /unique/);
  });

  it('a reason that the file would make many lines of, in one', () =>
    assert.match(problemOf(lines(...HEAD, 'detection: { condition: "sel \\n\\n |" }')).reason, /^[^\n]+$/));

  for (const [what, block, reason] of [
    ['an unknown key', { colour: 'red' }, /^countersign.colour.*Unrecognized/],
    ['an unknown key in an offer', { offers: [offer({ icon: 'x' })] }, /^countersign.offers.0.icon/],
    [
      'an action that does not exist',
      { offers: [offer({ actions: ['entra.user.delete'] })] },
      /no such action; known are aws/,
    ],
    ['an offer without actions', { offers: [offer({ actions: [] })] }, /^countersign.offers.0.actions/],
    ['a key that nobody can type', { offers: [offer({ key: 'Stop it' })] }, /^countersign.offers.0.key/],
    ['two offers of one key', { offers: [offer(), offer()] }, /same key/],
    ['a detector that does not exist', { detector: 'constructor' }, /unknown detector; known are/],
    ['another placeholder', { question: 'Is {secret} fine?' }, /only placeholders/],
    [
      'a label too long for a button',
      { offers: [offer({ label: 'x'.repeat(61) })] },
      /^countersign.offers.0.label/,
    ],
    ['a text for a switch', { fallback: 'yes' }, /^countersign.fallback/],
    ['a group by something else', { group: { by: 'colour' } }, /^countersign.group.by/],
    ['a group for a year', { group: { within: '365d' } }, /^countersign.group.within.*30 days/],
    ['a stage that is none', { stage: 'loud' }, /^countersign.stage/],
    ['a policy that does not exist', { covers: ['nowhere'] }, /^countersign.covers.0.*no other built-in/],
    ['itself as covered', { covers: ['a-rule'] }, /^countersign.covers.0.*no other built-in/],
  ] as const)
    it(`in the countersign block, ${what}`, () => assert.match(problemOf(withBlock(block)).reason, reason));

  it('an offer in its own line', () => {
    const text = lines(
      ...HEAD,
      'detection: { s: { a: x }, condition: s }',
      'countersign:',
      '  offers:',
      '    - key: ok',
      '      label: Fine',
      '      actions: [entra.user.suspend]',
      '    - key: bad',
      '      label: Not fine',
      '      actions:',
      '        - entra.user.delete',
    );

    assert.equal(problemOf(text).line, 12);
  });
});
