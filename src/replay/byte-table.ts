// Remembers a value for a row of bytes, without making a text of it. Bounded: when it is full it forgets everything, because what
// never comes back must not cost memory.

/** A power of two; every slot is a chain's head. */
const SLOTS = 8_192;
const MAX_ENTRIES = 8_192;
const MAX_BYTES = 1_048_576;
/** How much of the end is hashed: names and ARNs differ there. */
const HASHED = 16;

/** A class, as all that runs for each record: the functions of a closure are compiled anew for every one that is made. */
export class ByteTable<Value> {
  private readonly heads = new Int32Array(SLOTS).fill(-1);
  private readonly next = new Int32Array(MAX_ENTRIES);
  private readonly starts = new Int32Array(MAX_ENTRIES + 1);
  private readonly values: Value[] = [];
  private readonly known = Buffer.allocUnsafeSlow(MAX_BYTES);
  private slot = 0;

  /** Undefined for bytes that were never seen, or were forgotten. */
  find(bytes: Buffer, from: number, to: number): Value | undefined {
    const { known, starts } = this;
    const length = to - from;
    let hash = length;
    for (let at = length > HASHED ? to - HASHED : from; at < to; at++)
      hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    this.slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (let entry = this.heads[this.slot] as number; entry >= 0; entry = this.next[entry] as number) {
      const start = starts[entry] as number;
      if ((starts[entry + 1] as number) - start !== length) continue;
      let same = 0;
      while (same < length && known[start + same] === bytes[from + same]) same++;
      if (same === length) return this.values[entry];
    }
    return undefined;
  }

  /** For the bytes that `find` was asked about last, and did not know. */
  remember(bytes: Buffer, from: number, to: number, value: Value): void {
    const { heads, starts, values } = this;
    const length = to - from;
    if (length > MAX_BYTES) return;
    if (values.length === MAX_ENTRIES || (starts[values.length] as number) + length > MAX_BYTES) {
      heads.fill(-1);
      values.length = 0;
    }
    const entry = values.length;
    const start = starts[entry] as number;
    bytes.copy(this.known, start, from, to);
    starts[entry + 1] = start + length;
    this.next[entry] = heads[this.slot] as number;
    heads[this.slot] = entry;
    values.push(value);
  }
}
