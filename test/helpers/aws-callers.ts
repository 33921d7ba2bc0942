// The sandbox's own people and programs in AWS, as a test is one of them: reads an object, and says how that went.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { SAMPLE_REGION } from '../../src/sandbox/samples/cloudtrail-samples.ts';
import type { TestWorld } from './world.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** HTTP status of reading `bucket/key`, without keys or with somebody's. */
export async function statusOf({ running }: TestWorld, path: string, keys?: Keys): Promise<number> {
  if (!keys) return (await fetch(`${running.s3}/${path}`)).status;
  const [Bucket = '', Key = ''] = path.split('/');
  const client = new S3Client({
    endpoint: running.s3,
    region: SAMPLE_REGION,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: keys,
  });
  try {
    const answer = await client
      .send(new GetObjectCommand({ Bucket, Key }))
      .catch((error: { $metadata: { httpStatusCode?: number } }) => error);
    return answer.$metadata.httpStatusCode ?? 0;
  } finally {
    client.destroy();
  }
}

/** A session of a role that Alex may assume. */
export async function sessionOf({ running }: TestWorld, roleArn: string): Promise<Keys> {
  const sts = new STSClient({
    endpoint: `${running.s3}/sts`,
    region: SAMPLE_REGION,
    maxAttempts: 1,
    credentials: running.aws.alex,
  });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'nightly' }),
    );
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
  } finally {
    sts.destroy();
  }
}
