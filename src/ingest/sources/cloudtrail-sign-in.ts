// Whose account a sign-in to the console or the access portal was for. The name may be no more than what somebody typed.
import type { ResourceNoun } from '../../case/resource-nouns.ts';
import type { Target } from '../../case/target.ts';
import { type Place, resource, resourceNamed } from './cloudtrail-naming.ts';
import type { CloudTrailRecord } from './cloudtrail-schema.ts';
import { isRecord } from './malformed.ts';

/** What CloudTrail writes where a password may have been typed in the place of a name. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const USER: ResourceNoun = 'user';

/** Null for whoever was signed in already: a role has no account of its own to try. */
export function signInTarget(record: CloudTrailRecord, here: Place): Target | null {
  const { account } = here;
  const { type, userName } = record.userIdentity ?? {};
  if (type === 'Root') return resource(`iam/root/${account}`, `root user of account ${account}`);
  if (type === 'AssumedRole' || type === 'FederatedUser') return null;
  const more = record.additionalEventData;
  const typed = isRecord(more) && typeof more.UserName === 'string' ? more.UserName : null;
  const name = typed || userName;
  if (!name || name === HIDDEN) return resource(`account/${account}`, `account ${account}`);
  // A portal's users are no users of IAM, though a name may be the same.
  return resourceNamed(USER, name, { ...here, service: type === 'IAMUser' ? 'iam' : 'sso', region: '' });
}
