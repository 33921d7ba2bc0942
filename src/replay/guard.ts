// Which keys of a record the scanner looks at: a tree over the fields of the catalogue's needs, and the keys of envelopes.
import type { Need } from '../detect/compiled.ts';
import { ENVELOPE_KEYS, RECORDS_KEY } from './unwrap.ts';
import { createVerdicts, type Verdicts } from './verdicts.ts';

export interface GuardedKey {
  readonly key: Buffer;
  /** Its first and last byte: tells most keys of the same length apart. */
  readonly ends: number;
  /** Judges the value, when a need ends here. */
  readonly verdicts: Verdicts | null;
  /** What to look at within the value, when a need goes on. */
  readonly within: Guard | null;
  /** There is, or may be, a record inside: to be parsed and unwrapped. */
  readonly isEnvelope: boolean;
  /** Where a document may stand, its records are walked one by one. */
  readonly isRecords: boolean;
}
export interface Guard {
  /** By the length of the key in bytes: most keys are told apart by that alone. */
  readonly keys: readonly (readonly GuardedKey[] | undefined)[];
}

interface Step {
  readonly need: Need;
  readonly rest: readonly string[];
}

/** The guard of a record. A key may itself hold dots, so `a.b` stands for both `a.b` and `b` within `a`. */
export function createGuard(needs: readonly Need[]): Guard {
  return nodeOf(
    needs.map((need) => ({ need, rest: need.field.split('.') })),
    [RECORDS_KEY, ...ENVELOPE_KEYS],
  );
}

function nodeOf(steps: readonly Step[], envelopes: readonly string[]): Guard {
  const here = new Map<string, Step[]>(envelopes.map((key) => [key, []]));
  for (const { need, rest } of steps)
    for (let length = 1; length <= rest.length; length++) {
      const key = rest.slice(0, length).join('.');
      const found = here.get(key) ?? [];
      found.push({ need, rest: rest.slice(length) });
      here.set(key, found);
    }
  const keys: GuardedKey[][] = [];
  for (const [name, found] of here) {
    const key = Buffer.from(name);
    const ending = found.filter((step) => step.rest.length === 0).map((step) => step.need);
    const going = found.filter((step) => step.rest.length > 0);
    const others = keys[key.length] ?? [];
    keys[key.length] = others;
    others.push({
      key,
      ends: endsOf(key, 0, key.length),
      verdicts: ending.length > 0 ? createVerdicts(ending) : null,
      within: going.length > 0 ? nodeOf(going, []) : null,
      isEnvelope: envelopes.includes(name),
      isRecords: envelopes.includes(name) && name === RECORDS_KEY,
    });
  }
  return { keys };
}

const endsOf = (bytes: Buffer, from: number, to: number): number =>
  ((bytes[from] as number) << 8) | (bytes[to - 1] as number);

/** The guarded key that stands in these bytes, without its quotes. */
export function findKey(guard: Guard, bytes: Buffer, from: number, to: number): GuardedKey | null {
  const sameLength = guard.keys[to - from];
  if (sameLength === undefined) return null;
  const ends = endsOf(bytes, from, to);
  for (let place = 0; place < sameLength.length; place++) {
    const guarded = sameLength[place] as GuardedKey;
    if (guarded.ends === ends && isAt(guarded.key, bytes, from)) return guarded;
  }
  return null;
}

function isAt(key: Buffer, bytes: Buffer, from: number): boolean {
  for (let place = 1; place < key.length - 1; place++) if (key[place] !== bytes[from + place]) return false;
  return true;
}
