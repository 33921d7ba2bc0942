// Walks JSON in UTF-8 bytes exactly as JSON.parse would judge it, without building anything. A position is answered as an offset;
// what is no JSON as `~offset` of the byte where it went wrong, which is always negative. Whoever calls puts a NUL behind the
// last byte: it is no JSON anywhere, so no loop here needs to look where the bytes end.

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BACKSLASH = 0x5c;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const NEWLINE = 0x0a;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_U = 0x75;

const bytesWhere = (holds: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(holds(byte)));
const among = (characters: string): Uint8Array => {
  const bytes = Buffer.from(characters);
  return bytesWhere((byte) => bytes.includes(byte));
};

/** 1: may stand in a text as it is. Not so controls, the quote and the backslash. */
export const PLAIN = bytesWhere((byte) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH);
export const SPACE = among(' \t\n\r');
const ESCAPED = among('"\\/bfnrt');
const HEX = among('0123456789abcdefABCDEF');
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** The first byte from here on that is no white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (SPACE[bytes[at] as number] === 1) at++;
  return at;
}

/** From behind the opening quote, or from anywhere in the text but within an escape, to behind the closing one. */
export function skipText(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    while (PLAIN[bytes[at] as number] === 1) at++;
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return ~at;
    at++;
    if (ESCAPED[bytes[at] as number] === 1) at++;
    else if (bytes[at] === LETTER_U) {
      const end = at + 5;
      at++;
      while (at < end && HEX[bytes[at] as number] === 1) at++;
      if (at < end) return ~at;
    } else return ~at;
  }
}

/** From behind a key to the first byte of its value. */
export function skipColon(bytes: Uint8Array, from: number): number {
  const at = skipSpace(bytes, from);
  return bytes[at] === COLON ? skipSpace(bytes, at + 1) : ~at;
}

/** A number, true, false or null. */
export function skipScalar(bytes: Uint8Array, from: number): number {
  const first = bytes[from] as number;
  if (first === MINUS || (first >= ZERO && first <= NINE)) return skipNumber(bytes, from);
  for (const word of WORDS) {
    if (word[0] !== first) continue;
    for (let place = 1; place < word.length; place++)
      if (bytes[from + place] !== word[place]) return ~(from + place);
    return from + word.length;
  }
  return ~from;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  return at === from ? ~at : at;
}

function skipNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  at = bytes[at] === ZERO ? at + 1 : skipDigits(bytes, at);
  if (at < 0) return at;
  if (bytes[at] === DOT) {
    at = skipDigits(bytes, at + 1);
    if (at < 0) return at;
  }
  if (((bytes[at] as number) | 0x20) === 0x65) {
    const sign = bytes[at + 1];
    at = skipDigits(bytes, sign === 0x2b || sign === MINUS ? at + 2 : at + 1);
  }
  return at;
}
