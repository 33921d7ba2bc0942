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
import { type Said, say } from './said.ts';

export interface Exposure {
  readonly public: boolean;
  /** Whether single objects may be open by access lists of their own, which nobody can look through: AWS's "Objects can be public". */
  readonly objects: 'can be public' | 'cannot be public';
  /** One sentence for each open way; where it is not public, for each way that a block disarms. */
  readonly reasons: readonly Said[];
}

/** S3 finds something public in the policy where we do not. */
export const isCalledPublic = ({ policy, policyStatus }: BucketAccess): boolean =>
  policyStatus?.public === true && splitPolicy(policy).removed.length === 0;

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
  const hidden = isCalledPublic({ ...access, policyStatus });
  const open = [
    ...reasons,
    ...(hidden && !block?.restrictPublicBuckets ? [say('s3.why.called-public')] : []),
  ];
  const objects = canOpenObjects(access, block) ? 'can be public' : 'cannot be public';
  if (open.length > 0) return { public: true, objects, reasons: open };
  const byObject = objects === 'can be public' ? [OBJECTS_CAN] : [];
  return { public: false, objects, reasons: [...disarmed(access, accountBlock), ...byObject] };
}

const OBJECTS_CAN = say('s3.why.objects');

const canOpenObjects = ({ acl }: BucketAccess, block: PublicAccessBlock | null): boolean =>
  acl !== null && !block?.ignorePublicAcls;

function disarmed(access: BucketAccess, accountBlock: PublicAccessBlock | null): readonly Said[] {
  const by = (flag: keyof PublicAccessBlock) => ({
    whose: access.publicAccessBlock?.[flag] ? 'bucket' : 'account',
  });
  const blocked = (flag: keyof PublicAccessBlock): boolean =>
    access.publicAccessBlock?.[flag] === true || accountBlock?.[flag] === true;
  const statements = splitPolicy(access.policy).removed.length;
  return [
    ...(statements > 0 && blocked('restrictPublicBuckets')
      ? [say('s3.why.policy-disarmed', by('restrictPublicBuckets'))]
      : []),
    ...(publicGrants(access.acl).length > 0 && blocked('ignorePublicAcls')
      ? [say('s3.why.list-disarmed', by('ignorePublicAcls'))]
      : []),
  ];
}
