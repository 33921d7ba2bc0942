// Turns what Graph, its SDK and its login answer into Countersign's own errors: whether to try again, when, and what to check.
// Messages never hold a token, a secret or a body.
import { CountersignError, errorText, isCountersignError } from '../../case/errors.ts';
import { type Said, say } from '../../case/said.ts';

/** An error answer of Graph, already read. */
export interface GraphRefusal {
  readonly status: number;
  /** `error.code` of the body; empty when the body was not Graph's. */
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly retryAfter: string | null;
}

/** What a call knows about its own failures: who reads the error, must know what to do. */
export interface RefusalHints {
  /** What the operator should check when the answer is 403. */
  readonly permissions: readonly string[];
  /** What a 404 means here, for the person: "There is no such group any more." */
  readonly gone?: Said;
  /** The licence that the tenant must have for this. */
  readonly licence?: string;
  /** How long to wait where Graph throttles without saying for how long. */
  readonly pauseMs?: number;
}

const UNAVAILABLE_STATUSES: readonly number[] = [408, 500, 502, 503, 504];
const BUSY = say('errors.graph-busy');
const DOWN = say('errors.graph-down');
const LATE = say('errors.graph-late');
const GONE = say('errors.graph-gone');
const CHANGED = say('errors.graph-changed');
const REFUSED = say('errors.graph-refused');
const NOT_ALLOWED = say('errors.graph-not-let-in');
const LIST = new Intl.ListFormat('en-GB');
/** Microsoft varies the wording: "Your tenant is not licensed for this feature", "doesn't have premium license", and a code of its own. */
const LICENCE_MISSING = /not licensed|premium licen[sc]e|PremiumLicen[sc]eRequired|NonPremiumTenant/i;

/** Graph says itself that it is the licence. */
export const saysNoLicence = ({ code, message }: Pick<GraphRefusal, 'code' | 'message'>): boolean =>
  LICENCE_MISSING.test(`${code} ${message}`);

/** Milliseconds of a Retry-After header: seconds or an HTTP date, never negative; undefined when it is neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** `graph.throttled`, `graph.unavailable`, `graph.unauthorised`, `graph.forbidden`, `graph.not-found`, `graph.refused`. */
export function refusalError(
  refusal: GraphRefusal,
  operation: string,
  hints: RefusalHints,
  now: number,
): CountersignError {
  const { status, code, requestId } = refusal;
  const what = `${operation}: ${status} ${code}`.trimEnd();
  const asked = retryAfterMs(refusal.retryAfter, now);
  const wait = asked ?? (status === 429 ? hints.pauseMs : undefined);
  const later = { retryable: true, requestId, ...(wait !== undefined && { retryAfterMs: wait }) };
  if (status === 429) return new CountersignError('graph.throttled', what, { ...later, say: BUSY });
  if (UNAVAILABLE_STATUSES.includes(status))
    return new CountersignError('graph.unavailable', what, { ...later, say: DOWN });
  if (status === 401)
    return new CountersignError(
      'graph.unauthorised',
      `${what}: Graph does not accept Countersign's token; check tenant, client and credential`,
      { say: NOT_ALLOWED, requestId },
    );
  if (status === 403) return forbiddenError(refusal, what, hints);
  // As with AWS: whoever asks again looks again first.
  if (status === 409) return new CountersignError('graph.unavailable', what, { ...later, say: CHANGED });
  const [name, says] = status === 404 ? ['not-found', hints.gone ?? GONE] : ['refused', REFUSED];
  return new CountersignError(`graph.${name}`, `${what}: ${refusal.message}`.slice(0, 500), {
    say: says,
    requestId,
  });
}

/** One code for all, with words of their own: a permission or role that is missing, a licence that is, and what may be either. */
function forbiddenError(refusal: GraphRefusal, what: string, hints: RefusalHints): CountersignError {
  const { requestId } = refusal;
  const { licence, permissions } = hints;
  if (licence && saysNoLicence(refusal))
    return new CountersignError('graph.forbidden', `${what}: the tenant has no licence for it (${licence})`, {
      say: say('errors.graph-not-licensed', { licence }),
      requestId,
    });
  const also = licence ? `, and that the tenant has ${licence}` : '';
  return new CountersignError(
    'graph.forbidden',
    `${what}: check that the app has ${LIST.format(permissions)} with admin consent${also}`,
    {
      say: licence
        ? say('errors.graph-not-permitted-or-licensed', { permissions, licence })
        : say('errors.graph-not-permitted', { permissions }),
      requestId,
    },
  );
}

interface LoginFailure {
  readonly statusCode?: unknown;
  readonly errorCode?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
}

/** The login's refusals that no retry mends (RFC 6749, 5.2, and Entra's own). */
const LOGIN_REFUSALS: readonly string[] = [
  'invalid_client',
  'unauthorized_client',
  'invalid_request',
  'invalid_scope',
  'invalid_grant',
  'invalid_tenant',
  'unsupported_grant_type',
];

/** Whether the login (or the SDK for it) refused us for good, rather than being out of reach. */
function isLoginRefusal(error: unknown, depth = 0): boolean {
  if (!error || typeof error !== 'object' || depth > 4) return false;
  const { statusCode, errorCode, status, cause } = error as LoginFailure;
  const codes = [statusCode, status].filter((one) => typeof one === 'number');
  if (codes.some((one) => one === 400 || one === 401 || one === 403)) return true;
  if (typeof errorCode === 'string' && LOGIN_REFUSALS.includes(errorCode)) return true;
  return isLoginRefusal(cause, depth + 1);
}

/** No token: `graph.unauthorised` when the login refused us, else `graph.unavailable`. */
export function tokenError(error: unknown): CountersignError {
  if (isCountersignError(error)) return error;
  if (isLoginRefusal(error))
    return new CountersignError(
      'graph.unauthorised',
      'Entra gave no token: check tenant id, client id and secret (or the managed identity)',
      { say: NOT_ALLOWED, cause: error },
    );
  return new CountersignError('graph.unavailable', `Entra gave no token: ${errorText(error)}`.slice(0, 500), {
    say: DOWN,
    retryable: true,
    cause: error,
  });
}

/** The call did not come back: network, time-out, or an answer that broke off. Always `graph.unavailable`, unless it is ours already. */
export function brokenCallError(error: unknown, operation: string): CountersignError {
  if (isCountersignError(error)) return error;
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const why = timedOut ? 'no answer in time' : errorText(error);
  return new CountersignError('graph.unavailable', `${operation}: ${why}`.slice(0, 500), {
    say: timedOut ? LATE : DOWN,
    retryable: true,
    cause: error,
  });
}
