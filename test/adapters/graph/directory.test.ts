import assert from 'node:assert/strict';
import type { GraphClient } from '../../../src/adapters/graph/client.ts';
import { createGraphDirectory } from '../../../src/adapters/graph/directory.ts';
import type { UserId } from '../../../src/case/ids.ts';
import type { Directory } from '../../../src/ports/directory.ts';
import { groups, people } from '../../../src/sandbox/people.ts';
import { english } from '../../helpers/english.ts';
import { failureOf, startWorld, type World } from './start.ts';

const NOBODY = '11111111-1111-4111-8111-111111111111' as UserId;

/** A client that answers every call with this body. */
const answering = (body: unknown): GraphClient => ({
  baseUrl: 'https://graph.microsoft.com',
  call: async () => ({ status: 200, body, requestId: 'r' }),
});

describe('the directory through Graph', () => {
  let world: World;
  let directory: Directory;
  before(async () => {
    world = await startWorld({ maxPageSize: 1 });
    directory = createGraphDirectory(world.client);
  });
  after(() => world.stop());
  afterEach(() => world.graph.faults.clear());

  describe('finds people and', () => {
    it('says all that decisions need, by id and by principal name', async () => {
      const alex = {
        id: people.alex.id,
        displayName: 'Alex Weber',
        userPrincipalName: 'alex.weber@contoso.example',
        enabled: true,
        guest: false,
        synced: false,
        mail: 'alex.weber@contoso.example',
        preferredLanguage: 'de-DE',
        sessionsValidFrom: '2024-01-15T09:00:00Z',
      };

      assert.deepEqual(await directory.findUser(people.alex.id), alex);
      assert.deepEqual(await directory.findUser('Alex.Weber@contoso.example'), alex);
    });

    it('marks guests, synced and disabled accounts', async () => {
      assert.equal((await directory.findUser(people.tom.userPrincipalName))?.guest, true);
      const grace = await directory.findUser(people.grace.id);
      assert.equal(grace?.synced, true);
      assert.equal(grace?.securityIdentifier, people.grace.onPremisesSecurityIdentifier);
      assert.equal((await directory.findUser(people.robin.id))?.enabled, false);
    });

    it('answers null for nobody', async () => {
      assert.equal(await directory.findUser(NOBODY), null);
      assert.equal(await directory.findUser("o'nobody@contoso.example"), null);
    });

    it('answers null for what no user can be called, without asking', async () => {
      const before = world.graph.requests.length;
      const hostile = [
        '',
        '.',
        '..',
        '../me',
        'alex',
        '$count',
        `${NOBODY}/manager`,
        'a@b/../../x',
        'a@b?c',
        'a b@c',
      ];

      for (const text of hostile) assert.equal(await directory.findUser(text), null, text);

      assert.equal(world.graph.requests.length, before);
    });

    it('fails, rather than guesses, when Graph hides whether the account is enabled', async () => {
      const hidden = createGraphDirectory(answering({ id: NOBODY, userPrincipalName: 'x@contoso.example' }));

      const error = await failureOf(hidden.findUser(NOBODY));

      assert.equal(error.code, 'graph.unexpected');
      assert.match(error.message, /accountEnabled/);
      assert.equal(error.requestId, 'r');
    });
  });

  describe('searches for people and', () => {
    const namesOf = async (text: string) =>
      (await directory.searchPeople(text)).map((one) => one.displayName);

    it('finds them by the beginning of any name, by address and by principal name', async () => {
      assert.deepEqual(await namesOf('mor'), ['Morgan Reyes', 'Yuki Mori']);
      assert.deepEqual(await namesOf('  Morgan   REY '), ['Morgan Reyes']);
      assert.deepEqual(await namesOf('priya.nair@contoso.example'), ['Priya Nair']);
      assert.deepEqual(await directory.searchPeople('Priya Nair'), [
        await directory.findUser(people.priya.id),
      ]);
    });

    it('leaves out whoever cannot sign in, and guests', async () => {
      assert.deepEqual(await namesOf('Robin Castillo'), []);
      assert.deepEqual(await namesOf('Tom Vega'), []);
    });

    it('names at most ten', async () => {
      assert.equal((await directory.searchPeople('contoso')).length, 10);
    });

    it('takes what would end the search as words to look for', async () => {
      const hostile = ['Morgan" OR "mail:a', '\\"Morgan Reyes\\" zzz', "Morgan' or 1 eq 1", 'zzz\\'];
      for (const text of hostile) assert.deepEqual(await namesOf(text), [], text);
      for (const text of ['"Morgan"', 'Morgan\\', 'Morgan\u0000\nReyes'])
        assert.deepEqual(await namesOf(text), ['Morgan Reyes'], text);
    });

    it('finds nobody by words that say nothing, without asking', async () => {
      const before = world.graph.requests.length;

      for (const text of ['', '   ', '"', '*', '@', '\u0000', '\ud800'])
        assert.deepEqual(await namesOf(text), []);

      assert.equal(world.graph.requests.length, before);
    });

    it('cuts what is too long to be a name', async () => {
      assert.deepEqual(await namesOf('x'.repeat(10_000)), []);
      assert.ok((world.graph.requests.at(-1)?.path.length ?? 0) < 1_500);
    });

    it('fails where Graph does, and says so', async () => {
      world.graph.faults.add({ path: /\/users$/, answer: { kind: 'throttle', retryAfter: '7' } });

      const error = await failureOf(directory.searchPeople('Morgan'));

      assert.equal(error.code, 'graph.throttled');
      assert.equal(error.retryable, true);
    });
  });

  describe('names managers and', () => {
    it('says whether they can be asked', async () => {
      const of = async (id: UserId) => {
        const manager = await directory.managerOf(id);
        return manager?.kind === 'user' ? manager.user : manager;
      };

      assert.equal((await directory.managerOf(people.alex.id))?.kind, 'user');
      assert.deepEqual(await of(people.alex.id), await directory.findUser(people.morgan.id));
      assert.deepEqual(await of(people.mia.id), await directory.findUser(people.robin.id));
    });

    it('tells a contact from a user', async () => {
      assert.deepEqual(await directory.managerOf(people.kai.id), {
        kind: 'contact',
        displayName: 'Elena Petrov (Fabrikam)',
      });
    });

    it('answers null where there is none', async () => {
      assert.equal(await directory.managerOf(people.sam.id), null);
      assert.equal(await directory.managerOf(NOBODY), null);
    });

    it('never takes an outage for "no manager"', async () => {
      for (const answer of [{ kind: 'html' }, { kind: 'drop' }, { kind: 'status', status: 503 }] as const) {
        world.graph.faults.add({ path: /\/manager$/, answer });
        assert.equal((await failureOf(directory.managerOf(people.alex.id))).code, 'graph.unavailable');
      }
    });
  });

  describe('knows administrators and', () => {
    it('finds the role on a later page, held directly or through a role-assignable group', async () => {
      assert.equal(await directory.isAdministrator(people.ravi.id), true);
      assert.equal(await directory.isAdministrator(people.hana.id), true);
    });

    it('clears a person only after the last page', async () => {
      const before = world.graph.requests.length;

      assert.equal(await directory.isAdministrator(people.alex.id), false);

      assert.equal(world.graph.requests.length - before, people.alex.memberOf.length + 2);
    });

    it('fails when a page is missing', async () => {
      let page = 0;
      const cut: GraphClient = {
        ...world.client,
        call: (call) => {
          page += 1;
          if (page === 2)
            world.graph.faults.add({ path: /memberOf$/, answer: { kind: 'status', status: 503 } });
          return world.client.call(call);
        },
      };

      const error = await failureOf(createGraphDirectory(cut).isAdministrator(people.ravi.id));

      assert.equal(error.code, 'graph.unavailable');
    });

    const group = { '@odata.type': '#microsoft.graph.group', id: 'g' };
    for (const [what, membership] of [
      ['only the id of a group', { ...group, displayName: null, isAssignableToRole: null }],
      ['a group without saying whether it can hold roles', { ...group, displayName: 'Team' }],
    ] as const)
      it(`fails when Graph shows ${what}`, async () => {
        const limited = createGraphDirectory(answering({ value: [membership] }));

        assert.equal((await failureOf(limited.isAdministrator(NOBODY))).code, 'graph.forbidden');
      });

    it('fails when the pages lead in a circle, or elsewhere', async () => {
      const link = 'https://graph.microsoft.com/v1.0/users/x/memberOf?$skiptoken=1';
      const circle = createGraphDirectory(answering({ value: [], '@odata.nextLink': link }));
      const away: GraphClient = {
        ...world.client,
        call: (call) =>
          call.path.startsWith('https:')
            ? world.client.call(call)
            : answering({ value: [], '@odata.nextLink': 'https://attacker.example/v1.0/x' }).call(call),
      };

      assert.equal((await failureOf(circle.isAdministrator(NOBODY))).code, 'graph.unexpected');
      const error = await failureOf(createGraphDirectory(away).isAdministrator(NOBODY));
      assert.equal(error.code, 'graph.host-refused');
    });
  });

  describe('knows who is in which group and', () => {
    it('sees membership directly and through another group, and nobody in a group that there is not', async () => {
      const isIn = (group: string) => directory.isMemberOfAny(people.alex.id, [group]);

      assert.equal(await isIn(groups.sales.id), true);
      assert.equal(await isIn(groups.commercial.id), true);
      assert.equal(await isIn(NOBODY), false);
      assert.equal(await directory.isMemberOfAny(people.lee.id, [groups.commercial.id]), false);
    });

    it('asks about any number of groups, as many at once as Graph takes', async () => {
      const others = Array.from(
        { length: 45 },
        (_, n) => `22222222-2222-4222-8222-${String(n).padStart(12, '0')}`,
      );
      const before = world.graph.requests.length;

      assert.equal(await directory.isMemberOfAny(people.alex.id, others), false);
      assert.equal(await directory.isMemberOfAny(people.alex.id, [...others, groups.sales.id]), true);

      assert.equal(world.graph.requests.length - before, 6);
      assert.equal(await directory.isMemberOfAny(people.alex.id, []), false);
    });

    it('fails, instead of answering no, when Graph cannot be asked or answers something else', async () => {
      world.graph.faults.add({ path: /checkMemberGroups$/, answer: { kind: 'status', status: 503 } });

      const away = await failureOf(directory.isMemberOfAny(people.alex.id, [groups.sales.id]));
      const odd = await failureOf(
        createGraphDirectory(answering({ value: null })).isMemberOfAny(NOBODY, [groups.sales.id]),
      );

      assert.equal(away.code, 'graph.unavailable');
      assert.equal(odd.code, 'graph.unexpected');
    });
  });

  describe('changes accounts and', () => {
    it('moves the session time, and answers the request id', async () => {
      const before = await directory.findUser(people.lee.id);

      const { requestId } = await directory.revokeSessions(people.lee.id);

      const after = await directory.findUser(people.lee.id);
      assert.ok(requestId);
      assert.ok(String(after?.sessionsValidFrom) > String(before?.sessionsValidFrom));
    });

    it('disables and enables', async () => {
      const { requestId } = await directory.setEnabled(people.lee.id, false);

      assert.ok(requestId);
      assert.equal((await directory.findUser(people.lee.id))?.enabled, false);
      await directory.setEnabled(people.lee.id, true);
      assert.equal((await directory.findUser(people.lee.id))?.enabled, true);
    });

    it('says what to check when Graph refuses', async () => {
      const error = await failureOf(directory.setEnabled(people.ravi.id, false));

      assert.equal(error.code, 'graph.forbidden');
      assert.match(error.message, /User\.EnableDisableAccount\.All/);
    });

    it('does not take false for success', async () => {
      const error = await failureOf(createGraphDirectory(answering({ value: false })).revokeSessions(NOBODY));

      assert.equal(error.code, 'graph.refused');
    });
  });

  describe('makes somebody set a new password and', () => {
    it('reads it back, until they did', async () => {
      const before = await directory.passwordOf(people.lee.id);

      const { requestId } = await directory.setMustChangePassword(people.lee.id, true);

      assert.ok(requestId);
      assert.deepEqual(before, { mustChange: false, changedAt: '2024-01-15T09:00:00Z' });
      assert.deepEqual(await directory.passwordOf(people.lee.id), { ...before, mustChange: true });
      world.graph.changePassword(people.lee);
      const after = await directory.passwordOf(people.lee.id);
      assert.equal(after?.mustChange, false);
      assert.ok(String(after?.changedAt) > '2024-01-15T09:00:00Z');
    });

    it('takes it back', async () => {
      await directory.setMustChangePassword(people.jonas.id, true);
      await directory.setMustChangePassword(people.jonas.id, false);

      assert.equal((await directory.passwordOf(people.jonas.id))?.mustChange, false);
    });

    it('sends no password, whatever it asks for', async () => {
      await directory.setMustChangePassword(people.jonas.id, true);

      const sent = world.graph.requests.filter((one) => one.method === 'PATCH').at(-1);
      assert.deepEqual(sent?.body, { passwordProfile: { forceChangePasswordNextSignIn: true } });
    });

    it('says for an administrator what is missing', async () => {
      for (const admin of [people.ravi, people.hana]) {
        const error = await failureOf(directory.setMustChangePassword(admin.id, true));

        assert.equal(error.code, 'graph.forbidden');
        assert.match(error.message, /User-PasswordProfile\.ReadWrite\.All.* and a directory role/);
        assert.match(english(error.say), /not allowed.*User-PasswordProfile\.ReadWrite\.All/);
      }
    });

    it('counts a change that takes a second factor as one', async () => {
      const profile = { forceChangePasswordNextSignIn: false, forceChangePasswordNextSignInWithMfa: true };
      const odd = createGraphDirectory(answering({ passwordProfile: profile }));

      assert.deepEqual(await odd.passwordOf(NOBODY), { mustChange: true, changedAt: null });
    });

    it('fails, instead of answering no, when Graph hides the profile', async () => {
      const hidden = createGraphDirectory(answering({ lastPasswordChangeDateTime: null }));

      assert.equal((await failureOf(hidden.passwordOf(NOBODY))).code, 'graph.unexpected');
    });
  });

  describe('meets an account that is gone in the middle and', () => {
    const changes = [
      ['setEnabled', () => directory.setEnabled(NOBODY, false)],
      ['revokeSessions', () => directory.revokeSessions(NOBODY)],
      ['setMustChangePassword', () => directory.setMustChangePassword(NOBODY, true)],
      ['isAdministrator', () => directory.isAdministrator(NOBODY)],
      ['isMemberOfAny', () => directory.isMemberOfAny(NOBODY, [groups.sales.id])],
    ] as const;
    for (const [name, change] of changes)
      it(`says so (${name})`, async () => {
        const error = await failureOf(change());

        assert.equal(error.code, 'graph.not-found');
        assert.equal(error.retryable, false);
        assert.equal(english(error.say), 'There is no such account.');
      });

    it('knows no password of it', async () => {
      assert.equal(await directory.passwordOf(NOBODY), null);
    });
  });
});
