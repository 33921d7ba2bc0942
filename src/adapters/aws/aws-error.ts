// What AWS throws, in the codes that the ports promise. Never lets an SDK error through, nor a secret into a message.
import { CountersignError, errorText } from '../../case/errors.ts';
import { type Said, say } from '../../case/said.ts';

/** Where the call was going, for the operator and for the person who waits. */
export interface AwsCall {
  readonly operation: string;
  readonly account: string;
  readonly bucket?: string;
  /** Key of an object in it. */
  readonly object?: string;
  /** Made with a role's temporary keys: where AWS does not know them they are stale, and not wrong. */
  readonly session?: true;
  /** Made as ourselves, before any role is taken on. */
  readonly base?: true;
}

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

const THROTTLED = /^(SlowDown|Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|BandwidthLimitExceeded)$/;
const STALE_CREDENTIALS = /^(ExpiredToken\w*|InvalidAccessKeyId|InvalidToken|TokenRefreshRequired)$/;
/** Not our fault, and over soon: a concurrent change, a connection that was too slow, a clock that the SDK corrects by itself. */
const PASSING = /^(OperationAborted|RequestTimeout|RequestTimeTooSkewed|InternalError|ServiceUnavailable)$/;
/** IAM's and Organizations' words for a change that is still going on. The SDK hangs `Exception` on to some codes. */
const IN_BETWEEN =
  /^(EntityTemporarilyUnmodifiable|ConcurrentModification|PolicyChangesInProgress|PolicyInUse)(Exception)?$/;
const FORBIDDEN =
  /^(AccessDenied\w*|AllAccessDisabled|AccountProblem|UnauthorizedAccess|SignatureDoesNotMatch|CredentialsProviderError)$/;
/** What the services other than S3 say of keys and tokens that they do not know. */
const UNKNOWN_KEYS = /^(InvalidClientTokenId|UnrecognizedClientException)$/;
/** What STS says of keys of ours, or the SDK where it finds none. */
const NO_KEYS = /^(CredentialsProviderError|SignatureDoesNotMatch)$/;
/** IAM's word and Organizations'. */
const GONE = /^(NoSuchEntity|TargetNotFound)(Exception)?$/;
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Retry-After in seconds, or as an HTTP date. */
function retryAfterMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS) : undefined;
}

function readError(error: unknown): SdkError {
  const raw = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  };
  return {
    name: String(raw.name ?? ''),
    message: errorText(error),
    status: raw.$metadata?.httpStatusCode,
    requestId: raw.$metadata?.requestId,
    retryAfterMs: retryAfterMs(raw.$response?.headers?.['retry-after']),
  };
}

/** Temporary keys that AWS no longer knows: assume the role again. */
export function isStaleCredentials(error: unknown, session = false): boolean {
  const { name } = readError(error);
  return STALE_CREDENTIALS.test(name) || (session && UNKNOWN_KEYS.test(name));
}

/** The error's own code as AWS sent it: `NoSuchBucketPolicy` and so on. */
export const awsCode = (error: unknown): string => readError(error).name;

/** To callers who may not list the bucket, S3 says of a key that is not there that they may not list it. */
const isMissingKey = ({ name, message }: SdkError, { object }: AwsCall): boolean =>
  name === 'NoSuchKey' || (object !== undefined && /\bs3:ListBucket\b/.test(message));

/** Changes of an account's own block: where an S3 policy of the organisation manages it, AWS refuses both. */
const BLOCK_WRITES: ReadonlySet<string> = new Set([
  'PutAccountPublicAccessBlock',
  'DeleteAccountPublicAccessBlock',
]);
/** "Access denied message examples" in the S3 user guide. */
const BY_ITS_POLICY = /explicit deny in a resource-based policy/;
/** A refusal by IAM or by a service control policy says so, and a permission helps. */
const BY_PERMISSION = /is not authorized to perform/;

/**
 * "You might get an Access Denied (403) error when the account is managed by organization-level Block Public Access policies."
 * (PutPublicAccessBlock in the S3 Control API reference.) How that one is worded is not documented; how a missing permission is, is.
 */
const isManaged = ({ name, message }: SdkError, { operation }: AwsCall): boolean =>
  BLOCK_WRITES.has(operation) && name === 'AccessDenied' && !BY_PERMISSION.test(message);

/** Our own keys are not taken: nothing that AWS mends by itself, and no permission of the role's. */
const isNotLetIn = ({ name }: SdkError, { base }: AwsCall): boolean =>
  base === true && [STALE_CREDENTIALS, UNKNOWN_KEYS, NO_KEYS].some((names) => names.test(name));

