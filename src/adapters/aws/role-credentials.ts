// Temporary credentials of the one role that Countersign has in each listed account. Accounts that are not listed get no call at all.
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CountersignError } from '../../case/errors.ts';
import { say } from '../../case/said.ts';
import type { AwsAccount } from '../../case/settings.ts';
import { translateAwsError } from './aws-error.ts';

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface RoleCredentialsCache {
  /**
   * Throws `aws.not-listed`, `aws.forbidden` (role missing, or it does not trust us), `aws.unauthorised` (our own keys are not taken),
   * `aws.throttled`, `aws.unavailable`.
   */
  of(account: string): Promise<RoleCredentials>;
  forget(account: string): void;
}

/** What CloudTrail shows as the session of every call that Countersign makes. */
export const SESSION_NAME = 'countersign';
/** An hour is what every role allows, and the most that role chaining allows. */
const SESSION_S = 3600;
/** Renewed this long before the end, so that no call starts with keys about to expire. */
const RENEW_BEFORE_MS = 5 * 60_000;

interface Entry {
  readonly credentials: Promise<RoleCredentials>;
  /** Milliseconds since 1970; not known while AWS has not answered. */
  renewAt: number;
}

export function createRoleCredentials(
  sts: Pick<STSClient, 'send'>,
  accounts: readonly AwsAccount[],
  timeoutMs: number,
  now: () => number = Date.now,
): RoleCredentialsCache {
  const cache = new Map<string, Entry>();

  async function assume({ id, roleArn }: AwsAccount): Promise<RoleCredentials> {
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: SESSION_NAME,
      DurationSeconds: SESSION_S,
    });
    const answer = await sts
      .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
      .catch((error: unknown) => {
        throw translateAwsError(error, { operation: `AssumeRole ${roleArn}`, account: id, base: true });
      });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new CountersignError('aws.unavailable', `AssumeRole ${roleArn}: incomplete answer`, {
        retryable: true,
      });
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  }

  return {
    async of(account) {
      const listed = accounts.find(({ id }) => id === account);
      if (!listed) throw notListed(account);
      const known = cache.get(account);
      if (known && now() < known.renewAt) return known.credentials;
      const entry: Entry = { credentials: assume(listed), renewAt: Number.POSITIVE_INFINITY };
      cache.set(account, entry);
      try {
        const credentials = await entry.credentials;
        entry.renewAt = credentials.expiration.getTime() - RENEW_BEFORE_MS;
        return credentials;
      } catch (error) {
        // A refusal is not remembered: the role may be put right before the next attempt.
        if (cache.get(account) === entry) cache.delete(account);
        throw error;
      }
    },
    forget: (account) => {
      cache.delete(account);
    },
  };
}

export const notListed = (account: string): CountersignError =>
  new CountersignError('aws.not-listed', `account ${account} has no role in the settings`, {
    say: say('errors.aws-not-listed', { account }),
  });
