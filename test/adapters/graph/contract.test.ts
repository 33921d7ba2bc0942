import assert from 'node:assert/strict';
import { createGraphAlertSource } from '../../../src/adapters/graph/alert-source.ts';
import { createGraphAppInstaller } from '../../../src/adapters/graph/app-installer.ts';
import { createGraphDirectory } from '../../../src/adapters/graph/directory.ts';
import { groups, people, TEAMS_APP_EXTERNAL_ID } from '../../../src/sandbox/people.ts';
import { assertGraphRequest, OPERATIONS } from '../../helpers/graph-contract.ts';
import { startWorld } from './start.ts';

describe('requests to Graph', () => {
  it('are exactly the operations of the contract, each in its form', async () => {
    const world = await startWorld();
    try {
      const directory = createGraphDirectory(world.client);
      await directory.findUser(people.tom.userPrincipalName);
      await directory.managerOf(people.alex.id);
      await directory.isAdministrator(people.alex.id);
      await directory.isMemberOfAny(people.alex.id, [groups.sales.id]);
      await directory.revokeSessions(people.alex.id);
      await directory.setEnabled(people.alex.id, false);
      const alerts = createGraphAlertSource(world.client);
      world.graph.addAlert({ id: 'da1_1' });
      for await (const _page of alerts.updatedSince('2026-03-02T10:00:00Z'));
      await alerts.read('da1_1');
      await alerts.setVerdict('da1_1', { status: 'resolved', classification: 'truePositive' });
      await alerts.comment('da1_1', 'Decided.');
      const app = {
        appExternalId: TEAMS_APP_EXTERNAL_ID,
        serviceUrl: 'https://smba.trafficmanager.net/teams',
      };
      await createGraphAppInstaller(world.client, app).openChat(people.alex.id);

      const used = new Set(world.graph.requests.map(assertGraphRequest));

      assert.deepEqual([...used].sort(), OPERATIONS.map((one) => `${one.method} ${one.path}`).sort());
    } finally {
      await world.stop();
    }
  });

  const user = `/v1.0/users/${people.alex.id}`;
  const prefer = { prefer: 'include-unknown-enum-members' };
  const wrong = [
    ['another operation', { method: 'DELETE', path: user }],
    ['another version', { method: 'GET', path: user.replace('v1.0', 'beta') }],
    ['an option that the operation does not take', { method: 'GET', path: `${user}?$expand=manager` }],
    ['a property that is not used', { method: 'GET', path: `${user}?$select=id,birthday` }],
    ['$orderby on alerts', { method: 'GET', path: '/v1.0/security/alerts_v2?$orderby=x', headers: prefer }],
    ['another filter', { method: 'GET', path: '/v1.0/security/alerts_v2?$filter=true', headers: prefer }],
    ['alerts without the Prefer header', { method: 'GET', path: '/v1.0/security/alerts_v2' }],
    [
      'membership in more groups than Graph takes at once',
      {
        method: 'POST',
        path: `${user}/checkMemberGroups`,
        body: { groupIds: Array.from({ length: 21 }, () => groups.sales.id) },
      },
    ],
    ['a body where none belongs', { method: 'POST', path: `${user}/revokeSignInSessions`, body: {} }],
    [
      'a change of anything else',
      { method: 'PATCH', path: user, body: { accountEnabled: true, jobTitle: 'x' } },
    ],
    [
      'a determination that does not exist',
      { method: 'PATCH', path: '/v1.0/security/alerts_v2/a', body: { determination: 'compromisedUser' } },
    ],
    [
      'a comment without its type',
      { method: 'POST', path: '/v1.0/security/alerts_v2/a/comments', body: { comment: 'x' } },
    ],
  ] as const;
  for (const [what, request] of wrong)
    it(`are checked: ${what} fails`, () => {
      assert.throws(() => assertGraphRequest(request), assert.AssertionError);
    });
});
