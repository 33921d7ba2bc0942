// What became of a bucket policy's statements, for whoever decides whether undo goes over it: whom, what and when they allow or deny.
// All of it is text from outside, cut to length; what the other policy does not have comes first, so that nothing can be hidden behind it.
import { canonicalJson, type Json, type JsonObject } from '../../case/json.ts';
import { policyForm } from '../../case/policy-form.ts';
import { field, isDeny, isObject, listOf } from '../../case/policy-parts.ts';
import { statementsOf } from '../../case/public-access.ts';
import { type Filled, type Said, say } from '../../case/said.ts';
import { principalSaid } from '../../case/target-words.ts';
import { listed } from './listed.ts';

/** An ARN, or a condition with its values. */
const LONGEST_PART = 80;

type Policy = JsonObject | null;
type NamesOf = (value: Json) => readonly Said[];

const texts: NamesOf = (value) =>
  listOf(value).map((one) => (typeof one === 'string' ? one : canonicalJson(one)));

const principals: NamesOf = (value) =>
  (isObject(value) ? Object.values(value).flatMap(listOf) : listOf(value)).map((one) =>
    one === '*' ? say('s3.statement.everybody') : principalSaid(String(one)),
  );

const conditions: NamesOf = (value) =>
  Object.entries(isObject(value) ? value : {}).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).map(
      ([key, values]) => `${key} ${listOf(values).join(', ')} (${operator})`,
    ),
  );

const newFirst = (names: readonly Said[], known: ReadonlySet<string>): readonly Said[] => {
  const isKnown = (name: Said): boolean => known.has(JSON.stringify(name));
  return [...names.filter((name) => !isKnown(name)), ...names.filter(isKnown)];
};

/** One element of a statement, or its negation: `Principal`, or all but `NotPrincipal`. */
function named(statement: JsonObject, element: string, namesOf: NamesOf, others: readonly Json[]): Filled {
  const isNegated = field(statement, element) === undefined;
  const name = isNegated ? `not${element}` : element;
  const valueIn = (one: Json): readonly Said[] => (isObject(one) ? namesOf(field(one, name) ?? []) : []);
  const known = new Set(others.flatMap(valueIn).map((one) => JSON.stringify(one)));
  const names = listed(newFirst(valueIn(statement), known), LONGEST_PART);
  return isNegated ? say('s3.statement.all-but', { names }) : names;
}

function statementSaid(statement: Json, others: readonly Json[]): Said {
  if (!isObject(statement)) return canonicalJson(statement);
  const sid = field(statement, 'sid');
  const condition = field(statement, 'condition');
  return say('s3.statement.words', {
    sid: typeof sid === 'string' && sid !== '' ? sid : say('s3.statement.no-name'),
    effect: isDeny(statement) ? 'deny' : 'allow',
    who: named(statement, 'principal', principals, others),
    actions: named(statement, 'action', texts, others),
    resources: named(statement, 'resource', texts, others),
    when: condition === undefined ? 0 : 1,
    conditions: condition === undefined ? '' : named(statement, 'condition', conditions, others),
  });
}

function missing(from: Policy, others: Policy): readonly Said[] {
  const formOf = (statement: Json): string => canonicalJson(policyForm(statement));
  const known = new Set(statementsOf(others).map(formOf));
  return statementsOf(from)
    .filter((statement) => !known.has(formOf(statement)))
    .map((statement) => statementSaid(statement, statementsOf(others)));
}

/** `state` in words, and which statements came and went since `from`. */
export function changedWords(state: Said, from: Policy, policy: Policy): Said {
  const came = missing(policy, from);
  const went = missing(from, policy);
  if (came.length + went.length === 0) return state;
  return say('s3.statement.changed', {
    ...{ state, came: came.length, new: listed(came, LONGEST_PART) },
    ...{ went: went.length, gone: listed(went, LONGEST_PART) },
  });
}
