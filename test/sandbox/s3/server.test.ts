import assert from 'node:assert/strict';
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { JsonObject } from '../../../src/case/json.ts';
import { ALL_USERS } from '../../../src/case/public-access.ts';
import type { S3Server } from '../../../src/sandbox/s3/server.ts';
import type { S3State } from '../../../src/sandbox/s3/state.ts';
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

const BLOCK = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

describe('the stand-in S3', () => {
  let server: S3Server;
  let owner: S3Client;
  let partner: S3Client;

  beforeEach(async () => {
    server = await startWorld({
      buckets: [
        bucket('enforced'),
        bucket('with-acls', { ownership: 'ObjectWriter' }),
        bucket('old-style', { ownership: null }),
      ],
    });
    owner = clientOf(server.url, OWNER_USER);
    partner = clientOf(server.url, PARTNER_USER);
  });
  afterEach(() => server.close());

  describe('objects', () => {
    it('keeps what was put, byte for byte, and forgets what was deleted', async () => {
      const key = "a folder/naïve & <odd> + 100% 'name'.bin";
      const body = Buffer.from([0, 255, 13, 10, 60]);
      await owner.send(
        new PutObjectCommand({ Bucket: 'enforced', Key: key, Body: body, ContentType: 'x/y' }),
      );

      const got = await owner.send(new GetObjectCommand({ Bucket: 'enforced', Key: key }));
      const head = await owner.send(new HeadObjectCommand({ Bucket: 'enforced', Key: key }));
      await owner.send(new DeleteObjectCommand({ Bucket: 'enforced', Key: key }));

      assert.deepEqual(Buffer.from((await got.Body?.transformToByteArray()) ?? []), body);
      assert.equal(got.ContentType, 'x/y');
      assert.equal(head.ContentLength, 5);
      const gone = owner.send(new GetObjectCommand({ Bucket: 'enforced', Key: key }));
      assert.equal(await outcome(gone), '404 NoSuchKey');
    });

    it('lists by prefix and delimiter, page after page, each key once', async () => {
      for (const key of ['a/1', 'a/2', 'b', 'c&d'])
        await owner.send(new PutObjectCommand({ Bucket: 'enforced', Key: key, Body: 'x' }));

      const found: string[] = [];
      let token: string | undefined;
      do {
        const page = await owner.send(
          new ListObjectsV2Command({
            Bucket: 'enforced',
            Delimiter: '/',
            MaxKeys: 1,
            ContinuationToken: token,
          }),
        );
        found.push(...(page.Contents ?? []).map(({ Key }) => `${Key}`));
        found.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}`));
        token = page.NextContinuationToken;
      } while (token);
      const inside = await owner.send(new ListObjectsV2Command({ Bucket: 'enforced', Prefix: 'a/' }));

      assert.deepEqual(found, ['a/', 'b', 'c&d', 'report.txt']);
      assert.deepEqual(
        inside.Contents?.map(({ Key }) => Key),
        ['a/1', 'a/2'],
      );
    });

    it('does not tell strangers which keys are missing', async () => {
      const readOnly = allow('enforced', '*', {
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::enforced/*',
      });
      server.world.putBucket(bucket('enforced', { policy: policy(readOnly) }));

      const missing = await fetch(`${server.url}/enforced/nothing-here`);

      assert.equal(missing.status, 403);
    });
  });

  describe('who gets in', () => {
    it('lets nobody but the owner into a new bucket', async () => {
      assert.equal(await readStatus(server.url, 'enforced'), 403);
      assert.equal(await readStatus(server.url, 'enforced', PARTNER_USER), 403);
      assert.equal(await readStatus(server.url, 'enforced', OWNER_USER), 200);
    });

    it('lets everybody in through a public policy, until RestrictPublicBuckets is on', async () => {
      const Policy = JSON.stringify(policy(allow('enforced', '*')));
      await owner.send(new PutBucketPolicyCommand({ Bucket: 'enforced', Policy }));
      const before = [
        await readStatus(server.url, 'enforced'),
        await readStatus(server.url, 'enforced', PARTNER_USER),
      ];

      const restrict = { RestrictPublicBuckets: true };
      await owner.send(
        new PutPublicAccessBlockCommand({ Bucket: 'enforced', PublicAccessBlockConfiguration: restrict }),
      );

      assert.deepEqual(before, [200, 200]);
      assert.equal(await readStatus(server.url, 'enforced'), 403);
      assert.equal(await readStatus(server.url, 'enforced', PARTNER_USER), 403);
      assert.equal(await readStatus(server.url, 'enforced', OWNER_USER), 200);
    });

    it('cuts even a named account off under RestrictPublicBuckets while another statement is public', async () => {
      const both = policy(allow('enforced', '*'), allow('enforced', { AWS: PARTNER.id }));
      const block = { blockPublicAcls: false, ignorePublicAcls: false, blockPublicPolicy: false };
      const restricted = { ...block, restrictPublicBuckets: true };
      server.world.putBucket(bucket('enforced', { policy: both, publicAccessBlock: restricted }));
      const mixed = await readStatus(server.url, 'enforced', PARTNER_USER);

      const named = policy(allow('enforced', { AWS: PARTNER.id }));
      server.world.putBucket(bucket('enforced', { policy: named, publicAccessBlock: restricted }));

      assert.equal(mixed, 403);
      assert.equal(await readStatus(server.url, 'enforced', PARTNER_USER), 200);
    });

    it('lets a Deny win over every Allow, for the owner too', async () => {
      const deny = allow('enforced', '*', { Effect: 'Deny' });
      server.world.putBucket(bucket('enforced', { policy: policy(allow('enforced', '*'), deny) }));

      assert.equal(await readStatus(server.url, 'enforced'), 403);
      assert.equal(await readStatus(server.url, 'enforced', OWNER_USER), 403);
    });

    it('takes a bucket ACL for listing and an object ACL for reading, until IgnorePublicAcls is on', async () => {
      const seed = bucket('with-acls', {
        ownership: 'ObjectWriter',
        acl: 'public-read',
        objects: { 'report.txt': { body: 'open', acl: 'public-read' }, 'secret.txt': 'closed' },
      });
      server.world.putBucket(seed);
      const list = async () => (await fetch(`${server.url}/with-acls?list-type=2`)).status;
      const before = [await list(), await readStatus(server.url, 'with-acls')];
      const closed = await fetch(`${server.url}/with-acls/secret.txt`);

      const ignore = { IgnorePublicAcls: true };
      await owner.send(
        new PutPublicAccessBlockCommand({ Bucket: 'with-acls', PublicAccessBlockConfiguration: ignore }),
      );

      assert.deepEqual(before, [200, 200]);
      assert.equal(closed.status, 403);
      assert.deepEqual([await list(), await readStatus(server.url, 'with-acls')], [403, 403]);
    });

    it('lets authenticated-read in with anybody’s keys but not without', async () => {
      server.world.putBucket(bucket('with-acls', { ownership: null, acl: 'authenticated-read' }));

      const anonymous = await fetch(`${server.url}/with-acls?list-type=2`);
      const listed = await outcome(partner.send(new ListObjectsV2Command({ Bucket: 'with-acls' })));

      assert.equal(anonymous.status, 403);
      assert.equal(listed, 'ok');
    });

    it('answers policy questions of another account with 405, as only the owner may ask', async () => {
      const open = allow('enforced', '*', { Action: 's3:*' });
      server.world.putBucket(bucket('enforced', { policy: policy(open) }));

      const asked = partner.send(new GetBucketPolicyCommand({ Bucket: 'enforced' }));

      assert.equal(await outcome(asked), '405 MethodNotAllowed');
    });
  });

  describe('bucket settings', () => {
    it('answers 404 with its own code for each setting that is not there', async () => {
      const Bucket = 'old-style';

      const block = await outcome(owner.send(new GetPublicAccessBlockCommand({ Bucket })));
      const rules = await outcome(owner.send(new GetBucketPolicyCommand({ Bucket })));
      const ownership = await outcome(owner.send(new GetBucketOwnershipControlsCommand({ Bucket })));

      assert.equal(block, '404 NoSuchPublicAccessBlockConfiguration');
      assert.equal(rules, '404 NoSuchBucketPolicy');
      assert.equal(ownership, '404 OwnershipControlsNotFoundError');
    });

    it('gives back policy, block and ACL as they were put, and removes policy and block', async () => {
      const Bucket = 'old-style';
      const document = policy(allow(Bucket, { AWS: PARTNER.id }, { Sid: 'Partner' }));
      const grants = [
        {
          Grantee: { Type: 'CanonicalUser' as const, ID: OWNER.canonicalId },
          Permission: 'FULL_CONTROL' as const,
        },
        { Grantee: { Type: 'Group' as const, URI: ALL_USERS }, Permission: 'READ' as const },
      ];

      await owner.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document) }));
      const AccessControlPolicy = { Owner: { ID: OWNER.canonicalId }, Grants: grants };
      await owner.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy }));
      await owner.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: BLOCK }));
      const rules = await owner.send(new GetBucketPolicyCommand({ Bucket }));
      const status = await owner.send(new GetBucketPolicyStatusCommand({ Bucket }));
      const ignored = await owner.send(new GetBucketAclCommand({ Bucket }));
      const block = await owner.send(new GetPublicAccessBlockCommand({ Bucket }));
      await owner.send(new DeleteBucketPolicyCommand({ Bucket }));
      await owner.send(new DeletePublicAccessBlockCommand({ Bucket }));
      const acl = await owner.send(new GetBucketAclCommand({ Bucket }));

      assert.deepEqual(JSON.parse(rules.Policy ?? ''), document);
      assert.equal(status.PolicyStatus?.IsPublic, false);
      assert.deepEqual(acl.Grants, grants);
      assert.deepEqual(ignored.Grants, grants.slice(0, 1), 'what is in force, not what is stored');
      assert.deepEqual(block.PublicAccessBlockConfiguration, BLOCK);
      assert.equal(server.world.state().buckets[Bucket]?.policy, null);
      assert.equal(server.world.state().buckets[Bucket]?.publicAccessBlock, null);
    });

    it('refuses every ACL where ACLs are disabled, and still reads the owner’s', async () => {
      const put = owner.send(new PutBucketAclCommand({ Bucket: 'enforced', ACL: 'private' }));
      const object = owner.send(
        new PutObjectCommand({ Bucket: 'enforced', Key: 'k', Body: 'x', ACL: 'public-read' }),
      );
      const acl = await owner.send(new GetBucketAclCommand({ Bucket: 'enforced' }));

      assert.equal(await outcome(put), '400 AccessControlListNotSupported');
      assert.equal(await outcome(object), '400 AccessControlListNotSupported');
      assert.deepEqual(
        acl.Grants?.map(({ Grantee, Permission }) => [Grantee?.ID, Permission]),
        [[OWNER.canonicalId, 'FULL_CONTROL']],
      );
    });

    it('refuses new public policies and ACLs under the two Block flags, and takes private ones', async () => {
      const Bucket = 'with-acls';
      await owner.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: BLOCK }));
      const put = (...statements: JsonObject[]) =>
        outcome(
          owner.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy(...statements)) })),
        );

      assert.equal(await put(allow(Bucket, '*')), '403 AccessDenied');
      assert.equal(await put(allow(Bucket, { AWS: PARTNER.id })), 'ok');
      const open = owner.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
      assert.equal(await outcome(open), '403 AccessDenied');
      assert.equal(await outcome(owner.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }))), 'ok');
      const object = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ACL: 'public-read' });
      assert.equal(await outcome(owner.send(object)), '403 AccessDenied');
    });

    it('refuses to disable ACLs while somebody else is granted anything', async () => {
      const disable = (Bucket: string) =>
        outcome(
          owner.send(
            new PutBucketOwnershipControlsCommand({
              Bucket,
              OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
            }),
          ),
        );
      server.world.putBucket(bucket('with-acls', { ownership: 'ObjectWriter', acl: 'public-read' }));

      assert.equal(await disable('with-acls'), '400 InvalidBucketAclWithObjectOwnership');
      assert.equal(await disable('old-style'), 'ok');
      assert.equal(server.world.state().buckets['old-style']?.ownership, 'BucketOwnerEnforced');
    });

    for (const [what, document] of [
      ['no JSON', '{'],
      ['a list', '[]'],
      ['no statement', '{"Statement":[]}'],
      ['another bucket', policy(allow('other', '*'))],
      ['an action of another service', policy(allow('enforced', '*', { Action: 'ec2:StopInstances' }))],
      ['an unknown principal type', policy(allow('enforced', { Person: 'Pat' }))],
      ['a wildcard in an ARN', policy(allow('enforced', { AWS: 'arn:aws:iam::123456789012:user/*' }))],
      [
        'an unknown condition operator',
        policy(allow('enforced', '*', { Condition: { Sounds: { a: 'b' } } })),
      ],
      ['an unknown effect', policy(allow('enforced', '*', { Effect: 'Maybe' }))],
      ['an unknown version', { ...policy(allow('enforced', '*')), Version: '2024-01-01' }],
      ['more than 20 KB', policy(allow('enforced', '*', { Sid: 'x'.repeat(20_500) }))],
    ] as const)
      it(`refuses a policy with ${what} as malformed, and keeps the old one`, async () => {
        const Policy = typeof document === 'string' ? document : JSON.stringify(document);

        const put = owner.send(new PutBucketPolicyCommand({ Bucket: 'enforced', Policy }));

        assert.equal(await outcome(put), '400 MalformedPolicy');
        assert.equal(server.world.state().buckets.enforced?.policy, null);
      });

    for (const [what, grant, expected] of [
      ['an unknown group', { Type: 'Group', URI: 'http://example.com/all' }, '400 InvalidArgument'],
      [
        'an account that does not exist',
        { Type: 'CanonicalUser', ID: 'c'.repeat(64) },
        '400 InvalidArgument',
      ],
      [
        'an e-mail address',
        { Type: 'AmazonCustomerByEmail', EmailAddress: 'pat@contoso.example' },
        '400 UnresolvableGrantByEmailAddress',
      ],
    ] as const)
      it(`refuses a grant to ${what}`, async () => {
        const AccessControlPolicy = {
          Owner: { ID: OWNER.canonicalId },
          Grants: [{ Grantee: grant, Permission: 'READ' as const }],
        };

        const put = owner.send(new PutBucketAclCommand({ Bucket: 'with-acls', AccessControlPolicy }));

        assert.equal(await outcome(put), expected);
      });
  });

  describe('the door', () => {
    it('says which bucket is missing, which region is right, and nothing of what it does not do', async () => {
      const elsewhere = clientOf(server.url, OWNER_USER, 'us-east-2');
      const head = await owner.send(new HeadBucketCommand({ Bucket: 'enforced' }));
      const location = await owner.send(new GetBucketLocationCommand({ Bucket: 'enforced' }));

      assert.equal(head.BucketRegion, 'eu-west-1');
      assert.equal(location.LocationConstraint, 'eu-west-1');
      const missing = owner.send(new ListObjectsV2Command({ Bucket: 'nowhere' }));
      assert.equal(await outcome(missing), '404 NoSuchBucket');
      const redirected = elsewhere.send(new GetBucketAclCommand({ Bucket: 'enforced' }));
      assert.equal(await outcome(redirected), '301 PermanentRedirect');
      assert.equal((await fetch(`${server.url}/enforced?versioning`)).status, 501);
      assert.equal((await fetch(`${server.url}/enforced`, { method: 'DELETE' })).status, 501);
      assert.equal((await fetch(`${server.url}/enforced?acl`, { method: 'DELETE' })).status, 405);
      assert.equal((await fetch(`${server.url}/%zz`)).status, 400);
    });

    it('refuses everything under another expected owner', async () => {
      const wrong = { Bucket: 'enforced', ExpectedBucketOwner: PARTNER.id };

      const asked = await outcome(owner.send(new GetBucketAclCommand(wrong)));
      const written = await outcome(
        owner.send(new PutPublicAccessBlockCommand({ ...wrong, PublicAccessBlockConfiguration: BLOCK })),
      );

      assert.deepEqual([asked, written], ['403 AccessDenied', '403 AccessDenied']);
      assert.equal(server.world.state().buckets.enforced?.publicAccessBlock, null);
    });

    it('lists the caller’s own buckets only, and none to strangers', async () => {
      const own = await owner.send(new ListBucketsCommand({}));
      const others = await partner.send(new ListBucketsCommand({}));

      assert.deepEqual(
        own.Buckets?.map(({ Name }) => Name),
        ['enforced', 'old-style', 'with-acls'],
      );
      assert.deepEqual(others.Buckets ?? [], []);
      assert.equal((await fetch(server.url)).status, 403);
    });

    it('puts a request id on every answer, and its error in XML', async () => {
      const answers = [
        await fetch(`${server.url}/enforced/report.txt`),
        await fetch(`${server.url}/nowhere`),
      ];

      const ids = answers.map(({ headers }) => headers.get('x-amz-request-id'));

      for (const id of ids) assert.match(id ?? '', /^[0-9A-F]{16}$/);
      assert.notEqual(ids[0], ids[1]);
      const text = await answers[1]?.text();
      assert.match(text ?? '', /<Code>NoSuchBucket<\/Code>/);
      assert.match(text ?? '', new RegExp(`<RequestId>${ids[1]}</RequestId>`));
    });

    it('takes a malformed or hostile body as a client error and stays up', async () => {
      const open = policy(allow('with-acls', '*', { Action: 's3:*' }));
      server.world.putBucket(bucket('with-acls', { ownership: null, policy: open }));
      const put = async (body: string) =>
        (await fetch(`${server.url}/with-acls?publicAccessBlock`, { method: 'PUT', body })).status;

      assert.equal(await put('not xml'), 400);
      assert.equal(await put('<!DOCTYPE x [<!ENTITY e "e">]><PublicAccessBlockConfiguration/>'), 400);
      assert.equal(await put('<a>'.repeat(5000)), 400);
      assert.equal(
        await put(
          '<PublicAccessBlockConfiguration><BlockPublicAcls>1</BlockPublicAcls></PublicAccessBlockConfiguration>',
        ),
        400,
      );
      assert.equal(await put('x'.repeat(17 * 1024 * 1024)), 400);
      assert.equal(await readStatus(server.url, 'enforced', OWNER_USER), 200);
    });

    it('records who called what, for whom, with which answer', async () => {
      await outcome(
        owner.send(new GetBucketAclCommand({ Bucket: 'enforced', ExpectedBucketOwner: OWNER.id })),
      );
      await readStatus(server.url, 'enforced');

      const seen = server.world.calls.map(({ operation, caller, expectedOwner, status }) => [
        operation,
        caller,
        expectedOwner,
        status,
      ]);
      assert.deepEqual(seen, [
        ['GetBucketAcl', OWNER_USER.arn, OWNER.id, 200],
        ['GetObject', 'anonymous', null, 403],
      ]);
    });
  });

  it('starts again from the state that it handed out, and hands out every change', async () => {
    const states: S3State[] = [];
    const first = await startWorld({ buckets: [bucket('kept')], onChange: (state) => states.push(state) });
    await clientOf(first.url, OWNER_USER).send(
      new PutBucketPolicyCommand({ Bucket: 'kept', Policy: JSON.stringify(policy(allow('kept', '*'))) }),
    );
    await first.close();

    const kept = JSON.parse(JSON.stringify(states.at(-1))) as S3State;
    const second = await startWorld({ buckets: [bucket('ignored')], state: kept });
    const again = await readStatus(second.url, 'kept');
    const ignored = await readStatus(second.url, 'ignored');
    await second.close();

    assert.equal(states.length, 1);
    assert.deepEqual([again, ignored], [200, 404]);
  });
});
