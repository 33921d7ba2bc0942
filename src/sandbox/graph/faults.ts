// Trouble on demand for tests and stories: the next calls that fit are throttled, refused, left hanging or cut off.

export type FaultAnswer =
  /** 429; `retryAfter` as the header has it: seconds, or an HTTP date. */
  | { readonly kind: 'throttle'; readonly retryAfter?: string }
  | { readonly kind: 'status'; readonly status: number; readonly code?: string; readonly message?: string }
  /** 502 with a page of HTML, as a proxy sends it. */
  | { readonly kind: 'html' }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'hang' }
  /** The connection ends before anything is done. */
  | { readonly kind: 'drop' }
  /** The call takes effect, and its answer never arrives. */
  | { readonly kind: 'lose-answer' };

export interface Fault {
  /** Any method unless named. */
  readonly method?: string;
  /** Tried against the path without the query. */
  readonly path: RegExp;
  /** 1 unless told. */
  readonly times?: number;
  readonly answer: FaultAnswer;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** How many calls are still to be hit: 0 shows that a test's faults were all used. */
  pending(): number;
}

export function createFaults(): Faults & { take(method: string, path: string): FaultAnswer | null } {
  let queued: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void queued.push({ fault, left: fault.times ?? 1 }),
    clear: () => {
      queued = [];
    },
    pending: () => queued.reduce((sum, one) => sum + one.left, 0),
    take(method, path) {
      const hit = queued.find(({ fault }) => (fault.method ?? method) === method && fault.path.test(path));
      if (!hit) return null;
      hit.left -= 1;
      queued = queued.filter((one) => one.left > 0);
      return hit.fault.answer;
    },
  };
}
