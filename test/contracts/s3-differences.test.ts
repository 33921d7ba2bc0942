// What radosgw (16.2.15) does otherwise than AWS, one by one, each with what the sandbox does, as AWS documents it. The other S3
// suites leave these out. One that fails here tells of a newer radosgw: take it off the list, and let the others compare it.
import assert from 'node:assert/strict';
import {
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import type { JsonObject } from '../../src/case/json.ts';
import { ALL_USERS, type PublicAccessBlock } from '../../src/case/public-access.ts';
import { allow, document, readers } from '../helpers/s3-action.ts';
import {
  arnOf,
  type BucketSetup,
  type Caller,
  OWNER_ACCOUNT,
  PARTNER_ACCOUNT,
  type S3Site,
} from '../helpers/s3-site.ts';
import { SITES } from '../helpers/s3-sites.ts';

interface Difference {
  readonly title: string;
  ask(site: S3Site): Promise<unknown>;
  readonly aws: unknown;
  readonly radosgw: unknown;
}

const block = (on: Partial<PublicAccessBlock>): PublicAccessBlock => ({
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
  ...on,
});

/** The SDK's error, or what `pick` finds in the answer. */
async function outcome<Answer>(asked: Promise<Answer>, pick: (answer: Answer) => unknown = () => 'ok') {
  try {
    return pick(await asked);
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode} ${name}`;
  }
}

/** HTTP status of reading the object, where this is the whole policy. */
const reading =
  (who: Caller, ...statements: readonly JsonObject[]) =>
  async (site: S3Site) =>
    site.status(who, (await site.makeBucket({ policy: document(...statements) })).name, 'report.txt');
const onlyIf = (condition: JsonObject): JsonObject => allow('*', { Condition: condition });
const listing = (who: Caller, setup: (site: S3Site) => BucketSetup) => async (site: S3Site) =>
  site.status(who, (await site.makeBucket(setup(site))).name);

const DIFFERENCES: readonly Difference[] = [
  // Public access blocks and what S3 calls public.
  {
    title: 'RestrictPublicBuckets shuts nobody out',
    ask: listing('anonymous', () => ({
      policy: document(allow('*')),
      block: block({ restrictPublicBuckets: true }),
    })),
    aws: 403,
    radosgw: 200,
  },
  {
    title: 'BlockPublicPolicy refuses policies for whoever is named',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({ block: block({ blockPublicPolicy: true }) });
      const Policy = JSON.stringify(document(allow({ AWS: PARTNER_ACCOUNT }))).replaceAll('BUCKET', Bucket);
      return outcome(site.owner.send(new PutBucketPolicyCommand({ Bucket, Policy })));
    },
    aws: 'ok',
    radosgw: '403 AccessDenied',
  },
  {
    title: 'GetBucketPolicyStatus calls policies public that name somebody',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({ policy: document(allow({ AWS: PARTNER_ACCOUNT })) });
      const command = new GetBucketPolicyStatusCommand({ Bucket });
      return outcome(site.owner.send(command), ({ PolicyStatus }) => PolicyStatus?.IsPublic);
    },
    aws: false,
    radosgw: true,
  },
  {
    title: 'a bucket without a public access block has one with nothing on',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({});
      const command = new GetPublicAccessBlockCommand({ Bucket });
      return outcome(site.owner.send(command), (answer) => answer.PublicAccessBlockConfiguration);
    },
    aws: '404 NoSuchPublicAccessBlockConfiguration',
    radosgw: {
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    },
  },
  {
    title: 'there is no S3 Control',
    ask: async (site) => (await fetch(`${site.url}/v20180820/configuration/publicAccessBlock`)).status,
    aws: 403,
    radosgw: 404,
  },
  // Ownership.
  {
    title: 'ACLs cannot be disabled',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({});
      const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
      return outcome(site.owner.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls })));
    },
    aws: 'ok',
    radosgw: '400 InvalidArgument',
  },
  {
    title: 'a question for ownership controls is answered with a listing',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({});
      const command = new GetBucketOwnershipControlsCommand({ Bucket });
      return outcome(
        site.owner.send(command),
        ({ OwnershipControls }) => OwnershipControls?.Rules ?? 'no rules',
      );
    },
    aws: [{ ObjectOwnership: 'ObjectWriter' }],
    radosgw: 'no rules',
  },
  {
    title: 'ExpectedBucketOwner is not looked at',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({});
      const command = { Bucket, Key: 'report.txt', ExpectedBucketOwner: PARTNER_ACCOUNT };
      return outcome(site.owner.send(new GetObjectCommand(command)));
    },
    aws: '403 AccessDenied',
    radosgw: 'ok',
  },
  // Access lists.
  {
    title: 'a grant is for one user of an account, not for all of it',
    ask: listing('kim', ({ canonicalIds }) => ({
      grants: [{ canonicalId: canonicalIds.pat, permission: 'READ' }],
    })),
    aws: 200,
    radosgw: 403,
  },
  {
    title: "a grant to everyone is one to the owner's own people, whatever IAM says",
    ask: listing('sam', () => ({ grants: [{ uri: ALL_USERS, permission: 'READ' }] })),
    aws: 403,
    radosgw: 200,
  },
  {
    title: 'grants come back in an order of their own',
    async ask(site) {
      const grants = [{ uri: ALL_USERS, permission: 'READ' }];
      const { name: Bucket } = await site.makeBucket({ grants });
      const { Grants = [] } = await site.owner.send(new GetBucketAclCommand({ Bucket }));
      return Grants.map(({ Grantee }) => Grantee?.URI?.split('/').at(-1) ?? 'owner');
    },
    aws: ['owner', 'AllUsers'],
    radosgw: ['AllUsers', 'owner'],
  },
  {
    title: 'an access list is shown as it is stored, grants to everybody that are ignored included',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({
        grants: [{ uri: ALL_USERS, permission: 'READ' }],
        block: block({ ignorePublicAcls: true }),
      });
      const { Grants = [] } = await site.owner.send(new GetBucketAclCommand({ Bucket }));
      return Grants.some(({ Grantee }) => Grantee?.URI === ALL_USERS);
    },
    aws: false,
    radosgw: true,
  },
  // Principals.
  {
    title: 'a policy that names a canonical id names nobody',
    ask: reading('pat', allow({ CanonicalUser: 'b'.repeat(64) })),
    aws: 200,
    radosgw: 403,
  },
  {
    title: "a policy that names the owner's account lets all its people in, whatever IAM says",
    ask: reading('sam', allow({ AWS: OWNER_ACCOUNT })),
    aws: 403,
    radosgw: 200,
  },
  {
    title: 'a role of another account finds no bucket but its own account’s',
    ask: reading('reader', allow({ AWS: arnOf('reader') })),
    aws: 200,
    radosgw: 404,
  },
  {
    title: 'whoever took a role is still let in as themselves',
    ask: reading('auditor', allow({ AWS: arnOf('bot') })),
    aws: 403,
    radosgw: 200,
  },
  // Statements and conditions.
  {
    title: 'a statement with NotAction is about no action at all',
    ask: async (site) => {
      const { Action, ...rest } = allow('*');
      return reading('anonymous', { ...rest, NotAction: ['s3:PutObject'] })(site);
    },
    aws: 200,
    radosgw: 403,
  },
  {
    title: 'a negated operator does not hold where its key is missing',
    ask: reading('anonymous', onlyIf({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } })),
    aws: 200,
    radosgw: 403,
  },
  {
    title: 'Null holds for a key that is missing, asked for or not',
    ask: reading('anonymous', onlyIf({ Null: { 'aws:SourceVpce': 'false' } })),
    aws: 403,
    radosgw: 200,
  },
  {
    title: 'every IPv4 address is in ::/0',
    ask: reading('anonymous', onlyIf({ IpAddress: { 'aws:SourceIp': '::/0' } })),
    aws: 403,
    radosgw: 200,
  },
  {
    title: 'a request without TLS does not say so',
    ask: reading('anonymous', onlyIf({ Bool: { 'aws:SecureTransport': 'false' } })),
    aws: 200,
    radosgw: 403,
  },
  {
    title: 'a caller’s account is not known to conditions',
    ask: reading('pat', onlyIf({ StringEquals: { 'aws:PrincipalAccount': PARTNER_ACCOUNT } })),
    aws: 200,
    radosgw: 403,
  },
  {
    title: 'a refusal does not say why',
    async ask(site) {
      const { name: Bucket } = await site.makeBucket({
        policy: document(allow('*', { Effect: 'Deny', Action: 's3:GetObject' })),
      });
      const asked = site.owner.send(new GetObjectCommand({ Bucket, Key: 'report.txt' }));
      return asked.catch((error: Error) => /explicit deny/.test(error.message));
    },
    aws: true,
    radosgw: false,
  },
];

describe('where radosgw is not AWS', () => {
  let sandbox: S3Site;
  let radosgw: S3Site;
  before(async function () {
    radosgw = await SITES.radosgw(this);
    sandbox = await SITES.sandbox(this);
  });
  after(async () => {
    await sandbox?.stop();
    await radosgw?.stop();
  });

  for (const { title, ask, ...expected } of DIFFERENCES)
    it(title, async () => {
      assert.deepEqual({ aws: await ask(sandbox), radosgw: await ask(radosgw) }, expected);
    });

  it('agrees with the sandbox on a bucket that nothing is special about', async () => {
    const setup = { policy: document(allow('*')) };
    const seen = await Promise.all(
      [sandbox, radosgw].map(async (site) => readers(site, (await site.makeBucket(setup)).name)),
    );

    assert.deepEqual(
      seen[0]?.filter((line) => !line.startsWith('reader')),
      seen[1],
    );
  });
});
