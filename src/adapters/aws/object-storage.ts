// Buckets in AWS S3, through one assumed role for each listed account. Every call names the account that must own the bucket;
// nothing is retried here, because the step that asked for the call does that. No call comes back before its id is on record.
import {
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { CountersignError } from '../../case/errors.ts';
import type { JsonObject } from '../../case/json.ts';
import type { BucketAccess, BucketAcl, PublicAccessBlock } from '../../case/public-access.ts';
import type { AwsAccount } from '../../case/settings.ts';
import type { BucketTarget } from '../../case/target.ts';
import type { ObjectStorage } from '../../ports/object-storage.ts';
import type { Receipt } from '../../ports/receipt.ts';
import type { RequestLog } from '../../ports/request-log.ts';
import { fromAcl, fromBlock, toAcl, toBlock } from './access-documents.ts';
import { awsCode, isStaleCredentials, translateAwsError } from './aws-error.ts';
import { recordRequests } from './record-requests.ts';
import { createRoleCredentials } from './role-credentials.ts';

export interface S3ObjectStorageOptions {
  readonly accounts: readonly AwsAccount[];
  /** Where the id of every call goes. */
  readonly requestLog: RequestLog;
  /** Where STS is asked, and S3 for a bucket whose region is not known. */
  readonly region: string;
  /** For a stand-in: replaces AWS's own S3 hosts, and turns path-style addressing on. */
  readonly endpoint?: string | undefined;
  readonly stsEndpoint?: string | undefined;
  /** Who assumes the roles. Absent: the SDK's default chain (environment, container, instance); given, nothing else is looked at. */
  readonly credentials?: NonNullable<STSClientConfig['credentials']> | undefined;
  /** For each request, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/;
/** Goes with every call: S3 refuses a bucket of that name in another account. */
const owned = ({ name, account }: BucketTarget) => ({ Bucket: name, ExpectedBucketOwner: account });

type Call<Answer> = (client: S3Client, options: { readonly abortSignal: AbortSignal }) => Promise<Answer>;
interface WithMetadata {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** Throws as the port says, and `aws.refused` (final) for what S3 itself does not accept. */
export function createS3ObjectStorage(options: S3ObjectStorageOptions): ObjectStorage {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const newSts = new STSClient({
    region: options.region,
    maxAttempts: 1,
    ...(options.stsEndpoint === undefined ? {} : { endpoint: options.stsEndpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  const sts = recordRequests(newSts, options.requestLog, timeoutMs);
  const roles = createRoleCredentials(sts, options.accounts, timeoutMs);
  /** By account and region. */
  const clients = new Map<string, S3Client>();

  function clientFor({ account, region }: BucketTarget): S3Client {
    const where = REGION.test(region) ? region : options.region;
    const known = clients.get(`${account} ${where}`);
    if (known) return known;
    const newClient = new S3Client({
      region: where,
      credentials: () => roles.of(account),
      maxAttempts: 1,
      followRegionRedirects: true,
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    });
    const client = recordRequests(newClient, options.requestLog, timeoutMs);
    clients.set(`${account} ${where}`, client);
    return client;
  }

  /** A client remembers its keys, so both are dropped. */
  function forget(account: string): void {
    roles.forget(account);
    for (const key of [...clients.keys()]) if (key.startsWith(`${account} `)) clients.delete(key);
  }

  /** Answers null where S3 answers with `absent`, its code for "there is none". */
  async function call<Answer>(bucket: BucketTarget, operation: string, run: Call<Answer>, absent?: string) {
    try {
      await roles.of(bucket.account);
      return await run(clientFor(bucket), { abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (absent !== undefined && awsCode(error) === absent) return null;
      if (isStaleCredentials(error)) forget(bucket.account);
      throw translateAwsError(error, { operation, account: bucket.account, bucket: bucket.name });
    }
  }

  async function write(bucket: BucketTarget, operation: string, run: Call<WithMetadata>): Promise<Receipt> {
    const answer = await call(bucket, operation, run);
    return { requestId: answer?.$metadata.requestId ?? '' };
  }

  async function readAcl(bucket: BucketTarget): Promise<BucketAcl | null> {
    const answer = await call(bucket, 'GetBucketAcl', (s3, o) =>
      s3.send(new GetBucketAclCommand(owned(bucket)), o),
    );
    return answer && toAcl(answer);
  }

  return {
    async readAccess(bucket: BucketTarget): Promise<BucketAccess> {
      const of = owned(bucket);
      const [ownership, policy, block] = await allDone([
        call(
          bucket,
          'GetBucketOwnershipControls',
          (s3, o) => s3.send(new GetBucketOwnershipControlsCommand(of), o),
          'OwnershipControlsNotFoundError',
        ),
        call(
          bucket,
          'GetBucketPolicy',
          (s3, o) => s3.send(new GetBucketPolicyCommand(of), o),
          'NoSuchBucketPolicy',
        ),
        call(
          bucket,
          'GetPublicAccessBlock',
          (s3, o) => s3.send(new GetPublicAccessBlockCommand(of), o),
          'NoSuchPublicAccessBlockConfiguration',
        ),
      ]);
      // Without ownership controls (buckets from before 2021) ACLs are enabled.
      const rule = ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
      const configured = block?.PublicAccessBlockConfiguration;
      return {
        acl: rule === 'BucketOwnerEnforced' ? null : await readAcl(bucket),
        policy: policy?.Policy === undefined ? null : parsePolicy(policy.Policy, bucket),
        publicAccessBlock: configured ? toBlock(configured) : null,
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

    writePublicAccessBlock(bucket: BucketTarget, block: PublicAccessBlock | null) {
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
  };
}

/** As `Promise.all`, but a failure waits for the others too: no call outlives the one that made it, and its id gets on record. */
async function allDone<Results extends readonly Promise<unknown>[]>(
  calls: readonly [...Results],
): Promise<{ -readonly [Index in keyof Results]: Awaited<Results[Index]> }> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

function parsePolicy(text: string, bucket: BucketTarget): JsonObject {
  const policy: unknown = JSON.parse(text);
  if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy as JsonObject;
  throw new CountersignError('aws.refused', `GetBucketPolicy of ${bucket.name}: not a JSON object`);
}
