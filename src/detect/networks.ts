// IP addresses and CIDR ranges, as the `cidr` modifier and the operator's networks read them. Anything else is no address.
import { isIP } from 'node:net';

/** Sixteen-bit groups: two for IPv4, eight for IPv6. */
type Groups = readonly number[];

/** Whether a text is an address of the range. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export type Network = (text: string) => boolean;

/** Null for what is no range; an address alone is a range of one. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length, ...more] = text.trim().split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || more.length > 0) return null;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const written = version === 4 ? 32 : 128;
  const bits = length === undefined ? written : Number(length);
  if (bits > written) return null;
  const groups = groupsOf(address);
  if (!groups) return null;
  const own = groups.length * 16;
  // A range of mapped addresses is one of IPv4, unless it is wider than all of them.
  if (bits < written - own) return within(sixGroups(address), bits);
  return within(groups, bits - (written - own));
}

function within(base: Groups, bits: number): Network {
  const whole = Math.floor(bits / 16);
  const mask = (0xffff << (16 - (bits % 16))) & 0xffff;
  return (text) => {
    const groups = groupsOf(text);
    if (groups?.length !== base.length) return false;
    for (let at = 0; at < whole; at += 1) if (groups[at] !== base[at]) return false;
    return whole === base.length || ((groups[whole] ?? 0) & mask) === ((base[whole] ?? 0) & mask);
  };
}

function groupsOf(text: string): Groups | null {
  const version = isIP(text);
  if (version === 4) return fourGroups(text);
  if (version !== 6) return null;
  const groups = sixGroups(text);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? groups.slice(6) : groups;
}

function fourGroups(text: string): Groups {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function sixGroups(text: string): Groups {
  const [address = ''] = text.split('%');
  const [before = [], after] = address.split('::').map(groupsBetween);
  if (after === undefined) return [...before];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const groupsBetween = (side: string): Groups =>
  side === ''
    ? []
    : side
        .split(':')
        .flatMap((part) => (part.includes('.') ? fourGroups(part) : [Number.parseInt(part, 16)]));
