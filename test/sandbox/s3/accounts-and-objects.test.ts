import assert from 'node:assert/strict';
import {
  GetBucketPolicyStatusCommand,
  GetObjectAclCommand,
  ListBucketsCommand,
  type ListBucketsCommandInput,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { ALL_BLOCKS, ALL_USERS, type PublicAccessBlock } from '../../../src/case/public-access.ts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import {
  allow,
  bucket,
  clientOf,
  OWNER,
  OWNER_USER,
  outcome,
  PARTNER,
  PARTNER_USER,
  policy,
  readStatus,
  startWorld,
} from './world-fixture.ts';

const OFF: PublicAccessBlock = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};
const own = { canonicalId: OWNER.canonicalId, permission: 'FULL_CONTROL' };

describe('accounts and objects of the stand-in S3', () => {
  let server: S3Server;
  const owner = () => clientOf(server.url, OWNER_USER);
  const partner = () => clientOf(server.url, PARTNER_USER);
  const listStatus = async () => (await fetch(`${server.url}/with-acls?list-type=2`)).status;

  beforeEach(async () => {
    server = await startWorld({
      buckets: [
        bucket('by-policy', { policy: policy(allow('by-policy', '*')) }),
        bucket('with-acls', {
          ownership: 'ObjectWriter',
          acl: 'public-read',
          objects: { 'report.txt': { body: 'open', acl: 'public-read' }, 'a b/ü+.txt': 'closed' },
        }),
      ],
    });
  });
  afterEach(() => server.close());

  describe('the block of a whole account', () => {
    it('shuts what its buckets open, flag by flag, and the buckets of no other account', async () => {
      const statuses = async () => [
        await readStatus(server.url, 'by-policy'),
        await readStatus(server.url, 'by-policy', PARTNER_USER),
        await readStatus(server.url, 'with-acls'),
        await listStatus(),
        await readStatus(server.url, 'by-policy', OWNER_USER),
      ];
      const seen = [];
      const blocks: readonly (readonly [string, PublicAccessBlock | null])[] = [
        [PARTNER.id, ALL_BLOCKS],
        [OWNER.id, { ...ALL_BLOCKS, ignorePublicAcls: false, restrictPublicBuckets: false }],
        [OWNER.id, { ...OFF, restrictPublicBuckets: true }],
        [OWNER.id, { ...OFF, ignorePublicAcls: true }],
        [OWNER.id, null],
      ];
      for (const [account, block] of blocks) {
        server.world.putAccountBlock(account, block);
        seen.push(await statuses());
      }

      const open = [200, 200, 200, 200, 200];
      assert.deepEqual(seen, [open, open, [403, 403, 200, 200, 200], [200, 200, 403, 403, 200], open]);
    });

    it('refuses new public policies and lists, and takes private ones', async () => {
      server.world.putAccountBlock(OWNER.id, { ...OFF, blockPublicAcls: true, blockPublicPolicy: true });
      const put = (statement: ReturnType<typeof allow>) =>
        owner().send(
          new PutBucketPolicyCommand({ Bucket: 'by-policy', Policy: JSON.stringify(policy(statement)) }),
        );
      const Bucket = 'with-acls';
      const Key = 'report.txt';

      assert.equal(await outcome(put(allow('by-policy', '*'))), '403 AccessDenied');
      assert.equal(await outcome(put(allow('by-policy', { AWS: PARTNER.id }))), 'ok');
      const lists = [
        owner().send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' })),
        owner().send(new PutObjectAclCommand({ Bucket, Key, ACL: 'public-read' })),
        owner().send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', ACL: 'public-read' })),
      ];
      for (const list of lists) assert.equal(await outcome(list), '403 AccessDenied');
      assert.equal(
        await outcome(owner().send(new PutObjectAclCommand({ Bucket, Key, ACL: 'private' }))),
        'ok',
      );
    });

    it('does not change what the status of a policy says of it', async () => {
      server.world.putAccountBlock(OWNER.id, ALL_BLOCKS);

      const status = await owner().send(new GetBucketPolicyStatusCommand({ Bucket: 'by-policy' }));

      assert.equal(status.PolicyStatus?.IsPublic, true);
    });

    it('is none of a stranger’s business, and takes no method but its three', async () => {
      const url = `${server.url}/v20180820/configuration/publicAccessBlock`;

      const anonymous = await fetch(url, { headers: { 'x-amz-account-id': OWNER.id } });
      const posted = await fetch(url, { method: 'POST' });

      assert.deepEqual([anonymous.status, posted.status], [403, 405]);
    });

    it('is kept with the state, which names none while there is none', async () => {
      const none = server.world.state();
      server.world.putAccountBlock(OWNER.id, ALL_BLOCKS);
      const some = server.world.state();
      server.world.putAccountBlock(OWNER.id, null);
      assert.deepEqual(server.world.state(), none);

      const again = await startWorld({ state: some });
      try {
        assert.deepEqual(again.world.state(), some);
        assert.equal(await readStatus(again.url, 'by-policy'), 403);
      } finally {
        await again.close();
      }
    });
  });

  describe('the access list of an object', () => {
    const Bucket = 'with-acls';
    const policyOf = (ID: string, ...grants: readonly object[]) => ({
      AccessControlPolicy: { Owner: { ID }, Grants: grants as [] },
    });

    it('opens and shuts the one object, whatever its key', async () => {
      const Key = 'a b/ü+.txt';
      const status = async () =>
        (await fetch(`${server.url}/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`)).status;
      const before = await status();
      const open = { Grantee: { Type: 'Group', URI: ALL_USERS }, Permission: 'READ' };

      await owner().send(new PutObjectAclCommand({ Bucket, Key, ...policyOf(OWNER.canonicalId, open) }));
      const opened = await status();
      const { Grants } = await owner().send(new GetObjectAclCommand({ Bucket, Key }));
      await owner().send(new PutObjectAclCommand({ Bucket, Key, ACL: 'private' }));

      assert.deepEqual([before, opened, await status()], [403, 200, 403]);
      assert.equal(Grants?.length, 1);
      assert.equal(await readStatus(server.url, Bucket), 200);
    });

    it('may be read and written by whom it lets, and by nobody else', async () => {
      const Key = 'report.txt';
      const theirs = (Permission: string) => ({
        Grantee: { Type: 'CanonicalUser', ID: PARTNER.canonicalId },
        Permission,
      });
      const read = () => outcome(partner().send(new GetObjectAclCommand({ Bucket, Key })));
      const write = () =>
        outcome(
          partner().send(
            new PutObjectAclCommand({ Bucket, Key, ...policyOf(OWNER.canonicalId, theirs('WRITE_ACP')) }),
          ),
        );
      const before = [await read(), await write()];

      const given = policyOf(OWNER.canonicalId, theirs('READ_ACP'), theirs('WRITE_ACP'));
      await owner().send(new PutObjectAclCommand({ Bucket, Key, ...given }));
      const granted = [await read(), await write()];

      assert.deepEqual(before, ['403 AccessDenied', '403 AccessDenied']);
      assert.deepEqual(granted, ['ok', 'ok']);
    });

    it('belongs to the object’s owner: another owner in it is refused, and so is a list where ACLs are disabled', async () => {
      const put = (name: string, ID: string) =>
        outcome(
          owner().send(
            new PutObjectAclCommand({
              Bucket: name,
              Key: 'report.txt',
              ...policyOf(ID, { Grantee: { Type: 'CanonicalUser', ID }, Permission: 'READ' }),
            }),
          ),
        );

      assert.equal(await put(Bucket, PARTNER.canonicalId), '403 AccessDenied');
      assert.equal(await put('by-policy', OWNER.canonicalId), '400 AccessControlListNotSupported');
      const { Grants } = await owner().send(
        new GetObjectAclCommand({ Bucket: 'by-policy', Key: 'report.txt' }),
      );
      assert.deepEqual(
        Grants?.map(({ Grantee, Permission }) => ({ canonicalId: Grantee?.ID, permission: Permission })),
        [own],
      );
    });

    it('says of a key that is not there that it is not, to whoever may list', async () => {
      const get = (Key: string) => outcome(owner().send(new GetObjectAclCommand({ Bucket, Key })));

      assert.equal(await get('gone'), '404 NoSuchKey');
      server.world.putBucket(bucket(Bucket, { acl: 'private', ownership: 'ObjectWriter' }));
      const anonymous = await fetch(`${server.url}/${Bucket}/gone?acl`);
      assert.equal(anonymous.status, 403);
    });
  });

  it('lists buckets in the order of their names, page by page, with regions only where something was asked', async () => {
    server.world.putBucket(bucket('a-first', { region: 'eu-central-1' }));
    const list = (input: ListBucketsCommandInput) => owner().send(new ListBucketsCommand(input));

    const all = await list({});
    const first = await list({ MaxBuckets: 2 });
    const second = await list({ MaxBuckets: 2, ContinuationToken: first.ContinuationToken });

    assert.deepEqual(
      all.Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion]),
      [
        ['a-first', undefined],
        ['by-policy', undefined],
        ['with-acls', undefined],
      ],
    );
    assert.deepEqual(
      [first, second].map(({ Buckets }) => Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion])),
      [
        [
          ['a-first', 'eu-central-1'],
          ['by-policy', 'eu-west-1'],
        ],
        [['with-acls', 'eu-west-1']],
      ],
    );
    assert.equal(second.ContinuationToken, undefined);
    assert.equal(await outcome(list({ MaxBuckets: 20_000 })), '400 InvalidArgument');
  });
});
