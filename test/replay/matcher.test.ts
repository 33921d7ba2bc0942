// From records to matches: who is quiet, what falls back, what is counted, and who did what to what.
import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/case/json.ts';
import type { Policy } from '../../src/case/policy.ts';
import type { Catalogue, Correlation, Observation } from '../../src/detect/compiled.ts';
import { describe as describeEvent } from '../../src/replay/describe.ts';
import { createMatcher, type ReplayMatch, type ReplayProblem } from '../../src/replay/matcher.ts';
import { aPolicy } from '../helpers/policies.ts';

const counted = aPolicy('counted', { counted: true });
const correlation: Correlation = {
  key: 'counted',
  type: 'event_count',
  rules: ['one'],
  timespanMs: 60_000,
  condition: { gte: 2 },
  grows: true,
  policy: counted,
};
const observation: Observation = { correlation, rule: 'one', group: 'all', value: '', onward: [] };

/** Matches by event name: policies by their ids, and `Counted` is counted. */
function run(policies: readonly Policy[], events: readonly JsonObject[]) {
  const matches: ReplayMatch[] = [];
  const problems: ReplayProblem[] = [];
  const catalogue: Catalogue = {
    policies,
    correlations: new Map([[correlation.key, correlation]]),
    needs: () => null,
    outlines: () => null,
    explain: () => ({ text: '', holds: false, parts: [] }),
    evaluate: (_source, event) => ({
      policies: policies.filter(({ id }) => event.eventName === id || event.eventName === 'All'),
      observations: event.eventName === 'Counted' ? [observation, { ...observation, group: 'other' }] : [],
    }),
  };
  const matcher = createMatcher({
    catalogue,
    onMatch: (match) => matches.push(match),
    onProblem: (problem) => problems.push(problem),
  });
  for (const [index, event] of events.entries()) matcher.evaluate(event, 'a.json', index);
  matcher.finish();
  const found = matches.map((one) => [one.policy.id, one.index]);
  return { found, matches, problems, matcher };
}

describe('the matches of a replay', () => {
  it('leave out what AWS does for itself, and nothing else', () => {
    const eventName = 'All';

    const { found } = run(
      [aPolicy('a')],
      [
        { eventName, userIdentity: { type: 'AWSService' } },
        { eventName, userIdentity: { type: 'AssumedRole', invokedBy: 'cloudformation.amazonaws.com' } },
        { eventName, userIdentity: 'AWSService' },
        { eventName },
      ],
    );

    assert.deepEqual(found, [
      ['a', 1],
      ['a', 2],
      ['a', 3],
    ]);
  });

  it('are all policies that match, and a fallback only where no other does', () => {
    const policies = [aPolicy('a', { covers: ['b'] }), aPolicy('b'), aPolicy('c', { fallback: true })];

    const { found } = run(policies, [{ eventName: 'All' }, { eventName: 'c' }]);

    assert.deepEqual(found, [
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
  });

  it('of a fallback stay where what else matches comes from outside', () => {
    const policies = [aPolicy('a', { outside: true }), aPolicy('c', { fallback: true })];

    const { found } = run(policies, [{ eventName: 'All' }]);

    assert.deepEqual(found, [
      ['a', 0],
      ['c', 0],
    ]);
  });

  it('of a counted policy come at the end, for the event that crossed first, once for an event that came twice', () => {
    const at = (second: number, eventID: string): JsonObject => ({
      eventName: 'Counted',
      eventID,
      eventTime: `2026-01-12T08:00:0${second}Z`,
      recipientAccountId: '123456789012',
      userIdentity: { type: 'Root' },
    });

    const { found, matches } = run(
      [aPolicy('Other')],
      [at(5, 'c'), at(1, 'a'), at(1, 'a'), { eventName: 'Other' }, at(3, 'b')],
    );

    assert.deepEqual(found, [
      ['Other', 3],
      ['counted', 4],
    ]);
    assert.deepEqual(matches.at(-1)?.describe(), {
      eventId: 'b',
      subject: 'root',
      target: 'account 123456789012',
      attempt: false,
    });
  });

  it('say which event could not be counted for want of a time', () => {
    const { problems, matcher, found } = run(
      [counted],
      [{ eventName: 'Counted' }, { eventName: 'Counted', eventTime: '...' }],
    );

    assert.equal(matcher.timeless, 2);
    assert.deepEqual(
      problems.map(({ index }) => index),
      [0, 1],
    );
    assert.match(problems[0]?.reason ?? '', /no time, and cannot be counted for counted/);
    assert.deepEqual(found, []);
  });

  it('count events without an id as different ones', () => {
    const event = { eventName: 'Counted', eventTime: '2026-01-12T08:00:00Z' };

    assert.equal(run([counted], [event, event]).found.length, 1);
  });
});

describe('what a match says', () => {
  const user = (userIdentity: JsonObject, more: JsonObject = {}): JsonObject => ({ userIdentity, ...more });
  const arn = 'arn:aws:sts::123456789012:assumed-role/Deploy/';
  const subjects: readonly (readonly [string, JsonObject, string])[] = [
    ['the root user', user({ type: 'Root', arn: 'arn:aws:iam::123456789012:root' }), 'root'],
    [
      'a user',
      user({ type: 'IAMUser', userName: 'alex', arn: 'arn:aws:iam::123456789012:user/alex' }),
      'alex',
    ],
    [
      'a session named by a person',
      user({ type: 'AssumedRole', arn: `${arn}alex@contoso.example` }),
      'alex@contoso.example',
    ],
    ['any other session', user({ type: 'AssumedRole', arn: `${arn}i-0abc` }), 'Deploy/i-0abc'],
    [
      'a federated user',
      user({ type: 'FederatedUser', arn: 'arn:aws:sts::123456789012:federated-user/kim' }),
      'arn:aws:sts::123456789012:federated-user/kim',
    ],
    [
      'a user of Identity Center',
      user({ type: 'IdentityCenterUser' }, { additionalEventData: { UserName: 'kim@contoso.example' } }),
      'kim@contoso.example',
    ],
    ['nobody', {}, 'unknown'],
    [
      'nonsense',
      { userIdentity: [7], eventID: 7, eventName: null, requestParameters: 'x', resources: {} },
      'unknown',
    ],
    ['more nonsense', user({ type: 7, arn: {}, sessionContext: 'x', userName: ['x'] }), 'unknown'],
  ];
  for (const [what, event, subject] of subjects)
    it(`names ${what}`, () => {
      assert.equal(describeEvent(event).subject, subject);
    });

  it('names the bucket, though the record lacks what live detection asks for', () => {
    const event = { eventSource: 's3.amazonaws.com', requestParameters: { bucketName: 'contoso-public' } };

    assert.deepEqual(describeEvent(event), {
      eventId: null,
      subject: 'unknown',
      target: 'contoso-public',
      attempt: false,
    });
  });

  for (const event of [
    { errorCode: 'AccessDenied' },
    { errorMessage: 'Failed authentication' },
    { responseElements: { ConsoleLogin: 'Failure' } },
  ])
    it(`calls it an attempt: ${Object.keys(event)[0]}`, () => {
      assert.equal(describeEvent(event).attempt, true);
    });
});
