// The arithmetic of the audit chain: what is hashed, and how an entry hangs on the one before. Pure; reads and stores nothing.
import { createHash } from 'node:crypto';
import type { CaseId } from './ids.ts';
import { canonicalJson, type JsonObject } from './json.ts';

/** What `previous` says in the first entry of a chain and in the first checkpoint of a file. */
export const NO_HASH = '0'.repeat(64);

/** Everything of an entry that its hash covers. Personal data is covered through its digest alone, so that it can be erased. */
export interface ChainedFacts {
  readonly seq: number;
  readonly caseId: CaseId;
  readonly at: string;
  readonly kind: string;
  readonly facts: JsonObject;
  readonly personalDigest: string;
  readonly previous: string;
}

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** SHA-256 in hex. */
export const sha256 = (...parts: readonly (string | Buffer)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** `salt` is 16 random bytes in hex, new for every entry: without it, names could be guessed from the digest. */
export const personalDigest = (salt: string, personal: JsonObject): string =>
  sha256(Buffer.from(salt, 'hex'), canonicalJson(personal));

/** The hash of an entry: exactly these seven fields, whatever else the object carries. */
export const entryHash = ({
  seq,
  caseId,
  at,
  kind,
  facts,
  personalDigest: digest,
  previous,
}: ChainedFacts): string =>
  sha256(canonicalJson({ seq, caseId, at, kind, facts, personalDigest: digest, previous }));

/** The next entry after `head` (null: the first of its chain). */
export function linkEntry<Note extends Omit<ChainedFacts, 'seq' | 'previous' | 'personalDigest'>>(
  head: ChainHead | null,
  note: Note,
  personal: JsonObject,
  salt: string,
) {
  const chained = {
    ...note,
    seq: (head?.seq ?? 0) + 1,
    personalDigest: personalDigest(salt, personal),
    previous: head?.hash ?? NO_HASH,
  };
  return { ...chained, hash: entryHash(chained), personal, salt };
}
