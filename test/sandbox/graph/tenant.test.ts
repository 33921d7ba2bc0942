import assert from 'node:assert/strict';
import type { GraphState } from '../../../src/sandbox/graph/server.ts';
import { GROUPS, groups, PEOPLE, people } from '../../../src/sandbox/people.ts';
import { apps, GRANTS, ROLE_ASSIGNMENTS, WATCHED } from '../../../src/sandbox/tenant.ts';
import { faultOf, type Started, startGraph } from './start.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111';
const SID = people.grace.onPremisesSecurityIdentifier ?? '';

describe('the groups, apps and identities of contoso.example', () => {
  it('have ids of their own, and hold every kind of group that an action meets', () => {
    for (const all of [GROUPS, Object.values(apps), GRANTS, ROLE_ASSIGNMENTS])
      assert.equal(new Set(all.map((one) => one.id)).size, all.length);
    assert.ok(GROUPS.some((one) => one.groupTypes?.includes('DynamicMembership')));
    assert.ok(GROUPS.some((one) => one.onPremisesSyncEnabled));
    assert.ok(GROUPS.some((one) => one.mailEnabled && !one.groupTypes));
    assert.ok(GROUPS.some((one) => one.isAssignableToRole));
  });

  it('name only people, groups and apps that there are, and watch only who is synced', () => {
    const held = [...PEOPLE, ...GROUPS, ...Object.values(apps)].map((one) => one.id as string);
    for (const { principalId } of [...GRANTS, ...ROLE_ASSIGNMENTS])
      assert.ok(principalId === null || held.includes(principalId));
    for (const person of PEOPLE)
      for (const one of person.memberOf)
        assert.ok(one.kind === 'directoryRole' || GROUPS.includes(one), one.displayName);
    for (const { person } of WATCHED) {
      assert.equal(person.onPremisesSyncEnabled, true);
      assert.match(person.onPremisesSecurityIdentifier ?? '', /^S-1-5-21-/);
    }
  });
});

