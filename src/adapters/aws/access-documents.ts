// The SDK's shapes of access list and public access block, to and from ours. Nothing is added, nothing is dropped.
import type {
  AccessControlPolicy,
  GetBucketAclCommandOutput,
  Grant,
  Permission,
  PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3';
import type { AclGrant, BucketAcl, PublicAccessBlock } from '../../case/public-access.ts';

function toGrant({ Grantee, Permission: permission }: Grant): AclGrant {
  return {
    permission: permission ?? '',
    ...(Grantee?.URI === undefined ? {} : { uri: Grantee.URI }),
    ...(Grantee?.ID === undefined ? {} : { canonicalId: Grantee.ID }),
    ...(Grantee?.EmailAddress === undefined ? {} : { email: Grantee.EmailAddress }),
  };
}

function fromGrant({ permission, uri, canonicalId, email }: AclGrant): Grant {
  const Permission = permission as Permission;
  if (uri !== undefined) return { Permission, Grantee: { Type: 'Group', URI: uri } };
  if (canonicalId !== undefined) return { Permission, Grantee: { Type: 'CanonicalUser', ID: canonicalId } };
  return { Permission, Grantee: { Type: 'AmazonCustomerByEmail', EmailAddress: email } };
}

export const toAcl = ({ Owner, Grants }: Pick<GetBucketAclCommandOutput, 'Owner' | 'Grants'>): BucketAcl => ({
  ownerId: Owner?.ID ?? '',
  grants: (Grants ?? []).map(toGrant),
});

export const fromAcl = ({ ownerId, grants }: BucketAcl): AccessControlPolicy => ({
  Owner: { ID: ownerId },
  Grants: grants.map(fromGrant),
});

/** A flag that S3 leaves out is off. */
export const toBlock = (block: PublicAccessBlockConfiguration): PublicAccessBlock => ({
  blockPublicAcls: block.BlockPublicAcls ?? false,
  ignorePublicAcls: block.IgnorePublicAcls ?? false,
  blockPublicPolicy: block.BlockPublicPolicy ?? false,
  restrictPublicBuckets: block.RestrictPublicBuckets ?? false,
});

export const fromBlock = (block: PublicAccessBlock): PublicAccessBlockConfiguration => ({
  BlockPublicAcls: block.blockPublicAcls,
  IgnorePublicAcls: block.ignorePublicAcls,
  BlockPublicPolicy: block.blockPublicPolicy,
  RestrictPublicBuckets: block.restrictPublicBuckets,
});
