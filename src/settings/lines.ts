// Where a part of the operator's settings stands in its file, so that a problem can be found. Never refuses anything.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** The line of the deepest part of the path that exists, counted from 1; 1 for what is no YAML. */
export function lineFinder(text: string): (path: readonly PropertyKey[]) => number {
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines });
  const startOf = (node: unknown): number | undefined => (node as Partial<Node> | null)?.range?.[0];
  return (path) => {
    let node: unknown = contents;
    let offset = startOf(node) ?? 0;
    for (const step of path) {
      const pair = isMap(node)
        ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
        : undefined;
      const inner = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
      const start = startOf(pair ? pair.key : inner);
      if (start === undefined) break;
      offset = start;
      node = inner;
    }
    return lines.linePos(offset).line || 1;
  };
}
