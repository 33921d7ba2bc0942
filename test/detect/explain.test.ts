import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { Explanation } from '../../src/detect/compiled.ts';
import { load, ruleText } from './rule.ts';

/** The tree as lines, each with its sign. */
const lines = ({ text, holds, parts }: Explanation, depth = 0): readonly string[] => [
  `${'  '.repeat(depth)}${holds ? '+' : '-'} ${text}`,
  ...parts.flatMap((part) => lines(part, depth + 1)),
];

const DETECTION = {
  stop: { eventSource: 'cloudtrail.amazonaws.com', eventName: ['StopLogging', 'DeleteTrail'] },
  robots: { 'user|endswith': '_bot' },
  condition: 'stop and not robots',
};

describe('An explanation', () => {
  it('says of each selection and field what was wanted, what was found, and whether it holds', () => {
    const { catalogue } = load(ruleText(DETECTION));
    const event = { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', user: 'build_bot' };

    assert.deepEqual(lines(catalogue.explain('a-rule', 'cloudtrail', event)), [
      '- a-rule: A rule',
      '  + it reads cloudtrail events; this is one of cloudtrail',
      '  - condition: stop and not robots',
      '    - all of these',
      '      + stop',
      '        + all of these',
      '          + eventSource: "cloudtrail.amazonaws.com"; found "cloudtrail.amazonaws.com"',
      '          + eventName: "StopLogging" or "DeleteTrail"; found "StopLogging"',
      '      - not',
      '        + robots',
      '          + user|endswith: "_bot"; found "build_bot"',
    ]);
  });

  it('says what is not there', () => {
    const { catalogue } = load(
      ruleText({
        sel: {
          a: 'x',
          b: null,
          'c|exists': true,
          'd|fieldref': 'e',
          'f|expand': '%nobody%',
        },
        words: ['one', 'two'],
        condition: 'sel or words',
      }),
    );
    const told = lines(catalogue.explain('a-rule', 'cloudtrail', {})).join('\n');

    for (const part of [
      '- a: "x"; found nothing',
      '+ b is missing or null; found nothing',
      '- c is there; it is not there',
      '- d|fieldref: e (nothing); found nothing',
      '- f|expand: "%nobody%"; found nothing',
      '- anywhere in the event: "one"',
    ])
      assert.ok(told.includes(part), `${part} is not in\n${told}`);
  });

  it('cuts what is long', () => {
    const { catalogue } = load(
      ruleText({ sel: { a: Array.from({ length: 9 }, (_, at) => `v${at}`) }, condition: 'sel' }),
    );
    const told = lines(catalogue.explain('a-rule', 'cloudtrail', { a: 'x'.repeat(5000) })).at(-1) ?? '';

    assert.match(told, /"v4" or 4 more; found "x{78}…$/);
  });

  it('names the source, the scope and the detector', () => {
    const only = { accounts: ['123456789012'], regions: [], networks: [], users: [], groups: [] };
    const { catalogue } = load(
      ruleText({ sel: { a: 'x' }, condition: 'sel' }, { countersign: { detector: 's3-made-public' } }),
      'a-rule.yml',
      { policies: { 'a-rule': { only } } },
    );
    const event = { a: 'x', recipientAccountId: '999999999999' };

    assert.deepEqual(lines(catalogue.explain('a-rule', 'graph', event)), [
      '- a-rule: A rule',
      '  - where it looks',
      '    - accounts: "123456789012"; found "999999999999"',
      '  - it reads cloudtrail events; this is one of graph',
      '  + condition: sel',
      '    + sel',
      '      + a: "x"; found "x"',
      '  - detector s3-made-public: the request opens a bucket, its objects or an access point to everyone, or takes away a block against that',
    ]);
  });

  it('of a counted policy tells what it counts, and explains its rules', () => {
    const text = [
      stringify({
        title: 'Many',
        correlation: {
          type: 'value_count',
          rules: ['one', 'two'],
          'group-by': ['who'],
          timespan: '5m',
          condition: { field: 'user', gte: 3 },
        },
      }),
      ruleText({ sel: { a: 'x' }, condition: 'sel' }, { name: 'one', title: 'First' }),
      ruleText({ sel: { a: 'y' }, condition: 'sel' }, { name: 'two', title: 'Second' }),
    ].join('---\n');
    const told = lines(load(text).catalogue.explain('a-rule', 'cloudtrail', { a: 'y' }));

    assert.deepEqual(told.slice(0, 3), [
      '+ a-rule: Many',
      '  + it counts at least 3 different values in 300 seconds',
      '    - First',
    ]);
    assert.ok(told.includes('    + Second'));
    assert.equal(told.at(-1), '          + a: "y"; found "y"');
  });

  it('of a policy that does not exist is an error', () =>
    assert.throws(() => load(ruleText(DETECTION)).catalogue.explain('nowhere', 'cloudtrail', {}), {
      code: 'policy.unknown',
    }));
});
