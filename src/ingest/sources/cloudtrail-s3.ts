// The bucket, the object in it, the access point or the account that an S3 call is about.
import type { ResourceNoun } from '../../case/resource-nouns.ts';
import type { Target } from '../../case/target.ts';
import { leavesOf } from './cloudtrail-leaves.ts';
import { type Place, resource, resourceNamed } from './cloudtrail-naming.ts';
import type { CloudTrailRecord } from './cloudtrail-schema.ts';
import { isRecord } from './malformed.ts';

/** "Bucket naming rules", with the older form of us-east-1. What else a failed call carries is free text of the caller. */
const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;
const ACCESS_POINT = /(?:MultiRegion)?AccessPoint/;
/** What these open may be one object in a bucket that stays closed otherwise. */
const ON_ONE_OBJECT = /^PutObjectAcl$/;
const ON_THE_ACCOUNT = /^(?:Put|Delete)AccountPublicAccessBlock$/;
/** "Object key naming guidelines": at most 1,024 bytes. */
const MAX_KEY_BYTES = 1_024;

/** The bucket first: it is what cases are grouped by. */
export function s3Targets(
  record: CloudTrailRecord,
  here: Place,
  accounts: readonly string[],
): readonly Target[] {
  const { account } = here;
  const name = ON_THE_ACCOUNT.test(record.eventName) ? null : parameter(record, 'bucketName');
  if (!name) return [accessPoint(record, here) ?? wholeAccount(record, account, accounts)];
  const owner = ownerOf(record) ?? account;
  // A bucket of an account that is not ours to change, or a name that no bucket can have, is only shown.
  if (!BUCKET_NAME.test(name) || !accounts.includes(owner)) return [resource(`s3/${owner}/${name}`, name)];
  const place = { account: owner, region: here.region || 'us-east-1' };
  const key = ON_ONE_OBJECT.test(record.eventName) ? parameter(record, 'key') : null;
  return [
    { kind: 'bucket', ...place, name },
    ...(key && Buffer.byteLength(key) <= MAX_KEY_BYTES
      ? [{ kind: 'object' as const, ...place, bucket: name, key }]
      : []),
  ];
}

const wholeAccount = (record: CloudTrailRecord, account: string, accounts: readonly string[]): Target =>
  ON_THE_ACCOUNT.test(record.eventName) && accounts.includes(account)
    ? { kind: 'aws-account', account }
    : resource(`account/${account}`, `account ${account}`);

function accessPoint(record: CloudTrailRecord, here: Place): Target | null {
  const [form] = ACCESS_POINT.exec(record.eventName) ?? [];
  if (!form) return null;
  const isMulti = form.startsWith('Multi');
  // Those of several regions stand inside of `details`, and belong to none.
  const leaf = leavesOf(record.requestParameters).find(
    ({ path, value }) =>
      typeof value === 'string' && path.length <= 3 && path[path.length - 1]?.toLowerCase() === 'name',
  );
  const name = parameter(record, 'name') ?? leaf?.value;
  if (typeof name !== 'string') return null;
  const word: ResourceNoun = isMulti ? 'multi-region access point' : 'access point';
  return resourceNamed(word, name, isMulti ? { ...here, region: '' } : here);
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

function parameter(record: CloudTrailRecord, name: string): string | null {
  const parameters = record.requestParameters;
  const value = isRecord(parameters) && Object.hasOwn(parameters, name) ? parameters[name] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
