import assert from 'node:assert/strict';
import { translateAwsError } from '../../../src/adapters/aws/aws-error.ts';
import { CountersignError } from '../../../src/case/errors.ts';
import { english, inLanguage } from '../../helpers/english.ts';

const call = { operation: 'PutBucketPolicy', account: '123456789012', bucket: 'files' };
const thrown = (
  name: string,
  status?: number,
  message = 'text',
  headers: Readonly<Record<string, string>> = {},
) =>
  Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: status, requestId: 'REQ1' },
    $response: { headers },
  });

describe('errors from AWS', () => {
  it('says that an organisation manages the block of an account, which no permission of ours can help', () => {
    for (const operation of ['PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock']) {
      const of = { operation, account: '123456789012' };
      const managed = translateAwsError(thrown('AccessDenied', 403, 'Access Denied'), of);
      const explained = translateAwsError(
        thrown('AccessDenied', 403, 'The account is managed by an organization-level policy'),
        of,
      );
      const missing = translateAwsError(
        thrown('AccessDenied', 403, `User: arn is not authorized to perform: s3:${operation} because no ...`),
        of,
      );

      assert.deepEqual(
        [managed.code, explained.code, missing.code],
        ['aws.managed-by-organisation', 'aws.managed-by-organisation', 'aws.forbidden'],
      );
      assert.equal(managed.retryable, false);
      assert.match(
        english(managed.say),
        /policy of the AWS organisation manages it\. No permission .* helps/,
      );
    }
    const read = { operation: 'GetAccountPublicAccessBlock', account: '123456789012' };
    assert.equal(translateAwsError(thrown('AccessDenied', 403, 'Access Denied'), read).code, 'aws.forbidden');
  });

  for (const [name, status, code, retryable] of [
    ['SlowDown', 503, 'aws.throttled', true],
    ['ThrottlingException', 400, 'aws.throttled', true],
    ['TooManyRequestsException', 429, 'aws.throttled', true],
    ['NeverHeardOfEither', 429, 'aws.throttled', true],
    ['NoSuchEntityException', 404, 'aws.gone', false],
    ['TargetNotFoundException', 400, 'aws.gone', false],
    ['RequestLimitExceeded', 503, 'aws.throttled', true],
    ['NoSuchBucket', 404, 'aws.no-such-bucket', false],
    ['AccessDenied', 403, 'aws.forbidden', false],
    ['AccountProblem', 403, 'aws.forbidden', false],
    ['SignatureDoesNotMatch', 403, 'aws.forbidden', false],
    ['CredentialsProviderError', undefined, 'aws.forbidden', false],
    ['InvalidClientTokenId', 403, 'aws.forbidden', false],
    ['InvalidAccessKeyId', 403, 'aws.unavailable', true],
    ['ExpiredToken', 400, 'aws.unavailable', true],
    ['RequestTimeTooSkewed', 403, 'aws.unavailable', true],
    ['OperationAborted', 409, 'aws.unavailable', true],
    ['InternalError', 500, 'aws.unavailable', true],
    ['ServiceUnavailable', 503, 'aws.unavailable', true],
    ['TimeoutError', undefined, 'aws.unavailable', true],
    ['AbortError', undefined, 'aws.unavailable', true],
    ['EntityTemporarilyUnmodifiableException', 409, 'aws.unavailable', true],
    ['ConcurrentModificationException', 409, 'aws.unavailable', true],
    ['PolicyChangesInProgressException', 400, 'aws.unavailable', true],
    ['PolicyInUseException', 400, 'aws.unavailable', true],
    ['AccessDeniedException', 400, 'aws.forbidden', false],
    ['UnmodifiableEntityException', 400, 'aws.refused', false],
    ['LimitExceededException', 409, 'aws.refused', false],
    ['MalformedPolicy', 400, 'aws.refused', false],
    ['AccessControlListNotSupported', 400, 'aws.refused', false],
    ['NeverHeardOf', 418, 'aws.refused', false],
  ] as const)
    it(`translates ${name} to ${code}`, () => {
      const error = translateAwsError(thrown(name, status), call);

      assert.deepEqual([error.code, error.retryable, error.requestId], [code, retryable, 'REQ1']);
      assert.equal(error.message, `PutBucketPolicy in account 123456789012, bucket files: ${name}: text`);
      assert.notEqual(english(error.say), '');
    });

  it('is told to people in their language, with what it is about', () => {
    const gone = translateAwsError(thrown('NoSuchBucket', 404), call);
    const full = translateAwsError(thrown('LimitExceededException', 409), call);

    assert.equal(inLanguage('fr', gone.say), 'Il n’y a pas de bucket files dans le compte AWS 123456789012.');
    assert.match(inLanguage('de', full.say), /^AWS hat dort keinen Platz für eine weitere Inline-Richtlinie/);
    assert.match(english(full.say), /Deactivating a user's access keys needs no room\.$/);
  });

  for (const [name, status] of [
    ['ExpiredToken', 400],
    ['InvalidClientTokenId', 403],
    ['SignatureDoesNotMatch', 403],
    ['CredentialsProviderError', undefined],
  ] as const)
    it(`says of ${name} about our own keys that they are not taken, and does not wait for AWS to answer`, () => {
      const own = { operation: 'AssumeRole', account: call.account, base: true } as const;

      const error = translateAwsError(thrown(name, status), own);

      assert.deepEqual([error.code, error.retryable], ['aws.unauthorised', false]);
      assert.match(english(error.say), /own credentials: they have expired, or they are not valid/);
    });

  it('says of a role that cannot be taken on what there is to look at, and names no permission of the role', () => {
    const own = { operation: 'AssumeRole', account: call.account, base: true } as const;
    const why = 'User: arn:aws:iam::123456789012:user/base is not authorized to perform: sts:AssumeRole';

    const error = translateAwsError(thrown('AccessDenied', 403, why), own);

    assert.equal(error.code, 'aws.forbidden');
    assert.match(english(error.say), /cannot take on its role .* does not trust it/);
    assert.doesNotMatch(english(error.say), /permission/);
  });

  it('takes a bare Access Denied about a bucket for either: no permission, or another owner', () => {
    const bare = translateAwsError(thrown('AccessDenied', 403, 'Access Denied'), call);
    const why = 'User: arn:aws:iam::123456789012:role/x is not authorized to perform: s3:GetBucketPolicy';
    const explained = translateAwsError(thrown('AccessDenied', 403, why), call);

    // Elsewhere nobody could have promised the wrong bucket.
    const elsewhere = translateAwsError(thrown('AccessDenied', 403, 'Access Denied'), {
      operation: 'GetUser',
      account: call.account,
    });

    assert.deepEqual(
      [bare.code, explained.code, elsewhere.code],
      ['aws.forbidden', 'aws.forbidden', 'aws.forbidden'],
    );
    assert.match(english(bare.say), /either .* lacks the permission, or the bucket files does not belong to/);
    for (const other of [explained, elsewhere]) assert.match(english(other.say), /the missing permission/);
  });

  it('says of a Deny in the bucket’s own policy that no permission helps', () => {
    const why =
      'User: arn:aws:iam::123456789012:role/x is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::files" with an explicit deny in a resource-based policy';

    const denied = translateAwsError(thrown('AccessDenied', 403, why), call);

    assert.deepEqual([denied.code, denied.retryable], ['aws.denied', false]);
    assert.match(english(denied.say), /^The policy of the bucket files denies this .* No permission helps/);
  });

  for (const [header, expected] of [
    ['3', 3000],
    ['0', 0],
    ['999999999', 3_600_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ] as const)
    it(`reads Retry-After "${header}" as ${expected} ms`, () => {
      const error = translateAwsError(thrown('SlowDown', 503, 'text', { 'retry-after': header }), call);

      assert.equal(error.retryAfterMs, expected);
    });

  it('leaves our own errors alone, and takes anything else for a call that failed', () => {
    const ours = new CountersignError('aws.not-listed', 'no');

    assert.equal(translateAwsError(ours, call), ours);
    for (const odd of [undefined, null, 'text', 7])
      assert.equal(translateAwsError(odd, call).code, 'aws.unavailable');
  });
});
