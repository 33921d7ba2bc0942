// What a check of the trail says. Data: how it is printed is the command's business.
import type { CaseId } from '../case/ids.ts';

export type ProblemKind =
  /** The entry no longer has the content that its hash was taken over, or does not follow the one before it. */
  | 'entry-altered'
  | 'entry-missing'
  | 'personal-altered'
  /** Personal data is gone and no `audit.erased` entry says so. */
  | 'erasure-unrecorded'
  /** The chain ends before an entry that was sealed. */
  | 'chain-shortened'
  /** The entry at a sealed place is another one, although the chain is consistent. */
  | 'chain-rewritten'
  | 'case-deleted'
  /** The case's row is not the one that its latest transition recorded: somebody wrote to the database past Countersign. */
  | 'case-altered'
  /** Nothing was ever sealed, although there was time for it: the file is gone, or another one is looked at. */
  | 'never-sealed'
  | 'checkpoint-altered'
  | 'checkpoint-forged'
  | 'checkpoint-missing';

export interface Problem {
  readonly kind: ProblemKind;
  /** Null for problems of the checkpoint log. */
  readonly caseId: CaseId | null;
  readonly seq?: number;
  /** One plain sentence for the operator. */
  readonly says: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly cases: number;
  readonly entries: number;
  /** Checkpoints that count: signed, and in their place. */
  readonly checkpoints: number;
  /** When the last of them was made, ISO 8601. */
  readonly sealedAt: string | null;
  /** Entries after the last checkpoint of their case: whoever writes to the database could still change them unnoticed. */
  readonly unprotected: number;
  /** Entries whose personal data was erased. */
  readonly erased: number;
  /** Lines that a crash cut off in the checkpoint log. They protect nothing, and are no problem by themselves. */
  readonly tornLines: number;
}
