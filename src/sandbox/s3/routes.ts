// Method, path and query to the S3 operation that they mean, and to the permission that it needs.
import { S3Error } from './s3-error.ts';

export const OPERATIONS = {
  ListBuckets: 's3:ListAllMyBuckets',
  HeadBucket: 's3:ListBucket',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  GetBucketLocation: 's3:GetBucketLocation',
  GetBucketAcl: 's3:GetBucketAcl',
  PutBucketAcl: 's3:PutBucketAcl',
  GetBucketPolicy: 's3:GetBucketPolicy',
  PutBucketPolicy: 's3:PutBucketPolicy',
  DeleteBucketPolicy: 's3:DeleteBucketPolicy',
  GetBucketPolicyStatus: 's3:GetBucketPolicyStatus',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  // AWS asks for the Put permission here; there is no Delete permission.
  DeletePublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  GetBucketOwnershipControls: 's3:GetBucketOwnershipControls',
  PutBucketOwnershipControls: 's3:PutBucketOwnershipControls',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  GetObjectAcl: 's3:GetObjectAcl',
  PutObjectAcl: 's3:PutObjectAcl',
  GetAccountPublicAccessBlock: 's3:GetAccountPublicAccessBlock',
  PutAccountPublicAccessBlock: 's3:PutAccountPublicAccessBlock',
  // AWS asks for the Put permission here too.
  DeleteAccountPublicAccessBlock: 's3:PutAccountPublicAccessBlock',
} as const;
export type Operation = keyof typeof OPERATIONS;

export interface Route {
  readonly operation: Operation;
  readonly bucket: string;
  readonly key?: string;
}

/** Query names that choose another operation than the path alone would. */
const SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  acl: { GET: 'GetBucketAcl', PUT: 'PutBucketAcl' },
  policy: { GET: 'GetBucketPolicy', PUT: 'PutBucketPolicy', DELETE: 'DeleteBucketPolicy' },
  policyStatus: { GET: 'GetBucketPolicyStatus' },
  publicAccessBlock: {
    GET: 'GetPublicAccessBlock',
    PUT: 'PutPublicAccessBlock',
    DELETE: 'DeletePublicAccessBlock',
  },
  ownershipControls: { GET: 'GetBucketOwnershipControls', PUT: 'PutBucketOwnershipControls' },
  location: { GET: 'GetBucketLocation' },
};
/** S3 Control, which AWS serves from hosts of its own. */
const ACCOUNT_BLOCK_PATH = '/v20180820/configuration/publicAccessBlock';
const ACCOUNT_OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: 'GetAccountPublicAccessBlock',
  PUT: 'PutAccountPublicAccessBlock',
  DELETE: 'DeleteAccountPublicAccessBlock',
};
const OBJECT_ACL_OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: 'GetObjectAcl',
  PUT: 'PutObjectAcl',
};
const OBJECT_OPERATIONS: Readonly<Record<string, Operation>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};
/** Parameters that only refine an operation. Any other query name asks for something that is not here. */
const REFINEMENTS = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'marker',
  'start-after',
  'continuation-token',
  'encoding-type',
  'fetch-owner',
  'max-buckets',
]);

/** Throws NotImplemented, MethodNotAllowed, or InvalidArgument for a path that is not percent-encoded properly. */
export function findRoute(method: string, path: string, query: URLSearchParams): Route {
  if (path === ACCOUNT_BLOCK_PATH) {
    const operation = ACCOUNT_OPERATIONS[method];
    if (!operation) throw new S3Error('MethodNotAllowed');
    return { operation, bucket: '' };
  }
  const [, bucket = '', ...rest] = decodePath(path).split('/');
  const key = rest.join('/');
  const subresource = [...query.keys()].find((name) => !REFINEMENTS.has(name));
  if (key !== '') {
    const operation = (subresource === 'acl' ? OBJECT_ACL_OPERATIONS : OBJECT_OPERATIONS)[method];
    if (!['acl', undefined].includes(subresource) || !operation) throw new S3Error('NotImplemented');
    return { operation, bucket, key };
  }
  if (bucket === '') {
    if (method !== 'GET' || subresource !== undefined) throw new S3Error('MethodNotAllowed');
    return { operation: 'ListBuckets', bucket };
  }
  return { operation: bucketOperation(method, subresource, query), bucket };
}

function bucketOperation(method: string, subresource: string | undefined, query: URLSearchParams): Operation {
  if (subresource !== undefined) {
    const operations = Object.hasOwn(SUBRESOURCES, subresource) ? SUBRESOURCES[subresource] : undefined;
    if (!operations) throw new S3Error('NotImplemented');
    const operation = operations[method];
    if (!operation) throw new S3Error('MethodNotAllowed');
    return operation;
  }
  if (method === 'HEAD') return 'HeadBucket';
  // Buckets come from the scenario: they are neither created nor deleted here.
  if (method !== 'GET') throw new S3Error('NotImplemented');
  return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidArgument', "Couldn't parse the specified URI.");
  }
}