function codeOf(error: SdkError, call: AwsCall): string {
  const { name, status, message } = error;
  if (THROTTLED.test(name) || status === 429) return 'aws.throttled';
  if (isNotLetIn(error, call)) return 'aws.unauthorised';
  if (GONE.test(name)) return 'aws.gone';
  if (name === 'NoSuchBucket') return 'aws.no-such-bucket';
  if (isMissingKey(error, call)) return 'aws.no-such-object';
  if (call.session && UNKNOWN_KEYS.test(name)) return 'aws.unavailable';
  if (PASSING.test(name) || STALE_CREDENTIALS.test(name) || IN_BETWEEN.test(name)) return 'aws.unavailable';
  if (FORBIDDEN.test(name) || status === 403) {
    if (isManaged(error, call)) return 'aws.managed-by-organisation';
    return call.bucket !== undefined && BY_ITS_POLICY.test(message) ? 'aws.denied' : 'aws.forbidden';
  }
  // No status at all: refused, reset, timed out, or aborted by our own deadline.
  return status === undefined || status >= 500 ? 'aws.unavailable' : 'aws.refused';
}

const SAY: Readonly<Record<string, (call: AwsCall) => Said>> = {
  'aws.throttled': () => say('errors.aws-throttled'),
  'aws.unavailable': () => say('errors.aws-unavailable'),
  'aws.unauthorised': () => say('errors.aws-not-let-in'),
  'aws.no-such-bucket': ({ account, bucket = '' }) => say('errors.aws-no-such-bucket', { account, bucket }),
  'aws.no-such-object': ({ bucket = '', object = '' }) =>
    say('errors.aws-no-such-object', { bucket, object }),
  'aws.denied': ({ account, bucket = '' }) => say('errors.aws-denied-by-bucket', { account, bucket }),
  'aws.forbidden': ({ account, base }) =>
    base ? say('errors.aws-role-closed', { account }) : say('errors.aws-forbidden', { account }),
  'aws.managed-by-organisation': ({ account }) => say('errors.aws-managed-by-organisation', { account }),
  'aws.refused': () => say('errors.aws-refused'),
};

/** AccessDenied it is called, but no permission helps. ("Access denied message examples" in the S3 user guide.) */
const BLOCKED = /S3 Block Public Access/;
const SAY_BLOCKED = ({ account }: AwsCall): Said => say('errors.aws-blocked', { account });

/** All that S3 says to callers of another account than the bucket's, and of some refusals to its own. */
const isUnexplained = ({ name, message }: SdkError, { bucket }: AwsCall): boolean =>
  bucket !== undefined && name === 'AccessDenied' && message === 'Access Denied';
const SAY_UNEXPLAINED = ({ account, bucket = '' }: AwsCall): Said =>
  say('errors.aws-unexplained', { account, bucket });

/** Errors whose own name says more to the person than the code does. Without the `Exception` of some. */
const SAY_OF: ReadonlyMap<string, (call: AwsCall) => Said> = new Map(
  Object.entries<(call: AwsCall) => Said>({
    MalformedPolicy: () => say('errors.aws-malformed-policy'),
    AccessControlListNotSupported: () => say('errors.aws-no-access-lists'),
    EntityTemporarilyUnmodifiable: () => say('errors.aws-earlier-change'),
    ConcurrentModification: () => say('errors.aws-concurrent-change'),
    PolicyChangesInProgress: () => say('errors.aws-earlier-change'),
    PolicyInUse: () => say('errors.aws-policy-in-use'),
    NoSuchEntity: ({ account }) => say('errors.aws-gone', { account }),
    LimitExceeded: () => say('errors.aws-inline-quota'),
    UnmodifiableEntity: () => say('errors.aws-owned-role'),
    ConstraintViolation: () => say('errors.aws-control-quota'),
    PolicyTypeNotEnabled: () => say('errors.aws-control-off'),
    TargetNotFound: ({ account }) => say('errors.aws-unknown-target', { account }),
  }),
);

function sayingOf(read: SdkError, code: string, call: AwsCall): ((call: AwsCall) => Said) | undefined {
  if (BLOCKED.test(read.message)) return SAY_BLOCKED;
  if (isUnexplained(read, call)) return SAY_UNEXPLAINED;
  return SAY_OF.get(read.name.replace(/Exception$/, '')) ?? SAY[code];
}

/** A CountersignError for anything thrown by an AWS call. `aws.refused` (final) stands for what the port does not name. */
export function translateAwsError(error: unknown, call: AwsCall): CountersignError {
  if (error instanceof CountersignError) return error;
  const read = readError(error);
  const code = codeOf(read, call);
  const saying = sayingOf(read, code, call);
  const where = `${call.operation} in account ${call.account}${call.bucket === undefined ? '' : `, bucket ${call.bucket}`}`;
  return new CountersignError(code, `${where}: ${read.name}: ${read.message}`, {
    say: saying?.(call) ?? '',
    retryable: code === 'aws.throttled' || code === 'aws.unavailable',
    ...(read.retryAfterMs === undefined ? {} : { retryAfterMs: read.retryAfterMs }),
    ...(read.requestId === undefined ? {} : { requestId: read.requestId }),
    cause: error,
  });
}
