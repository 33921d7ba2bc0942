// Lines for the card, cut to length. Still hostile text: whoever renders it escapes it.
import type { Fact, FactKind } from '../../case/alert.ts';

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
  label: string,
  value: string | null | undefined,
  length = 120,
  kind?: FactKind,
): readonly Fact[] {
  const text = cut(value ?? '', length);
  return text === '' ? [] : [{ label, value: text, ...(kind && { kind }) }];
}

/** The first few of a list and how many more: "192.0.2.1, 192.0.2.2 and 7 more". */
export function listText(items: readonly string[], shown = 4): string {
  const unique = [...new Set(items)];
  const rest = unique.length - shown;
  return rest > 0 ? `${unique.slice(0, shown).join(', ')} and ${rest} more` : unique.join(', ');
}
