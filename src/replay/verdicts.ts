// What the needs of one field say about a value, asked once for each different value and remembered by its raw bytes: in a file
// of a million records there are some hundred event names.
import type { Need } from '../detect/compiled.ts';

export interface Verdicts {
  /** Of a JSON text, number or word from its first byte to behind its last: true when it meets one of the needs. */
  accepts(bytes: Buffer, from: number, to: number): boolean;
}

/** A power of two; every slot is a chain's head. */
const SLOTS = 8_192;
/** When either is used up, everything is forgotten: values that never come back must not cost memory. */
const MAX_ENTRIES = 8_192;
const MAX_BYTES = 1_048_576;
/** Longer values are asked about every time. */
const MAX_LENGTH = 512;
/** How much of the end of a value is hashed: names and ARNs differ there. */
const HASHED = 12;

export function createVerdicts(needs: readonly Need[]): Verdicts {
  const heads = new Int32Array(SLOTS).fill(-1);
  const next = new Int32Array(MAX_ENTRIES);
  const starts = new Int32Array(MAX_ENTRIES + 1);
  const met = new Uint8Array(MAX_ENTRIES);
  const known = new Uint8Array(MAX_BYTES);
  let entries = 0;

  function ask(bytes: Buffer, from: number, to: number): boolean {
    const value: unknown = JSON.parse(bytes.toString('utf8', from, to));
    return needs.some((need) => need.accepts(value));
  }

  function remember(bytes: Buffer, from: number, to: number, slot: number): boolean {
    const answer = ask(bytes, from, to);
    if (entries === MAX_ENTRIES || (starts[entries] as number) + to - from > MAX_BYTES) {
      heads.fill(-1);
      entries = 0;
    }
    const start = starts[entries] as number;
    known.set(bytes.subarray(from, to), start);
    starts[entries + 1] = start + to - from;
    met[entries] = Number(answer);
    next[entries] = heads[slot] as number;
    heads[slot] = entries++;
    return answer;
  }

  return {
    accepts(bytes, from, to) {
      const length = to - from;
      if (length > MAX_LENGTH) return ask(bytes, from, to);
      let hash = length;
      for (let at = length > HASHED ? to - HASHED : from; at < to; at++)
        hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
      const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
      for (let entry = heads[slot] as number; entry >= 0; entry = next[entry] as number) {
        const start = starts[entry] as number;
        if ((starts[entry + 1] as number) - start !== length) continue;
        let same = 0;
        while (same < length && known[start + same] === bytes[from + same]) same++;
        if (same === length) return met[entry] === 1;
      }
      return remember(bytes, from, to, slot);
    },
  };
}
