import assert from 'node:assert/strict';
import type { UserId } from '../../src/case/ids.ts';
import type { DirectoryUser, Manager } from '../../src/ports/directory.ts';
import { type ChainLink, chooseApprover, type RouteInput } from '../../src/route/choose-approver.ts';

const user = (name: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id: `id-${name.toLowerCase()}` as UserId,
  displayName: name,
  userPrincipalName: `${name}@contoso.example`,
  enabled: true,
  guest: false,
  synced: false,
  ...more,
});
const link = (who: DirectoryUser | Manager, reachable: ChainLink['reachable'] = true): ChainLink => ({
  manager: 'kind' in who ? who : { kind: 'user', user: who },
  reachable,
});
const alex = user('Alex');
const kim = user('Kim');
const priya = user('Priya');
const route = (more: Partial<RouteInput> = {}) =>
  chooseApprover({
    subject: alex,
    chain: [link(kim), link(priya)],
    named: [],
    unreachable: [],
    toSecurity: null,
    securityOnly: false,
    otherSubjects: new Set(),
    ...more,
  });

describe('The approver', () => {
  it("is the subject's manager", () =>
    assert.deepEqual(route(), {
      approver: { kind: 'person', id: 'id-kim', name: 'Kim' },
      path: [{ name: 'Kim', id: 'id-kim', outcome: 'asked', reason: "Kim is Alex's manager." }],
      reason: "Kim is Alex's manager.",
    }));

  it('is tried when nobody knows yet whether they can be reached', () =>
    assert.deepEqual(route({ chain: [link(kim, 'unknown')] }).approver, {
      kind: 'person',
      id: 'id-kim',
      name: 'Kim',
    }));

  for (const [what, more, why] of [
    ['disabled', { chain: [link(user('Kim', { enabled: false })), link(priya)] }, 'the account is disabled'],
    ['a guest', { chain: [link(user('Kim', { guest: true })), link(priya)] }, 'is a guest'],
    [
      'the subject',
      { chain: [link({ ...alex, displayName: 'Kim' }), link(priya)] },
      'is the person in question',
    ],
    ['named in the alert by object id', { named: ['id-kim'] }, 'is named in the alert'],
    ['named in the alert by principal name', { named: ['kim@contoso.example'] }, 'is named in the alert'],
    [
      'the subject of another open case',
      { otherSubjects: new Set(['id-kim' as UserId]) },
      'is the person in question in another open case',
    ],
    ['without the app', { chain: [link(kim, false), link(priya)] }, 'cannot be reached in Teams'],
    ['known to be unreachable', { unreachable: ['id-kim' as UserId] }, 'cannot be reached in Teams'],
  ] as const)
    it(`is never a manager who is ${what}: the next level is asked, and the card says why`, () => {
      const { approver, path, reason } = route(more);

      assert.deepEqual(approver, { kind: 'person', id: 'id-priya', name: 'Priya' });
      assert.deepEqual(
        path.map((rung) => rung.outcome),
        ['passed-over', 'asked'],
      );
      assert.equal(path[0]?.reason, `Kim is Alex's manager but ${why}.`);
      assert.equal(reason, 'Priya is 2 levels above Alex, and nobody nearer can answer.');
    });

  it('is never a contact outside the company', () => {
    const { approver, path } = route({ chain: [link({ kind: 'contact', displayName: 'Elena (Fabrikam)' })] });

    assert.deepEqual(approver, { kind: 'security' });
    assert.equal(
      path[0]?.reason,
      "Elena (Fabrikam) is Alex's manager but is outside the company and has no account.",
    );
  });

  for (const [what, more, reason] of [
    ['the directory names no manager', { chain: [] }, 'The directory names no manager for Alex.'],
    ['nobody above can answer', { named: ['id-kim', 'id-priya'] }, 'Nobody above Alex can answer.'],
    ['the policy says so', { securityOnly: true }, 'Questions like this always go to the security team.'],
    [
      'somebody handed it over',
      { toSecurity: 'Kim handed this to the security team.' },
      'Kim handed this to the security team.',
    ],
    [
      'the subject is not known',
      { subject: null, unknownReason: 'It was root.' },
      'It was root. So the security team is asked.',
    ],
    [
      'the subject is not known and nobody says why',
      { subject: null },
      'It is not known who did this. So the security team is asked.',
    ],
  ] as const)
    it(`is the security team when ${what}`, () => {
      const answer = route(more);

      assert.deepEqual(answer.approver, { kind: 'security' });
      assert.equal(answer.reason, reason);
      assert.deepEqual(answer.path.at(-1), { name: 'The security team', outcome: 'asked', reason });
    });

  it('is looked for on five levels and no further', () => {
    const disabled = [1, 2, 3, 4, 5].map((level) => link(user(`M${level}`, { enabled: false })));

    assert.deepEqual(route({ chain: [...disabled.slice(1), link(kim)] }).approver.kind, 'person');
    assert.deepEqual(route({ chain: [...disabled, link(kim)] }).approver.kind, 'security');
  });
});
