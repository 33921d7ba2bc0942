// Where a reader's cards go, and which failures say that they no longer can.
import { SECURITY_READER } from '../case/ask-step.ts';
import type { Conversation } from '../case/case.ts';
import { isCountersignError } from '../case/errors.ts';
import type { CaseStore } from '../ports/case-store.ts';

export interface ReachParts {
  readonly store: Pick<CaseStore, 'findReachable'>;
  readonly tenantId: string;
  readonly securityChannel: string;
  /** Where the security channel lives before any activity came from it. */
  readonly defaultServiceUrl: string;
}

/** At a host that is not the cloud's own (any more). */
export const isMoved = (error: unknown): boolean =>
  isCountersignError(error) && error.code === 'teams.host-refused';

/** Blocked, removed or moved: no later try at the same place will do. */
export const isFinal = (error: unknown): boolean =>
  isMoved(error) || (isCountersignError(error) && error.code === 'teams.unreachable');

export async function conversationOf(reader: string, parts: ReachParts): Promise<Conversation | null> {
  const id = reader === SECURITY_READER ? parts.securityChannel : reader;
  const stored = await parts.store.findReachable(parts.tenantId, id);
  if (stored) return stored.conversation;
  return reader === SECURITY_READER ? { id, serviceUrl: parts.defaultServiceUrl } : null;
}
