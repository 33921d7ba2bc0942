// What the name of a principal says. Pure. Source of the spellings: "AWS JSON policy elements: Principal" in the IAM guide.

const ROOT = /^arn:[\w-]+:iam::(\d{12}):root$/;
const ACCOUNT = /^\d{12}$/;
/** What AWS puts in the place of a role or user that was deleted. ("IAM identifiers", unique ids.) */
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/;
const CANONICAL_ID = /^[\da-f]{64}$/i;

/** One text per principal: an account is its twelve digits, however it is written. */
export const principalId = (name: string): string => ROOT.exec(name)?.[1] ?? name;

/** The account that a principal is or belongs to; null where its name does not say so. */
export const accountOfPrincipal = (name: string): string | null =>
  ACCOUNT.test(name) ? name : (/^arn:[\w-]+:(?:iam|sts)::(\d{12}):/.exec(name)?.[1] ?? null);

export const isDeletedPrincipal = (name: string): boolean => UNIQUE_ID.test(name);
export const isCanonicalId = (name: string): boolean => CANONICAL_ID.test(name);
