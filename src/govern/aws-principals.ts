// Which users and roles of AWS an action may touch: never Countersign's own, never what the settings protect, never what only AWS
// itself may change, and only in listed accounts.
// Source: "IAM identifiers" (names are unique in an account, whatever their path), "Service-linked roles",
// "Referencing permission sets in resource policies" (roles of IAM Identity Center).
import { CountersignError } from '../case/errors.ts';
import type { OperatorSettings } from '../case/settings.ts';
import {
  type IamRoleTarget,
  type IamUserTarget,
  type Target,
  targetKey,
  targetLabel,
} from '../case/target.ts';
import { matches } from '../case/wildcard.ts';
import type { Aims, World } from './action.ts';

export type Principal = IamUserTarget | IamRoleTarget;

/** A user or a role, as far as it matters to whether it may be touched. */
export type PrincipalState = {
  /** Null when there is none of that name, or its account is not ours to look at. */
  readonly arn: string | null;
  readonly path: string;
  /** Countersign runs as it, or assumes it. */
  readonly own: boolean;
  /** IAM's own id: another one is somebody else under the same name. */
  readonly uniqueId?: string;
};

const NOBODY: PrincipalState = { arn: null, path: '/', own: false };

export async function readPrincipal(
  principal: Principal,
  { identities, settings }: Pick<World, 'identities' | 'settings'>,
): Promise<PrincipalState> {
  if (!isListed(principal.account, settings)) return NOBODY;
  const found = await identities.findPrincipal(principal);
  if (!found) return NOBODY;
  const own = (await identities.ownArns()).some((arn) => isSame(arn, found.arn));
  return { ...found, own };
}

/** Why it is left alone, a sentence; null when it may be touched. */
export function untouchable(
  principal: Principal,
  state: PrincipalState,
  settings: OperatorSettings,
): string | null {
  if (principal.kind === 'iam-role' && state.path.startsWith('/aws-reserved/'))
    return 'Only AWS can change the roles of IAM Identity Center.';
  if (principal.kind === 'iam-role' && state.path.startsWith('/aws-service-role/'))
    return `The ${targetLabel(principal)} belongs to a service of AWS, and only that service can change it.`;
  return outOfReach(principal, state, settings);
}

/** The same for somebody who uses the role, where the role itself stays as it is. */
export function outOfReach(
  principal: Principal,
  { arn, own }: PrincipalState,
  settings: OperatorSettings,
): string | null {
  const { account } = principal;
  const label = targetLabel(principal);
  if (!isListed(account, settings)) return unlistedSentence(account);
  if (arn === null) return goneSentence(principal);
  if (own) return `Countersign itself works as the ${label}, so it is left alone.`;
  return settings.aws.protectedPrincipals.some((pattern) => isMatched(arn, pattern))
    ? `The ${label} is protected by the settings.`
    : null;
}

export const unlistedSentence = (account: string): string =>
  `The AWS account ${account} is not one of those that Countersign looks after.`;

/** "UpdateUser": a user can be given another name, and takes everything along. A role cannot. */
export const goneSentence = (principal: Principal): string => {
  const gone = `There is no ${targetLabel(principal)} in the AWS account ${principal.account} any more`;
  return principal.kind === 'iam-user'
    ? `${gone}; a renamed user keeps its keys and its policies.`
    : `${gone}.`;
};

/** Asked before anything is proven: what cannot be looked at reads as gone, and that proves nothing. */
export function mustBeListed(account: string, settings: OperatorSettings): void {
  if (isListed(account, settings)) return;
  throw new CountersignError(
    'aws.not-listed',
    `account ${account} is not among aws.accounts of the settings`,
    {
      say: unlistedSentence(account),
    },
  );
}

export const isListed = (account: string, { aws }: OperatorSettings): boolean =>
  aws.accounts.some(({ id }) => id === account);

/** No two names of an account differ in upper and lower case alone. */
const isMatched = (arn: string, pattern: string): boolean =>
  matches(arn.toLowerCase(), pattern.toLowerCase());

/** A session's ARN leaves out the path of its role: two with one name are one. */
const isSame = (one: string, other: string): boolean => pathless(one) === pathless(other);
const pathless = (arn: string): string => arn.toLowerCase().replace(/:(user|role)\/(?:.*\/)?/, ':$1/');

/** Those of these kinds who called, then those that a call gave something to; each once. */
export const callersAndTargets =
  <Kind extends Target['kind']>(...kinds: readonly Kind[]) =>
  async ({ callers = [], targets }: Aims): Promise<readonly Extract<Target, { kind: Kind }>[]> => {
    const isOne = (target: Target): target is Extract<Target, { kind: Kind }> =>
      (kinds as readonly string[]).includes(target.kind);
    const found = [...callers, ...targets].filter(isOne);
    return found.filter((one, at) => found.findIndex((other) => targetKey(other) === targetKey(one)) === at);
  };

/**
 * Those of these kinds who called; where nobody such is known, those that a call gave something to. Never both at once: a button that
 * shuts the caller out must not shut out a shared role as well, only because the caller changed something about it.
 */
export const callersElseTargets =
  <Kind extends Target['kind']>(...kinds: readonly Kind[]) =>
  async (aims: Aims): Promise<readonly Extract<Target, { kind: Kind }>[]> => {
    const find = callersAndTargets(...kinds);
    const callers = await find({ ...aims, targets: [] });
    return callers.length > 0 ? callers : find(aims);
  };
