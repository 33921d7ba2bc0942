// What S3 accepts as a bucket policy: JSON of the right shape, about this bucket and nothing else.
import type { Json, JsonObject } from '../../case/json.ts';
import { isObject, listOf, parseOperator } from './policy-language.ts';
import { S3Error } from './s3-error.ts';

/** Bytes; larger policies are refused. */
const MAX_POLICY_BYTES = 20 * 1024;
const VERSIONS: readonly (Json | undefined)[] = [undefined, '2008-10-17', '2012-10-17'];
const PRINCIPAL_TYPES = ['AWS', 'CanonicalUser', 'Federated', 'Service'];
const AWS_PRINCIPAL =
  /^(\*|\d{12}|arn:aws:(iam::\d{12}:(root|user\/[^*]+|role\/[^*]+)|sts::\d{12}:assumed-role\/[^*]+\/[^*]+))$/;

function refuse(message: string): never {
  throw new S3Error('MalformedPolicy', message);
}

function checkPrincipal(principal: Json | undefined): void {
  if (principal === '*') return;
  if (!isObject(principal)) refuse('Invalid principal in policy');
  for (const [type, names] of Object.entries(principal)) {
    const fits = (name: Json): boolean =>
      typeof name === 'string' && (type !== 'AWS' || AWS_PRINCIPAL.test(name));
    if (!PRINCIPAL_TYPES.includes(type) || listOf(names).length === 0 || !listOf(names).every(fits))
      refuse('Invalid principal in policy');
  }
}

function checkOne(statement: JsonObject, positive: string, negative: string): readonly Json[] {
  const given = [statement[positive], statement[negative]].filter((value) => value !== undefined);
  if (given.length !== 1) refuse(`Missing required field ${positive}`);
  return listOf(given[0]);
}

function checkStatement(statement: Json, bucket: string): void {
  if (!isObject(statement)) refuse('Statement must be an object');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') refuse('Missing required field Effect');
  checkOne(statement, 'Principal', 'NotPrincipal');
  checkPrincipal(statement.Principal ?? statement.NotPrincipal);
  const actions = checkOne(statement, 'Action', 'NotAction');
  if (actions.length === 0 || !actions.every((action) => /^(\*|s3:[\w*?]+)$/i.test(String(action))))
    refuse('Policy has invalid action');
  const arn = `arn:aws:s3:::${bucket}`;
  const isOurs = (resource: Json): boolean => resource === arn || String(resource).startsWith(`${arn}/`);
  const resources = checkOne(statement, 'Resource', 'NotResource');
  if (resources.length === 0 || !resources.every(isOurs)) refuse('Policy has invalid resource');
  if (statement.Condition === undefined) return;
  if (!isObject(statement.Condition)) refuse('Invalid Condition');
  for (const operator of Object.keys(statement.Condition))
    if (!parseOperator(operator)) refuse(`Invalid Condition type : ${operator}`);
}

/** Throws MalformedPolicy with S3's reason. */
export function parsePolicy(text: string, bucket: string): JsonObject {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) refuse('Policy exceeds the maximum allowed document size.');
  let policy: Json = null;
  try {
    policy = JSON.parse(text) as Json;
  } catch {
    refuse('This policy contains invalid Json');
  }
  if (!isObject(policy)) refuse("Policies must be valid JSON and the first byte must be '{'");
  if (!VERSIONS.includes(policy.Version)) refuse('The policy must contain a valid version string');
  const statements = listOf(policy.Statement);
  if (statements.length === 0) refuse('Could not parse the policy: Statement is empty!');
  for (const statement of statements) checkStatement(statement, bucket);
  return policy;
}
