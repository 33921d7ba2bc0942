// An answer to a question, however it was given: by a button or by a line of text.
import type { Verb } from '../case/case.ts';

export interface Answer {
  readonly verb: Verb;
  /** Null for a text command: it always means the current question. */
  readonly questionId: string | null;
  readonly offer?: string;
  readonly comment?: string;
  /** Of "expected": until when. ISO 8601 in UTC. */
  readonly until?: string;
  /** Of "not mine to say": who is asked instead. Looked up and judged before it is believed. */
  readonly to?: string;
  /** Of an undo: also over what somebody else changed since, as it was shown. */
  readonly anyway?: true;
}
