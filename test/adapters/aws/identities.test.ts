import assert from 'node:assert/strict';
import sinon from 'sinon';
import { createAwsIdentities } from '../../../src/adapters/aws/identities.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import type { IamRoleTarget, IamUserTarget } from '../../../src/case/target.ts';
import type { AwsIdentities } from '../../../src/ports/aws-identities.ts';
import { english } from '../../helpers/english.ts';
import { failureOf } from '../../helpers/failure.ts';
import {
  ALEX_KEY,
  BASE_ROLE_ARN,
  type GroundOptions,
  IAM_ACTIONS,
  type IamGround,
  PARTNER_ROLE_ARN,
  ROLE_ARN,
  sessionOf,
  startGround,
} from '../../sandbox/iam/iam-fixture.ts';
import { BOT_USER, OWNER, PARTNER } from '../../sandbox/s3/world-fixture.ts';

const user = (name: string, account = OWNER.id): IamUserTarget => ({ kind: 'iam-user', account, name });
const role = (name: string, account = OWNER.id): IamRoleTarget => ({ kind: 'iam-role', account, name });
const key = (id = ALEX_KEY, owner = 'alex') =>
  ({ kind: 'access-key', account: OWNER.id, user: owner, id }) as const;
const SSO_ROLE = 'AWSReservedSSO_Developer_0123456789abcdef';
/** With characters that RFC 3986 escapes and that some encoders forget. */
const DENY: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Sid: "It's (all) off!", Effect: 'Deny', Action: '*', Resource: '*' }],
};
const NAME = 'CountersignDeny-1';

