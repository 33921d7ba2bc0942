// Once a case is claimed, later matches open a case of their own; once it asks again, they join it again.
import type { Case } from './case.ts';

export const claimedGroup = ({ groupKey, id }: Pick<Case, 'groupKey' | 'id'>): string =>
  `${groupKey}|claimed:${id}`;

/** A case that is open again, so that later matches of its group join it. */
export const unclaimedGroup = ({ groupKey, id }: Pick<Case, 'groupKey' | 'id'>): string =>
  groupKey.replaceAll(`|claimed:${id}`, '');
