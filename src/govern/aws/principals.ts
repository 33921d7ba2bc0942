// Which users and roles of AWS an action may touch: never Countersign's own, never what the settings protect, never what only AWS
// itself may change, and only in listed accounts.
// Source: "IAM identifiers" (names are unique in an account, whatever their path), "Service-linked roles",
// "Referencing permission sets in resource policies" (roles of IAM Identity Center).
import { CountersignError } from '../../case/errors.ts';
import { type Filling, type Said, say } from '../../case/said.ts';
import type { OperatorSettings } from '../../case/settings.ts';
import { type IamRoleTarget, type IamUserTarget, type Target, targetKey } from '../../case/target.ts';
import { matchesInAnyCase } from '../../case/wildcard.ts';
import type { Aims, World } from '../action.ts';

export type Principal = IamUserTarget | IamRoleTarget;

/** For messages that say "the user alex" or "the role Deploy": what goes with it changes with the word in some languages. */
export const principalFilling = ({ kind, name }: Principal): Filling => ({
  kind: kind === 'iam-role' ? 'role' : 'user',
  name,
});

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
): Said | null {
  if (principal.kind === 'iam-role' && state.path.startsWith('/aws-reserved/'))
    return say('aws.principal.identity-center-role');
  if (principal.kind === 'iam-role' && state.path.startsWith('/aws-service-role/'))
    return say('aws.principal.service-role', { name: principal.name });
  return outOfReach(principal, state, settings);
}

/** The same for somebody who uses the role, where the role itself stays as it is. */
export function outOfReach(
  principal: Principal,
  { arn, own }: PrincipalState,
  settings: OperatorSettings,
): Said | null {
  const { account } = principal;
  if (!isListed(account, settings)) return unlistedSentence(account);
  if (arn === null) return goneSentence(principal);
  if (own) return say('aws.principal.own', principalFilling(principal));
  return isProtected(arn, settings) ? say('aws.principal.protected', principalFilling(principal)) : null;
}

/** Somebody else under the same name. A state from before ids were kept does not say. */
export const isAnother = (known: PrincipalState, now: PrincipalState): boolean =>
  known.uniqueId !== undefined && now.arn !== null && now.uniqueId !== known.uniqueId;

export const anotherSentence = (principal: Principal): Said =>
  say('aws.principal.another', principalFilling(principal));

/** What goes on that was begun as this one, whatever is denied to it: a card must not promise more. */
export const begunRolesSentence = (principal: Principal): Said =>
  say('aws.principal.begun-roles', principalFilling(principal));

export const unlistedSentence = (account: string): Said => say('aws.account.unlisted', { account });

/** "UpdateUser": a user can be given another name, and takes everything along. A role cannot. */
export const goneSentence = ({ kind, name, account }: Principal): Said =>
  say(kind === 'iam-user' ? 'aws.principal.user-gone' : 'aws.principal.role-gone', { name, account });

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
export const isProtected = (principal: string, { aws }: OperatorSettings): boolean =>
  aws.protectedPrincipals.some((pattern) => matchesInAnyCase(principal, pattern));

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
 * Those of these kinds who called; where nobody at all is known who called, those that a call gave something to. Never what a known
 * caller, of whatever kind, changed something about: a button that shuts the caller out must not shut out a shared role.
 */
export const callersElseTargets =
  <Kind extends Target['kind']>(...kinds: readonly Kind[]) =>
  (aims: Aims): Promise<readonly Extract<Target, { kind: Kind }>[]> => {
    const isKnown = aims.callers !== undefined && aims.callers.length > 0;
    return callersAndTargets(...kinds)(isKnown ? { ...aims, targets: [] } : aims);
  };
