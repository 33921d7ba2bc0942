// Makes a parsed JSON body safe to walk, digest and store. Changes nothing in an ordinary one.
import { malformed } from './malformed.ts';

/** Deeper than any vendor's record (CloudTrail's deepest are about 12), far above what recursion survives. */
const MAX_DEPTH = 64;

/**
 * Refuses nesting deeper than 64 levels (`ingest.malformed`), and replaces NUL and unpaired surrogates with U+FFFD:
 * PostgreSQL stores neither, so one such character would make an alert impossible to keep.
 */
export function tameJson(body: unknown): unknown {
  return hasUnstorableText(body) ? withStorableText(body) : body;
}

// Walks with a stack of its own: a hostile body must not be able to exhaust the call stack.
function hasUnstorableText(body: unknown): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 0 }];
  let unstorable = false;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') unstorable ||= isUnstorable(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw malformed('', `nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) {
      for (const item of value) open.push({ value: item, depth: depth + 1 });
      continue;
    }
    for (const [key, item] of Object.entries(value)) {
      unstorable ||= isUnstorable(key);
      open.push({ value: item, depth: depth + 1 });
    }
  }
  return unstorable;
}

const isUnstorable = (text: string): boolean => text.includes('\0') || !text.isWellFormed();

// JSON.stringify escapes exactly the characters in question, in keys and in values alike.
function withStorableText(body: unknown): unknown {
  const text = JSON.stringify(body).replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (sequence) =>
    sequence.length === 6 && /^\\u(?:0000|d[89a-f])/.test(sequence) ? '\\ufffd' : sequence,
  );
  return JSON.parse(text);
}
