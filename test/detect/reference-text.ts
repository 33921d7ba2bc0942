// Reference: fields of an event, the text of a value, and wildcards by plain recursion.
import type { Json, JsonObject } from '../../src/case/json.ts';

/** Every value that stands at a dotted field, with arrays opened; null stays in the list. */
export function valuesAt(event: Json, field: string): Json[] {
  return nodesAt(event, field).flatMap(opened);
}

/** Whether there is anything at the field at all, an empty list and null included. */
export const isPresent = (event: Json, field: string): boolean => nodesAt(event, field).length > 0;

function nodesAt(node: Json, field: string): Json[] {
  if (Array.isArray(node)) return node.flatMap((element) => nodesAt(element, field));
  if (node === null || typeof node !== 'object') return [];
  const found: Json[] = [];
  for (const [key, value] of Object.entries(node as JsonObject)) {
    if (key === field) found.push(value);
    if (field.startsWith(`${key}.`)) found.push(...nodesAt(value, field.slice(key.length + 1)));
  }
  return found;
}

const opened = (value: Json): Json[] => (Array.isArray(value) ? value.flatMap(opened) : [value as Json]);

/** How a value is compared: its text; null has none. */
export function textOf(value: Json): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Every text of the event that a keyword is looked for in: keys and values, at any depth. */
export function allTexts(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(allTexts);
  if (node === null || typeof node !== 'object') return node === null ? [] : [String(node)];
  return Object.entries(node as JsonObject).flatMap(([key, value]) => [key, ...allTexts(value)]);
}

/** Which of `contains`, `startswith`, `endswith` goes with a pattern. */
type Modifiers = readonly string[];

/** `*`, `?` and `\` as Sigma has them; the whole text must match, or the part that a modifier says. */
export function looks(text: string, pattern: string, cased: boolean, modifiers: Modifiers = []): boolean {
  const fold = (each: string): string => (cased ? each : each.toLowerCase());
  const open: Piece[] = [{ any: true }];
  const before = modifiers.includes('contains') || modifiers.includes('endswith') ? open : [];
  const after = modifiers.includes('contains') || modifiers.includes('startswith') ? open : [];
  return walk([...fold(text)], [...before, ...readPattern(fold(pattern)), ...after]);
}

type Piece = { readonly any: true } | { readonly one: true } | { readonly char: string };

function readPattern(pattern: string): Piece[] {
  const chars = [...pattern];
  const pieces: Piece[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    const next = chars[at + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      pieces.push({ char: next });
      at++;
    } else if (char === '*') pieces.push({ any: true });
    else if (char === '?') pieces.push({ one: true });
    else pieces.push({ char });
  }
  return pieces;
}

function walk(text: readonly string[], pieces: readonly Piece[]): boolean {
  const [piece, ...rest] = pieces;
  if (!piece) return text.length === 0;
  if ('any' in piece) return text.some((_, at) => walk(text.slice(at), rest)) || walk([], rest);
  if (text.length === 0) return false;
  return ('one' in piece || piece.char === text[0]) && walk(text.slice(1), rest);
}

/** The same text as a pattern that matches nothing but itself. */
export const literal = (text: string): string => text.replace(/[\\*?]/g, '\\$&');

/** The text that a pattern without wildcards stands for. */
export const plain = (pattern: string): string =>
  readPattern(pattern)
    .map((piece) => ('char' in piece ? piece.char : ''))
    .join('');

/** Exponential on many stars: what is generated has few. */
export const starsOf = (pattern: string): number => pattern.split('*').length - 1;
