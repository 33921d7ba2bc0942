// How public a bucket is as things stand, with the account's own block counted in, and why. Pure; shared by the list of buckets,
// by the watch over them and by whatever plans to close them.
import {
  type BucketAccess,
  isPublic,
  type PublicAccessBlock,
  publicGrants,
  splitPolicy,
  strictest,
} from './public-access.ts';

export interface Exposure {
  readonly public: boolean;
  /** Whether single objects may be open by access lists of their own, which nobody can look through: AWS's "Objects can be public". */
  readonly objects: 'can be public' | 'cannot be public';
  /** One sentence for each open way; where it is not public, for each way that a block disarms. */
  readonly reasons: readonly string[];
}

/**
 * `policyStatus` is what S3 itself says of the policy: where it calls public what we do not, it is taken at its word. S3 applies
 * the stricter of the bucket's and the account's block ("Blocking public access to your Amazon S3 storage").
 */
export function exposureOf(
  access: BucketAccess,
  accountBlock: PublicAccessBlock | null,
  policyStatus: { readonly public: boolean } | null,
): Exposure {
  const block = strictest(access.publicAccessBlock, accountBlock);
  const { reasons } = isPublic({ ...access, publicAccessBlock: block });
  const hidden = policyStatus?.public === true && splitPolicy(access.policy).removed.length === 0;
  const open = [
    ...reasons,
    ...(hidden && !block?.restrictPublicBuckets ? ['S3 itself calls the bucket policy public.'] : []),
  ];
  const objects = canOpenObjects(access, block) ? 'can be public' : 'cannot be public';
  if (open.length > 0) return { public: true, objects, reasons: open };
  const byObject = objects === 'can be public' ? [OBJECTS_CAN] : [];
  return { public: false, objects, reasons: [...disarmed(access, accountBlock), ...byObject] };
}

const OBJECTS_CAN = 'Access lists are enabled and no block ignores them, so single objects can be public.';

const canOpenObjects = ({ acl }: BucketAccess, block: PublicAccessBlock | null): boolean =>
  acl !== null && !block?.ignorePublicAcls;

function disarmed(access: BucketAccess, accountBlock: PublicAccessBlock | null): readonly string[] {
  const by = (flag: keyof PublicAccessBlock): string =>
    access.publicAccessBlock?.[flag]
      ? "the bucket's public access block"
      : "the account's public access block";
  const blocked = (flag: keyof PublicAccessBlock): boolean =>
    access.publicAccessBlock?.[flag] === true || accountBlock?.[flag] === true;
  const statements = splitPolicy(access.policy).removed.length;
  return [
    ...(statements > 0 && blocked('restrictPublicBuckets')
      ? [`The bucket policy is public, and ${by('restrictPublicBuckets')} disarms it.`]
      : []),
    ...(publicGrants(access.acl).length > 0 && blocked('ignorePublicAcls')
      ? [`The bucket's access list is public, and ${by('ignorePublicAcls')} disarms it.`]
      : []),
  ];
}
