// Reads one YAML document and remembers where each part of it stands, so that a refusal can name its line.
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

export interface YamlFile {
  readonly content: unknown;
  /** The line of the deepest part of the path that exists, counted from 1. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** A few aliases are a convenience, many are a bomb: entities that multiply when they are resolved. */
const MAX_ALIASES = 50;

export type YamlReading =
  | YamlFile
  | { readonly content?: never; readonly line: number; readonly reason: string };

export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong) return { line: lines.linePos(wrong.pos[0]).line || 1, reason: firstLine(wrong.message) };
  try {
    return {
      content: document.toJS({ maxAliasCount: MAX_ALIASES }),
      lineOf: (path) => lines.linePos(offsetOf(document, path)).line || 1,
    };
  } catch (error) {
    return { line: 1, reason: error instanceof Error ? firstLine(error.message) : 'unreadable' };
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) return offset;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) return offset;
      node = item;
      offset = (item as { range?: readonly number[] | null }).range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
