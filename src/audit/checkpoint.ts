// A checkpoint: the heads that moved since the one before, chained and signed. Pure; a line of text to and from.
import { type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from '../case/audit-chain.ts';
import { canonicalJson, type JsonObject } from '../case/json.ts';
import type { AuditHead } from '../ports/audit-trail.ts';

export interface Checkpoint {
  /** From 1, without gaps, within its log. */
  readonly number: number;
  readonly at: string;
  /** `checkpointHash` of the one before; 64 zeros for the first. */
  readonly previous: string;
  /** How many chains there were in all. */
  readonly cases: number;
  /** Heads that are new or moved since the checkpoint before in this log. */
  readonly heads: readonly AuditHead[];
  /** Ed25519 (base64) over the canonical JSON of all the rest. */
  readonly signature: string;
}

const signedText = ({ number, at, previous, cases, heads }: Omit<Checkpoint, 'signature'>): string =>
  canonicalJson({ number, at, previous, cases, heads });

export const checkpointHash = (checkpoint: Omit<Checkpoint, 'signature'>): string =>
  sha256(signedText(checkpoint));

export const signCheckpoint = (checkpoint: Omit<Checkpoint, 'signature'>, key: KeyObject): Checkpoint => ({
  ...checkpoint,
  signature: sign(null, Buffer.from(signedText(checkpoint)), key).toString('base64'),
});

export const isSignedBy = (checkpoint: Checkpoint, publicKey: KeyObject): boolean =>
  verify(null, Buffer.from(signedText(checkpoint)), publicKey, Buffer.from(checkpoint.signature, 'base64'));

/** Null for a line that is not a checkpoint: cut by a crash, or tampered with. */
export function parseCheckpoint(line: string): Checkpoint | null {
  try {
    const value: unknown = JSON.parse(line);
    return isCheckpoint(value) ? value : null;
  } catch {
    return null;
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isObject(value)) return false;
  const { number, at, previous, cases, heads, signature } = value;
  return (
    Number.isSafeInteger(number) &&
    Number.isSafeInteger(cases) &&
    [at, previous, signature].every((text) => typeof text === 'string') &&
    Array.isArray(heads) &&
    heads.every(isHead)
  );
}

const isHead = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.caseId === 'string' &&
  typeof value.hash === 'string' &&
  Number.isSafeInteger(value.seq);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
