// Modifiers that change a text before it is looked for: Base64 and UTF-16, Windows' dashes, placeholders.
import type { Modifiers } from './modifiers.ts';
import { RuleError } from './problem.ts';
import { escapePattern, literalOf } from './text-pattern.ts';

type Path = readonly PropertyKey[];

/** A pattern may stand for so many after `expand` and `windash`, not for more. */
const MAX_VARIANTS = 10_000;
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const ANY_DASH = /[-/\u2013\u2014\u2015]/g;

/** Every dash that Windows takes for one, as the plain one: for both sides of a comparison. */
export const plainDashes = (text: string): string => text.replaceAll(ANY_DASH, '-');

/** The patterns that an encoded value stands for. Throws RuleError for wildcards: there is no code for them. */
export function encode(pattern: string, modifiers: Modifiers, path: Path): readonly string[] {
  const patterns = modifiers.windash ? everyDash(pattern, path) : [pattern];
  return patterns.flatMap((each) => {
    const text = literalOf(each);
    if (text === null) throw new RuleError(path, 'a value with wildcards cannot be encoded');
    return encodeText(text, modifiers.encodings).map(escapePattern);
  });
}

function encodeText(text: string, encodings: Modifiers['encodings']): readonly string[] {
  const bytes = bytesOf(text, encodings[0]);
  return encodings.includes('base64offset') ? atEveryOffset(bytes) : [bytes.toString('base64')];
}

function bytesOf(text: string, first: Modifiers['encodings'][number] | undefined): Buffer {
  if (first === 'wide' || first === 'utf16le') return Buffer.from(text, 'utf16le');
  if (first === 'utf16be') return Buffer.from(text, 'utf16le').swap16();
  if (first === 'utf16') return Buffer.from(`\ufeff${text}`, 'utf16le');
  return Buffer.from(text);
}

/** Three bytes give four characters: what lies before moves the text by 0 to 2 bytes, and blurs its first and last characters. */
function atEveryOffset(bytes: Buffer): readonly string[] {
  const BLURRED_START = [0, 2, 3];
  const BLURRED_END = [0, 3, 2];
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const end = encoded.length - (BLURRED_END[(bytes.length + offset) % 3] ?? 0);
    return encoded.slice(BLURRED_START[offset], end);
  });
}

function everyDash(pattern: string, path: Path): readonly string[] {
  const pieces = pattern.split(ANY_DASH);
  if (DASHES.length ** (pieces.length - 1) > MAX_VARIANTS) {
    throw new RuleError(path, 'too many dashes for "windash" before an encoding');
  }
  return pieces.reduce<readonly string[]>(
    (heads, piece, at) =>
      at === 0 ? [piece] : heads.flatMap((head) => DASHES.map((dash) => head + dash + piece)),
    [],
  );
}

const PLACEHOLDER = /\\%|%([^%]+)%/g;

/** `%name%` gives a pattern for each of its values; `\%` is a percent sign. `valuesOf` answers null for what nobody defined. */
export function expandPlaceholders(
  pattern: string,
  valuesOf: (name: string) => readonly string[],
  path: Path,
): readonly string[] {
  let heads: readonly string[] = [''];
  let end = 0;
  for (const match of pattern.matchAll(PLACEHOLDER)) {
    const between = pattern.slice(end, match.index);
    const values = match[1] === undefined ? ['%'] : valuesOf(match[1]);
    if (heads.length * values.length > MAX_VARIANTS) throw new RuleError(path, 'too many values to expand');
    heads = heads.flatMap((head) => values.map((value) => head + between + value));
    end = match.index + match[0].length;
  }
  return heads.map((head) => head + pattern.slice(end));
}
