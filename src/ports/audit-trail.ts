// What a transition says for the record. The store chains it in the transition's own transaction.
import type { Actor } from '../case/case.ts';
import type { CaseId } from '../case/ids.ts';
import type { Json, JsonObject } from '../case/json.ts';
import type { Said } from '../case/said.ts';

/** What is noted may hold words: the store writes them out in English, and keeps text. */
export type Noted = Json | Said | readonly Noted[] | { readonly [key: string]: Noted };

export interface AuditNote {
  /** Dotted: `case.opened`, `decision.refused`, `run.verified`. */
  readonly kind: string;
  readonly actor: Actor;
  /** Facts without personal data: they are in the chain as they are. */
  readonly facts: { readonly [key: string]: Noted };
  /** Personal data (names, comments, file names): beside the chain, which holds only a salted digest. */
  readonly personal?: { readonly [key: string]: Noted };
}

/** An entry as stored. `hash` = SHA-256 over canonical JSON of everything else in it but `personal` and `salt`. */
export interface AuditEntry {
  /** From 1, without gaps, within its case. */
  readonly seq: number;
  readonly caseId: CaseId;
  readonly at: string;
  readonly kind: string;
  readonly facts: JsonObject;
  /** SHA-256 (hex) over salt and canonical JSON of `{actor, personal}`. */
  readonly personalDigest: string;
  /** `hash` of the entry before; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
  /** `{actor, personal}` as noted; null once erased. */
  readonly personal: JsonObject | null;
  readonly salt: string | null;
}

export interface AuditHead {
  readonly caseId: CaseId;
  readonly seq: number;
  readonly hash: string;
}

/** Reading side, for sealing, checking and export. */
export interface AuditTrail {
  /** Every entry, by case and sequence. */
  entries(): AsyncIterable<AuditEntry>;
  /** Of one case, after this sequence number. */
  entriesOf(caseId: CaseId, afterSeq?: number): Promise<readonly AuditEntry[]>;
  /** The last entry of every case. */
  heads(): Promise<readonly AuditHead[]>;
  /**
   * The digest of the case's row as it is now (null: there is no row) and the one that its latest transition recorded (null:
   * none did), both of one moment.
   */
  rowDigests(caseId: CaseId): Promise<{ readonly row: string | null; readonly recorded: string | null }>;
}
