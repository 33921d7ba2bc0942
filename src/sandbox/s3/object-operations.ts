// Objects: get, head, put, delete, and both forms of the listing.
import { publicGrants } from '../../case/public-access.ts';
import { blockOf, decideAccess, effectiveAcl, refusal } from './access.ts';
import { aclNode, cannedGrants, isCannedAcl, readGrants } from './acl.ts';
import { type Answer, s3Result, xmlAnswer } from './answer.ts';
import type { Call } from './call.ts';
import type { Operation } from './routes.ts';
import { S3Error } from './s3-error.ts';
import { type ObjectState, objectState } from './state.ts';
import { element } from './xml.ts';

/** The canonical id under which S3 files what anonymous callers upload. */
const ANONYMOUS_ID = '65a011a29cdf8ec533ec3d1ccaae921c';
const MAX_KEYS = 1000;

function objectHeaders(object: ObjectState): Record<string, string> {
  return {
    'content-type': object.contentType,
    'content-length': String(Buffer.byteLength(object.body, 'base64')),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
  };
}

/** Without the right to list, S3 does not even say that a key is missing. */
function existing({ access }: Call): ObjectState {
  if (access.object) return access.object;
  const { key: _key, ...bucketOnly } = access;
  const mayList = decideAccess({ ...bucketOnly, action: 's3:ListBucket' }).allowed;
  if (mayList) throw new S3Error('NoSuchKey');
  const because = 'no identity-based policy allows the s3:ListBucket action';
  throw new S3Error('AccessDenied', refusal({ ...bucketOnly, action: 's3:ListBucket' }, because));
}

function getObject(call: Call): Answer {
  const object = existing(call);
  return { status: 200, headers: objectHeaders(object), body: Buffer.from(object.body, 'base64') };
}

function putObject(call: Call): Answer {
  const { bucket, ownerId, request, access } = call;
  const canned = String(request.headers['x-amz-acl'] ?? 'private');
  const enforced = bucket.ownership === 'BucketOwnerEnforced';
  if (!isCannedAcl(canned)) throw new S3Error('InvalidArgument');
  if (enforced && request.headers['x-amz-acl'] !== undefined && canned !== 'bucket-owner-full-control')
    throw new S3Error('AccessControlListNotSupported');
  const writerId = access.caller?.account.canonicalId ?? ANONYMOUS_ID;
  const given = bucket.ownership === 'BucketOwnerPreferred' && canned === 'bucket-owner-full-control';
  const objectOwner = enforced || given ? ownerId : writerId;
  const grants = cannedGrants(canned, objectOwner, ownerId);
  if (blockOf(access)?.blockPublicAcls && publicGrants({ ownerId, grants }).length > 0)
    throw new S3Error('AccessDenied');
  const type = request.headers['content-type'] ?? 'binary/octet-stream';
  const object = objectState(request.body, objectOwner, grants, call.now, type);
  call.save({ ...bucket, objects: { ...bucket.objects, [access.key ?? '']: object } });
  return { status: 200, headers: { etag: `"${object.etag}"` } };
}

function deleteObject(call: Call): Answer {
  const { [call.access.key ?? '']: _gone, ...objects } = call.bucket.objects;
  call.save({ ...call.bucket, objects });
  return { status: 204 };
}

/** Where ACLs are disabled, S3 answers with the one grant that then holds. */
function getAcl(call: Call): Answer {
  const { ownerId, grants } = existing(call);
  const enforced = call.bucket.ownership === 'BucketOwnerEnforced';
  return xmlAnswer(
    enforced
      ? aclNode({ ownerId: call.ownerId, grants: cannedGrants('private', call.ownerId, call.ownerId) })
      : aclNode(effectiveAcl({ ownerId, grants }, call.access)),
  );
}

function putAcl(call: Call): Answer {
  const { bucket, access } = call;
  const object = existing(call);
  if (bucket.ownership === 'BucketOwnerEnforced') throw new S3Error('AccessControlListNotSupported');
  const grants = readGrants(call, object.ownerId);
  if (blockOf(access)?.blockPublicAcls && publicGrants({ ownerId: object.ownerId, grants }).length > 0) {
    const because =
      'public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access.';
    throw new S3Error('AccessDenied', refusal(access, because));
  }
  call.save({ ...bucket, objects: { ...bucket.objects, [access.key ?? '']: { ...object, grants } } });
  return { status: 200 };
}

interface Page {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly last: string;
  readonly truncated: boolean;
}

/** One page of keys after `after`; keys that share what precedes the delimiter count once, as a common prefix. */
function page(all: readonly string[], prefix: string, delimiter: string, after: string, most: number): Page {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last = after;
  for (const key of all) {
    if (
      !key.startsWith(prefix) ||
      key <= after ||
      (last.endsWith(delimiter) && delimiter && key.startsWith(last))
    )
      continue;
    if (keys.length + prefixes.length >= most) return { keys, prefixes, last, truncated: true };
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    last = end < 0 ? key : key.slice(0, end + delimiter.length);
    (end < 0 ? keys : prefixes).push(last);
  }
  return { keys, prefixes, last, truncated: false };
}

function listObjects(call: Call, second: boolean): Answer {
  const { query } = call.request;
  const most = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS);
  if (!(Number.isInteger(most) && most >= 0)) throw new S3Error('InvalidArgument');
  const token = query.get('continuation-token');
  const from = second
    ? token === null
      ? query.get('start-after')
      : Buffer.from(token, 'base64url').toString()
    : query.get('marker');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string): string => text;
  const all = Object.keys(call.bucket.objects).sort();
  const found = page(all, prefix, delimiter, from ?? '', most);
  const entry = (key: string) => {
    const { etag, lastModified, body } = call.bucket.objects[key] as ObjectState;
    return element('Contents', [
      element('Key', encode(key)),
      element('LastModified', lastModified),
      element('ETag', `"${etag}"`),
      element('Size', String(Buffer.byteLength(body, 'base64'))),
      element('StorageClass', 'STANDARD'),
    ]);
  };
  const next = second
    ? element('NextContinuationToken', Buffer.from(found.last).toString('base64url'))
    : element('NextMarker', encode(found.last));
  return s3Result('ListBucketResult', [
    element('Name', call.bucket.name),
    element('Prefix', encode(prefix)),
    delimiter === '' ? undefined : element('Delimiter', encode(delimiter)),
    second ? element('KeyCount', String(found.keys.length + found.prefixes.length)) : undefined,
    element('MaxKeys', String(most)),
    element('IsTruncated', String(found.truncated)),
    found.truncated ? next : undefined,
    ...found.keys.map(entry),
    ...found.prefixes.map((each) => element('CommonPrefixes', [element('Prefix', encode(each))])),
  ]);
}

export const OBJECT_OPERATIONS: Partial<Record<Operation, (call: Call) => Answer>> = {
  GetObject: getObject,
  HeadObject: (call) => ({ status: 200, headers: objectHeaders(existing(call)) }),
  PutObject: putObject,
  DeleteObject: deleteObject,
  GetObjectAcl: getAcl,
  PutObjectAcl: putAcl,
  ListObjects: (call) => listObjects(call, false),
  ListObjectsV2: (call) => listObjects(call, true),
};
