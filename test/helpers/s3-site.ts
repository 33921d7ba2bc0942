// The same people and buckets on any S3 that answers, for suites that must hold on each of them. Everything is done by real
// requests, and the actions go through the real adapter, in a role that may do what the action declares and no more.
import {
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { fromAcl, fromBlock } from '../../src/adapters/aws/access-documents.ts';
import { createS3ObjectStorage } from '../../src/adapters/aws/object-storage.ts';
import type { JsonObject } from '../../src/case/json.ts';
import type { AclGrant, PublicAccessBlock } from '../../src/case/public-access.ts';
import type { BucketTarget } from '../../src/case/target.ts';
import type { ObjectStorage } from '../../src/ports/object-storage.ts';
import type { S3Keys } from './radosgw.ts';
import { createRecordingProxy, type SeenRequest } from './recording-proxy.ts';

export const REGION = 'us-east-1';
export const OWNER_ACCOUNT = '123456789012';
export const PARTNER_ACCOUNT = '444455556666';

/**
 * `olu` owns the buckets; `sam` and the role `auditor` are in the same account and may do nothing by themselves. `pat`, `kim` and
 * the role `reader` are in another account and may do everything that somebody else's bucket lets them.
 */
export type Somebody = 'olu' | 'sam' | 'auditor' | 'pat' | 'kim' | 'reader';
export type Caller = Somebody | 'anonymous';
export const EVERYBODY: readonly Caller[] = ['anonymous', 'olu', 'sam', 'auditor', 'pat', 'kim', 'reader'];

export const ACCOUNT_OF = {
  olu: OWNER_ACCOUNT,
  sam: OWNER_ACCOUNT,
  auditor: OWNER_ACCOUNT,
  bot: OWNER_ACCOUNT,
  pat: PARTNER_ACCOUNT,
  kim: PARTNER_ACCOUNT,
  reader: PARTNER_ACCOUNT,
} as const;
export const USERS = ['olu', 'sam', 'bot', 'pat', 'kim'] as const;
export const arnOf = (who: Somebody | 'bot'): string =>
  `arn:aws:iam::${ACCOUNT_OF[who]}:${who === 'reader' || who === 'auditor' ? 'role' : 'user'}/${who}`;

/** How a bucket is made; objects lie in it with grants beside the owner's own. `BUCKET` in the policy stands for its name. */
export interface BucketSetup {
  readonly policy?: JsonObject | null;
  /** Beside the owner's own. */
  readonly grants?: readonly AclGrant[];
  readonly block?: PublicAccessBlock | null;
  readonly objects?: Readonly<Record<string, 'private' | readonly AclGrant[]>>;
}

const PRIVATE_REPORT: NonNullable<BucketSetup['objects']> = { 'report.txt': 'private' };

export interface S3Site {
  readonly name: 'sandbox' | 'radosgw';
  readonly url: string;
  /** As access lists name them. */
  readonly canonicalIds: { readonly olu: string; readonly pat: string };
  /** Who can ask at all: a role of another account has no way to a bucket on radosgw. */
  readonly callers: readonly Caller[];
  readonly owner: S3Client;
  /** The adapter in a role with these permissions, and every request that it makes of S3. */
  storage(
    permissions: readonly string[],
  ): Promise<{ readonly storage: ObjectStorage; readonly seen: SeenRequest[] }>;
  makeBucket(setup: BucketSetup): Promise<BucketTarget>;
  /** Changes an existing bucket's policy, access list and block. */
  dress(bucket: string, setup: BucketSetup): Promise<void>;
  /** HTTP status of a GET: of the listing, or of one object. */
  status(who: Caller, bucket: string, key?: string): Promise<number>;
  /** The same for an anonymous caller who sends this as well. */
  statusWith(headers: Readonly<Record<string, string>>, bucket: string, key: string): Promise<number>;
  /** HTTP status of writing a new object. */
  writeStatus(who: Caller, bucket: string, key: string): Promise<number>;
  stop(): Promise<void>;
}

/** What differs between one S3 and another. */
export interface Ground {
  readonly name: S3Site['name'];
  readonly url: string;
  readonly stsUrl: string;
  readonly canonicalIds: S3Site['canonicalIds'];
  readonly callers: readonly Caller[];
  readonly keys: Readonly<Record<(typeof USERS)[number], S3Keys>>;
  /** ARNs; `bot` and `pat` may assume them. */
  readonly roles: { readonly auditor: string; readonly reader: string };
  /** Makes a bucket of `olu`'s with ACLs enabled. */
  addBucket(owner: S3Client, name: string): Promise<unknown>;
  /** Answers the role's ARN. */
  addRole(
    account: string,
    name: string,
    trusts: readonly string[],
    allows: readonly string[],
  ): Promise<string>;
  /** How a caller who is not of the owner's account writes a bucket's name. */
  foreignName(bucket: string): string;
  stop(): Promise<void>;
}

let made = 0;
const nextName = (what: string): string => `${what}-${++made}`;

export async function createSite(ground: Ground): Promise<S3Site> {
  const { url, stsUrl, keys } = ground;
  const clientOf = (credentials: S3Keys & { readonly sessionToken?: string }): S3Client =>
    new S3Client({ endpoint: url, region: REGION, forcePathStyle: true, maxAttempts: 1, credentials });
  const owner = clientOf(keys.olu);
  async function sessionOf(roleArn: string, assumedBy: S3Keys): Promise<S3Client> {
    const sts = new STSClient({ endpoint: stsUrl, region: REGION, maxAttempts: 1, credentials: assumedBy });
    const { Credentials: session } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'reading' }),
    );
    sts.destroy();
    return clientOf({
      accessKeyId: session?.AccessKeyId ?? '',
      secretAccessKey: session?.SecretAccessKey ?? '',
      ...(session?.SessionToken === undefined ? {} : { sessionToken: session.SessionToken }),
    });
  }
  const { reader, auditor } = ground.roles;
  const clients = {
    olu: owner,
    sam: clientOf(keys.sam),
    auditor: await sessionOf(auditor, keys.bot),
    pat: clientOf(keys.pat),
    kim: clientOf(keys.kim),
    reader: await sessionOf(reader, keys.pat),
  };
  const storages = new Map<string, ReturnType<S3Site['storage']>>();
  const closers: (() => Promise<unknown>)[] = [];

  async function connect(permissions: readonly string[]): ReturnType<S3Site['storage']> {
    const roleArn = await ground.addRole(OWNER_ACCOUNT, nextName('countersign'), [arnOf('bot')], permissions);
    const proxy = await createRecordingProxy(url);
    closers.push(proxy.close);
    const whole = createS3ObjectStorage({
      accounts: [{ id: OWNER_ACCOUNT, roleArn }],
      requestLog: { noteRequests: async () => {} },
      region: REGION,
      endpoint: proxy.url,
      stsEndpoint: stsUrl,
      credentials: keys.bot,
    });
    // radosgw has no S3 Control, and takes a question for the account's block for one about a bucket.
    // Nor is its word on a policy that names somebody that of AWS (`s3-differences.test.ts`).
    const storage =
      ground.name === 'sandbox'
        ? whole
        : { ...whole, readAccountBlock: async () => null, readPolicyStatus: async () => null };
    return { storage, seen: proxy.seen };
  }

  const nameFor = (who: Caller, bucket: string): string =>
    who === 'anonymous' || ACCOUNT_OF[who] !== OWNER_ACCOUNT ? ground.foreignName(bucket) : bucket;

  function accessList(grants: readonly AclGrant[] = []) {
    const ownerId = ground.canonicalIds.olu;
    return fromAcl({
      ownerId,
      grants: [{ canonicalId: ownerId, permission: 'FULL_CONTROL' }, ...grants],
    });
  }

  async function dress(Bucket: string, { policy, grants, block }: BucketSetup): Promise<void> {
    // Off first: what is to be laid down may be what the block refuses.
    await owner.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await owner.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: accessList(grants) }));
    const Policy = JSON.stringify(policy ?? null).replaceAll('BUCKET', Bucket);
    if (policy) await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    else await owner.send(new DeleteBucketPolicyCommand({ Bucket }));
    if (block) {
      const PublicAccessBlockConfiguration = fromBlock(block);
      await owner.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    }
  }

  return {
    name: ground.name,
    url,
    canonicalIds: ground.canonicalIds,
    callers: ground.callers,
    owner,
    dress,
    storage(permissions) {
      const key = permissions.join();
      const known = storages.get(key) ?? connect(permissions);
      storages.set(key, known);
      return known;
    },
    async makeBucket(setup) {
      const name = nextName('files');
      await ground.addBucket(owner, name);
      for (const [Key, grants] of Object.entries(setup.objects ?? PRIVATE_REPORT)) {
        await owner.send(new PutObjectCommand({ Bucket: name, Key, Body: Buffer.from('figures') }));
        if (grants === 'private') continue;
        const AccessControlPolicy = accessList(grants);
        await owner.send(new PutObjectAclCommand({ Bucket: name, Key, AccessControlPolicy }));
      }
      await dress(name, setup);
      return { kind: 'bucket', account: OWNER_ACCOUNT, region: REGION, name };
    },
    async status(who, bucket, key) {
      const name = nameFor(who, bucket);
      if (who === 'anonymous') return anonymousStatus(`${url}/${pathOf(name, key)}`);
      if (key === undefined) return statusOf(clients[who].send(new ListObjectsV2Command({ Bucket: name })));
      return statusOf(clients[who].send(new GetObjectCommand({ Bucket: name, Key: key })));
    },
    statusWith: (headers, bucket, key) =>
      anonymousStatus(`${url}/${pathOf(nameFor('anonymous', bucket), key)}`, { headers }),
    async writeStatus(who, bucket, key) {
      const name = nameFor(who, bucket);
      if (who === 'anonymous')
        return anonymousStatus(`${url}/${pathOf(name, key)}`, { method: 'PUT', body: 'new' });
      const command = new PutObjectCommand({ Bucket: name, Key: key, Body: Buffer.from('new') });
      return statusOf(clients[who].send(command));
    },
    async stop() {
      for (const client of Object.values(clients)) client.destroy();
      for (const close of closers) await close();
      await ground.stop();
    },
  };
}

const pathOf = (bucket: string, key?: string): string =>
  `${encodeURIComponent(bucket)}${key === undefined ? '?list-type=2' : `/${encodeURIComponent(key)}`}`;

async function anonymousStatus(url: string, request: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, request);
  await answer.arrayBuffer();
  return answer.status;
}

interface Answer {
  readonly Body?: { transformToByteArray(): Promise<unknown> } | undefined;
}
async function statusOf(request: Promise<Answer | object>): Promise<number> {
  try {
    const answer: Answer = await request;
    await answer.Body?.transformToByteArray();
    return 200;
  } catch (error) {
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === undefined) throw error;
    return $metadata.httpStatusCode;
  }
}
