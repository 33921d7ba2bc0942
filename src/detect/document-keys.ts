// Which documents raise cases by themselves, and what each is called: the policy's id for what raises.
import type { Links } from './link-files.ts';
import type { AnyDocument, CorrelationDocument, RuleDocument } from './read-file.ts';

export interface DocumentKeys {
  /** They are policies; the others only feed correlations. */
  readonly raising: ReadonlySet<AnyDocument>;
  readonly keys: ReadonlyMap<AnyDocument, string>;
}

/** The file's name for the document that is its policy; the others are told from it by their name or place. */
export function nameDocuments(links: Links): DocumentKeys {
  const raising = new Set<AnyDocument>();
  const keys = new Map<AnyDocument, string>();
  for (const file of links.files) {
    const documents = file.documents.filter((document) => document.kind !== 'filter');
    for (const document of documents) if (raises(document, links)) raising.add(document);
    const policy = documents.find((document) => raising.has(document)) ?? documents[0];
    for (const document of documents) {
      keys.set(document, document === policy ? file.id : `${file.id}.${placeOf(document)}`);
    }
  }
  return { raising, keys };
}

// "The rules referred from the correlation rule" are not rules of their own unless it says so. A built-in policy that is a file of
// its own raises all the same, and what comes from outside has no say in what is built in.
function raises(document: RuleDocument | CorrelationDocument, { referrers }: Links): boolean {
  const { of } = document;
  const by = (referrers.get(document) ?? []).filter((correlation) => of.outside || !correlation.of.outside);
  if (by.length === 0 || by.some(({ rule }) => rule.generate ?? rule.correlation.generate)) return true;
  return !of.outside && by.every((correlation) => correlation.of !== of);
}

function placeOf({ rule, at }: AnyDocument): string {
  const { name } = rule;
  return name !== undefined && /^[A-Za-z_][A-Za-z0-9_-]{0,80}$/.test(name) ? name : String(at + 1);
}
