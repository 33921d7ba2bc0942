// What every AWS client here has in common: our base identity at STS, and one client an account with the keys of the one role
// that Countersign assumes there. Nothing is retried here, because the step that asked for the call does that.
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { AwsAccount } from '../../case/settings.ts';
import type { RequestLog } from '../../ports/request-log.ts';
import { awsCode, isStaleCredentials, translateAwsError } from './aws-error.ts';
import { type Recordable, recordRequests } from './record-requests.ts';
import {
  createRoleCredentials,
  type RoleCredentials,
  type RoleCredentialsCache,
} from './role-credentials.ts';

export interface AwsOptions {
  readonly accounts: readonly AwsAccount[];
  /** Where the id of every call goes. */
  readonly requestLog: RequestLog;
  /** Where STS is asked. It also says which of AWS's partitions this is, and so where the global services are. */
  readonly region: string;
  /** For a stand-in: replaces AWS's own host. */
  readonly endpoint?: string | undefined;
  readonly stsEndpoint?: string | undefined;
  /** Who assumes the roles. Absent: the SDK's default chain (environment, container, instance); given, nothing else is looked at. */
  readonly credentials?: NonNullable<STSClientConfig['credentials']> | undefined;
  /** For each request, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** The session in each account, shared by all services; one of its own when absent. */
  readonly roles?: RoleCredentialsCache | undefined;
}

export interface RoleClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: () => Promise<RoleCredentials>;
  readonly endpoint?: string;
}

export interface CallOptions {
  readonly abortSignal: AbortSignal;
}
type Send<Client, Answer> = (client: Client, options: CallOptions) => Promise<Answer>;

export interface RoleCalls<Client> {
  /** Throws what `translateAwsError` makes of the error, and `aws.not-listed` without any call. */
  send<Answer>(account: string, operation: string, send: Send<Client, Answer>): Promise<Answer>;
  /** As `send`, but answers `instead` where AWS answers with an error that `absent` recognises. */
  sendOr<Answer, Instead>(
    account: string,
    operation: string,
    send: Send<Client, Answer>,
    absent: (error: unknown) => boolean,
    instead: (error: unknown) => Instead,
  ): Promise<Answer | Instead>;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

/** STS as our base identity sees it. */
export function createSts(options: AwsOptions): STSClient {
  const client = new STSClient({
    region: options.region,
    maxAttempts: 1,
    ...(options.stsEndpoint === undefined ? {} : { endpoint: options.stsEndpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });
  return recordRequests(client, options.requestLog, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
}

/** One session an account, for every service that is asked in it. */
export const createRoles = (options: AwsOptions): RoleCredentialsCache =>
  createRoleCredentials(createSts(options), options.accounts, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);

export function createRoleCalls<Client extends Recordable>(
  options: AwsOptions,
  create: (config: RoleClientConfig) => Client,
): RoleCalls<Client> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const roles = options.roles ?? createRoles(options);
  const clients = new Map<string, Client>();

  function clientFor(account: string): Client {
    const known = clients.get(account);
    if (known) return known;
    const created = create({
      region: options.region,
      maxAttempts: 1,
      credentials: () => roles.of(account),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    });
    const client = recordRequests(created, options.requestLog, timeoutMs);
    clients.set(account, client);
    return client;
  }

  async function sendOr<Answer, Instead>(
    account: string,
    operation: string,
    send: Send<Client, Answer>,
    absent: (error: unknown) => boolean,
    instead: (error: unknown) => Instead,
  ): Promise<Answer | Instead> {
    try {
      await roles.of(account);
      return await send(clientFor(account), { abortSignal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (absent(error)) return instead(error);
      if (isStaleCredentials(error, true)) {
        // A client remembers its keys, so both are dropped.
        roles.forget(account);
        clients.delete(account);
      }
      throw translateAwsError(error, { operation, account, session: true });
    }
  }

  return {
    sendOr,
    send: <Answer>(account: string, operation: string, send: Send<Client, Answer>) =>
      sendOr<Answer, never>(account, operation, send, never, unreachable),
  };
}

const never = (): boolean => false;
const unreachable = (): never => {
  throw new Error('no error is taken for an absence here');
};

/** Recognises AWS's codes for "there is none", with the `Exception` that the SDK hangs on to some. */
export const hasCode =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    codes.includes(awsCode(error).replace(/Exception$/, ''));

interface WithMetadata {
  readonly $metadata?: { readonly requestId?: string | undefined };
}
/** Of an answer, or of an error that AWS answered with. */
export const receiptOf = (answer: unknown): { readonly requestId: string } => ({
  requestId: (answer as WithMetadata).$metadata?.requestId ?? '',
});