describe('identities in AWS IAM', () => {
  let ground: IamGround;
  let identities: AwsIdentities;

  const start = async (options: GroundOptions = {}): Promise<void> => {
    await ground?.close();
    ground = await startGround(options);
    identities = createAwsIdentities(ground.options);
  };
  const operations = (): readonly string[] => ground.iam.world.calls.map(({ operation }) => operation);
  beforeEach(() => start());
  after(() => ground.close());

  describe('reading', () => {
    it('says where a user and a role lie, and null of what is not there', async () => {
      assert.deepEqual(await identities.findPrincipal(user('alex')), {
        arn: `arn:aws:iam::${OWNER.id}:user/people/alex`,
        path: '/people/',
        uniqueId: 'AIDAALEX',
      });
      assert.deepEqual(await identities.findPrincipal(role(SSO_ROLE)), {
        arn: `arn:aws:iam::${OWNER.id}:role/aws-reserved/sso.amazonaws.com/eu-central-1/${SSO_ROLE}`,
        path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
        uniqueId: `AROA${SSO_ROLE.toUpperCase()}`,
      });
      assert.equal(await identities.findPrincipal(user('nobody')), null);
      assert.equal(await identities.findPrincipal(role('nobody')), null);
    });

    it('reads the keys of a user, over as many pages as there are', async () => {
      await start({ pageSize: 1 });

      assert.deepEqual(await identities.keysOf(user('alex')), [
        { id: ALEX_KEY, active: true },
        { id: 'AKIAALEXALEXALEX0002', active: false },
      ]);
      assert.equal(operations().filter((name) => name === 'ListAccessKeys').length, 2);
      assert.deepEqual(await identities.keysOf(user('no-keys')), []);
      assert.equal(await identities.keysOf(user('nobody')), null);
    });

    it('asks AWS nothing about names that AWS could not have given', async () => {
      for (const odd of ['', 'a b', 'x'.repeat(129), 'alex&Action=DeleteUser']) {
        assert.equal(await identities.findPrincipal(user(odd)), null);
        assert.equal(await identities.findPrincipal(role(odd)), null);
        assert.equal(await identities.keysOf(user(odd)), null);
        assert.equal(await identities.readInlinePolicy(user(odd), NAME), null);
      }
      assert.deepEqual(operations(), []);
    });

    it('says null of an inline policy that is not there, on a principal that is, and on one that is not', async () => {
      for (const principal of [user('alex'), role('pipeline'), user('nobody'), role('nobody')])
        assert.equal(await identities.readInlinePolicy(principal, NAME), null);
    });
  });

  describe('writing', () => {
    it('turns one key off and on again, and no other', async () => {
      const off = await identities.setKeyActive(key(), false);
      const whenOff = await identities.keysOf(user('alex'));
      await identities.setKeyActive(key(), true);
      const whenOn = await identities.keysOf(user('alex'));

      assert.deepEqual(
        whenOff?.map(({ active }) => active),
        [false, false],
      );
      assert.deepEqual(
        whenOn?.map(({ active }) => active),
        [true, false],
      );
      assert.equal(off.requestId, ground.iam.world.calls[0]?.requestId);
    });

    for (const principal of [user('alex'), role('pipeline')])
      it(`puts an inline policy on a ${principal.kind}, reads exactly that back, and takes it off`, async () => {
        const put = await identities.writeInlinePolicy(principal, NAME, DENY);
        const read = await identities.readInlinePolicy(principal, NAME);
        const deleted = await identities.writeInlinePolicy(principal, NAME, null);
        const gone = await identities.readInlinePolicy(principal, NAME);

        assert.deepEqual(read, DENY);
        assert.equal(gone, null);
        const [first, , third] = ground.iam.world.calls;
        assert.deepEqual([put.requestId, deleted.requestId], [first?.requestId, third?.requestId]);
      });

    it('takes it for fine when the policy to delete is gone, or the whole user', async () => {
      for (const principal of [user('alex'), role('pipeline'), user('nobody')]) {
        const { requestId } = await identities.writeInlinePolicy(principal, NAME, null);

        assert.equal(requestId, ground.iam.world.calls.at(-1)?.requestId);
      }
    });

    it('refuses to write to what is not there, and says so', async () => {
      for (const work of [
        identities.writeInlinePolicy(user('nobody'), NAME, DENY),
        identities.setKeyActive(key('AKIANOBODYNOBODY0001'), false),
        identities.setKeyActive(key(ALEX_KEY, 'nobody'), false),
      ]) {
        const error = await failureOf(work);

        assert.deepEqual([error.code, error.retryable], ['aws.gone', false]);
        assert.match(english(error.say), /There is no such thing in AWS account 123456789012/);
      }
    });

    it('says that AWS owns a role of Identity Center', async () => {
      const error = await failureOf(identities.writeInlinePolicy(role(SSO_ROLE), NAME, DENY));

      assert.deepEqual([error.code, error.retryable], ['aws.refused', false]);
      assert.match(english(error.say), /^AWS itself owns this role/);
    });

    it('says that there is no room when the quota of inline policies is used up', async () => {
      const long = { ...DENY, Statement: [{ Effect: 'Deny', Action: 'x'.repeat(2_048), Resource: '*' }] };

      const error = await failureOf(identities.writeInlinePolicy(user('alex'), NAME, long));

      assert.deepEqual([error.code, error.retryable], ['aws.refused', false]);
      assert.match(english(error.say), /quota is used up/);
      assert.match(
        error.message,
        /^PutUserPolicy in account 123456789012: .*2048 bytes exceeded for user alex$/,
      );
    });
  });

  describe('what fails', () => {
    const calls: readonly (readonly [string, (to: AwsIdentities) => Promise<unknown>])[] = [
      ['GetUser', (to) => to.findPrincipal(user('alex'))],
      ['GetRole', (to) => to.findPrincipal(role('pipeline'))],
      ['ListAccessKeys', (to) => to.keysOf(user('alex'))],
      ['UpdateAccessKey', (to) => to.setKeyActive(key(), false)],
      ['GetUserPolicy', (to) => to.readInlinePolicy(user('alex'), NAME)],
      ['GetRolePolicy', (to) => to.readInlinePolicy(role('pipeline'), NAME)],
      ['PutUserPolicy', (to) => to.writeInlinePolicy(user('alex'), NAME, DENY)],
      ['PutRolePolicy', (to) => to.writeInlinePolicy(role('pipeline'), NAME, DENY)],
      ['DeleteUserPolicy', (to) => to.writeInlinePolicy(user('alex'), NAME, null)],
      ['DeleteRolePolicy', (to) => to.writeInlinePolicy(role('pipeline'), NAME, null)],
    ];

    it('covers every permission that the adapter uses', () => {
      assert.deepEqual(calls.map(([operation]) => `iam:${operation}`).sort(), [...IAM_ACTIONS].sort());
    });

    for (const [operation, call] of calls) {
      it(`${operation}: a missing permission is final, and the operator reads which, and where`, async () => {
        await start({ allows: IAM_ACTIONS.filter((one) => one !== `iam:${operation}`) });

        const error = await failureOf(call(identities));

        assert.deepEqual([error.code, error.retryable], ['aws.forbidden', false]);
        assert.ok(
          error.message.startsWith(`${operation} in account 123456789012: AccessDenied`),
          error.message,
        );
        assert.ok(error.message.includes(`perform: iam:${operation} on resource: `), error.message);
        assert.match(english(error.say), /not allowed to do this in AWS account 123456789012/);
      });

      it(`${operation}: throttling passes, after the wait that AWS asks for; nothing is tried twice here`, async () => {
        ground.iam.world.faults.add(operation, 1, { kind: 'throttled', retryAfterSeconds: 7 });

        const error = await failureOf(call(identities));

        assert.deepEqual([error.code, error.retryable, error.retryAfterMs], ['aws.throttled', true, 7_000]);
        assert.deepEqual(operations(), [operation]);
      });

      it(`${operation}: a lost answer may be asked for again, and then it is as if nothing had happened`, async () => {
        ground.iam.world.faults.add(operation, 1, { kind: 'cut', after: true });

        const error = await failureOf(call(identities));
        await call(identities);

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
        assert.deepEqual(operations(), [operation, operation]);
      });

      it(`${operation}: an account that is not listed is asked nothing, nor is STS`, async () => {
        const nowhere = createAwsIdentities({ ...ground.options, accounts: [] });

        const error = await failureOf(call(nowhere));

        assert.deepEqual([error.code, error.retryable], ['aws.not-listed', false]);
        assert.deepEqual(ground.iam.world.calls, []);
        assert.deepEqual(ground.s3.world.calls, []);
      });
    }

    for (const [code, status] of [
      ['EntityTemporarilyUnmodifiable', 409],
      ['ConcurrentModification', 409],
      ['ServiceFailure', 500],
    ] as const)
      it(`${code} passes`, async () => {
        ground.iam.world.faults.add('PutUserPolicy', 1, { kind: 'error', code, status });

        const error = await failureOf(identities.writeInlinePolicy(user('alex'), NAME, DENY));

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
      });

    it('gives up on an answer that never comes', async () => {
      const hasty = createAwsIdentities({ ...ground.options, timeoutMs: 200 });
      ground.iam.world.faults.add('GetUser', 1, { kind: 'hang' });

      const error = await failureOf(hasty.findPrincipal(user('alex')));

      assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
    });

    for (const code of ['ExpiredToken', 'InvalidClientTokenId'])
      it(`assumes the role anew once AWS says ${code} of its keys, and uses the new ones`, async () => {
        const used: string[] = [];
        const { authenticate } = ground.s3.world.callers;
        sinon.replace(ground.s3.world.callers, 'authenticate', (request) => {
          used.push(/Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
          return authenticate(request);
        });
        await identities.findPrincipal(user('alex'));
        ground.iam.world.faults.add('GetUser', 1, { kind: 'error', code, status: 403 });

        const error = await failureOf(identities.findPrincipal(user('alex')));
        const found = await identities.findPrincipal(user('alex'));

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
        assert.equal(found?.path, '/people/');
        const sessions = used.filter((id) => id.startsWith('ASIA'));
        assert.equal(new Set(sessions).size, 2);
        assert.equal(sessions.length, 2, 'the one that AWS did not know, and then the new one');
      });

    it('does not take a document that is no JSON object for one', async () => {
      await identities.writeInlinePolicy(user('alex'), NAME, DENY);
      ground.iam.world.change((state) => ({
        ...state,
        users: state.users.map((one) => ({ ...one, policies: { [NAME]: [1] as unknown as JsonObject } })),
      }));

      assert.equal((await failureOf(identities.readInlinePolicy(user('alex'), NAME))).code, 'aws.refused');
    });
  });

  it('puts every answer on record, refusals and STS included, before anybody hears of it', async () => {
    await identities.findPrincipal(user('alex'));
    await identities.writeInlinePolicy(user('alex'), NAME, DENY);
    await failureOf(identities.writeInlinePolicy(role(SSO_ROLE), NAME, DENY));
    await identities.ownArns();

    const answered = [...ground.s3.world.calls, ...ground.iam.world.calls].map(({ requestId }) => requestId);
    assert.deepEqual([...ground.recorded].sort(), answered.sort());
    assert.equal(answered.length, 3 + 2);
  });

  it('uses one role an account, and no account’s role for another', async () => {
    const both = createAwsIdentities({
      ...ground.options,
      accounts: [...ground.options.accounts, { id: PARTNER.id, roleArn: PARTNER_ROLE_ARN }],
    });

    await Promise.all([
      both.keysOf(user('alex')),
      both.keysOf(user('pat', PARTNER.id)),
      both.keysOf(user('pat')),
    ]);

    const callers = ground.iam.world.calls.map(({ caller }) => caller.split(':')[4]);
    assert.deepEqual([...callers].sort(), [OWNER.id, OWNER.id, PARTNER.id].sort());
    assert.equal(ground.s3.world.calls.length, 2);
  });

  describe('its own identities', () => {
    it('are the roles of the settings, and whoever assumes them; AWS is asked once', async () => {
      const ours = createAwsIdentities({
        ...ground.options,
        otherRoles: ['arn:aws:iam::111122223333:role/policies'],
      });

      const [first, second] = [await ours.ownArns(), await ours.ownArns()];

      assert.deepEqual(first, [ROLE_ARN, 'arn:aws:iam::111122223333:role/policies', BOT_USER.arn]);
      assert.deepEqual(second, first);
      assert.deepEqual(
        ground.s3.world.calls.map(({ operation }) => operation),
        ['GetCallerIdentity'],
      );
    });

    it('have, where the base identity is a role, its ARN with the path that its session leaves out', async () => {
      const bare = `arn:aws:iam::${OWNER.id}:role/base`;
      const asRole = async (more: { accounts?: [] } = {}) =>
        createAwsIdentities({
          ...ground.options,
          credentials: await sessionOf(ground, BASE_ROLE_ARN),
          ...more,
        }).ownArns();

      assert.deepEqual(await asRole(), [ROLE_ARN, bare, BASE_ROLE_ARN]);
      assert.deepEqual(await asRole({ accounts: [] }), [bare], 'an account that is not listed is not asked');
      await start({ allows: [] });
      assert.deepEqual(await asRole(), [ROLE_ARN, bare], 'without the permission to look');
    });

    it('are looked up again after a failure', async () => {
      ground.s3.world.faults.add('GetCallerIdentity', 1, { kind: 'cut' });

      const error = await failureOf(identities.ownArns());
      const found = await identities.ownArns();

      assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
      assert.deepEqual(found, [ROLE_ARN, BOT_USER.arn]);
    });
  });
});
