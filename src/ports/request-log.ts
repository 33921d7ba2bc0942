// The record of our own calls by the ids that the vendor gave them: how they are told from somebody else's when they come back
// as events. Nothing is ever taken for ours that is not in it.

export interface RequestLog {
  /**
   * Committed once it resolves; an id that is known already changes nothing. Throws as the store does
   * (`store.busy`, `store.unavailable`, `store.failed`): then the call counts as failed.
   */
  noteRequests(requestIds: readonly string[]): Promise<void>;
}
