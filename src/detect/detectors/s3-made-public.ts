// Whether an S3 call opens a bucket to strangers, or takes away a guard against it. Judges the request alone: what the bucket
// looks like afterwards is for the action's plan to read.
import type { Json, JsonObject } from '../../case/json.ts';
import { isObject } from '../../case/policy-parts.ts';
import { ALL_USERS, AUTHENTICATED_USERS, isPublicStatement, statementsOf } from '../../case/public-access.ts';
import { anywhere, callName, inside, isTrue, readCall, textsIn } from './request.ts';

/** "Canned ACL" in the S3 user guide; S3 counts everyone with an AWS account as public. */
const PUBLIC_CANNED_ACLS = ['public-read', 'public-read-write', 'authenticated-read'];
const CANNED_NAMES = ['x-amz-acl', 'x_amz_acl', 'acl', 'cannedacl'];
const BLOCKS = ['blockpublicacls', 'ignorepublicacls', 'blockpublicpolicy', 'restrictpublicbuckets'];

const JUDGES: Readonly<Record<string, (parameters: JsonObject) => boolean>> = {
  PutBucketAcl: grantsEveryone,
  PutObjectAcl: grantsEveryone,
  CreateBucket: grantsEveryone,
  PutBucketPolicy: (parameters) => inside(parameters, 'bucketpolicy').some(isPublicPolicy),
  PutAccessPointPolicy: (parameters) => anywhere(parameters, 'policy').some(isPublicPolicy),
  PutAccessPointPolicyForObjectLambda: (parameters) => anywhere(parameters, 'policy').some(isPublicPolicy),
  PutMultiRegionAccessPointPolicy: (parameters) => anywhere(parameters, 'policy').some(isPublicPolicy),
  PutBucketPublicAccessBlock: leavesBlockOff,
  PutAccountPublicAccessBlock: leavesBlockOff,
  PutPublicAccessBlock: leavesBlockOff,
  DeleteBucketPublicAccessBlock: () => true,
  DeleteAccountPublicAccessBlock: () => true,
  DeletePublicAccessBlock: () => true,
  CreateAccessPoint: isCreatedWithoutBlock,
  CreateMultiRegionAccessPoint: isCreatedWithoutBlock,
};

/** The calls that can match, sorted: the policy selects by exactly these names. */
export const S3_CALLS: readonly string[] = Object.keys(JUDGES).sort();

export function s3MadePublic(event: JsonObject): boolean {
  const name = callName(event);
  return Object.hasOwn(JUDGES, name) && JUDGES[name]?.(readCall(event).parameters) === true;
}

// Grants come as XML turned into JSON, as headers or as a canned name, spelled differently by every SDK and recorder: the
// group's address is the one thing that they share.
function grantsEveryone(parameters: JsonObject): boolean {
  if (textsIn(anywhere(parameters, ...CANNED_NAMES)).some((name) => PUBLIC_CANNED_ACLS.includes(name)))
    return true;
  return textsIn([parameters]).some((text) => text.includes(ALL_USERS) || text.includes(AUTHENTICATED_USERS));
}

// A policy that cannot be read cannot be shown to be harmless. An empty text is the query's own parameter, not a policy.
function isPublicPolicy(policy: Json): boolean {
  if (policy === null || policy === '') return false;
  if (typeof policy !== 'string') return isObject(policy) && statementsOf(policy).some(isPublicStatement);
  try {
    const document = JSON.parse(policy) as Json;
    return isObject(document) && statementsOf(document).some(isPublicStatement);
  } catch {
    return true;
  }
}

// S3 takes a flag that is left out as false.
function leavesBlockOff(parameters: JsonObject): boolean {
  const [configuration] = anywhere(parameters, 'publicaccessblockconfiguration');
  return BLOCKS.some((name) => !inside(configuration, name).some(isTrue));
}

/** An access point that is created without a word about it has all four blocks on. */
function isCreatedWithoutBlock(parameters: JsonObject): boolean {
  return anywhere(parameters, 'publicaccessblockconfiguration', 'publicaccessblock')
    .filter(isObject)
    .some((configuration) => BLOCKS.some((name) => !inside(configuration, name).some(isTrue)));
}
