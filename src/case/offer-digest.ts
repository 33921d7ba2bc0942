// What a choice stands for exactly, as one text: whoever has chosen it chose this, and not whatever goes by that name later.
import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';
import { materialOf } from './material.ts';
import type { PlannedOffer } from './question.ts';

/** SHA-256 (hex) of what it would do to what, in the words that matter. */
export const offerDigest = ({ actions }: PlannedOffer): string =>
  createHash('sha256')
    .update(
      canonicalJson(
        actions.map(({ action, target, says, undo, basis }) => ({
          ...{ action, target, undo, basis },
          says: materialOf(says),
        })),
      ),
    )
    .digest('hex');
