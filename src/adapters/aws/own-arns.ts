// Which identities in AWS are Countersign itself: the roles that it assumes, and whoever assumes them.
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CountersignError, isCountersignError } from '../../case/errors.ts';
import type { IamRoleTarget } from '../../case/target.ts';
import type { PrincipalFacts } from '../../ports/aws-identities.ts';
import { translateAwsError } from './aws-error.ts';
import { createSts, DEFAULT_TIMEOUT_MS } from './clients.ts';
import type { AwsIdentitiesOptions } from './identities.ts';

type FindRole = (role: IamRoleTarget) => Promise<PrincipalFacts | null>;

const ASSUMED_ROLE = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;

/** Asked of AWS once: the base identity of a process does not change. A failure is not remembered. */
export function createOwnArns(
  options: AwsIdentitiesOptions,
  findRole: FindRole,
): () => Promise<readonly string[]> {
  const sts = createSts(options);
  const assumed = [...options.accounts.map(({ roleArn }) => roleArn), ...(options.otherRoles ?? [])];
  let base: Promise<readonly string[]> | null = null;

  async function askBase(): Promise<readonly string[]> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const { Arn } = await sts
      .send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(timeoutMs) })
      .catch((error: unknown) => {
        throw translateAwsError(error, {
          ...{ operation: 'GetCallerIdentity', account: 'of the base identity', base: true },
        });
      });
    if (!Arn)
      throw new CountersignError('aws.unavailable', 'GetCallerIdentity: incomplete answer', {
        retryable: true,
      });
    return ofRole(Arn);
  }

  /** A session's ARN leaves out the path of its role, which the role's own ARN has. */
  async function ofRole(arn: string): Promise<readonly string[]> {
    const match = ASSUMED_ROLE.exec(arn);
    if (!match) return [arn];
    const [, partition, account = '', name = ''] = match;
    const bare = `arn:${partition}:iam::${account}:role/${name}`;
    if (!options.accounts.some(({ id }) => id === account)) return [bare];
    const found = await findRole({ kind: 'iam-role', account, name }).catch((error: unknown) => {
      // Without the permission to look, it is at least known without its path.
      if (isCountersignError(error) && error.code === 'aws.forbidden') return null;
      throw error;
    });
    return found ? [bare, found.arn] : [bare];
  }

  return async () => {
    base ??= askBase().catch((error: unknown) => {
      base = null;
      throw error;
    });
    return [...new Set([...assumed, ...(await base)])];
  };
}
