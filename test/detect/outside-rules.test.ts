import assert from 'node:assert/strict';
import type { PolicyFile } from '../../src/detect/load-policies.ts';
import { loadFiles, ruleText } from './rule.ts';

const DETECTION = { sel: { a: 'x' }, condition: 'sel' };
const ID = '11111111-2222-4333-8444-555555555555';
const file = (name: string, more: object = {}, outside = true): PolicyFile => ({
  name,
  text: ruleText(DETECTION, more),
  outside,
});
const BOUNDS = { actions: null, ask: ['manager', 'security'], buckets: null, users: null } as const;

describe('A rule from outside', () => {
  it('loads from any folder, and is called by its file', () => {
    const { catalogue, problems } = loadFiles([
      file('cloud/aws/proc_CREATION-1.yml'),
      file('a\\b.yaml'),
      file('x.yml'),
    ]);

    assert.deepEqual(problems, []);
    assert.deepEqual(
      catalogue.policies.map(({ id, outside }) => [id, outside]),
      [
        ['b', true],
        ['proc_CREATION-1', true],
        ['x', true],
      ],
    );
  });

  for (const name of ['two words.yml', '.yml', 'a.json', '../.hidden.yml', `${'x'.repeat(200)}.yml`])
    it(`is refused under the name ${name.slice(0, 30)}`, () =>
      assert.match(loadFiles([file(name)]).problems[0]?.reason ?? '', /file name/));

  it('has a plain question, and offers what is there and allowed', () => {
    const [policy] = loadFiles([file('a.yml')]).catalogue.policies;

    assert.equal(policy?.question, 'Was this expected of {subject}?');
    assert.deepEqual(
      policy?.offers.map(({ key, actions }) => [key, actions]),
      [
        ['make-private', ['aws.s3.make-bucket-private']],
        ['sign-out', ['entra.user.revoke-sessions']],
        ['suspend', ['entra.user.suspend']],
      ],
    );
    const bounds = { ...BOUNDS, actions: ['entra.user.suspend'] };
    const [bounded] = loadFiles([file('a.yml')], { bounds }).catalogue.policies;
    assert.deepEqual(
      bounded?.offers.map(({ key }) => key),
      ['suspend'],
    );
  });

  it('is not heard on whom to ask: its countersign block is ignored, whatever it holds, and that is noted', () => {
    const countersign = { question: 'Pay?', securityOnly: true, stage: 'off', nonsense: [1] };
    const { catalogue, problems, notes } = loadFiles([file('a.yml', { countersign })]);
    const [policy] = catalogue.policies;

    assert.deepEqual(problems, []);
    assert.equal(policy?.question, 'Was this expected of {subject}?');
    assert.equal(policy?.stage, 'ask');
    assert.equal(policy?.securityOnly, false);
    assert.match(notes[0]?.reason ?? '', /^countersign: ignored/);
    assert.equal(notes[0]?.line, 9);
  });

  it('cannot take the place of a built-in policy, by file, id or name, whichever is read first', () => {
    for (const [clash, reason] of [
      [file('other/built-in.yml'), /two policies "built-in"/],
      [file('b.yml', { id: ID.toUpperCase() }), /built-in.yml has the same id/],
      [file('b.yml', { name: 'the-name' }), /built-in.yml has the same name/],
    ] as const)
      for (const order of [1, -1]) {
        const files = [clash, file('built-in.yml', { id: ID, name: 'the-name' }, false)];
        const { catalogue, problems } = loadFiles(order > 0 ? files : files.reverse());

        assert.deepEqual(
          catalogue.policies.map(({ outside }) => outside),
          [false],
        );
        assert.equal(problems[0]?.file, clash.name);
        assert.match(problems[0]?.reason ?? '', reason);
      }
  });

  it('cannot share an id with another one', () => {
    const { problems } = loadFiles([file('a.yml', { id: ID }), file('b.yml', { id: ID })]);

    assert.deepEqual(
      problems.map(({ file, reason }) => [file, reason]),
      [['b.yml', 'id: a.yml has the same id']],
    );
  });

  it('may hold several rules, which are told apart by name or place', () => {
    const text = ['one', undefined, 'three']
      .map((name) => ruleText(DETECTION, name ? { name } : {}))
      .join('---\n');
    const { catalogue } = loadFiles([{ name: 'many.yml', text, outside: true }]);

    assert.deepEqual(
      catalogue.policies.map(({ id }) => id),
      ['many', 'many.2', 'many.three'],
    );
    assert.equal(catalogue.evaluate('cloudtrail', { a: 'x' }).policies.length, 3);
  });
});

