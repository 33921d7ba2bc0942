import assert from 'node:assert/strict';
import { createGraphAlertSource } from '../../../src/adapters/graph/alert-source.ts';
import { createGraphAppInstaller } from '../../../src/adapters/graph/app-installer.ts';
import { createGraphCalendars } from '../../../src/adapters/graph/calendars.ts';
import { createGraphConsents } from '../../../src/adapters/graph/consents.ts';
import { createGraphDirectory } from '../../../src/adapters/graph/directory.ts';
import { createGraphGroups } from '../../../src/adapters/graph/groups.ts';
import { createGraphMailer } from '../../../src/adapters/graph/mailer.ts';
import { createGraphOnPremisesAccounts } from '../../../src/adapters/graph/on-premises-accounts.ts';
import { createGraphRiskRegister } from '../../../src/adapters/graph/risk-register.ts';
import { groups, people, TEAMS_APP_EXTERNAL_ID } from '../../../src/sandbox/people.ts';
import { apps } from '../../../src/sandbox/tenant.ts';
import { assertGraphPermissions, assertGraphRequest, OPERATIONS } from '../../helpers/graph-contract.ts';
import { startWorld, type World } from './start.ts';

async function usePeoplesGroupsAndApps({ client }: World): Promise<void> {
  const [alex, grace] = [people.alex.id, people.grace];
  const inGroups = createGraphGroups(client);
  await inGroups.find(groups.noDownloads.id);
  await inGroups.hasDirectMember(groups.noDownloads.id, alex);
  await inGroups.addMember(groups.noDownloads.id, alex);
  await inGroups.removeMember(groups.noDownloads.id, alex);
  const risk = createGraphRiskRegister(client, { everyMs: 0 });
  await risk.riskOf(alex);
  await risk.confirmCompromised(alex);
  await risk.dismiss(alex);
  const consents = createGraphConsents(client, []);
  const app = await consents.findApp(apps.pdfWizard.appId);
  assert.ok(app);
  await consents.isAllowedForEverybody(app.id);
  await consents.ownPermissions(app.id);
  for (const grant of await consents.delegatedGrants(alex, app.id)) {
    await consents.removeDelegatedGrant(grant.id);
    await consents.addDelegatedGrant(alex, app.id, grant);
  }
  for (const role of await consents.appRoles(alex, app.id)) {
    await consents.removeAppRole(alex, role.id);
    await consents.addAppRole(alex, role);
  }
  const onPremises = createGraphOnPremisesAccounts(client);
  const account = await onPremises.find(grace.onPremisesSecurityIdentifier ?? '');
  assert.ok(account);
  for (const action of ['disable', 'enable', 'forcePasswordReset'] as const)
    await onPremises.invoke(account, action);
  await createGraphMailer(client, people.yuki.id).send({
    to: grace.mail,
    subject: 'Was this you?',
    text: 'A.',
  });
}

describe('requests to Graph', () => {
  it('are exactly the operations of the contract, each in its form', async () => {
    const world = await startWorld({ riskPaceMs: 0 });
    try {
      const directory = createGraphDirectory(world.client);
      await directory.findUser(people.tom.userPrincipalName);
      await directory.searchPeople('Alex');
      await directory.managerOf(people.alex.id);
      await createGraphCalendars(world.client, { now: Date.now }).calendarOf(people.morgan.id);
      await directory.isAdministrator(people.alex.id);
      await directory.isMemberOfAny(people.alex.id, [groups.sales.id]);
      await directory.revokeSessions(people.alex.id);
      await directory.setEnabled(people.alex.id, false);
      await directory.setMustChangePassword(people.alex.id, true);
      await directory.passwordOf(people.alex.id);
      await usePeoplesGroupsAndApps(world);
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
  const members = `/v1.0/groups/${groups.sales.id}/members`;
  const clientId = apps.pdfWizard.id;
  const wrong = [
    ['deleting a user', { method: 'DELETE', path: user }],
    ['deleting a member', { method: 'DELETE', path: `${members}/${people.alex.id}` }],
    ['deleting a group', { method: 'DELETE', path: `/v1.0/groups/${groups.sales.id}` }],
    [
      "a person's grants, which are not for applications",
      { method: 'GET', path: `${user}/oauth2PermissionGrants` },
    ],
    ['the grants of every app', { method: 'GET', path: '/v1.0/oauth2PermissionGrants' }],
    [
      'a grant for everybody',
      {
        method: 'POST',
        path: '/v1.0/oauth2PermissionGrants',
        body: { clientId, consentType: 'AllPrincipals', resourceId: clientId, scope: 'Mail.Read' },
      },
    ],
    ['a password', { method: 'PATCH', path: user, body: { passwordProfile: { password: 'x' } } }],
    [
      'two changes in one',
      {
        method: 'PATCH',
        path: user,
        body: { accountEnabled: false, passwordProfile: { forceChangePasswordNextSignIn: true } },
      },
    ],
    [
      'more than one person confirmed at once',
      {
        method: 'POST',
        path: '/v1.0/identityProtection/riskyUsers/confirmCompromised',
        body: { userIds: [people.alex.id, people.lee.id] },
      },
    ],
    [
      'an action on Entra ID through Defender for Identity',
      {
        method: 'POST',
        path: '/v1.0/security/identities/identityAccounts/x/invokeAction',
        body: { accountId: 'x', action: 'disable', identityProvider: 'entraID' },
      },
    ],
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

  it('declare at least what their operation takes', () => {
    const call = { method: 'PATCH', path: `/users/${people.alex.id}` } as const;
    const enable = { ...call, body: { accountEnabled: false } };
    const both = ['User.EnableDisableAccount.All', 'User.Read.All'];

    assertGraphPermissions({ ...enable, permissions: both });
    for (const permissions of [[], [both[0] ?? ''], ['User-PasswordProfile.ReadWrite.All']])
      assert.throws(() => assertGraphPermissions({ ...enable, permissions }), assert.AssertionError);
    const password = { ...call, body: { passwordProfile: { forceChangePasswordNextSignIn: true } } };
    assert.throws(() => assertGraphPermissions({ ...password, permissions: both }), assert.AssertionError);
  });
});
