// Whether an S3 call opens a bucket to strangers, or takes away a guard against it. Judges the request alone: what the bucket
// looks like afterwards is for the action's plan to read.
import type { Json, JsonObject } from '../../case/json.ts';
import { ALL_USERS, AUTHENTICATED_USERS, isPublicStatement, statementsOf } from '../../case/public-access.ts';
import { compileField, everyValue } from '../fields.ts';

/** "Canned ACL" in the S3 user guide; S3 counts everyone with an AWS account as public. */
const PUBLIC_CANNED_ACLS = ['public-read', 'public-read-write', 'authenticated-read'];
const BLOCKS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

const eventName = compileField('eventName');

export function s3MadePublic(event: JsonObject): boolean {
  const parameters = objectOr(event.requestParameters);
  switch (eventName(event).values.at(-1)) {
    case 'PutBucketAcl':
    case 'CreateBucket':
      return grantsEveryone(parameters);
    case 'PutBucketPolicy':
      return hasPublicStatement(parameters.bucketPolicy);
    case 'PutBucketPublicAccessBlock':
    case 'PutAccountPublicAccessBlock':
      return leavesBlockOff(parameters.PublicAccessBlockConfiguration);
    case 'DeleteBucketPublicAccessBlock':
    case 'DeleteAccountPublicAccessBlock':
      return true;
    default:
      return false;
  }
}

const objectOr = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

// Grants come as XML turned into JSON, as headers or as a canned name, spelled differently by every SDK and recorder: the
// group's address is the one thing that they share.
function grantsEveryone(parameters: JsonObject): boolean {
  const canned = [parameters['x-amz-acl']].flat();
  if (canned.some((name) => typeof name === 'string' && PUBLIC_CANNED_ACLS.includes(name))) return true;
  return everyValue(parameters).some(
    (value) =>
      typeof value === 'string' && (value.includes(ALL_USERS) || value.includes(AUTHENTICATED_USERS)),
  );
}

// A policy that cannot be read cannot be shown to be harmless.
function hasPublicStatement(policy: Json | undefined): boolean {
  if (policy === undefined || policy === null) return false;
  if (typeof policy !== 'string') return statementsOf(objectOr(policy)).some(isPublicStatement);
  try {
    return statementsOf(objectOr(JSON.parse(policy))).some(isPublicStatement);
  } catch {
    return true;
  }
}

// S3 takes a flag that is left out as false.
function leavesBlockOff(configuration: Json | undefined): boolean {
  const flags = objectOr(configuration);
  return BLOCKS.some((name) => String(flags[name]).toLowerCase() !== 'true');
}
