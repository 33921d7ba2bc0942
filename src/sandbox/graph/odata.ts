// The few OData options that the sandbox's Graph server honours. An option that the real operation does not document is refused,
// so that production code cannot come to depend on it.
import type { JsonObject } from '../../case/json.ts';
import { type Call, GraphFault } from './reply.ts';

/** 400 when the call uses an option outside `allowed`. */
export function allowOptions(call: Call, allowed: readonly string[]): void {
  for (const name of call.query.keys())
    if (!allowed.includes(name))
      throw new GraphFault(400, 'BadRequest', `The query option '${name}' is not supported here.`);
}

/** Keeps the selected properties (and every annotation); without $select, `defaults`. */
export function select(entity: JsonObject, call: Call, defaults: readonly string[]): JsonObject {
  const wanted = call.query.get('$select')?.split(',') ?? defaults;
  return Object.fromEntries(
    Object.entries(entity).filter(([name]) => name.startsWith('@odata.') || wanted.includes(name)),
  );
}

function count(call: Call, option: string, fallback: number): number {
  const text = call.query.get(option);
  if (text === null) return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0)
    throw new GraphFault(400, 'BadRequest', `Invalid value '${text}' for ${option}.`);
  return number;
}

/** One page, with `@odata.nextLink` when there is more. */
export function page(
  items: readonly JsonObject[],
  call: Call,
  collectionUrl: string,
  maxPageSize: number,
): JsonObject {
  const size = Math.max(1, Math.min(count(call, '$top', maxPageSize), maxPageSize));
  const start = count(call, '$skiptoken', count(call, '$skip', 0));
  const value = items.slice(start, start + size);
  if (start + size >= items.length) return { value };
  const next = new URLSearchParams(call.query);
  next.delete('$skip');
  next.set('$skiptoken', String(start + size));
  return { '@odata.nextLink': `${collectionUrl}?${next}`, value };
}

const EQUALS = /^(\S+) eq '((?:[^']|'')*)'$/;
const ONE_OF_SEVERAL = /^(\S+) eq (?:'((?:[^']|'')*)'|([0-9a-f-]{36}))$/i;
const SINCE = /^(lastUpdateDateTime|createdDateTime) (ge|gt) (\S+)$/;

/** `name eq 'text'`, quotes doubled inside; null without $filter; 400 for any other filter. */
export function equalsFilter(call: Call, name: string): string | null {
  const filter = call.query.get('$filter');
  if (filter === null) return null;
  const found = EQUALS.exec(filter);
  if (found?.[1] !== name || found[2] === undefined)
    throw new GraphFault(400, 'BadRequest', `Invalid filter clause: ${filter}`);
  return found[2].replaceAll("''", "'");
}

/**
 * `a eq 'x' and b eq 'y'` as values by name; 400 for any other filter or name, and without $filter. `quoted` says whether the
 * operation compares texts or Edm.Guid, which stands without quotes.
 */
export function equalities(
  call: Call,
  names: readonly string[],
  { quoted = true }: { readonly quoted?: boolean } = {},
): Readonly<Record<string, string>> {
  const filter = call.query.get('$filter') ?? '';
  const found = filter.split(' and ').map((part) => {
    const [, name = '', text, guid] = ONE_OF_SEVERAL.exec(part) ?? [];
    const value = quoted ? text?.replaceAll("''", "'") : guid;
    if (!names.includes(name) || value === undefined)
      throw new GraphFault(400, 'Request_UnsupportedQuery', `Filter is invalid. ${filter}`);
    return [name, value.toLowerCase()] as const;
  });
  return Object.fromEntries(found);
}

/** `lastUpdateDateTime ge <time>` (or createdDateTime, or gt) as a test over entities. */
export function sinceFilter(call: Call): (entity: JsonObject) => boolean {
  const filter = call.query.get('$filter');
  if (filter === null) return () => true;
  const [, name = '', operator, time = ''] = SINCE.exec(filter) ?? [];
  const since = Date.parse(time);
  if (Number.isNaN(since)) throw new GraphFault(400, 'BadRequest', `Invalid filter clause: ${filter}`);
  return (entity) => {
    const at = Date.parse(String(entity[name]));
    return operator === 'gt' ? at > since : at >= since;
  };
}