describe('the sandbox tenant', () => {
  let started: Started;
  let saved: GraphState | undefined;
  before(async () => {
    started = await startGraph({
      onChange: (state) => {
        saved = state;
      },
    });
  });
  after(() => started.stop());

  const status = async (method: string, path: string, body?: unknown): Promise<number> =>
    (await started.call(method, path, body)).status;
  const messageOf = async (response: Response): Promise<unknown> =>
    ((await response.json()) as { error: { message: unknown } }).error.message;
  const link = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });
  const members = (group: { readonly id: string }) => `/groups/${group.id}/members`;

  describe('keeps members and', () => {
    it('answers 204 to the first, and 400 to the same again', async () => {
      const path = `${members(groups.noDownloads)}/$ref`;

      assert.equal(await status('POST', path, link(people.lee.id)), 204);
      const again = await started.call('POST', path, link(people.lee.id));
      assert.equal(again.status, 400);
      assert.match(String(await messageOf(again)), /^One or more added object references already exist/);
    });

    it('answers 404 for one who is not in it, for nobody and for no group', async () => {
      const gone = { status: 404, code: 'Request_ResourceNotFound' };
      for (const path of [
        `${members(groups.noDownloads)}/${people.sam.id}/$ref`,
        `${members(groups.noDownloads)}/${NOBODY}/$ref`,
        `${members({ id: NOBODY })}/${people.sam.id}/$ref`,
      ])
        assert.deepEqual(await faultOf(await started.call('DELETE', path)), gone);
    });

    it('has no way to delete a member, a user or a group', async () => {
      for (const path of [
        `${members(groups.sales)}/${people.alex.id}`,
        `/users/${people.alex.id}`,
        `/groups/${groups.sales.id}`,
      ])
        assert.equal(await status('DELETE', path), 404);
      assert.equal(await status('GET', `/users/${people.alex.id}`), 200);
    });

    it('shows somebody who joined a group that gives roles as an administrator from then on', async () => {
      const { memberOf } = people.hana;
      assert.ok(memberOf.includes(groups.helpdeskAdmins));

      const change = await started.call('PATCH', `/users/${people.hana.id}`, {
        passwordProfile: { forceChangePasswordNextSignIn: true },
      });

      assert.deepEqual(await faultOf(change), { status: 403, code: 'Authorization_RequestDenied' });
    });
  });

  describe('keeps passwords and', () => {
    const profile = async (id: string): Promise<unknown> => {
      const response = await started.call('GET', `/users/${id}?$select=passwordProfile`);
      return ((await response.json()) as { passwordProfile: unknown }).passwordProfile;
    };

    it('shows no profile before somebody asked for a change, and never a password', async () => {
      assert.equal(await profile(people.mia.id), null);

      const body = { passwordProfile: { forceChangePasswordNextSignIn: true } };
      assert.equal(await status('PATCH', `/users/${people.mia.id}`, body), 204);

      assert.deepEqual(await profile(people.mia.id), {
        password: null,
        forceChangePasswordNextSignIn: true,
        forceChangePasswordNextSignInWithMfa: false,
      });
    });

    it('takes none, nor a profile with anything else in it', async () => {
      const path = `/users/${people.mia.id}`;
      for (const passwordProfile of [{ password: 'x' }, {}, null, 'x', []])
        assert.equal(await status('PATCH', path, { passwordProfile }), 400);
    });
  });

  describe('keeps grants and', () => {
    const body = {
      clientId: apps.pdfWizard.id,
      consentType: 'Principal',
      principalId: people.sam.id,
      resourceId: apps.microsoftGraph.id,
      scope: 'User.Read',
    };

    it('answers 201 to the first, and 409 to another for the same app, API and person', async () => {
      assert.equal(await status('POST', '/oauth2PermissionGrants', body), 201);
      const again = await started.call('POST', '/oauth2PermissionGrants', { ...body, scope: 'Mail.Read' });

      assert.deepEqual(await faultOf(again), {
        status: 409,
        code: 'Request_MultipleObjectsWithSameKeyValue',
      });
    });

    it('refuses one for everybody, a filter on anything else, and text where a Guid belongs', async () => {
      const everybody = { ...body, consentType: 'AllPrincipals' };
      assert.equal(await status('POST', '/oauth2PermissionGrants', everybody), 400);
      for (const path of [
        "/oauth2PermissionGrants?$filter=scope eq 'x'",
        '/oauth2PermissionGrants?$filter=true',
        `/users/${people.alex.id}/appRoleAssignments?$filter=resourceId eq '${apps.pdfWizard.id}'`,
      ])
        assert.equal(await status('GET', path), 400, path);
    });

    it("has no list of one person's grants: Graph has none for applications", async () => {
      assert.equal(await status('GET', `/users/${people.alex.id}/oauth2PermissionGrants`), 404);
    });
  });

  describe('has Defender for Identity and', () => {
    const invoke = (change: object) =>
      status('POST', `/security/identities/identityAccounts/${WATCHED[0]?.id}/invokeAction`, {
        accountId: WATCHED[0]?.account,
        action: 'disable',
        identityProvider: 'activeDirectory',
        ...change,
      });

    it('shows a change in Active Directory in Entra at once, while no sync is played', async () => {
      assert.equal(await invoke({}), 200);

      const shown = await started.call('GET', `/users/${people.grace.id}?$select=accountEnabled`);
      assert.equal(((await shown.json()) as { accountEnabled: unknown }).accountEnabled, false);
      assert.equal(await invoke({ action: 'enable' }), 200);
    });

    it('refuses other accounts, other providers and other actions', async () => {
      for (const change of [{ accountId: 'x' }, { identityProvider: 'entraID' }, { action: 'delete' }])
        assert.equal(await invoke(change), 400);
    });
  });

  it('plays the sync for synced accounts only', async () => {
    let time = Date.parse('2026-03-02T10:00:00Z');
    const synced = await startGraph({ now: () => time, syncAfterMs: 60_000 });
    try {
      const enabled = async (id: string): Promise<unknown> => {
        const response = await synced.call('GET', `/users/${id}?$select=accountEnabled`);
        return ((await response.json()) as { accountEnabled: unknown }).accountEnabled;
      };
      for (const { id } of [people.grace, people.alex])
        await synced.call('PATCH', `/users/${id}`, { accountEnabled: false });

      assert.deepEqual([await enabled(people.grace.id), await enabled(people.alex.id)], [false, false]);
      time += 60_000;
      assert.deepEqual([await enabled(people.grace.id), await enabled(people.alex.id)], [true, false]);
    } finally {
      await synced.stop();
    }
  });

  it('starts again where it was, from a state of before it had all this too', async () => {
    await started.call('POST', `/users/${people.yuki.id}/sendMail`, {
      message: {
        subject: 'Was this you?',
        body: { contentType: 'Text', content: 'x' },
        toRecipients: [{ emailAddress: { address: people.alex.mail } }],
      },
    });
    assert.ok(saved);
    const plain = JSON.parse(JSON.stringify(saved)) as GraphState;
    const { tenant: _missing, ...older } = plain;

    const again = await startGraph({ state: plain });
    const fresh = await startGraph({ state: older as GraphState });
    try {
      assert.deepEqual(again.graph.state(), plain);
      assert.equal(again.graph.state().tenant.mails.length, 1);
      assert.deepEqual(fresh.graph.state().tenant.grants, GRANTS);
      assert.equal((await fresh.call('GET', `/users/${people.alex.id}/memberOf`)).status, 200);
    } finally {
      await Promise.all([again.stop(), fresh.stop()]);
    }
  });

  it('knows whom Defender watches by security identifier', async () => {
    const filter = encodeURIComponent(`onPremisesSecurityIdentifier eq '${SID}'`);
    const response = await started.call('GET', `/security/identities/identityAccounts?$filter=${filter}`);

    const { value } = (await response.json()) as { value: { id: unknown }[] };
    assert.deepEqual(
      value.map((one) => one.id),
      WATCHED.map((one) => one.id),
    );
  });
});