describe('A placeholder that nobody defined', () => {
  it('is noted with its line', () => {
    const text = ruleText({ sel: { 'a|expand': '%who%' }, condition: 'sel' });
    const { notes } = loadFiles([{ name: 'a.yml', text, outside: true }]);

    assert.deepEqual(
      notes.map(({ file, line }) => [file, line]),
      [['a.yml', 7]],
    );
    assert.match(notes[0]?.reason ?? '', /nobody defined %who%/);
  });
});

describe('Notes', () => {
  it('say nothing about a file that was refused', () => {
    const text = ruleText({ sel: { 'a|expand': '%who%', 'b|oops': 1 }, condition: 'sel' });
    const { problems, notes } = loadFiles([{ name: 'a.yml', text, outside: true }]);

    assert.equal(problems.length, 1);
    assert.deepEqual(notes, []);
  });
});

describe('A rule for logs that nobody delivers', () => {
  for (const logsource of [
    { product: 'windows' },
    { product: 'm365', service: 'audit' },
    { product: 'm365', service: 'exchange' },
    { product: 'aws' },
    { product: 'aws', service: 'cloudtrail', category: 'process_creation' },
    {},
  ])
    it(`is listed, never matches, and is noted: ${JSON.stringify(logsource)}`, () => {
      const { catalogue, problems, notes } = loadFiles([file('a.yml', { logsource })]);

      assert.deepEqual(problems, []);
      assert.equal(catalogue.policies[0]?.source, null);
      assert.match(notes[0]?.reason ?? '', /no source delivers/);
      for (const source of ['cloudtrail', 'graph'] as const) {
        assert.deepEqual(catalogue.evaluate(source, { a: 'x' }).policies, []);
        assert.deepEqual(catalogue.needs(source), []);
        assert.equal(catalogue.explain('a', source, { a: 'x' }).holds, false);
      }
    });
});

describe('A rule for Microsoft 365', () => {
  const alert = { title: 'Impossible travel', status: 'new', a: 'x' };
  const evaluate = (logsource: object, selection: object): number =>
    loadFiles([
      {
        name: 'a.yml',
        text: ruleText({ sel: selection, condition: 'sel' }, { logsource }),
        outside: true,
      },
    ]).catalogue.evaluate('graph', alert).policies.length;

  for (const logsource of [
    { product: 'm365' },
    { product: 'M365', service: null, category: null },
    { product: 'microsoft365' },
    { product: 'azure', service: 'alerts' },
  ])
    it(`reads the alert as it is: ${JSON.stringify(logsource)}`, () => {
      assert.equal(evaluate(logsource, { title: 'Impossible travel', status: 'new' }), 1);
      assert.equal(evaluate(logsource, { eventName: 'Impossible travel' }), 0);
    });

  for (const service of ['threat_management', 'threat_detection'])
    it(`reads the alert as the audit record that it leaves: ${service}`, () => {
      const logsource = { product: 'm365', service };

      for (const [selection, expected] of [
        [{ eventSource: 'SecurityComplianceCenter', eventName: 'Impossible travel', status: 'success' }, 1],
        [{ Name: 'impossible*' }, 1],
        [{ a: 'x' }, 1],
        [{ status: 'new' }, 0],
        [{ eventName: 'Something else' }, 0],
      ] as const)
        assert.equal(evaluate(logsource, selection), expected, JSON.stringify(selection));
    });
});
