// A made-up world for the S3 tests: an owner, a partner in another account, a bot with one role, and buckets of each kind.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../../src/case/json.ts';
import { createS3Server, type S3Server, type S3ServerOptions } from '../../../src/sandbox/s3/server.ts';
import type { BucketSeed } from '../../../src/sandbox/s3/state.ts';

export const REGION = 'eu-west-1';
export const OWNER = { id: '123456789012', canonicalId: 'a'.repeat(64), organisation: 'o-contoso0001' };
export const PARTNER = { id: '444455556666', canonicalId: 'b'.repeat(64) };
export const ROLE_ARN = `arn:aws:iam::${OWNER.id}:role/countersign`;

export const OWNER_USER = {
  arn: `arn:aws:iam::${OWNER.id}:user/olu`,
  accessKeyId: 'OWNERKEY',
  secretAccessKey: 'owner-secret',
  allows: ['s3:*'],
};
export const PARTNER_USER = {
  arn: `arn:aws:iam::${PARTNER.id}:user/pat`,
  accessKeyId: 'PARTNERKEY',
  secretAccessKey: 'partner-secret',
  allows: ['s3:*'],
};
export const BOT_USER = {
  arn: `arn:aws:iam::${OWNER.id}:user/bot`,
  accessKeyId: 'BOTKEY',
  secretAccessKey: 'bot-secret',
  allows: ['sts:AssumeRole'],
};

export const allow = (bucket: string, principal: string | JsonObject, more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: principal,
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  ...more,
});
export const policy = (...statements: readonly JsonObject[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});
export const bucket = (name: string, more: Partial<BucketSeed> = {}): BucketSeed => ({
  name,
  account: OWNER.id,
  region: REGION,
  objects: { 'report.txt': 'quarterly figures' },
  ...more,
});

export function startWorld(options: Partial<S3ServerOptions> = {}): Promise<S3Server> {
  return createS3Server({
    accounts: [OWNER, PARTNER],
    users: [OWNER_USER, PARTNER_USER, BOT_USER],
    roles: [{ arn: ROLE_ARN, allows: ['s3:*'], trusts: [BOT_USER.arn] }],
    buckets: [],
    ...options,
  });
}

export const clientOf = (
  url: string,
  user: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string },
  region = REGION,
): S3Client =>
  new S3Client({ endpoint: url, region, forcePathStyle: true, maxAttempts: 1, credentials: user });

/** HTTP status of reading the report: without keys, or with somebody's. */
export async function readStatus(
  url: string,
  name: string,
  user?: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<number> {
  if (!user) return (await fetch(`${url}/${name}/report.txt`)).status;
  const answer = await clientOf(url, user)
    .send(new GetObjectCommand({ Bucket: name, Key: 'report.txt' }))
    .catch((error: { $metadata: { httpStatusCode: number } }) => error);
  return answer.$metadata.httpStatusCode ?? 0;
}

/** The SDK's error name and status, or `ok`. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode} ${name}`;
  }
}
