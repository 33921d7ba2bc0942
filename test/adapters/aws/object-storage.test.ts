import assert from 'node:assert/strict';
import { createS3ObjectStorage } from '../../../src/adapters/aws/object-storage.ts';
import { isCountersignError } from '../../../src/case/errors.ts';
import type { CaseId, RunId } from '../../../src/case/ids.ts';
import type { JsonObject } from '../../../src/case/json.ts';
import { ALL_BLOCKS, ALL_USERS, type BucketAccess } from '../../../src/case/public-access.ts';
import type { BucketTarget } from '../../../src/case/target.ts';
import type { Task, World } from '../../../src/govern/action.ts';
import { makeBucketPrivate } from '../../../src/govern/actions/make-bucket-private.ts';
import type { ObjectStorage } from '../../../src/ports/object-storage.ts';
import type { RequestLog } from '../../../src/ports/request-log.ts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import type { BucketSeed, Ownership } from '../../../src/sandbox/s3/state.ts';
import { settings } from '../../helpers/cases.ts';
import { english } from '../../helpers/english.ts';
import {
  allow,
  BOT_USER,
  bucket,
  OWNER,
  OWNER_USER,
  PARTNER,
  PARTNER_USER,
  policy,
  REGION,
  ROLE_ARN,
  readStatus,
  startWorld,
} from '../../sandbox/s3/world-fixture.ts';

const NAME = 'files';
const target: BucketTarget = { kind: 'bucket', account: OWNER.id, region: REGION, name: NAME };
const task = (before: BucketAccess): Task<BucketTarget, BucketAccess> => ({
  key: 'run-1' as RunId,
  caseId: 'case-1' as CaseId,
  caseRef: 'K7M2PQRS',
  target,
  before,
});
const PERMISSIONS = makeBucketPrivate.permissions.aws ?? [];
const WRITES_OF_RULES = ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'];
const ROLE = { arn: ROLE_ARN, allows: PERMISSIONS, trusts: [BOT_USER.arn] };
const own = { canonicalId: OWNER.canonicalId, permission: 'FULL_CONTROL' };
const open = { uri: ALL_USERS, permission: 'READ' };
const forPartner = { canonicalId: PARTNER.canonicalId, permission: 'READ' };
const auditors = allow(NAME, { AWS: `arn:aws:iam::${OWNER.id}:role/auditors` }, { Sid: 'Auditors' });
const insideOnly = allow(NAME, '*', {
  Sid: 'InsideOnly',
  Condition: { StringEquals: { 'aws:PrincipalOrgID': OWNER.organisation } },
});
const publicPolicy: JsonObject = {
  ...policy(allow(NAME, '*', { Sid: 'Open' }), auditors, insideOnly),
  Id: 'files',
};

