// The one error type that crosses rooms. Adapters translate what their SDK throws into it at the boundary.

import { type Said, say } from './said.ts';

export interface ErrorDetail {
  /** For the person in Teams: what happened, and what to do next. */
  readonly say?: Said;
  /** Whether the same call may succeed later. */
  readonly retryable?: boolean;
  /** What the other side asked for (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number;
  /** We held it back ourselves, and nothing was tried: due exactly then, no try older. */
  readonly paced?: boolean;
  /** The vendor's id of the failed request, for the operator. */
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** `code` is stable and dotted (`graph.throttled`), `message` is for the operator, `say` for the person in Teams. */
export class CountersignError extends Error {
  readonly code: string;
  readonly say: Said;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly paced: boolean;
  readonly requestId: string | undefined;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = 'CountersignError';
    this.code = code;
    this.say = detail.say ?? say('errors.our-side');
    this.retryable = detail.retryable ?? false;
    this.retryAfterMs = detail.retryAfterMs;
    this.paced = detail.paced ?? false;
    this.requestId = detail.requestId;
  }
}

export const isCountersignError = (error: unknown): error is CountersignError =>
  error instanceof CountersignError;

/** Text of any thrown value, for logs and step rows: never a stack. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
