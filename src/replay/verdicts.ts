// In which ways a record might match, by the value of one field: asked once for each different value, and remembered by its raw
// bytes. In a file of a million records there are some hundred event names.
import type { Need } from '../detect/compiled.ts';
import { ByteTable } from './byte-table.ts';
import { QUOTE } from './json-bytes.ts';
import { NO_WAY, type WaySets } from './way-sets.ts';

/** A need, and the way that it belongs to by its place among the outlines. */
export interface NeedOfWay {
  readonly need: Need;
  readonly way: number;
}

/** Longer values are asked about every time. */
const MAX_LENGTH = 512;
/** Bytes that one character of a text can take at most: a surrogate pair in escapes. */
const MAX_CHARACTER_BYTES = 12;
const QUOTES = 2;

export class Verdicts {
  private readonly needs: readonly NeedOfWay[];
  private readonly sets: WaySets;
  private readonly known = new ByteTable<number>();
  private readonly shortest: number;
  private readonly longest: number;

  constructor(needs: readonly NeedOfWay[], sets: WaySets) {
    const { shortest, longest } = lengthsOf(needs);
    this.needs = needs;
    this.sets = sets;
    this.shortest = shortest;
    this.longest = longest;
  }

  /** Of a JSON text, number or word from its first byte to behind its last: the set of ways whose need it meets. */
  waysOf(bytes: Buffer, from: number, to: number): number {
    const length = to - from;
    if (bytes[from] === QUOTE && (length < this.shortest || length > this.longest)) return NO_WAY;
    if (length > MAX_LENGTH) return this.ask(bytes, from, to);
    const found = this.known.find(bytes, from, to);
    if (found !== undefined) return found;
    const ways = this.ask(bytes, from, to);
    this.known.remember(bytes, from, to, ways);
    return ways;
  }

  private ask(bytes: Buffer, from: number, to: number): number {
    const value: unknown = JSON.parse(bytes.toString('utf8', from, to));
    let ways = NO_WAY;
    for (const { need, way } of this.needs)
      if (need.accepts(value)) ways = this.sets.join(ways, this.sets.of([way]));
    return ways;
  }
}

/**
 * How many bytes a text can have that meets any of the needs, where the texts are known: most user agents are told from a
 * scanner's by that alone. The name of a call is compared without its API version too, so that it may be longer.
 */
function lengthsOf(needs: readonly NeedOfWay[]): { readonly shortest: number; readonly longest: number } {
  const texts: string[] = [];
  for (const { need } of needs) {
    if (need.values === null || need.field === 'eventName')
      return { shortest: 0, longest: Number.MAX_SAFE_INTEGER };
    texts.push(...need.values);
  }
  const lengths = texts.map((text) => text.length);
  return {
    shortest: lengths.reduce((one, other) => Math.min(one, other), Number.MAX_SAFE_INTEGER),
    longest: lengths.reduce((one, other) => Math.max(one, other), 0) * MAX_CHARACTER_BYTES + QUOTES,
  };
}
