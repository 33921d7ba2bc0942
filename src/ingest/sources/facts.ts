// Lines for the card, cut to length. Still hostile text: whoever renders it escapes it.
import type { Fact, FactKind } from '../../case/alert.ts';
import { type Said, say } from '../../case/said.ts';
import type { WordKey } from '../../case/word-keys.ts';

/** At most `length` characters, an ellipsis for the rest, and never half a surrogate pair. */
export function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  return `${line
    .slice(0, length - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`;
}

/** A fact, or none when there is nothing to say. */
export function fact(
  label: WordKey,
  value: string | null | undefined,
  length = 120,
  kind?: FactKind,
): readonly Fact[] {
  return factOf(label, cut(value ?? '', length), kind);
}

const SHOWN = 4;

/** The first few of a list and how many more: "192.0.2.1, 192.0.2.2 and 7 more". */
export function listFact(
  label: WordKey,
  items: readonly string[],
  length = 120,
  kind?: FactKind,
): readonly Fact[] {
  const unique = [...new Set(items)];
  const list = cut(unique.slice(0, SHOWN).join(', '), length);
  const more = unique.length - SHOWN;
  return factOf(label, more > 0 ? say('ingest.and-more', { list, more }) : list, kind);
}

const factOf = (label: WordKey, value: Said, kind?: FactKind): readonly Fact[] =>
  value === '' ? [] : [{ label: say(label), value, ...(kind && { kind }) }];
