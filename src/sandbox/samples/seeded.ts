// Ids that are fresh for each firing and the same for the same seed.
import { createHash } from 'node:crypto';

const hexOf = (seed: string, what: string): string =>
  createHash('sha256').update(`${what}\n${seed}`).digest('hex');

/** A UUID of version 4's form. */
export function seededUuid(seed: string, what: string): string {
  const hex = hexOf(seed, what);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Sixteen upper-case characters, as S3 names a request. */
export const seededRequestId = (seed: string): string => hexOf(seed, 'request').slice(0, 16).toUpperCase();
