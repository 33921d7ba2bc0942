// Whether a resource policy, of any service, lets in everyone or a foreign account. S3's buckets have a rule of their own.
import type { Json, JsonObject } from '../../case/json.ts';
import {
  type Binding,
  type BindingCondition,
  bindingConditions,
  bindsOnS3,
  isMatchingOperator,
} from '../../case/policy-conditions.ts';
import { field, isDeny, isObject, listOf } from '../../case/policy-parts.ts';
import { isPublicStatement, letsStrangersIn, statementsOf } from '../../case/public-access.ts';
import { trustsAnyIdentity } from './federation.ts';
import { isTrue, plainText } from './request.ts';
import { accountIn, type Company, isListed, isOtherOrganisation } from './strangers.ts';

/** Keys beyond S3's whose fixed value ties the caller to an account, a resource or one of AWS's services. */
const MORE_KEYS = new Set([
  'kms:calleraccount',
  'elasticfilesystem:accesspointarn',
  'lambda:sourcefunctionarn',
  'aws:principalservicenameslist',
]);
/** Keys that take true or false, and tie the caller down where they must be true. */
const TRUE_KEYS = new Set(['aws:principalisawsservice', 'elasticfilesystem:accessedviamounttarget']);
/** Keys whose values are accounts or ARNs: who they tie the caller to decides whether that is a stranger. */
const NAMES_CALLER =
  /^(?:aws:(?:principal|source)(?:arn|account|owner)|kms:calleraccount|lambda:sourcefunctionarn)$/;
const NAMES_ORGANISATION = /^aws:(?:principal|source)org(?:id|paths)$/;

const isFixed = (value: Json): value is string => typeof value === 'string' && /^[^*?$]+$/.test(value);

const binds: Binding = (operator, key, value) => {
  if (bindsOnS3(operator, key, value)) return true;
  if (operator === 'bool') return TRUE_KEYS.has(key) && isTrue(value);
  if (!isMatchingOperator(operator)) return false;
  if (MORE_KEYS.has(key)) return isFixed(value);
  // An ARN with a pattern in it still belongs to the account that it names.
  return NAMES_CALLER.test(key) && typeof value === 'string' && accountIn(value) !== null;
};

/**
 * Whether any statement of the document (text or object) does. What cannot be read cannot be shown to be harmless: it does.
 * An empty text says nothing, and lets nobody in.
 */
export function opensToStrangers(document: Json | undefined, company: Company): boolean {
  const policy = parsed(document);
  if (policy === null) return false;
  if (!isObject(policy)) return true;
  return statementsOf(policy).some((statement) => isOpen(statement, company));
}

/** The same of a bucket or an access point, but for what S3 calls public: that is the matter of a detector of its own. */
export function sharesBucket(document: Json | undefined, company: Company): boolean {
  const policy = parsed(document);
  if (!isObject(policy)) return false;
  return statementsOf(policy).some(
    (statement) => !isPublicStatement(statement) && isOpen(statement, company),
  );
}

const isOpen = (statement: Json, company: Company): boolean =>
  letsStrangersIn(statement, binds) ||
  sharesAbroad(statement, company) ||
  trustsAnyIdentity(statement, binds);

/** A document as it stands, null where there is none, and the text where it is unreadable. Old records hold it URL-encoded. */
function parsed(document: Json | undefined): Json {
  if (document === undefined || document === null) return null;
  if (typeof document !== 'string') return document;
  if (document.trim() === '') return null;
  try {
    return JSON.parse(/^%7B/i.test(document) ? decodeURIComponent(document) : document) as Json;
  } catch {
    return document;
  }
}

/** Accounts that are named as principals or by condition, and organisations: nobody looks at these for S3's meaning of public. */
function sharesAbroad(statement: Json, company: Company): boolean {
  if (!isObject(statement) || isDeny(statement)) return false;
  const conditions = bindingConditions(statement, binds);
  // All conditions must hold: one that only the company can meet leaves no room for anybody else.
  if (conditions.some((condition) => isOnlyOurs(condition, company))) return false;
  const principals = principalsOf(statement);
  const named = conditions.filter(({ key }) => NAMES_CALLER.test(key)).flatMap(({ values }) => values);
  if ([...principals, ...named].some((value) => accountOf(value, company) === 'foreign')) return true;
  // Everyone, or a service, on behalf of an organisation.
  return (
    conditions.some(
      ({ key, values }) =>
        NAMES_ORGANISATION.test(key) &&
        values.some((value) => isOtherOrganisation(plainText(value), company)),
    ) && !principals.every((value) => accountOf(value, company) === 'own')
  );
}

function isOnlyOurs({ key, values }: BindingCondition, company: Company): boolean {
  if (NAMES_ORGANISATION.test(key)) return values.every((value) => isListed(plainText(value), company));
  return NAMES_CALLER.test(key) && values.every((value) => accountOf(value, company) === 'own');
}

function accountOf(value: Json, { isForeign }: Company): 'own' | 'foreign' | null {
  const account = typeof value === 'string' ? accountIn(value) : null;
  if (account === null) return null;
  return isForeign(account) ? 'foreign' : 'own';
}

function principalsOf(statement: JsonObject): readonly Json[] {
  const principal = field(statement, 'principal');
  return isObject(principal) ? Object.values(principal).flatMap(listOf) : listOf(principal);
}