describe('object storage in S3', () => {
  let server: S3Server;
  let storage: ObjectStorage;
  let world: World;
  const noted: string[] = [];
  /** What the adapter put on record by itself. */
  const recorded: string[] = [];
  const requestLog: RequestLog = {
    noteRequests: async (ids) => {
      // As a commit: not in the same turn.
      await new Promise(setImmediate);
      recorded.push(...ids);
    },
  };
  const note = async (requestId: string) => {
    noted.push(requestId);
  };

  const connect = (more: Partial<Parameters<typeof createS3ObjectStorage>[0]> = {}): ObjectStorage =>
    createS3ObjectStorage({
      accounts: [{ id: OWNER.id, roleArn: ROLE_ARN }],
      requestLog,
      region: REGION,
      endpoint: server.url,
      stsEndpoint: `${server.url}/sts`,
      credentials: BOT_USER,
      ...more,
    });
  const start = async (seed: Partial<BucketSeed> = {}, roles: readonly (typeof ROLE)[] = [ROLE]) => {
    await server?.close();
    server = await startWorld({ buckets: [bucket(NAME, seed)], roles });
    storage = connect();
    world = { storage, settings } as World;
    noted.length = 0;
    recorded.length = 0;
  };
  const statuses = async () => [
    await readStatus(server.url, NAME),
    await readStatus(server.url, NAME, PARTNER_USER),
    await readStatus(server.url, NAME, OWNER_USER),
  ];
  const listing = async () => (await fetch(`${server.url}/${NAME}?list-type=2`)).status;
  const operations = () => server.world.calls.map(({ operation }) => operation);

  beforeEach(() => start());
  after(() => server.close());

  /** Code of the CountersignError, with what it says about trying again. */
  async function failure(work: Promise<unknown>) {
    const error = await work.then(
      () => assert.fail('nothing was thrown'),
      (thrown: unknown) => thrown,
    );
    assert.ok(isCountersignError(error), String(error));
    assert.notEqual(english(error.say), '');
    return error;
  }

  describe('reading', () => {
    it('gives null for every part that a bucket does not have', async () => {
      assert.deepEqual(await storage.readAccess(target), {
        acl: null,
        policy: null,
        publicAccessBlock: null,
      });
    });

    for (const ownership of [
      'ObjectWriter',
      'BucketOwnerPreferred',
      null,
    ] as const satisfies readonly Ownership[])
      it(`reads the ACL where ownership is ${ownership ?? 'not configured'}`, async () => {
        const publicAccessBlock = { ...ALL_BLOCKS, ignorePublicAcls: false };
        await start({ ownership, acl: 'public-read', policy: publicPolicy, publicAccessBlock });

        const access = await storage.readAccess(target);

        assert.deepEqual(access, {
          acl: { ownerId: OWNER.canonicalId, grants: [own, open] },
          policy: publicPolicy,
          publicAccessBlock,
        });
      });

    it('is shown no public grants while a block of the bucket or of the account ignores them', async () => {
      await start({ ownership: null, acl: 'public-read', publicAccessBlock: ALL_BLOCKS });
      const byBucket = await storage.readAccess(target);
      await start({ ownership: null, acl: 'public-read' });
      server.world.putAccountBlock(target.account, ALL_BLOCKS);

      const byAccount = await storage.readAccess(target);

      assert.deepEqual([byBucket.acl?.grants, byAccount.acl?.grants], [[own], [own]]);
    });

    it('assumes one role once, and names the expected owner on every call', async () => {
      await start({ ownership: null });

      await Promise.all([storage.readAccess(target), storage.readAccess(target)]);

      const [sts, ...calls] = server.world.calls;
      assert.equal(sts?.operation, 'AssumeRole');
      assert.equal(calls.length, 8);
      for (const call of calls) {
        assert.equal(call.expectedOwner, OWNER.id, call.operation);
        assert.equal(call.caller, `arn:aws:sts::${OWNER.id}:assumed-role/countersign/countersign`);
      }
    });

    it('finds a bucket in another region than the alert says, and one whose region is not said', async () => {
      await start({ region: 'eu-central-1', policy: publicPolicy });

      for (const region of ['eu-west-1', 'eu-central-1', '', 'x.attacker.example/'])
        assert.deepEqual((await storage.readAccess({ ...target, region })).policy, publicPolicy, region);
    });
  });

  describe('making a bucket private', () => {
    it('shuts strangers and other accounts out, keeps the owner and the other statements, and undo is exact', async () => {
      const partnerStays = allow(
        NAME,
        { AWS: PARTNER.id },
        { Action: 's3:GetBucketLocation', Resource: `arn:aws:s3:::${NAME}` },
      );
      await start({ policy: policy(allow(NAME, '*', { Sid: 'Open' }), auditors, partnerStays, insideOnly) });
      const before = await makeBucketPrivate.read(target, world);
      const stateBefore = server.world.state();
      const open = await statuses();

      await makeBucketPrivate.execute(task(before), world, note);
      const closed = await statuses();
      const verified = await makeBucketPrivate.verify(task(before), world);
      const after = await makeBucketPrivate.read(target, world);
      await makeBucketPrivate.revert?.execute({ ...task(before), after: after }, world, note);
      const undone = await makeBucketPrivate.revert?.verify({ ...task(before), after }, world);

      assert.deepEqual(open, [200, 200, 200]);
      assert.deepEqual(closed, [403, 403, 200]);
      assert.equal(verified.kind, 'took-effect');
      assert.deepEqual(after.policy, policy(auditors, partnerStays, insideOnly));
      assert.deepEqual(after.publicAccessBlock, ALL_BLOCKS);
      assert.equal(undone?.kind, 'took-effect');
      assert.deepEqual(await statuses(), [200, 200, 200]);
      assert.deepEqual(server.world.state(), stateBefore);
      assert.deepEqual(await makeBucketPrivate.read(target, world), before);
    });

    it('notes the request id of every write, as S3 answered it', async () => {
      await start({ ownership: 'ObjectWriter', acl: 'public-read', policy: publicPolicy });
      const before = await makeBucketPrivate.read(target, world);

      await makeBucketPrivate.execute(task(before), world, note);

      const writes = server.world.calls.filter(({ operation }) => operation.startsWith('Put'));
      assert.deepEqual(
        writes.map(({ operation }) => operation),
        ['PutBucketPolicy', 'PutBucketAcl', 'PutPublicAccessBlock'],
      );
      assert.deepEqual(
        noted,
        writes.map(({ requestId }) => requestId),
      );
    });

    for (const ownership of ['ObjectWriter', null] as const)
      it(`takes public grants off a bucket with ACLs (${ownership ?? 'not configured'}), keeps the partner’s, and undo is exact`, async () => {
        await start({
          ownership,
          acl: [own, open, forPartner],
          objects: { 'report.txt': { body: 'open', acl: 'public-read' } },
        });
        const before = await makeBucketPrivate.read(target, world);
        const stateBefore = server.world.state();
        const openBefore = [await listing(), await readStatus(server.url, NAME)];

        await makeBucketPrivate.execute(task(before), world, note);
        const closed = [await listing(), await readStatus(server.url, NAME)];
        const after = await makeBucketPrivate.read(target, world);
        await makeBucketPrivate.revert?.execute({ ...task(before), after: after }, world, note);

        assert.deepEqual(openBefore, [200, 200]);
        assert.deepEqual(closed, [403, 403]);
        assert.deepEqual(after.acl?.grants, [own, forPartner]);
        assert.deepEqual(server.world.state(), stateBefore);
        assert.deepEqual([await listing(), await readStatus(server.url, NAME)], [200, 200]);
      });

    it('never touches the ACL of a bucket whose ACLs are disabled', async () => {
      await start({ policy: policy(allow(NAME, '*')) });
      const before = await makeBucketPrivate.read(target, world);

      await makeBucketPrivate.execute(task(before), world, note);
      const after = await makeBucketPrivate.read(target, world);
      await makeBucketPrivate.revert?.execute({ ...task(before), after: after }, world, note);

      assert.deepEqual(
        operations().filter((operation) => /^(Put|Delete)|Acl/.test(operation)),
        ['DeleteBucketPolicy', 'PutPublicAccessBlock', 'DeletePublicAccessBlock', 'PutBucketPolicy'],
      );
    });

    it('could not be undone in any other order: S3 refuses a public policy while the blocks are on', async () => {
      await start({ policy: policy(auditors), publicAccessBlock: ALL_BLOCKS });

      const error = await failure(storage.writePolicy(target, publicPolicy));

      assert.equal(error.code, 'aws.forbidden');
      assert.match(error.message, /BlockPublicPolicy/);
    });

    it('restores a block configuration that was there before, flag by flag', async () => {
      const some = { ...ALL_BLOCKS, blockPublicPolicy: false, restrictPublicBuckets: false };
      await start({ policy: publicPolicy, publicAccessBlock: some });
      const before = await makeBucketPrivate.read(target, world);

      await makeBucketPrivate.execute(task(before), world, note);
      await makeBucketPrivate.revert?.execute({ ...task(before), after: before }, world, note);

      assert.deepEqual(server.world.state().buckets[NAME]?.publicAccessBlock, some);
    });

    for (const missing of PERMISSIONS)
      it(`needs ${missing}, as it declares`, async () => {
        const allows = PERMISSIONS.filter((permission) => permission !== missing);
        const seed = { ownership: null, acl: 'public-read', policy: publicPolicy } as const;
        await start(missing === 's3:DeleteBucketPolicy' ? { policy: policy(allow(NAME, '*')) } : seed, [
          { ...ROLE, allows },
        ]);

        const run = async () => {
          const before = await makeBucketPrivate.read(target, world);
          await makeBucketPrivate.execute(task(before), world, note);
          const seen = await makeBucketPrivate.verify(task(before), world);
          return seen.kind === 'took-effect' && seen.lacks !== undefined;
        };

        // Where the blocks could be set, they hold by themselves, and the proof says what they hold back.
        if (WRITES_OF_RULES.includes(missing)) {
          assert.equal(await run(), true);
          return;
        }
        const error = await failure(run());
        assert.equal(error.code, 'aws.forbidden');
        assert.equal(error.retryable, false);
        assert.ok(error.message.includes(missing), error.message);
      });
  });

  describe('refusals', () => {
    it('makes no call at all for an account that is not listed', async () => {
      const error = await failure(storage.readAccess({ ...target, account: PARTNER.id }));

      assert.equal(error.code, 'aws.not-listed');
      assert.deepEqual(server.world.calls, []);
    });

    it('changes nothing in a bucket of that name that belongs to another account', async () => {
      await start({ account: PARTNER.id, policy: policy(allow(NAME, '*', { Action: 's3:*' })) });
      const before = server.world.state();

      const read = await failure(storage.readAccess(target));
      const written = await failure(storage.writePublicAccessBlock(target, ALL_BLOCKS));

      assert.deepEqual([read.code, written.code], ['aws.forbidden', 'aws.forbidden']);
      assert.equal(written.retryable, false);
      assert.deepEqual(server.world.state(), before);
    });

    it('says so when the role is missing or does not trust us, and tries afresh next time', async () => {
      await start({}, []);
      const missing = await failure(storage.readAccess(target));
      await start({}, [{ ...ROLE, trusts: [PARTNER_USER.arn] }]);
      const untrusting = await failure(storage.readAccess(target));
      await failure(storage.readAccess(target));

      assert.deepEqual([missing.code, untrusting.code], ['aws.forbidden', 'aws.forbidden']);
      assert.equal(missing.retryable, false);
      assert.match(
        missing.message,
        /sts:AssumeRole on resource: arn:aws:iam::123456789012:role\/countersign/,
      );
      assert.ok(operations().every((operation) => operation === 'AssumeRole'));
      assert.ok(operations().length >= 2);
    });

    it('tells a bucket that is gone from one that it may not see', async () => {
      const error = await failure(storage.writePolicy({ ...target, name: 'gone' }, null));

      assert.equal(error.code, 'aws.no-such-bucket');
      assert.equal(error.retryable, false);
      assert.match(english(error.say), /gone/);
    });

    it('hands on what S3 does not accept as final, with the request id', async () => {
      const acl = await failure(storage.writeAcl(target, { ownerId: OWNER.canonicalId, grants: [own] }));
      const odd = await failure(storage.writePolicy(target, { Version: '2012-10-17', Statement: [] }));

      assert.deepEqual([acl.code, odd.code], ['aws.refused', 'aws.refused']);
      assert.match(acl.message, /AccessControlListNotSupported/);
      assert.equal(acl.requestId, server.world.calls.at(-2)?.requestId);
    });
  });

  describe('bad weather', () => {
    it('hands Retry-After on when throttled, and never retries by itself', async () => {
      server.world.faults.add('PutPublicAccessBlock', 1, { kind: 'slow-down', retryAfterSeconds: 7 });

      const error = await failure(storage.writePublicAccessBlock(target, ALL_BLOCKS));

      assert.deepEqual([error.code, error.retryable, error.retryAfterMs], ['aws.throttled', true, 7000]);
      assert.match(error.requestId ?? '', /^[0-9A-F]{16}$/);
      assert.deepEqual(operations(), ['AssumeRole', 'PutPublicAccessBlock']);
      assert.equal(server.world.state().buckets[NAME]?.publicAccessBlock, null);
    });

    it('is throttled without Retry-After too, by S3 and by STS', async () => {
      server.world.faults.add('AssumeRole', 1, { kind: 'slow-down' });
      const sts = await failure(storage.readAccess(target));
      server.world.faults.add('GetBucketPolicy', 1, { kind: 'slow-down' });
      const s3 = await failure(storage.readAccess(target));

      for (const error of [sts, s3]) {
        assert.deepEqual(
          [error.code, error.retryable, error.retryAfterMs],
          ['aws.throttled', true, undefined],
        );
      }
    });

    for (const operation of ['AssumeRole', 'PutPublicAccessBlock'])
      it(`gives up on ${operation} when it does not answer in time, and may be asked again`, async () => {
        storage = connect({ timeoutMs: 100 });
        server.world.faults.add(operation, 1, { kind: 'hang' });

        const error = await failure(storage.writePublicAccessBlock(target, ALL_BLOCKS));
        await connect().writePublicAccessBlock(target, ALL_BLOCKS);

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
        assert.deepEqual(server.world.state().buckets[NAME]?.publicAccessBlock, ALL_BLOCKS);
      });

    for (const fault of [{ kind: 'internal-error' }, { kind: 'cut' }, { kind: 'cut', after: true }] as const)
      it(`is unavailable after ${JSON.stringify(fault)}, and asking again converges`, async () => {
        server.world.faults.add('PutPublicAccessBlock', 1, fault);

        const error = await failure(storage.writePublicAccessBlock(target, ALL_BLOCKS));
        await storage.writePublicAccessBlock(target, ALL_BLOCKS);

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
        assert.deepEqual(server.world.state().buckets[NAME]?.publicAccessBlock, ALL_BLOCKS);
      });

    it('is unavailable when nothing listens', async () => {
      const nowhere = connect({ endpoint: 'http://127.0.0.1:1', stsEndpoint: 'http://127.0.0.1:1' });

      const error = await failure(nowhere.readAccess(target));

      assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
    });

    it('assumes the role anew when AWS no longer knows the keys', async () => {
      server.world.faults.add('PutPublicAccessBlock', 1, { kind: 'expired-token' });

      const error = await failure(storage.writePublicAccessBlock(target, ALL_BLOCKS));
      await storage.writePublicAccessBlock(target, ALL_BLOCKS);

      assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
      assert.deepEqual(operations(), [
        'AssumeRole',
        'PutPublicAccessBlock',
        'AssumeRole',
        'PutPublicAccessBlock',
      ]);
    });
  });

  describe('the record of its calls', () => {
    /** Of every call that was answered so far, to whomever. */
    const answered = () => server.world.calls.map(({ requestId }) => requestId).toSorted();
    const slow = (fails?: Error): RequestLog => ({
      noteRequests: async (ids) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (fails) throw fails;
        recorded.push(...ids);
      },
    });

    it('has reads, writes and the role itself, before they come back', async () => {
      await start({ ownership: null, acl: 'public-read', policy: publicPolicy });
      const before = await makeBucketPrivate.read(target, world);
      assert.deepEqual(recorded.toSorted(), answered());
      assert.equal(recorded.length, 7);

      await makeBucketPrivate.execute(task(before), world, note);

      assert.deepEqual(recorded.toSorted(), answered());
      assert.equal(new Set(recorded).size, recorded.length);
    });

    it('has what a bucket answers from another region, each request by its own id', async () => {
      await start({ region: 'eu-central-1' });

      await storage.readAccess({ ...target, region: 'eu-west-1' });

      assert.ok(server.world.calls.some(({ status }) => status === 301));
      assert.deepEqual(recorded.toSorted(), answered());
    });

    it('has what was refused, throttled, or failed', async () => {
      const faults = [
        { kind: 'forbidden' },
        { kind: 'slow-down' },
        { kind: 'internal-error' },
        { kind: 'expired-token' },
      ] as const;
      for (const operation of ['PutPublicAccessBlock', 'GetBucketPolicy'])
        for (const fault of faults) {
          server.world.faults.add(operation, 1, fault);
          const error = await failure(
            operation === 'GetBucketPolicy'
              ? storage.readAccess(target)
              : storage.writePublicAccessBlock(target, ALL_BLOCKS),
          );
          assert.ok(recorded.includes(error.requestId ?? ''), `${operation} ${fault.kind}`);
          assert.deepEqual(recorded.toSorted(), answered());
        }
      assert.equal(server.world.faults.pending(), 0);
    });

    it('has a refusal to assume the role', async () => {
      await start({}, []);

      await failure(storage.readAccess(target));

      assert.deepEqual(recorded, answered());
    });

    it('has the others that were under way when one failed', async () => {
      storage = connect({ requestLog: slow() });
      server.world.faults.add('GetBucketOwnershipControls', 1, { kind: 'cut' });

      await failure(storage.readAccess(target));

      const others = server.world.calls.filter(({ operation }) =>
        /GetBucketPolicy|GetPublic/.test(operation),
      );
      assert.equal(others.length, 2);
      for (const { requestId, operation } of others) assert.ok(recorded.includes(requestId), operation);
    });

    it('fails the call when it cannot be written, whatever AWS answered, and it may be asked again', async () => {
      await storage.readAccess(target);
      const lost = connect({ requestLog: slow(new Error('disk full')) });
      for (const fault of [null, { kind: 'forbidden' }] as const) {
        if (fault) server.world.faults.add('AssumeRole', 1, fault);
        const error = await failure(lost.writePublicAccessBlock(target, ALL_BLOCKS));

        assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
        assert.match(error.message, /could not be put on record: disk full/);
      }
      assert.equal(server.world.state().buckets[NAME]?.publicAccessBlock, null);
    });

    it('does not keep the call waiting for a store that hangs', async () => {
      const hung = connect({ timeoutMs: 50, requestLog: { noteRequests: () => new Promise(() => {}) } });

      const error = await failure(hung.readAccess(target));

      assert.deepEqual([error.code, error.retryable], ['aws.unavailable', true]);
    });
  });

  it('keeps every bucket access as plain JSON', async () => {
    await start({ ownership: null, acl: 'public-read', policy: publicPolicy, publicAccessBlock: ALL_BLOCKS });

    const access: BucketAccess = await storage.readAccess(target);

    assert.deepEqual(JSON.parse(JSON.stringify(access)), access);
  });
});
