// One call to S3 about a bucket or an account, under the role of the account. One client for each account and region: S3 knows a
// bucket only in its own. Nothing is retried here, because the step that asked for the call does that.
import { S3Client } from '@aws-sdk/client-s3';
import { type AwsCall, awsCode, isStaleCredentials, translateAwsError } from './aws-error.ts';
import { type AwsOptions, type CallOptions, createRoles, DEFAULT_TIMEOUT_MS } from './clients.ts';
import { recordRequests } from './record-requests.ts';

/** Where a call goes; without a region that is one, S3 is asked in ours, and says where the bucket is. */
export interface Place extends AwsCall {
  readonly region?: string;
}
export type Run<Answer> = (client: S3Client, options: CallOptions) => Promise<Answer>;
/** Answers null where S3 answers with `absent`, its code for "there is none". */
export interface S3Call {
  <Answer>(place: Place, run: Run<Answer>): Promise<Answer>;
  <Answer>(place: Place, run: Run<Answer>, absent: string | undefined): Promise<Answer | null>;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/;

export function createS3Call(options: AwsOptions): S3Call {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const roles = options.roles ?? createRoles(options);
  /** By account and region. */
  const clients = new Map<string, S3Client>();

  function clientFor({ account, region = '' }: Place): S3Client {
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

  async function call<Answer>(place: Place, run: Run<Answer>): Promise<Answer>;
  async function call<Answer>(
    place: Place,
    run: Run<Answer>,
    absent: string | undefined,
  ): Promise<Answer | null>;
  async function call<Answer>(place: Place, run: Run<Answer>, absent?: string) {
    try {
      await roles.of(place.account);
      return await run(clientFor(place), { abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (absent !== undefined && awsCode(error) === absent) return null;
      if (isStaleCredentials(error)) forget(place.account);
      throw translateAwsError(error, place);
    }
  }

  return call;
}
