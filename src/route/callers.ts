// Who called, as AWS itself names them: what actions on AWS identities may be offered for. Never a name that the caller chose.
// Source: "CloudTrail userIdentity element"; "IAM identifiers" (AKIA is a long-lived key, ASIA a temporary one).
import type { Alert, AwsIdentity } from '../case/alert.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { IamUserTarget, Target } from '../case/target.ts';
import { isAuthenticated, isIdentityCenterRole } from './identify.ts';

const NAME = String.raw`[\w+=,.@-]{1,64}`;
const USER_ARN = new RegExp(String.raw`^arn:aws[a-z-]*:iam::(\d{12}):user/(?:[!-~]+/)?(${NAME})$`);
const ROLE_ARN = new RegExp(String.raw`^arn:aws[a-z-]*:iam::(\d{12}):role/([!-~]+/)?(${NAME})$`);
const LONG_LIVED_KEY = /^AKIA[A-Z0-9]{12,124}$/;
/** Answers to what was not signed by whom it says. */
const UNPROVEN =
  /^(?:InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|AuthFailure|UnrecognizedClient|MissingAuthenticationToken|InvalidAccessKeyId)/;

/** None for root, AWS's services, whom root let in by another name, and whoever belongs to an account that is not listed. */
export function callersOf(alert: Alert, settings: OperatorSettings): readonly Target[] {
  const { identity, event } = alert;
  if (!identity || !isAuthenticated(alert) || UNPROVEN.test(String(event.errorCode ?? ''))) return [];
  const callers = ofIdentity(identity, settings);
  return callers.filter((one) =>
    settings.aws.accounts.some(({ id }) => 'account' in one && id === one.account),
  );
}

function ofIdentity(identity: AwsIdentity, settings: OperatorSettings): readonly Target[] {
  if (identity.type === 'IAMUser') return ofUser(identity);
  return identity.userArn ? ofUser({ ...identity, arn: identity.userArn }) : ofRole(identity, settings);
}

function ofUser({ arn, accessKeyId = '' }: AwsIdentity): readonly Target[] {
  const [, account, name] = USER_ARN.exec(arn ?? '') ?? [];
  if (!account || !name) return [];
  const user: IamUserTarget = { kind: 'iam-user', account, name };
  return LONG_LIVED_KEY.test(accessKeyId)
    ? [{ kind: 'access-key', account, user: name, id: accessKeyId }, user]
    : [user];
}

function ofRole(identity: AwsIdentity, settings: OperatorSettings): readonly Target[] {
  const [, account, path = '', name] = ROLE_ARN.exec(identity.roleArn ?? '') ?? [];
  if (!account || !name) return [];
  if (path.startsWith('aws-reserved/')) {
    const { sessionName: user } = identity;
    const isKnown = user !== undefined && isIdentityCenterRole(identity, settings);
    return isKnown ? [{ kind: 'sso-session', account, role: name, user }] : [];
  }
  // Only the service that it belongs to uses it, and nobody can change it.
  return path.startsWith('aws-service-role/') ? [] : [{ kind: 'iam-role', account, name }];
}
