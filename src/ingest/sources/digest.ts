// The digest that tells news from repetition.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../case/json.ts';

/** SHA-256 in hex over the canonical text: the same however the vendor orders its keys. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');
