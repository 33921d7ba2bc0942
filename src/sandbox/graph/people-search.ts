// `$search` over the users of the made-up tenant, as Graph documents it for directory objects: clauses over one property each,
// joined by OR; what is sought must begin a word.
import type { Person } from '../people.ts';
import { type Call, GraphFault } from './reply.ts';

const CLAUSE = /"(displayName|mail|userPrincipalName):((?:[^"\\]|\\["\\])+)"/;
const WHOLE = new RegExp(`^${CLAUSE.source}(?: OR ${CLAUSE.source})*$`);

const unsupported = (message: string): GraphFault => new GraphFault(400, 'Request_UnsupportedQuery', message);
/** "Tokenization": words end at spaces and at whatever is neither letter nor digit. */
const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function isFound(text: string, sought: string): boolean {
  const words = wordsOf(text);
  return wordsOf(sought).every((one) => words.some((word) => word.startsWith(one)));
}

/** A test over people; 400 where the call is not an advanced query, or for any other search. */
export function searchOf(call: Call): (person: Person) => boolean {
  const search = call.query.get('$search') ?? '';
  if (call.headers.consistencylevel !== 'eventual' || call.query.get('$count') !== 'true')
    throw unsupported('Request with $search query parameter only works with ConsistencyLevel: eventual.');
  if (!WHOLE.test(search)) throw unsupported('Syntax error in $search.');
  const clauses = [...search.matchAll(new RegExp(CLAUSE, 'g'))].map(([, property = '', quoted = '']) => ({
    property: property as 'displayName' | 'mail' | 'userPrincipalName',
    sought: quoted.replaceAll(/\\(["\\])/g, '$1'),
  }));
  return (person) => clauses.some(({ property, sought }) => isFound(person[property], sought));
}
