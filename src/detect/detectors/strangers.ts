// Who is a stranger: everyone, an AWS account that is not the company's, or an organisation that is not. AWS's own services are not.
import type { JsonObject } from '../../case/json.ts';
import type { DetectorContext } from './index.ts';
import { plainText } from './request.ts';

/** Who belongs to the company, in the light of one record. */
export interface Company {
  /** Whether an AWS account id (12 digits) is somebody else's. */
  isForeign(account: string): boolean;
  /** The organisations (`o-...`) that the operator listed. None listed: nothing is known about any. */
  readonly organisations: readonly string[];
}

/** The account that the record belongs to is always ours: sharing something with its owner shares nothing. */
export function companyOf(event: JsonObject, { accounts, organisations }: DetectorContext): Company {
  const identity = event.userIdentity;
  const caller =
    typeof identity === 'object' && identity !== null && !Array.isArray(identity)
      ? (identity as JsonObject).accountId
      : undefined;
  const owner = plainText(event.recipientAccountId ?? caller);
  return { isForeign: (account) => account !== owner && !accounts.includes(account), organisations };
}

const ORGANISATION = /^o-[^/*?$]+(?=\/|$)/i;

/** `o-...` of an id, a path (`o-.../r-.../ou-...`) or an organisation's ARN; null where the text names none. */
export function organisationIn(text: string): string | null {
  const [start, , service, , , resource = ''] = text.split(':');
  const isArn = start === 'arn' && service === 'organizations';
  return ORGANISATION.exec(isArn ? (resource.split('/')[1] ?? '') : text)?.[0].toLowerCase() ?? null;
}

/** The operator said so: until then nobody can tell. */
export const isListed = (text: string, { organisations }: Company): boolean =>
  organisations.includes(organisationIn(text) ?? '');

/** An organisation that is not among those that the operator listed. With none listed, any is taken for the company's own. */
export const isOtherOrganisation = (text: string, company: Company): boolean =>
  company.organisations.length > 0 && !isListed(text, company);

/** The account that a text names, by id or by ARN (an organisation's: its management account); null where it names none. */
export function accountIn(text: string): string | null {
  if (/^\d{12}$/.test(text)) return text;
  const [start, , , , account] = text.split(':');
  if (start !== 'arn' || account === undefined) return null;
  return /^\d{12}$/.test(account) ? account : null;
}

/** Words and patterns that stand for everyone. An ARN whose account is a pattern is everyone's, too. */
export function isEveryone(text: string): boolean {
  if (/^(?:\*|all)$/i.test(text)) return true;
  const [start, , , , account] = text.split(':');
  return start === 'arn' && account !== undefined && /[*?]/.test(account);
}

export function isStranger(text: string, company: Company): boolean {
  const account = accountIn(text);
  if (account === null) return isEveryone(text);
  return company.isForeign(account) && !isListed(text, company);
}

/**
 * Whether a grant lets strangers in that names its principals, and the organisations that they must belong to (none: no such
 * bond). An account that is named as a principal is a stranger whatever organisation it belongs to, unless the operator listed that.
 */
export function letsIn(
  principals: readonly string[],
  organisations: readonly string[],
  company: Company,
): boolean {
  const bonds = organisations.filter((text) => organisationIn(text) !== null);
  if (bonds.length === 0) return principals.some((text) => isStranger(text, company));
  if (bonds.every((text) => isListed(text, company))) return false;
  if (principals.some((text) => company.isForeign(accountIn(text) ?? '') && accountIn(text) !== null))
    return true;
  return bonds.some((text) => isOtherOrganisation(text, company)) && principals.some(isEveryone);
}
