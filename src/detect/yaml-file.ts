// Reads the YAML documents of a file and remembers where each part of them stands, so that a refusal can name its line. What was
// made to exhaust the reader (size, depth, aliases) is refused.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml';
import { oneLine } from './problem.ts';

export interface YamlDocument {
  readonly content: unknown;
  /** The line of the deepest part of the path that exists, counted from 1. */
  lineOf(path: readonly PropertyKey[]): number;
}

export type YamlReading =
  | { readonly documents: readonly YamlDocument[] }
  | { readonly line: number; readonly reason: string };

const MAX_BYTES = 1_000_000;
const MAX_DOCUMENTS = 100;
const MAX_DEPTH = 30;
/** More than the 30 kB of SigmaHQ's largest rule could hold. What an alias stands for is counted each time. */
const MAX_NODES = 20_000;
/** A few aliases are a convenience, many are a bomb: entities that multiply when they are resolved. */
const MAX_ALIASES = 50;

class Unreadable extends Error {
  readonly offset: number;
  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

/** At least one document; those that hold nothing are left out. */
export function readYaml(text: string): YamlReading {
  if (Buffer.byteLength(text) > MAX_BYTES) return { line: 1, reason: 'the file is larger than 1 MB' };
  const lines = new LineCounter();
  const lineAt = (offset: number): number => lines.linePos(offset).line || 1;
  try {
    const measure = createMeasure();
    const documents = parse(text, lines).map((document) => {
      measure(document);
      return {
        content: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown,
        lineOf: (path: readonly PropertyKey[]) => lineAt(offsetOf(document, path)),
      };
    });
    return documents.length > 0 ? { documents } : { line: 1, reason: 'the file holds no rule' };
  } catch (error) {
    if (error instanceof Unreadable) return { line: lineAt(error.offset), reason: error.message };
    // The stack of the YAML reader has its own bound for depth.
    if (error instanceof RangeError) return { line: 1, reason: 'the file is nested too deeply' };
    return { line: 1, reason: error instanceof Error ? oneLine(error.message) : 'unreadable' };
  }
}

function parse(text: string, lines: LineCounter): readonly Document.Parsed[] {
  // Keys are checked below: the parser's own check takes the square of their number.
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const documents = Array.isArray(parsed) ? parsed : [];
  for (const { errors, warnings } of documents) {
    const [wrong] = [...errors, ...warnings];
    // The reader tells of its own stack as if it were a word of the file.
    if (wrong && /call stack/.test(wrong.message)) throw new RangeError(wrong.message);
    if (wrong) throw new Unreadable(wrong.pos[0], oneLine(wrong.message));
  }
  const [extra] = documents.slice(MAX_DOCUMENTS);
  if (extra) throw new Unreadable(extra.range[0], `the file has more than ${MAX_DOCUMENTS} documents`);
  return documents.filter(({ contents }) => contents && !(isScalar(contents) && contents.value === null));
}

/** Depth, size, keys given twice, and numbers that would lose what was written. Counts over all documents of a file. */
function createMeasure(): (document: Document.Parsed) => void {
  let nodes = 0;
  /** What stands behind a name so far; null while it is being read. */
  let anchors = new Map<string, { readonly nodes: number; readonly depth: number } | null>();

  function count(more: number, node: unknown): void {
    nodes += more;
    if (nodes > MAX_NODES)
      throw new Unreadable(startOf(node), `the file holds more than ${MAX_NODES} values`);
  }
  /** Answers how deep it goes. */
  function walk(node: unknown, depth: number): number {
    if (depth > MAX_DEPTH) throw new Unreadable(startOf(node), 'the file is nested too deeply');
    if (isAlias(node)) return follow(node, depth);
    const { anchor } = (node ?? {}) as { readonly anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, null);
    const before = nodes;
    count(1, node);
    if (isScalar(node)) keepAsWritten(node);
    const deepest = inside(node).reduce<number>(
      (most, inner) => Math.max(most, walk(inner, depth + 1)),
      depth,
    );
    if (anchor !== undefined) anchors.set(anchor, { nodes: nodes - before, depth: deepest - depth });
    return deepest;
  }
  function follow(node: Alias, depth: number): number {
    const target = anchors.get(node.source);
    if (target === null) throw new Unreadable(startOf(node), 'an alias stands for what it lies in');
    count(target?.nodes ?? 1, node);
    const deepest = depth + (target?.depth ?? 0);
    if (deepest > MAX_DEPTH) throw new Unreadable(startOf(node), 'the file is nested too deeply');
    return deepest;
  }
  return (document) => {
    anchors = new Map();
    walk(document.contents, 1);
  };
}

/** Throws for a key that is no text, or given twice. */
function inside(node: unknown): readonly unknown[] {
  if (isSeq(node)) return node.items;
  if (!isMap(node)) return [];
  const keys = new Set<string>();
  return node.items.map(({ key, value }) => {
    if (!isScalar(key)) throw new Unreadable(startOf(key), 'a key must be a plain text');
    if (keys.has(String(key.value))) throw new Unreadable(startOf(key), 'Map keys must be unique');
    keys.add(String(key.value));
    return value;
  });
}

// Account 012345678901 is no number, and 20 digits are more than one holds: such a value is the text that was written.
function keepAsWritten(node: { value: unknown; source?: string }): void {
  if (typeof node.value !== 'number' || node.source === undefined) return;
  if (/^0\d+$/.test(node.source) || (Number.isInteger(node.value) && !Number.isSafeInteger(node.value))) {
    node.value = node.source;
  }
}

const startOf = (node: unknown): number => (node as Partial<Node> | null)?.range?.[0] ?? 0;

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key) || offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) return offset;
      node = item;
      offset = startOf(item) || offset;
    } else return offset;
  }
  return offset;
}
