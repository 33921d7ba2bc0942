// What the trail says of a case's row: whoever changes the row without a transition is found by `audit verify`.
import { createHash } from 'node:crypto';
import type { Case } from './case.ts';
import { canonicalJson } from './json.ts';

/** SHA-256 (hex) over the whole case. It holds a random nonce, so the digest tells nothing once the case is erased. */
export const caseDigest = (about: Case): string =>
  createHash('sha256').update(canonicalJson(about)).digest('hex');
