import assert from 'node:assert/strict';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import { createGraphDirectory } from '../../../src/adapters/graph/directory.ts';
import { createGraphOnPremisesAccounts } from '../../../src/adapters/graph/on-premises-accounts.ts';
import type { OnPremisesAccounts } from '../../../src/ports/on-premises-accounts.ts';
import { people } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';
import { itMeetsTrouble } from './troubles.ts';

const SID = people.grace.onPremisesSecurityIdentifier ?? '';
const NO_SID = 'S-1-5-21-989687458-3461180213-172365591-999999';
const ACCOUNTS = /identityAccounts$/;

const answering = (body: unknown): GraphClient => ({
  baseUrl: 'https://graph.microsoft.com',
  call: async () => ({ status: 200, body, requestId: 'r' }),
});

describe('on-premises accounts through Defender for Identity', () => {
  let world: World;
  let onPremises: OnPremisesAccounts;
  let time = Date.parse('2026-03-02T10:00:00Z');
  before(async () => {
    world = await startWorld({ now: () => time, syncAfterMs: 60_000 });
    onPremises = createGraphOnPremisesAccounts(world.client);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  const account = {
    id: '00104216-0539-4838-88b1-55baafdc296b',
    account: '256db173-930a-4991-9061-0d51a9a93ba5',
  };

  describe('are found and', () => {
    it('name the account in Active Directory, not the ones elsewhere', async () => {
      assert.deepEqual(await onPremises.find(SID), { ...account, enabled: true });
    });

    it('are null for a security identifier that it does not know, and for what is none, without asking', async () => {
      assert.equal(await onPremises.find(NO_SID), null);
      const before = world.graph.requests.length;
      for (const text of ['', 'S-1', "S-1-5' or true", people.grace.id])
        assert.equal(await onPremises.find(text), null);
      assert.equal(world.graph.requests.length, before);
    });

    it('are read as the resource type names them too', async () => {
      const identity = { id: 'i', onPremisesSecurityIdentifier: SID, isEnabled: null };
      const accounts = [{ identityProvider: 'activeDirectory', identifier: 'a', actions: [] }];
      const odd = createGraphOnPremisesAccounts(answering({ value: [{ ...identity, accounts }] }));

      assert.deepEqual(await odd.find(SID), { id: 'i', account: 'a', enabled: null });
    });

    it('are nobody else, even if Graph answers more than was asked for', async () => {
      const identity = { id: 'i', onPremisesSecurityIdentifier: NO_SID, isEnabled: true };
      const accounts = [{ provider: 'ActiveDirectory', identifier: 'a' }];
      const wide = createGraphOnPremisesAccounts(answering({ value: [{ ...identity, accounts }] }));

      assert.equal(await wide.find(SID), null);
    });

    it('are null without an account in Active Directory', async () => {
      const identity = { id: 'i', onPremisesSecurityIdentifier: SID, isEnabled: true };
      const accounts = [{ provider: 'Okta', identifier: 'a' }];
      const okta = createGraphOnPremisesAccounts(answering({ value: [{ ...identity, accounts }] }));

      assert.equal(await okta.find(SID), null);
    });
  });

  describe('are not there and', () => {
    it('answer null in a tenant without the licence', async () => {
      const poor = await startWorld({ licences: { defenderForIdentity: false } });
      try {
        const accounts = createGraphOnPremisesAccounts(poor.client);

        assert.equal(await accounts.find(SID), null);
        const error = await failureOf(accounts.invoke({ ...account, enabled: true }, 'disable'));
        assert.equal(error.code, 'graph.forbidden');
        assert.match(english(error.say), /no licence.*Microsoft Defender for Identity/);
      } finally {
        await poor.stop();
      }
    });

    const message = 'Unauthorized request - Account is not provisioned.';
    for (const [what, answer] of [
      ['a cloud without it', { status: 404, code: 'NotFound' }],
      ['a backend that never heard of it', { status: 501, code: 'NotImplemented' }],
      ['a tenant that is not on board', { status: 400, code: 'BadRequest', message }],
      ['a Defender that was never started', { status: 401, code: 'Unauthorized', message }],
    ] as const)
      it(`answer null for ${what}`, async () => {
        world.graph.faults.add({ path: ACCOUNTS, answer: { kind: 'status', ...answer } });

        assert.equal(await onPremises.find(SID), null);
        assert.equal(world.graph.faults.pending(), 0);
      });

    it('are an error where we may only lack a permission, and the words name that and the licence', async () => {
      const answer = { kind: 'status', status: 403, code: 'Forbidden' } as const;
      world.graph.faults.add({ path: ACCOUNTS, answer });

      const error = await failureOf(onPremises.find(SID));

      assert.equal(error.code, 'graph.forbidden');
      assert.equal(
        english(error.say),
        'Countersign is not allowed to do that, or the organisation has no licence for it. ' +
          'It needs this permission: SecurityIdentitiesAccount.Read.All. And this licence: Microsoft Defender for Identity.',
      );
    });

    it('are an error where the request itself was wrong', async () => {
      const answer = { kind: 'status', status: 400, code: 'BadRequest' } as const;
      world.graph.faults.add({ path: ACCOUNTS, answer });

      assert.equal((await failureOf(onPremises.find(SID))).code, 'graph.refused');
    });

    it('are an error where our own token is refused: that says nothing of Defender', async () => {
      const answer = { kind: 'status', status: 401, code: 'InvalidAuthenticationToken' } as const;
      world.graph.faults.add({ path: ACCOUNTS, answer });

      assert.equal((await failureOf(onPremises.find(SID))).code, 'graph.unauthorised');
    });

    it('are an error where only the first page came', async () => {
      let page = 0;
      const next = 'https://graph.microsoft.com/v1.0/security/identities/identityAccounts?$skiptoken=1';
      const asked: unknown[] = [];
      const cut = createGraphOnPremisesAccounts({
        baseUrl: 'https://graph.microsoft.com',
        call: async (call) => {
          page += 1;
          asked.push(call.answers);
          return {
            status: 200,
            body: { value: [], ...(page === 1 && { '@odata.nextLink': next }) },
            requestId: 'r',
          };
        },
      });

      await cut.find(SID);

      assert.deepEqual(asked, [[400, 401, 403, 404, 501], undefined]);
    });
  });

  describe('are changed and', () => {
    it('stay so, where a disable in Entra is undone by the sync', async () => {
      const directory = createGraphDirectory(world.client);
      const enabled = async () => (await directory.findUser(people.grace.id))?.enabled;
      time += 120_000;
      await directory.setEnabled(people.grace.id, false);
      const atOnce = await enabled();
      time += 61_000;
      const later = await enabled();

      const { requestId } = await onPremises.invoke({ ...account, enabled: true }, 'disable');

      assert.deepEqual([atOnce, later], [false, true]);
      assert.ok(requestId);
      assert.equal((await onPremises.find(SID))?.enabled, false);
      assert.equal(await enabled(), true, 'the sync has not run yet');
      time += 61_000;
      assert.equal(await enabled(), false);
    });

    it('are enabled again, as often as one likes', async () => {
      for (let times = 0; times < 2; times += 1)
        await onPremises.invoke({ ...account, enabled: false }, 'enable');

      assert.equal((await onPremises.find(SID))?.enabled, true);
    });

    it('are made to set a new password', async () => {
      await onPremises.invoke({ ...account, enabled: true }, 'forcePasswordReset');

      assert.equal(world.graph.state().tenant.onPremises[people.grace.id]?.mustChange, true);
    });

    it('say so when they are gone', async () => {
      const error = await failureOf(onPremises.invoke({ ...account, id: 'x', enabled: true }, 'disable'));

      assert.equal(error.code, 'graph.not-found');
      assert.equal(english(error.say), 'Defender for Identity does not know this account.');
    });

    it('are never changed without naming one', async () => {
      const before = world.graph.requests.length;

      const error = await failureOf(onPremises.invoke({ ...account, account: '', enabled: true }, 'disable'));

      assert.equal(error.code, 'graph.bad-id');
      assert.equal(world.graph.requests.length, before);
    });
  });

  itMeetsTrouble(
    () => world,
    [
      {
        name: 'find',
        method: 'GET',
        path: ACCOUNTS,
        permission: 'SecurityIdentitiesAccount.Read.All',
        call: () => onPremises.find(SID),
      },
      {
        name: 'invoke',
        method: 'POST',
        path: /invokeAction$/,
        permission: 'SecurityIdentitiesActions.ReadWrite.All',
        call: () => onPremises.invoke({ ...account, enabled: true }, 'enable'),
      },
    ],
  );
});
