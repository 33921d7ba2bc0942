// What S3 and S3 Control answer about a whole account: its buckets, page after page, and its public access block.
import type { PublicAccessBlock } from '../../case/public-access.ts';
import { identityAllows } from './access.ts';
import { type Answer, s3Result, xmlAnswer } from './answer.ts';
import type { Caller } from './callers.ts';
import { blockNode, parseBlock } from './public-access-block.ts';
import { OPERATIONS, type Operation } from './routes.ts';
import { S3Error } from './s3-error.ts';
import type { SignedRequest } from './signature.ts';
import type { BucketState } from './state.ts';
import { element } from './xml.ts';

const MAX_BUCKETS = 10_000;

export interface AccountCall {
  readonly request: SignedRequest;
  readonly caller: Caller | null;
  readonly buckets: readonly BucketState[];
  readonly block: PublicAccessBlock | undefined;
  /** Null removes it. */
  saveBlock(block: PublicAccessBlock | null): void;
}

function listBuckets(caller: Caller, { request: { query }, buckets }: AccountCall): Answer {
  const limit = query.get('max-buckets');
  const most = Number(limit ?? MAX_BUCKETS);
  if (!(Number.isInteger(most) && most >= 1 && most <= MAX_BUCKETS)) throw new S3Error('InvalidArgument');
  const prefix = query.get('prefix') ?? '';
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  const found = buckets
    .filter(({ account, name }) => account === caller.account.id && name.startsWith(prefix) && name > after)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, most);
  // AWS names the regions only where a parameter was given.
  const regions = [...query.keys()].some((name) => name !== 'x-id');
  const last = page.at(-1)?.name ?? '';
  return s3Result('ListAllMyBucketsResult', [
    element('Owner', [element('ID', caller.account.canonicalId)]),
    element(
      'Buckets',
      page.map(({ name, createdAt, region }) =>
        element('Bucket', [
          element('Name', name),
          element('CreationDate', createdAt),
          regions ? element('BucketRegion', region) : undefined,
        ]),
      ),
    ),
    found.length > page.length
      ? element('ContinuationToken', Buffer.from(last).toString('base64url'))
      : undefined,
  ]);
}

/** Throws AccessDenied for strangers, for callers of another account, and for callers without the permission. */
export function performOnAccount(operation: Operation, call: AccountCall): Answer {
  const { caller, request } = call;
  const action = OPERATIONS[operation];
  if (!caller) throw new S3Error('AccessDenied');
  const asked = request.headers['x-amz-account-id']?.toString() ?? caller.account.id;
  if (asked !== caller.account.id || !identityAllows(caller, action))
    throw new S3Error(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
    );
  if (operation === 'ListBuckets') return listBuckets(caller, call);
  if (request.headers['x-amz-account-id'] === undefined)
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-account-id');
  if (operation === 'GetAccountPublicAccessBlock') return xmlAnswer(blockNode(call.block));
  const removes = operation === 'DeleteAccountPublicAccessBlock';
  call.saveBlock(removes ? null : parseBlock(request.body.toString('utf8')));
  return { status: removes ? 204 : 201 };
}

export const isAboutAccount = (operation: Operation): boolean =>
  operation === 'ListBuckets' || operation.includes('AccountPublicAccessBlock');
