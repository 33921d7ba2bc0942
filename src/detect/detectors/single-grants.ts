// Calls that add one statement to a policy, spelled out in parameters of their own: Lambda, EventBridge, the application repository.
import { areStrangers, either, forEach, type Judge, type Judges, policyIn } from './judges.ts';
import { inside, plainText } from './request.ts';
import { accountIn, type IsForeign } from './strangers.ts';

/**
 * "AddPermission" in the Lambda API reference: an organisation ties everybody down, a source ARN or account whoever is named as
 * everyone or as a service.
 */
const lambdaPermission: Judge = ({ parameters }, isForeign) => {
  if (inside(parameters, 'principalorgid').length > 0 || inside(parameters, 'organizationid').length > 0)
    return false;
  const principals = inside(parameters, 'principal');
  const sources = [...inside(parameters, 'sourceaccount'), ...inside(parameters, 'sourcearn')].map(plainText);
  const named = sources.flatMap((source) => accountIn(source) ?? []);
  if (named.some(isForeign)) return true;
  if (named.length > 0) return areForeign(principals.map(plainText), isForeign);
  return areStrangers(principals, isForeign);
};

const areForeign = (texts: readonly string[], isForeign: IsForeign): boolean =>
  texts.some((text) => isForeign(accountIn(text) ?? '') && accountIn(text) !== null);

/** "PutPermission" in the EventBridge API reference: a condition can only name an organisation. A whole policy comes as text. */
const busPermission: Judge = ({ parameters }, isForeign) => {
  const isBound = inside(parameters, 'condition', 'key').some((key) =>
    /^aws:PrincipalOrg(?:ID|Paths)$/i.test(plainText(key)),
  );
  return !isBound && areStrangers(inside(parameters, 'principal'), isForeign);
};

const applicationPolicy: Judge = ({ parameters }, isForeign) =>
  inside(parameters, 'statements').some(
    (statement) =>
      inside(statement, 'principalorgids').length === 0 &&
      areStrangers(inside(statement, 'principals'), isForeign),
  );

export const SINGLE_GRANTS: Judges = {
  ...forEach('lambda', ['AddPermission', 'AddLayerVersionPermission'], lambdaPermission),
  'events:PutPermission': either(busPermission, policyIn('policy')),
  'serverlessrepo:PutApplicationPolicy': applicationPolicy,
};
