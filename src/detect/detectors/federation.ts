// Whether a role's trust policy lets in everyone whom a web identity provider knows: all of GitHub, all of Google's accounts.
// Providers of SAML are left alone: a company's own directory stands behind each.
import type { Json, JsonObject } from '../../case/json.ts';
import { type Binding, bindingConditions, isMatchingOperator } from '../../case/policy-conditions.ts';
import { field, isDeny, isObject, listOf } from '../../case/policy-parts.ts';
import { plainText } from './request.ts';

/** "Available keys for AWS OIDC federation" in the IAM user guide: who signed in. Anybody can have an audience of their own. */
const NAMES_PERSON = /:sub$|^www\.amazon\.com:user_id$|^graph\.facebook\.com:id$/;
const COGNITO = 'cognito-identity.amazonaws.com';
/** `repo:contoso/*`, `project_path:contoso/shop:*`, `organization:contoso:*`: whose it is stands before the first wildcard. */
const BEGINS_WITH_OWNER = /^[^*?$:]+:[^*?$:/]+[:/]/;

const isFixed = (text: string): boolean => /^[^*?$]+$/.test(text);

/** `isBound` says which conditions, whoever the caller is, tie them down. */
export function trustsAnyIdentity(statement: Json, isBound: Binding): boolean {
  if (!isObject(statement) || isDeny(statement)) return false;
  const providers = federatedOf(statement).filter(isWebIdentity);
  if (providers.length === 0) return false;
  const binds: Binding = (operator, key, value) =>
    isBound(operator, key, value) || (isMatchingOperator(operator) && namesPerson(key, plainText(value)));
  if (bindingConditions(statement, binds).length > 0) return false;
  return !(providers.every((provider) => provider === COGNITO) && isOwnPool(statement));
}

function federatedOf(statement: JsonObject): readonly string[] {
  const principal = field(statement, 'principal');
  return isObject(principal) ? listOf(field(principal, 'federated')).map(plainText) : [];
}

const isWebIdentity = (provider: string): boolean =>
  provider.startsWith('arn:') ? provider.includes(':oidc-provider/') : provider !== '';

function namesPerson(key: string, value: string): boolean {
  return NAMES_PERSON.test(key) && (isFixed(value) || BEGINS_WITH_OWNER.test(value));
}

/** Cognito's own template: one identity pool, and only those who signed in to it. Whose pool it is cannot be told. */
function isOwnPool(statement: JsonObject): boolean {
  const ties = bindingConditions(statement, (operator, key, value) => {
    if (!isMatchingOperator(operator)) return false;
    if (key === `${COGNITO}:aud`) return isFixed(plainText(value));
    return key === `${COGNITO}:amr` && plainText(value) === 'authenticated';
  });
  return new Set(ties.map(({ key }) => key)).size === 2;
}
