// What the actions in a bucket policy let people do. Pure.
import type { Json } from './json.ts';
import { field, isObject, listOf } from './policy-parts.ts';
import { matches } from './wildcard.ts';

/** Enough of each for every pattern that anybody writes. "Actions, resources, and condition keys for Amazon S3". */
const READING = `GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent
GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging
GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification GetBucketPolicy GetBucketPolicyStatus
GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
GetInventoryConfiguration GetLifecycleConfiguration GetReplicationConfiguration
ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts`;
const WRITING = `AbortMultipartUpload BypassGovernanceRetention CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite
DeleteObject DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionTagging ObjectOwnerOverrideToBucketOwner
PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging
PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutLifecycleConfiguration PutObject PutObjectAcl
PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging PutReplicationConfiguration
ReplicateDelete ReplicateObject ReplicateTags RestoreObject`;
const named = (list: string): readonly string[] =>
  list.split(/\s+/).map((name) => `s3:${name.toLowerCase()}`);
const READS = named(READING);
const WRITES = named(WRITING);

/** One that is not known reads where its name says so, else it writes. */
function does(pattern: string): { readonly reads: boolean; readonly writes: boolean } {
  const isMeant = (name: string): boolean => matches(name, pattern);
  const reads = READS.some(isMeant);
  const writes = WRITES.some(isMeant);
  if (reads || writes) return { reads, writes };
  const byName = /^s3:(?:get|list|head|describe)/.test(pattern);
  return { reads: byName, writes: !byName };
}

/** What a set of statements lets people do. */
export function accessGiven(statements: readonly Json[]): 'read' | 'write' | 'both' {
  const actions = statements.flatMap((statement) =>
    isObject(statement) && field(statement, 'notaction') === undefined
      ? listOf(field(statement, 'action')).map((action) => does(String(action).toLowerCase()))
      : [{ reads: true, writes: true }],
  );
  const reads = actions.some((action) => action.reads);
  const writes = actions.some((action) => action.writes);
  return writes ? (reads ? 'both' : 'write') : 'read';
}
