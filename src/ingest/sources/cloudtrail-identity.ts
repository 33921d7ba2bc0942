// Who called, as the record says. Session name and source identity are the caller's own words and are only passed on.
import type { AwsIdentity } from '../../case/alert.ts';
import type { UserIdentity } from './cloudtrail-schema.ts';

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`: exactly these parts, or there is no session name. */
const ASSUMED_ROLE_ARN = /^arn:[a-z-]+:sts::\d{12}:assumed-role\/[^/]+\/([^/]+)$/;

export function identityOf(user: UserIdentity): AwsIdentity {
  const type = user.type || 'Unknown';
  const issuer = user.sessionContext?.sessionIssuer;
  const roleArn = type === 'AssumedRole' && issuer?.type === 'Role' ? issuer.arn : null;
  const userArn = type === 'FederatedUser' && issuer?.type === 'IAMUser' ? issuer.arn : null;
  const sessionName = type === 'AssumedRole' ? ASSUMED_ROLE_ARN.exec(user.arn ?? '')?.[1] : null;
  const sourceIdentity = user.sessionContext?.sourceIdentity;
  return {
    type,
    ...(user.accountId ? { accountId: user.accountId } : {}),
    ...(user.arn ? { arn: user.arn } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(userArn ? { userArn } : {}),
    ...(sessionName ? { sessionName } : {}),
    ...(sourceIdentity ? { sourceIdentity } : {}),
    ...(type === 'IAMUser' && user.userName ? { userName: user.userName } : {}),
    ...(user.accessKeyId ? { accessKeyId: user.accessKeyId } : {}),
  };
}
