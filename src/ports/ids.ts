// Randomness: ids that nobody can guess, and the short reference that people type.
import type { CaseId, CopyId, QuestionId, RunId } from '../case/ids.ts';

export interface Ids {
  caseId(): CaseId;
  /** Eight characters of the Crockford alphabet (no I, L, O, U), upper case: 40 bits. */
  caseRef(): string;
  /** Six characters of the same alphabet: told apart from a reference by its length. */
  exceptionId(): string;
  questionId(): QuestionId;
  runId(): RunId;
  copyId(): CopyId;
  /** 128 random bits, hex. */
  nonce(): string;
}
