// Access lists: the canned ones, their XML, and what a grant lets its grantee do.
import { type AclGrant, ALL_USERS, AUTHENTICATED_USERS, type BucketAcl } from '../../case/public-access.ts';
import type { Call } from './call.ts';
import { S3Error } from './s3-error.ts';
import { childOf, childrenOf, element, parseXml, textOf, type XmlElement, type XmlNode } from './xml.ts';

const CANNED = {
  private: [],
  'public-read': [{ uri: ALL_USERS, permission: 'READ' }],
  'public-read-write': [
    { uri: ALL_USERS, permission: 'READ' },
    { uri: ALL_USERS, permission: 'WRITE' },
  ],
  'authenticated-read': [{ uri: AUTHENTICATED_USERS, permission: 'READ' }],
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
} as const satisfies Record<string, readonly AclGrant[]>;
export type CannedAcl = keyof typeof CANNED;

const PERMISSIONS = new Set(['FULL_CONTROL', 'READ', 'WRITE', 'READ_ACP', 'WRITE_ACP']);
const GROUPS = new Set([ALL_USERS, AUTHENTICATED_USERS, 'http://acs.amazonaws.com/groups/s3/LogDelivery']);
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
export const S3_NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** S3 keeps at most this many grants in one list. */
const MAX_GRANTS = 100;

export const isCannedAcl = (name: string): name is CannedAcl => Object.hasOwn(CANNED, name);

/** The grants that a canned ACL stands for; the bucket owner differs from the owner only for objects. */
export function cannedGrants(name: CannedAcl, ownerId: string, bucketOwnerId: string): readonly AclGrant[] {
  const own = { canonicalId: ownerId, permission: 'FULL_CONTROL' };
  if (ownerId === bucketOwnerId || !name.startsWith('bucket-owner')) return [own, ...CANNED[name]];
  const permission = name === 'bucket-owner-read' ? 'READ' : 'FULL_CONTROL';
  return [own, { canonicalId: bucketOwnerId, permission }];
}

function granteeNode(grant: AclGrant): XmlNode {
  const type = grant.uri === undefined ? 'CanonicalUser' : 'Group';
  const who = grant.uri === undefined ? element('ID', grant.canonicalId ?? '') : element('URI', grant.uri);
  return element('Grantee', [who], ` xmlns:xsi="${INSTANCE}" xsi:type="${type}"`);
}

export const aclNode = ({ ownerId, grants }: BucketAcl): XmlNode =>
  element(
    'AccessControlPolicy',
    [
      element('Owner', [element('ID', ownerId)]),
      element(
        'AccessControlList',
        grants.map((grant) =>
          element('Grant', [granteeNode(grant), element('Permission', grant.permission)]),
        ),
      ),
    ],
    S3_NAMESPACE,
  );

function parseGrant(grant: XmlElement, accountIds: ReadonlySet<string>): AclGrant {
  const grantee = childOf(grant, 'Grantee');
  const permission = textOf(grant, 'Permission') ?? '';
  const uri = textOf(grantee, 'URI');
  const canonicalId = textOf(grantee, 'ID');
  if (textOf(grantee, 'EmailAddress') !== undefined) throw new S3Error('UnresolvableGrantByEmailAddress');
  if (!PERMISSIONS.has(permission)) throw new S3Error('MalformedACLError');
  if (uri !== undefined) {
    if (!GROUPS.has(uri)) throw new S3Error('InvalidArgument', 'Invalid group uri');
    return { uri, permission };
  }
  if (canonicalId === undefined) throw new S3Error('MalformedACLError');
  if (!accountIds.has(canonicalId)) throw new S3Error('InvalidArgument', 'Invalid id');
  return { canonicalId, permission };
}

/** The body of PutBucketAcl and PutObjectAcl. `accountIds` are the canonical ids that exist: AWS refuses grants to anybody else. */
export function parseAcl(
  body: string,
  ownerId: string,
  accountIds: ReadonlySet<string>,
): readonly AclGrant[] {
  const root = parseXml(body);
  const list = childOf(root, 'AccessControlList');
  const owner = textOf(childOf(root, 'Owner'), 'ID');
  if (root.name !== 'AccessControlPolicy' || !list || owner === undefined)
    throw new S3Error('MalformedACLError');
  if (owner !== ownerId) throw new S3Error('AccessDenied');
  const grants = childrenOf(list, 'Grant');
  if (grants.length > MAX_GRANTS) throw new S3Error('MalformedACLError');
  return grants.map((grant) => parseGrant(grant, accountIds));
}

/** What a request to write an access list asks for, as a body or as a canned name. `ownerId` is the bucket's or the object's. */
export function readGrants({ request, accountIds, ownerId: bucketOwnerId }: Call, ownerId: string) {
  const { headers, body } = request;
  if (Object.keys(headers).some((name) => name.startsWith('x-amz-grant-')))
    throw new S3Error('NotImplemented');
  const canned = headers['x-amz-acl']?.toString();
  if (canned === undefined) return parseAcl(body.toString('utf8'), ownerId, accountIds);
  if (body.length > 0) throw new S3Error('UnexpectedContent');
  if (!isCannedAcl(canned)) throw new S3Error('InvalidArgument');
  return cannedGrants(canned, ownerId, bucketOwnerId);
}
