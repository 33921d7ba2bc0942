import assert from 'node:assert/strict';
import { checkSignature, readScope, type SignedRequest } from '../../../src/sandbox/s3/signature.ts';

/** The "GET Object" example of the S3 API reference, page "Signature Calculations for the Authorization Header". */
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AT = Date.parse('2013-05-24T00:00:00Z');
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SIGNATURE = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';
const headers = {
  host: 'examplebucket.s3.amazonaws.com',
  range: 'bytes=0-9',
  'x-amz-content-sha256': EMPTY,
  'x-amz-date': '20130524T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${SIGNATURE}`,
};
const example: SignedRequest = {
  method: 'GET',
  path: '/test.txt',
  query: new URLSearchParams(),
  headers,
  body: Buffer.alloc(0),
};

function check(request: SignedRequest, secret = SECRET, now = AT): string {
  try {
    const scope = readScope(request);
    if (!scope) return 'anonymous';
    checkSignature(request, scope, secret, now);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the signature check', () => {
  it("accepts AWS's own worked example", () => {
    assert.equal(check(example), 'ok');
  });

  const without = (name: string) =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
  for (const [what, request, expected] of [
    ['another path', { ...example, path: '/other.txt' }, 'SignatureDoesNotMatch'],
    ['another method', { ...example, method: 'DELETE' }, 'SignatureDoesNotMatch'],
    ['another query', { ...example, query: new URLSearchParams('acl') }, 'SignatureDoesNotMatch'],
    [
      'a signed header changed',
      { ...example, headers: { ...headers, range: 'bytes=0-' } },
      'SignatureDoesNotMatch',
    ],
    ['a body slipped in', { ...example, body: Buffer.from('x') }, 'XAmzContentSHA256Mismatch'],
    [
      'an amz header outside the signature',
      { ...example, headers: { ...headers, 'x-amz-acl': 'private' } },
      'AccessDenied',
    ],
    ['no payload hash', { ...example, headers: without('x-amz-content-sha256') }, 'InvalidRequest'],
    ['no date', { ...example, headers: without('x-amz-date') }, 'AuthorizationHeaderMalformed'],
    [
      'another scheme',
      { ...example, headers: { ...headers, authorization: 'Bearer x' } },
      'AuthorizationHeaderMalformed',
    ],
    [
      'a signature in the query',
      { ...example, query: new URLSearchParams('X-Amz-Signature=x') },
      'NotImplemented',
    ],
    ['no signature', { ...example, headers: without('authorization') }, 'anonymous'],
  ] as const)
    it(`answers ${expected} to ${what}`, () => {
      assert.equal(check(request), expected);
    });

  it('refuses the wrong secret, and a request older or newer than 15 minutes', () => {
    assert.equal(check(example, 'wrong'), 'SignatureDoesNotMatch');
    assert.equal(check(example, SECRET, AT + 15 * 60_000), 'ok');
    assert.equal(check(example, SECRET, AT + 15 * 60_000 + 1), 'RequestTimeTooSkewed');
    assert.equal(check(example, SECRET, AT - 15 * 60_000 - 1), 'RequestTimeTooSkewed');
  });
});
