// Which keys of a record the scanner looks at: a tree over the fields that rules need and read, and the keys of envelopes.
import type { Outline } from '../detect/compiled.ts';
import { ENVELOPE_KEYS, RECORDS_KEY } from './unwrap.ts';
import { type NeedOfWay, Verdicts } from './verdicts.ts';
import { WaySets } from './way-sets.ts';

export interface GuardedKey {
  readonly key: Buffer;
  /** Its place among all guarded keys. */
  readonly mark: number;
  /** Judges the value, when a need ends here. */
  readonly verdicts: Verdicts | null;
  /** What to look at within the value, when a field goes on. */
  readonly within: Branch | null;
  /** Whatever the value, the record has to be parsed: there may be records inside, or it is a key with dots in it. */
  readonly opens: boolean;
  /** Where a document may stand, its records are walked one by one. */
  readonly isRecords: boolean;
}
export interface Branch {
  /** By `hintOf` the key. */
  readonly keys: readonly (readonly GuardedKey[] | undefined)[];
  /** 1 where there are any: nearly all keys of a record are told by that alone, and must not cost a call. */
  readonly hints: Uint8Array;
}
export interface Guard {
  readonly root: Branch;
  readonly sets: WaySets;
  /** How many guarded keys there are. */
  readonly marks: number;
  /** Where a field's value stands; undefined for what is not looked at. */
  markOf(field: string): number | undefined;
}

/** Read of every record: what AWS does for itself is nobody's match. */
export const READ_ALWAYS = 'userIdentity.type';

interface Field {
  readonly name: string;
  readonly path: readonly string[];
  readonly needs: readonly NeedOfWay[];
}

export function createGuard(outlines: readonly Outline[]): Guard {
  const sets = new WaySets(outlines);
  const marks = new Map<string, number>();
  let count = 0;
  const needs = new Map<string, NeedOfWay[]>([[READ_ALWAYS, []]]);
  for (const [way, outline] of outlines.entries()) {
    for (const field of outline.reads ?? []) needs.set(field, needs.get(field) ?? []);
    for (const need of outline.needs)
      needs.set(need.field, [...(needs.get(need.field) ?? []), { need, way }]);
  }

  function branchOf(fields: readonly Field[], opening: readonly string[]): Branch {
    const opens = new Set([...opening, ...fields.flatMap(({ path }) => dottedKeys(path))]);
    const names = new Set([...opens, ...fields.flatMap(({ path }) => path.slice(0, 1))]);
    const keys: GuardedKey[][] = [];
    const hints = new Uint8Array(HINTS);
    for (const name of names) {
      const key = Buffer.from(name);
      const here = fields.filter(({ path }) => path[0] === name);
      const ending = here.filter(({ path }) => path.length === 1);
      const going = here.filter(({ path }) => path.length > 1);
      const judged = ending.flatMap((field) => field.needs);
      const mark = count++;
      for (const field of ending) marks.set(field.name, mark);
      const hint = hintOf(key.length, key[0] ?? 0, key.at(-1) ?? 0);
      hints[hint] = 1;
      const others = keys[hint] ?? [];
      keys[hint] = others;
      others.push({
        key,
        mark,
        verdicts: judged.length > 0 ? new Verdicts(judged, sets) : null,
        within: going.length > 0 ? branchOf(going.map(stepped), []) : null,
        opens: opens.has(name),
        isRecords: name === RECORDS_KEY && opening.includes(name),
      });
    }
    return { keys, hints };
  }

  const fields = [...needs].map(([name, of]): Field => ({ name, path: name.split('.'), needs: of }));
  const root = branchOf(fields, [RECORDS_KEY, ...ENVELOPE_KEYS]);
  return { root, sets, marks: count, markOf: (field) => marks.get(field) };
}

const stepped = ({ path, ...rest }: Field): Field => ({ ...rest, path: path.slice(1) });

/** A key may itself hold dots: `a.b` is also that one key. */
const dottedKeys = (path: readonly string[]): readonly string[] =>
  path.slice(1).map((_, more) => path.slice(0, more + 2).join('.'));

/** A power of two. */
export const HINTS = 1_024;
/** Of a key by its length in bytes, its first and its last byte. */
export const hintOf = (length: number, first: number, last: number): number =>
  (length * 131 + first * 7 + last * 31) & (HINTS - 1);

/** The guarded key that stands in these bytes, without its quotes, among those of its hint. */
export function findKey(
  branch: Branch,
  hint: number,
  bytes: Buffer,
  from: number,
  to: number,
): GuardedKey | null {
  const alike = branch.keys[hint];
  if (alike === undefined) return null;
  for (let place = 0; place < alike.length; place++) {
    const guarded = alike[place] as GuardedKey;
    if (guarded.key.length === to - from && isAt(guarded.key, bytes, from)) return guarded;
  }
  return null;
}

function isAt(key: Buffer, bytes: Buffer, from: number): boolean {
  for (let place = 0; place < key.length; place++) if (key[place] !== bytes[from + place]) return false;
  return true;
}
