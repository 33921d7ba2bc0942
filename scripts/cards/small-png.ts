// Makes a screenshot small enough to keep beside the code: the same picture in ten colours, which are those of a card and one or two
// shades between letters and ground. Takes what Chromium writes (eight bits a channel, not interlaced) and refuses anything else.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOURS = 10;
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row. */
  readonly colours: Uint32Array;
}

export function smallPng(png: Buffer): Buffer {
  const { width, height, colours } = decode(png);
  const palette = paletteOf(colours);
  const indexes = new Map<number, number>();
  const indexOf = (colour: number): number => {
    const known = indexes.get(colour);
    if (known !== undefined) return known;
    const nearest = nearestIn(palette, colour);
    indexes.set(colour, nearest);
    return nearest;
  };
  const stride = 1 + Math.ceil(width / 2);
  const rows = Buffer.alloc(stride * height);
  for (const [at, colour] of colours.entries()) {
    const x = at % width;
    const place = Math.floor(at / width) * stride + 1 + (x >> 1);
    rows[place] = (rows[place] ?? 0) | (indexOf(colour) << (x % 2 === 0 ? 4 : 0));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([4, 3], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const channelsOf = (colour: number) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff] as const;

const distance = (one: number, other: number): number => {
  const [red, green, blue] = channelsOf(one);
  const [r, g, b] = channelsOf(other);
  return (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
};

const nearestIn = (palette: readonly number[], colour: number): number =>
  palette.reduce(
    (best, one, at) => (distance(one, colour) < distance(palette[best] ?? 0, colour) ? at : best),
    0,
  );

/** The commonest colour first, then each time the one that most pixels miss by the most. */
function paletteOf(colours: Uint32Array): readonly number[] {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const all = [...counts].map(([colour, count]) => ({ colour, count, miss: Number.POSITIVE_INFINITY }));
  const palette: number[] = [];
  while (palette.length < Math.min(COLOURS, all.length)) {
    const worst = all.reduce((a, b) => (weight(b) > weight(a) ? b : a));
    palette.push(worst.colour);
    for (const one of all) one.miss = Math.min(one.miss, distance(one.colour, worst.colour));
  }
  return palette;
}

const weight = ({ count, miss }: { readonly count: number; readonly miss: number }): number =>
  miss === Number.POSITIVE_INFINITY ? count : Math.sqrt(count) * miss;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function decode(png: Buffer): Pixels {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = CHANNELS[png[25] ?? 0];
  if (!png.subarray(0, 8).equals(SIGNATURE) || png[24] !== 8 || png[28] !== 0 || !channels)
    throw new Error('not a PNG as Chromium writes it');
  const raw = inflateSync(Buffer.concat(dataOf(png)));
  const stride = width * channels;
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) unfilter(raw, bytes, y, stride, channels);
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    const from = at * channels;
    colours[at] = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
  }
  return { width, height, colours };
}

function dataOf(png: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return parts;
}

/** "Filtering", PNG specification: each row says how it was written. */
function unfilter(raw: Buffer, into: Uint8Array, y: number, stride: number, channels: number): void {
  const from = y * (stride + 1);
  const filter = raw[from] ?? 0;
  for (let x = 0; x < stride; x += 1) {
    const at = y * stride + x;
    const left = x >= channels ? (into[at - channels] ?? 0) : 0;
    const up = y > 0 ? (into[at - stride] ?? 0) : 0;
    const corner = x >= channels && y > 0 ? (into[at - stride - channels] ?? 0) : 0;
    into[at] = (raw[from + 1 + x] ?? 0) + predicted(filter, left, up, corner);
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      return 0;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
