// Buckets and objects in AWS S3, through one assumed role for each listed account. Every call about a bucket names the account that
// must own it.
import {
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectAclCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { namesCanonicalUsers } from '../../case/bucket-principals.ts';
import { CountersignError, isCountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import type { BucketAcl } from '../../case/public-access.ts';
import type { BucketTarget, ObjectTarget } from '../../case/target.ts';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import type { Receipt } from '../../ports/receipt.ts';
import { fromAcl, fromBlock, toAcl, toBlock } from './access-documents.ts';
import { createAccountBlocks } from './account-block.ts';
import { type AwsOptions, createRoles, receiptOf } from './clients.ts';
import { createS3Call, type Place, type Run } from './s3-call.ts';

/** `endpoint` replaces AWS's own hosts of S3 and S3 Control, and turns path-style addressing on. */
export type S3ObjectStorageOptions = AwsOptions;

type Bucket = Pick<BucketTarget, 'account' | 'region' | 'name'>;

/** Goes with every call: S3 refuses a bucket of that name in another account. */
const owned = ({ name, account }: Bucket) => ({ Bucket: name, ExpectedBucketOwner: account });
const bucketOf = ({ account, region, bucket }: ObjectTarget): Bucket => ({ account, region, name: bucket });
const placeOf = (operation: string, { account, region, bucket, key }: ObjectTarget): Place => ({
  operation,
  account,
  region,
  bucket,
  object: key,
});
/** With a limit S3 answers page by page, and says each bucket's region. */
const BUCKETS_A_PAGE = 1000;

/** Throws as the port says, and `aws.refused` (final) for what S3 itself does not accept. */
export function createS3ObjectStorage(given: S3ObjectStorageOptions): ObjectStorage {
  const options = { ...given, roles: given.roles ?? createRoles(given) };
  const ask = createS3Call(options);

  const call = <Answer>(bucket: Bucket, operation: string, run: Run<Answer>, absent?: string) =>
    ask({ operation, account: bucket.account, region: bucket.region, bucket: bucket.name }, run, absent);

  const write = async (bucket: Bucket, operation: string, run: Run<unknown>): Promise<Receipt> =>
    receiptOf(await call(bucket, operation, run));

  const readAcl = async (bucket: Bucket): Promise<BucketAcl | null> => {
    const answer = await call(bucket, 'GetBucketAcl', (s3, o) =>
      s3.send(new GetBucketAclCommand(owned(bucket)), o),
    );
    return answer && toAcl(answer);
  };

  /** Without ownership controls (buckets from before 2021) ACLs are enabled. */
  const areAclsEnabled = async (bucket: Bucket): Promise<boolean> => {
    const answer = await call(
      bucket,
      'GetBucketOwnershipControls',
      (s3, o) => s3.send(new GetBucketOwnershipControlsCommand(owned(bucket)), o),
      'OwnershipControlsNotFoundError',
    );
    return answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerEnforced';
  };

  const readPolicy = async (bucket: Bucket): Promise<JsonObject | null> => {
    const answer = await call(
      bucket,
      'GetBucketPolicy',
      (s3, o) => s3.send(new GetBucketPolicyCommand(owned(bucket)), o),
      'NoSuchBucketPolicy',
    );
    return answer?.Policy === undefined ? null : parsePolicy(answer.Policy, bucket);
  };

  return {
    ...createAccountBlocks(options),

    async readAccess(bucket) {
      const [enabled, policy, block] = await allDone([
        areAclsEnabled(bucket),
        readPolicy(bucket),
        call(
          bucket,
          'GetPublicAccessBlock',
          (s3, o) => s3.send(new GetPublicAccessBlockCommand(owned(bucket)), o),
          'NoSuchPublicAccessBlockConfiguration',
        ),
      ]);
      const configured = block?.PublicAccessBlockConfiguration;
      const acl = enabled || namesCanonicalUsers(policy) ? await readAcl(bucket) : null;
      return {
        acl: enabled ? acl : null,
        policy,
        publicAccessBlock: configured ? toBlock(configured) : null,
        ...(!enabled && acl && { ownerId: acl.ownerId }),
      };
    },

    writePolicy(bucket, policy) {
      const of = owned(bucket);
      if (policy === null)
        return write(bucket, 'DeleteBucketPolicy', (s3, o) => s3.send(new DeleteBucketPolicyCommand(of), o));
      const command = new PutBucketPolicyCommand({ ...of, Policy: JSON.stringify(policy) });
      return write(bucket, 'PutBucketPolicy', (s3, o) => s3.send(command, o));
    },

    writeAcl(bucket, acl) {
      const command = new PutBucketAclCommand({ ...owned(bucket), AccessControlPolicy: fromAcl(acl) });
      return write(bucket, 'PutBucketAcl', (s3, o) => s3.send(command, o));
    },

    writePublicAccessBlock(bucket, block) {
      const of = owned(bucket);
      if (block === null)
        return write(bucket, 'DeletePublicAccessBlock', (s3, o) =>
          s3.send(new DeletePublicAccessBlockCommand(of), o),
        );
      const command = new PutPublicAccessBlockCommand({
        ...of,
        PublicAccessBlockConfiguration: fromBlock(block),
      });
      return write(bucket, 'PutPublicAccessBlock', (s3, o) => s3.send(command, o));
    },

    async readObjectAcl(object) {
      const bucket = bucketOf(object);
      // Where ACLs are disabled, S3 answers with a list that cannot be written.
      if (!(await areAclsEnabled(bucket))) return null;
      const command = new GetObjectAclCommand({ ...owned(bucket), Key: object.key });
      try {
        return toAcl(await ask(placeOf('GetObjectAcl', object), (s3, o) => s3.send(command, o)));
      } catch (error) {
        if (isCountersignError(error) && error.code === 'aws.no-such-object') return null;
        throw error;
      }
    },

    async writeObjectAcl(object, acl) {
      const command = new PutObjectAclCommand({
        ...owned(bucketOf(object)),
        Key: object.key,
        AccessControlPolicy: fromAcl(acl),
      });
      return receiptOf(await ask(placeOf('PutObjectAcl', object), (s3, o) => s3.send(command, o)));
    },

    async listBuckets(account) {
      const found: BucketTarget[] = [];
      let token: string | undefined;
      do {
        const command = new ListBucketsCommand({ MaxBuckets: BUCKETS_A_PAGE, ContinuationToken: token });
        const page = await ask({ operation: 'ListBuckets', account }, (s3, o) => s3.send(command, o));
        for (const { Name = '', BucketRegion = '' } of page?.Buckets ?? [])
          found.push({ kind: 'bucket', account, region: BucketRegion, name: Name });
        token = page?.ContinuationToken;
      } while (token);
      return found;
    },

    async readPolicyStatus(bucket) {
      const answer = await call(
        bucket,
        'GetBucketPolicyStatus',
        (s3, o) => s3.send(new GetBucketPolicyStatusCommand(owned(bucket)), o),
        'NoSuchBucketPolicy',
      );
      return answer && { public: answer.PolicyStatus?.IsPublic ?? false };
    },
  };
}

/** As `Promise.all`, but a failure waits for the others too: no call outlives the one that made it, and its id gets on record. */
async function allDone<Results extends readonly Promise<unknown>[]>(
  calls: readonly [...Results],
): Promise<{ -readonly [Index in keyof Results]: Awaited<Results[Index]> }> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

function parsePolicy(text: string, bucket: Bucket): JsonObject {
  const policy: unknown = JSON.parse(text);
  if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy as JsonObject;
  throw new CountersignError('aws.refused', `GetBucketPolicy of ${bucket.name}: not a JSON object`);
}
