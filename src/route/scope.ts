// Whether a policy looks at the person whom an alert points at. Pure: what only the directory can tell is left to routing.
// What cannot be judged is in scope: a question too many is better than one that nobody asks.
import type { Alert } from '../case/alert.ts';
import type { PeopleScope, SubjectHint } from '../case/case.ts';
import type { PolicyScope, PolicySettings } from '../case/settings.ts';
import { isAuthenticated } from './identify.ts';

type People = Pick<PolicyScope, 'users' | 'groups'>;

export type ScopeRuling =
  | { readonly kind: 'in' }
  | { readonly kind: 'out' }
  /** Who the person is, or which groups they are in, decides it when the case is routed; the case carries what is left to judge. */
  | { readonly kind: 'ask-directory'; readonly scope: PeopleScope };

/**
 * From the record alone: ARNs that its caller could not choose, and the person whom its evidence names. Accounts, regions and
 * networks are looked at where the event is matched.
 */
export function judgeScope(
  settings: PolicySettings | undefined,
  alert: Alert,
  hint: SubjectHint,
): ScopeRuling {
  const only = peopleOf(settings?.only);
  const except = peopleOf(settings?.except);
  const isOnly = only ? isAmong(only, alert, hint) : 'yes';
  const isExcept = except ? isAmong(except, alert, hint) : 'no';
  if (isExcept === 'yes' || isOnly === 'no') return { kind: 'out' };
  const scope: PeopleScope = {
    ...(only && isOnly === 'unclear' && { only }),
    ...(except && isExcept === 'unclear' && { except }),
  };
  const canBeFound = hint.kind === 'entra';
  return canBeFound && (scope.only || scope.except) ? { kind: 'ask-directory', scope } : { kind: 'in' };
}

function peopleOf(scope: PolicyScope | undefined): People | null {
  if (!scope || (scope.users.length === 0 && scope.groups.length === 0)) return null;
  return { users: scope.users, groups: scope.groups };
}

/** Once the person is known; `inGroups` says whether they are in one of these groups, nested ones included. */
export async function isPersonInScope(
  scope: PeopleScope,
  person: { readonly id: string; readonly userPrincipalName: string },
  inGroups: (groups: readonly string[]) => Promise<boolean>,
): Promise<boolean> {
  const names = [person.id.toLowerCase(), person.userPrincipalName.toLowerCase()];
  const among = async ({ users, groups }: People): Promise<boolean> =>
    users.some((user) => names.includes(user.toLowerCase())) ||
    (groups.length > 0 && (await inGroups(groups)));
  if (scope.except && (await among(scope.except))) return false;
  return !scope.only || among(scope.only);
}

type Answer = 'yes' | 'no' | 'unclear';

function isAmong({ users, groups }: People, alert: Alert, hint: SubjectHint): Answer {
  const arns = users.filter(isArn);
  // The settings hold no ARN of a session: whoever assumes a role chooses its last part.
  const { arn, roleArn } = alert.identity ?? {};
  const proven = isAuthenticated(alert);
  if (proven && arns.some((one) => one === arn || one === roleArn)) return 'yes';
  const named = hint.kind === 'entra' ? hint.id.toLowerCase() : null;
  if (users.some((user) => user.toLowerCase() === named)) return 'yes';
  return !proven || groups.length > 0 || arns.length < users.length ? 'unclear' : 'no';
}

const isArn = (user: string): boolean => user.startsWith('arn:');
