// Who is behind a target: whoever signs in with it, or whose account, place or consent it is. They do not decide on it.
// Roles, buckets and accounts are shared: nobody in particular is behind them.
import type { Case } from './case.ts';
import type { PlannedOffer } from './question.ts';
import type { OperatorSettings } from './settings.ts';
import type { Target } from './target.ts';

type Aws = Pick<OperatorSettings['aws'], 'iamUsers'>;

/** Entra object ids and principal names as the operator or AWS wrote them, lower case. */
export function peopleBehind(target: Target, aws: Aws): readonly string[] {
  switch (target.kind) {
    case 'user':
      return [target.id.toLowerCase()];
    case 'membership':
    case 'app-grant':
      return [target.user.toLowerCase()];
    case 'iam-user':
      return ownersOf(keyOf(target.account, target.name), aws);
    case 'access-key':
      return ownersOf(keyOf(target.account, target.user), aws);
    case 'collaborator':
      return ownersOf(keyOfArn(target.principal), aws);
    case 'sso-session':
      return [target.user.toLowerCase()];
    default:
      return [];
  }
}

/** Behind anything that this question offers to change, that was proposed, or that called. Each once. */
export function peopleAtStake(
  { proposals = [], callers = [] }: Pick<Case, 'proposals' | 'callers'>,
  offers: readonly PlannedOffer[],
  aws: Aws,
): readonly string[] {
  const targets = [
    ...offers.flatMap(({ actions }) => actions.map(({ target }) => target)),
    ...proposals.map(({ target }) => target),
    ...callers,
  ];
  return [...new Set(targets.flatMap((target) => peopleBehind(target, aws)))];
}

/** "IAM identifiers": names are unique in an account, whatever their path and their case. */
const keyOf = (account: string, name: string): string => `${account} ${name.toLowerCase()}`;

function keyOfArn(arn: string): string | null {
  const [, account = '', name] = /^arn:[^:]+:iam::(\d{12}):user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return name ? keyOf(account, name) : null;
}

const ownersOf = (key: string | null, { iamUsers }: Aws): readonly string[] =>
  Object.entries(iamUsers).flatMap(([arn, owner]) =>
    key !== null && keyOfArn(arn) === key ? [owner.toLowerCase()] : [],
  );
