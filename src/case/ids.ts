// Branded identifiers, so that a case id cannot be passed where a question id is meant.
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type CaseId = Branded<'CaseId'>;
/** Random, new with every question: a click that carries an older one is stale. */
export type QuestionId = Branded<'QuestionId'>;
/** A person's Entra object id (GUID, lower case). Teams calls it aadObjectId. */
export type UserId = Branded<'UserId'>;
export type RunId = Branded<'RunId'>;
export type StepId = Branded<'StepId'>;
export type CopyId = Branded<'CopyId'>;
/** Random. */
export type DigestId = Branded<'DigestId'>;

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The object id in lower case, or null when the text is not a GUID. */
export function parseUserId(text: string | null | undefined): UserId | null {
  return text && GUID.test(text) ? (text.toLowerCase() as UserId) : null;
}
