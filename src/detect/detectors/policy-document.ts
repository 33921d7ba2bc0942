// Whether a resource policy, of any service, lets in everyone or a foreign account. S3's buckets have a rule of their own.
import type { Json, JsonObject } from '../../case/json.ts';
import {
  type Binding,
  bindingConditions,
  bindsOnS3,
  field,
  isDeny,
  isMatchingOperator,
  isObject,
  letsStrangersIn,
  listOf,
  statementsOf,
} from '../../case/public-access.ts';
import { isTrue } from './request.ts';
import { accountIn, type IsForeign } from './strangers.ts';

/** Keys beyond S3's whose fixed value ties the caller to an account, a resource or one of AWS's services. */
const MORE_KEYS = new Set([
  'kms:calleraccount',
  'elasticfilesystem:accesspointarn',
  'lambda:sourcefunctionarn',
  'aws:principalservicename',
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
export function opensToStrangers(document: Json | undefined, isForeign: IsForeign): boolean {
  const policy = parsed(document);
  if (policy === null) return false;
  if (!isObject(policy)) return true;
  return statementsOf(policy).some(
    (statement) => letsStrangersIn(statement, binds) || sharesAbroad(statement, isForeign),
  );
}

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

function sharesAbroad(statement: Json, isForeign: IsForeign): boolean {
  if (!isObject(statement) || isDeny(statement)) return false;
  const conditions = bindingConditions(statement, binds);
  if (conditions.some(({ key }) => NAMES_ORGANISATION.test(key))) return false;
  const named = conditions.filter(({ key }) => NAMES_CALLER.test(key));
  const abroad = named.filter(({ values }) => accountsOf(values).some(isForeign));
  // All conditions must hold: one that ties the caller to our own account leaves no room for another's.
  if (named.length > abroad.length) return false;
  const principals = principalsOf(statement);
  if (accountsOf(principals).some(isForeign)) return true;
  // Everyone, or a service, on behalf of whoever the conditions name: nothing else ties it down.
  return abroad.length > 0 && conditions.length === abroad.length;
}

const accountsOf = (values: readonly Json[]): readonly string[] =>
  values.flatMap((value) => (typeof value === 'string' ? (accountIn(value) ?? []) : []));

function principalsOf(statement: JsonObject): readonly Json[] {
  const principal = field(statement, 'principal');
  return isObject(principal) ? Object.values(principal).flatMap(listOf) : listOf(principal);
}
