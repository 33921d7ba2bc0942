// Calls that add one statement to a policy, spelled out in parameters of their own: Lambda, EventBridge, the application repository.
import { either, forEach, type Judge, type Judges, policyIn } from './judges.ts';
import { inside, plainText, textsIn } from './request.ts';
import { accountIn, letsIn } from './strangers.ts';

/**
 * "AddPermission" in the Lambda API reference: an organisation ties everybody down, a source ARN or account whoever is named as
 * everyone or as a service.
 */
const lambdaPermission: Judge = ({ parameters }, company) => {
  const principals = inside(parameters, 'principal').map(plainText);
  const bonds = ['principalorgid', 'organizationid'].flatMap((name) => inside(parameters, name));
  const sources = [...inside(parameters, 'sourceaccount'), ...inside(parameters, 'sourcearn')].map(plainText);
  const owners = sources.flatMap((source) => accountIn(source) ?? []);
  if (owners.some(company.isForeign)) return true;
  const limited = owners.length > 0 ? principals.filter((text) => accountIn(text) !== null) : principals;
  return letsIn(limited, bonds.map(plainText), company);
};

/** "PutPermission" in the EventBridge API reference: a condition can only name an organisation. A whole policy comes as text. */
const busPermission: Judge = ({ parameters }, company) => {
  const bonds = inside(parameters, 'condition').flatMap((condition) =>
    inside(condition, 'key').some((key) => /^aws:PrincipalOrg(?:ID|Paths)$/i.test(plainText(key)))
      ? inside(condition, 'value')
      : [],
  );
  return letsIn(inside(parameters, 'principal').map(plainText), bonds.map(plainText), company);
};

const applicationPolicy: Judge = ({ parameters }, company) =>
  inside(parameters, 'statements').some((statement) =>
    letsIn(textsIn(inside(statement, 'principals')), textsIn(inside(statement, 'principalorgids')), company),
  );

export const SINGLE_GRANTS: Judges = {
  ...forEach('lambda', ['AddPermission', 'AddLayerVersionPermission'], lambdaPermission),
  'events:PutPermission': either(busPermission, policyIn('policy')),
  'serverlessrepo:PutApplicationPolicy': applicationPolicy,
};
