// The values in a request or an answer, each with the names that lead to it. Bounded, since callers choose what stands there.
import { isRecord } from './malformed.ts';

export interface Leaf {
  /** Names from the outside in, without the wrappers that only AWS's protocols need. */
  readonly path: readonly [string, ...string[]];
  readonly value: string | number | boolean;
  /** The item of the outermost list that it belongs to, counted over the whole; 0 outside of lists. */
  readonly item: number;
}

const MAX_DEPTH = 16;
/** The longest real requests (a thousand machines) have about as many. */
const MAX_LEAVES = 4_000;
/** `items` of EC2's lists, and what wraps the whole of newer calls: `DeleteVpcEndpointsRequest`, `createRestApiInput`. */
const WRAPPER = /^(?:items?|member|content|[A-Za-z]+(?:Request|Req|Input))$/;

/** In the order of the record. An object for which `isWhole` holds is handed over as one text, its JSON. */
export function leavesOf(
  value: unknown,
  isWhole: (value: Readonly<Record<string, unknown>>) => boolean = () => false,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let items = 0;

  function walk(here: unknown, path: readonly string[], item: number, depth: number): void {
    if (leaves.length >= MAX_LEAVES || depth > MAX_DEPTH) return;
    if (Array.isArray(here)) {
      for (const one of here) walk(one, path, item || ++items, depth + 1);
    } else if (isRecord(here)) {
      if (isWhole(here)) {
        add(JSON.stringify(here), path, item);
        return;
      }
      for (const [key, inner] of Object.entries(here)) {
        // The number of an item in newer EC2 calls: `{"tag": 1, "content": "vpce-0123"}`.
        if (key === 'tag' && 'content' in here) continue;
        walk(inner, WRAPPER.test(key) && !isPlain(key, inner) ? path : [...path, key], item, depth + 1);
      }
    } else if (typeof here === 'string' || typeof here === 'number' || typeof here === 'boolean') {
      add(here, path, item);
    }
  }

  function add(leaf: string | number | boolean, path: readonly string[], item: number): void {
    const [first, ...rest] = path;
    if (leaf !== '' && first !== undefined) leaves.push({ path: [first, ...rest], value: leaf, item });
  }

  walk(value, [], 0, 0);
  return leaves;
}

/** A text by a wrapper's name is a parameter like any other, but in EC2's lists. */
const isPlain = (key: string, inner: unknown): boolean =>
  typeof inner !== 'object' && !/^(?:items?|member|content)$/.test(key);
