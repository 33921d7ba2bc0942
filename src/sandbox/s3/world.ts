// The stand-in's changing part, and the authorised path to it: one request in, one answer out.
import type { PublicAccessBlock } from '../../case/public-access.ts';
import { decideAccess } from './access.ts';
import { isAboutAccount, performOnAccount } from './account-operations.ts';
import type { Answer } from './answer.ts';
import { BUCKET_OPERATIONS } from './bucket-operations.ts';
import type { Call } from './call.ts';
import { type Caller, type Callers, createCallers, type KnownCallers } from './callers.ts';
import { createFaults, type Faults } from './faults.ts';
import { OBJECT_OPERATIONS } from './object-operations.ts';
import { OPERATIONS, type Route } from './routes.ts';
import { S3Error } from './s3-error.ts';
import type { SignedRequest } from './signature.ts';
import { type BucketSeed, type BucketState, createBucketState, type S3State } from './state.ts';
import { answerSts } from './sts.ts';

export interface S3WorldOptions extends KnownCallers {
  readonly buckets: readonly BucketSeed[];
  /** What an earlier world left behind; takes the place of `buckets`. */
  readonly state?: S3State | undefined;
  /** Called with the whole state after every change. It must not throw. */
  readonly onChange?: ((state: S3State) => void) | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** What was asked, for tests that show what was called and what was not. */
export interface RecordedCall {
  readonly operation: string;
  readonly bucket: string;
  /** ARN, or `anonymous`. */
  readonly caller: string;
  readonly expectedOwner: string | null;
  readonly status: number;
  readonly requestId: string;
}

export interface S3World {
  readonly faults: Faults;
  /** Whose keys are known, for stand-ins of other services. */
  readonly callers: Callers;
  /** The latest thousand calls, oldest first. */
  readonly calls: readonly RecordedCall[];
  state(): S3State;
  /** Sets a bucket up anew, for scenarios that run again. */
  putBucket(seed: BucketSeed): void;
  /** Somebody deleted it. */
  removeBucket(name: string): void;
  /** Somebody set or (null) removed the block of a whole account. */
  putAccountBlock(account: string, block: PublicAccessBlock | null): void;
}

/** The server's side of the world. */
export interface S3Engine extends S3World {
  sts(request: SignedRequest, requestId: string): Answer;
  /** Throws S3Error. `note` learns the caller as soon as it is known. */
  perform(route: Route, request: SignedRequest, sourceIp: string, note: (caller: string) => void): Answer;
  record(call: RecordedCall): void;
}

const MAX_CALLS = 1000;

/** "AWS global condition context keys" in the IAM user guide: the properties of a request. */
function requestKeys({ headers }: SignedRequest, now: number): Record<string, string> {
  return {
    'aws:currenttime': new Date(now).toISOString(),
    ...(headers.referer === undefined ? {} : { 'aws:referer': headers.referer }),
    ...(headers['user-agent'] === undefined ? {} : { 'aws:useragent': headers['user-agent'] }),
  };
}

export function createS3World(options: S3WorldOptions): S3Engine {
  const now = options.now ?? Date.now;
  const callers = createCallers(options, now);
  const faults = createFaults();
  const calls: RecordedCall[] = [];
  const accountIds = new Set(options.accounts.map(({ canonicalId }) => canonicalId));
  const seeded = options.buckets.map(
    (seed) => [seed.name, createBucketState(seed, options.accounts, now())] as const,
  );
  const buckets = new Map<string, BucketState>(
    options.state ? Object.entries(options.state.buckets) : seeded,
  );

  const accountBlocks = new Map<string, PublicAccessBlock>(
    Object.entries(options.state?.accountBlocks ?? {}),
  );

  const state = (): S3State =>
    structuredClone({
      buckets: Object.fromEntries(buckets),
      ...(accountBlocks.size > 0 && { accountBlocks: Object.fromEntries(accountBlocks) }),
    });
  const save = (next: BucketState): void => {
    buckets.set(next.name, next);
    options.onChange?.(state());
  };
  const saveAccountBlock = (account: string, block: PublicAccessBlock | null): void => {
    if (block) accountBlocks.set(account, block);
    else accountBlocks.delete(account);
    options.onChange?.(state());
  };
  const ownerOf = (bucket: BucketState): string =>
    options.accounts.find(({ id }) => id === bucket.account)?.canonicalId ?? '';

  function authorisedCall(
    route: Route,
    request: SignedRequest,
    caller: Caller | null,
    sourceIp: string,
  ): Call {
    const bucket = buckets.get(route.bucket);
    if (!bucket) throw new S3Error('NoSuchBucket');
    const expected = request.headers['x-amz-expected-bucket-owner'];
    if (expected !== undefined && expected !== bucket.account) throw new S3Error('AccessDenied');
    const object =
      route.key !== undefined && Object.hasOwn(bucket.objects, route.key)
        ? bucket.objects[route.key]
        : undefined;
    const access = {
      caller,
      action: OPERATIONS[route.operation],
      bucket,
      accountBlock: accountBlocks.get(bucket.account) ?? null,
      ownerId: ownerOf(bucket),
      sourceIp,
      keys: requestKeys(request, now()),
      ...(route.key === undefined ? {} : { key: route.key }),
      ...(object ? { object } : {}),
    };
    const decision = decideAccess(access);
    if (!decision.allowed) throw new S3Error('AccessDenied', decision.message);
    return { request, access, bucket, ownerId: ownerOf(bucket), accountIds, now: now(), save };
  }

  function checkRegion(route: Route, region: string): void {
    const actual = buckets.get(route.bucket)?.region;
    if (actual === undefined || actual === region) return;
    throw new S3Error('PermanentRedirect', undefined, { 'x-amz-bucket-region': actual });
  }

  return {
    faults,
    callers,
    calls,
    state,
    putBucket: (seed) => save(createBucketState(seed, options.accounts, now())),
    removeBucket(name) {
      buckets.delete(name);
      options.onChange?.(state());
    },
    putAccountBlock: saveAccountBlock,
    sts: (request, requestId) => answerSts(request, callers, requestId),
    record(call) {
      calls.push(call);
      if (calls.length > MAX_CALLS) calls.shift();
    },
    perform(route, request, sourceIp, note) {
      const signed = callers.authenticate(request);
      note(signed?.caller.arn ?? 'anonymous');
      if (signed && signed.scope.service !== 's3') throw new S3Error('AuthorizationHeaderMalformed');
      if (isAboutAccount(route.operation)) {
        const caller = signed?.caller ?? null;
        const account = caller?.account.id ?? '';
        return performOnAccount(route.operation, {
          request,
          caller,
          buckets: [...buckets.values()],
          block: accountBlocks.get(account),
          saveBlock: (block) => saveAccountBlock(account, block),
        });
      }
      if (signed) checkRegion(route, signed.scope.region);
      const call = authorisedCall(route, request, signed?.caller ?? null, sourceIp);
      const operation = BUCKET_OPERATIONS[route.operation] ?? OBJECT_OPERATIONS[route.operation];
      if (!operation) throw new S3Error('NotImplemented');
      return operation(call);
    },
  };
}
