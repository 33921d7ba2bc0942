// What a call was aimed at: a bucket where an action of ours can change one, else something to show and to group by.
import type { BucketTarget, ResourceTarget, Target } from '../../case/alert.ts';
import type { CloudTrailRecord } from './cloudtrail-schema.ts';
import { cut } from './facts.ts';
import { isRecord } from './malformed.ts';

/** "Bucket naming rules", with the older form of us-east-1. What else a failed call carries is free text of the caller. */
const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;
const MAX_ID = 256;

/** Never empty: without a better one, the caller's identity or the account stands in. */
export function targetsOf(
  record: CloudTrailRecord,
  account: string,
  accounts: readonly string[],
): readonly Target[] {
  const target =
    (record.eventSource === 's3.amazonaws.com' ? bucketOf(record, account, accounts) : null) ??
    trailOf(record, account) ??
    callerOf(record) ??
    resource(`account/${account}`, `account ${account}`);
  return [target];
}

function bucketOf(record: CloudTrailRecord, account: string, accounts: readonly string[]): Target | null {
  const name = parameter(record, 'bucketName');
  if (!name) return resource(`account/${account}`, `account ${account}`);
  const owner = ownerOf(record) ?? account;
  // A bucket of an account that is not ours to change, or a name that no bucket can have, is only shown.
  if (!BUCKET_NAME.test(name) || !accounts.includes(owner)) return resource(`s3/${owner}/${name}`, name);
  return {
    kind: 'bucket',
    account: owner,
    region: record.awsRegion || 'us-east-1',
    name,
  } satisfies BucketTarget;
}

// A call from one listed account to another's bucket is recorded in both: `resources` names the owner.
function ownerOf(record: CloudTrailRecord): string | null {
  const resources = Array.isArray(record.resources) ? record.resources : [];
  for (const entry of resources) {
    if (!isRecord(entry) || entry.type !== 'AWS::S3::Bucket') continue;
    if (typeof entry.accountId === 'string' && entry.accountId !== '') return entry.accountId;
  }
  return null;
}

function trailOf(record: CloudTrailRecord, account: string): ResourceTarget | null {
  if (record.eventSource !== 'cloudtrail.amazonaws.com') return null;
  const name =
    parameter(record, 'name') ?? parameter(record, 'trailName') ?? parameter(record, 'eventDataStore');
  if (!name) return null;
  // The API takes a name or an ARN for the same trail.
  const short = name.slice(name.lastIndexOf('/') + 1);
  return resource(`trail/${account}/${record.awsRegion ?? ''}/${short}`, short);
}

function callerOf(record: CloudTrailRecord): ResourceTarget | null {
  const arn = record.userIdentity?.sessionContext?.sessionIssuer?.arn || record.userIdentity?.arn;
  return arn ? resource(arn, arn.slice(arn.lastIndexOf(':') + 1)) : null;
}

function parameter(record: CloudTrailRecord, name: string): string | null {
  const parameters = record.requestParameters;
  const value = isRecord(parameters) && Object.hasOwn(parameters, name) ? parameters[name] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}

const resource = (id: string, label: string): ResourceTarget => ({
  kind: 'resource',
  id: id.slice(0, MAX_ID),
  label: cut(label, 120),
});
