// Reference: addresses and ranges as big integers.
interface Address {
  readonly bits: 32 | 128;
  readonly number: bigint;
}

export function isInRange(text: string, range: string): boolean {
  const [base = '', length] = range.split('/');
  const network = parseAddress(base);
  const address = parseAddress(text);
  if (!network || !address || network.bits !== address.bits) return false;
  const free = BigInt(network.bits - (length === undefined ? network.bits : Number(length)));
  return network.number >> free === address.number >> free;
}

function parseAddress(text: string): Address | null {
  const four = parseFour(text);
  if (four !== null) return { bits: 32, number: four };
  // A scoped address names the interface that it is local to.
  const six = parseSix(text.replace(/%[\w.-]+$/, ''));
  if (six === null) return null;
  const mapped = six >> 32n === 0xffffn;
  return mapped ? { bits: 32, number: six & 0xffffffffn } : { bits: 128, number: six };
}

function parseFour(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseSix(text: string): bigint | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const [before, after] = sides.map(groupsOf);
  if (!before || (sides.length === 2 && !after)) return null;
  const missing = 8 - before.length - (after?.length ?? 0);
  if (sides.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => 0n), ...(after ?? [])];
  return groups.reduce((sum, group) => sum * 65536n + group, 0n);
}

/** Groups of up to four hex digits, the last perhaps a dotted quad; null for anything else. */
function groupsOf(side: string): bigint[] | null {
  if (side === '') return [];
  const groups: bigint[] = [];
  for (const part of side.split(':')) {
    const four = parseFour(part);
    if (four !== null) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
