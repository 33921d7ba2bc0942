// Makes chosen calls fail, so that tests can show what happens then. Nothing fails unless a test says so.
export type Fault =
  /** 503 SlowDown. */
  | { readonly kind: 'slow-down'; readonly retryAfterSeconds?: number }
  /** 403 AccessDenied; `message` is what AWS explains to callers of the bucket's own account. */
  | { readonly kind: 'forbidden'; readonly message?: string }
  | { readonly kind: 'internal-error' }
  /** 400 ExpiredToken, as when temporary keys have run out. */
  | { readonly kind: 'expired-token' }
  /** The connection is cut without an answer. With `after` the call is carried out first: a lost answer. */
  | { readonly kind: 'cut'; readonly after?: boolean }
  /** Never answered; the connection stays open until the client gives up. */
  | { readonly kind: 'hang' };

export interface Faults<Kind = Fault> {
  /** The next `times` calls of the operation (`GetBucketAcl`, `AssumeRole`, or `*` for any) meet the fault. */
  add(operation: string, times: number, fault: Kind): void;
  clear(): void;
  /** How many calls are still to be hit: 0 shows that a test's faults were all used. */
  pending(): number;
  /** Used by the server: the fault that this call meets, counted down. */
  take(operation: string): Kind | null;
}

export function createFaults<Kind = Fault>(): Faults<Kind> {
  let waiting: { readonly operation: string; left: number; readonly fault: Kind }[] = [];
  return {
    add: (operation, times, fault) => {
      waiting.push({ operation, left: times, fault });
    },
    clear: () => {
      waiting = [];
    },
    pending: () => waiting.reduce((sum, each) => sum + each.left, 0),
    take: (operation) => {
      const next = waiting.find((each) => each.left > 0 && [operation, '*'].includes(each.operation));
      if (!next) return null;
      next.left -= 1;
      return next.fault;
    },
  };
}
