// Reference: modifiers that change a value before it is compared. Each gives every pattern that the value then stands for.
import { literal, plain } from './reference-text.ts';

type Placeholders = Readonly<Record<string, readonly string[]>>;

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const WIDE = ['wide', 'utf16le', 'utf16be', 'utf16'];

/** The patterns that a value stands for after its modifiers, in the order in which they are written. */
export function variantsOf(
  value: string,
  modifiers: readonly string[],
  placeholders: Placeholders,
): readonly string[] {
  let variants: readonly string[] = [value];
  let bytes: readonly Buffer[] | null = null;
  for (const modifier of modifiers) {
    if (modifier === 'expand') variants = variants.flatMap((each) => expanded(each, placeholders));
    if (modifier === 'windash') variants = variants.flatMap(dashed);
    if (WIDE.includes(modifier)) bytes = variants.map((each) => sixteen(plain(each), modifier));
    if (modifier === 'base64')
      variants = (bytes ?? variants.map((each) => Buffer.from(plain(each)))).map((each) =>
        literal(each.toString('base64')),
      );
    if (modifier === 'base64offset')
      variants = (bytes ?? variants.map((each) => Buffer.from(plain(each)))).flatMap(shifted).map(literal);
  }
  return variants;
}

/** Each dash of the value may be any of them. */
function dashed(text: string): string[] {
  const [first, ...rest] = [...text];
  if (first === undefined) return [''];
  const heads = DASHES.includes(first) ? DASHES : [first];
  return dashed(rest.join('')).flatMap((tail) => heads.map((head) => head + tail));
}

/** `%name%` gives one pattern for each of its values, none where nobody defined it; `\%` is a percent sign. */
function expanded(text: string, placeholders: Placeholders): string[] {
  if (text.startsWith('\\%')) return expanded(text.slice(2), placeholders).map((rest) => `%${rest}`);
  const match = /^%([^%]+)%/.exec(text);
  if (match) {
    const known = Object.hasOwn(placeholders, match[1] as string);
    const values = known ? (placeholders[match[1] as string] ?? []) : [];
    return expanded(text.slice(match[0].length), placeholders).flatMap((rest) =>
      values.map((value) => value + rest),
    );
  }
  return text === '' ? [''] : expanded(text.slice(1), placeholders).map((rest) => text.slice(0, 1) + rest);
}

function sixteen(text: string, modifier: string): Buffer {
  const little = Buffer.from(text, 'utf16le');
  if (modifier === 'utf16be') return Buffer.from(little).swap16();
  return modifier === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), little]) : little;
}

/** What stays the same in Base64 whatever stands before and after, for the three positions that a text can have. */
function shifted(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const encodings = [0, 255].flatMap((before) =>
      [0, 255].map((after) =>
        Buffer.concat([Buffer.alloc(shift, before), bytes, Buffer.alloc(4, after)]).toString('base64'),
      ),
    );
    const stable = [...(encodings[0] as string)].map((char, at) =>
      encodings.every((encoding) => encoding[at] === char) ? char : ' ',
    );
    const whole = Math.ceil(((shift + bytes.length) * 8) / 6);
    return stable.slice(0, whole).join('').trim();
  });
}
