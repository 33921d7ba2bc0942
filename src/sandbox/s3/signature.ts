// Signature Version 4 in the Authorization header, checked as AWS does ("Authenticating requests" in the S3 API reference).
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from './s3-error.ts';

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Scope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const MAX_SKEW_MS = 15 * 60_000;
const HEADER =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})$/;

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** RFC 3986, as the signature wants it: encodeURIComponent leaves five characters alone. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Null when the request is anonymous. Throws AuthorizationHeaderMalformed, or NotImplemented for signatures in the query. */
export function readScope(request: SignedRequest): Scope | null {
  if (request.query.has('X-Amz-Signature')) throw new S3Error('NotImplemented');
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const match = HEADER.exec(header);
  if (!match) throw new S3Error('AuthorizationHeaderMalformed');
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature };
}

function payloadHash({ headers, body }: SignedRequest, service: string): string {
  const declared = headers['x-amz-content-sha256'];
  if (service !== 's3') return sha256(body);
  if (typeof declared !== 'string')
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  if (declared === 'UNSIGNED-PAYLOAD') return declared;
  if (declared.startsWith('STREAMING-')) throw new S3Error('NotImplemented');
  if (declared !== sha256(body)) throw new S3Error('XAmzContentSHA256Mismatch');
  return declared;
}

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** S3 encodes each path segment once. */
const canonicalPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');

function canonicalHeaders(headers: IncomingHttpHeaders, names: readonly string[]): string {
  return names
    .map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}\n`,
    )
    .join('');
}

function checkHeaders(request: SignedRequest, scope: Scope, now: number): string {
  const unsigned = Object.keys(request.headers).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !scope.signedHeaders.includes(name),
  );
  if (unsigned.length > 0)
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed');
  const stamp = String(request.headers['x-amz-date'] ?? '');
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!match || !stamp.startsWith(scope.date)) throw new S3Error('AuthorizationHeaderMalformed');
  const [, year, month, day, hour, minute, second] = match;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(at - now) <= MAX_SKEW_MS)) throw new S3Error('RequestTimeTooSkewed');
  return stamp;
}

/** Throws SignatureDoesNotMatch, RequestTimeTooSkewed, XAmzContentSHA256Mismatch, AccessDenied (unsigned headers). `now` in ms since 1970. */
export function checkSignature(request: SignedRequest, scope: Scope, secret: string, now: number): void {
  const stamp = checkHeaders(request, scope, now);
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    canonicalHeaders(request.headers, scope.signedHeaders),
    scope.signedHeaders.join(';'),
    payloadHash(request, scope.service),
  ].join('\n');
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', stamp, place, sha256(canonical)].join('\n');
  const key = [scope.region, scope.service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, scope.date));
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(scope.signature, 'hex')))
    throw new S3Error('SignatureDoesNotMatch');
}
