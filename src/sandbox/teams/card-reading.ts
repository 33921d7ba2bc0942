// Reads a card as a client does: which buttons it has, what it says. Knows nothing of what the buttons mean.
import type { PressedAction } from './activities.ts';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const UNSEEN = new Set(['fallback', 'refresh']);

/** Every object of the card in order. A `fallback` is for clients that cannot draw the original; `refresh` is nothing to press. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  if (typeof value.type === 'string') yield value;
  for (const [key, inner] of Object.entries(value)) if (!UNSEEN.has(key)) yield* nodesOf(inner);
}

export function buttonsOf(card: unknown): readonly PressedAction[] {
  return [...nodesOf(card)]
    .filter((node) => node.type === 'Action.Execute' || node.type === 'Action.Submit')
    .map((node) => ({
      type: String(node.type),
      title: String(node.title ?? ''),
      ...(typeof node.verb === 'string' ? { verb: node.verb } : {}),
      data: isNode(node.data) ? node.data : {},
    }));
}

/** What the inputs hold before anybody types. */
export function inputsOf(card: unknown): Readonly<Record<string, unknown>> {
  const inputs = [...nodesOf(card)].filter((node) => String(node.type).startsWith('Input.'));
  return Object.fromEntries(
    inputs
      .filter((input) => typeof input.id === 'string' && input.value !== undefined)
      .map((input) => [input.id, input.value]),
  );
}

/** What the card says, one line a text, with markdown's backslashes and our invisible breaks undone. */
export function wordsOf(card: unknown): readonly string[] {
  const words: string[] = [];
  for (const node of nodesOf(card)) {
    if (typeof node.text === 'string') words.push(node.text);
    const facts = Array.isArray(node.facts) ? node.facts.filter(isNode) : [];
    for (const fact of facts) words.push(`${fact.title}: ${fact.value}`);
  }
  return words.map((text) => text.replace(/\\([!-/:-@[-`{-~])/g, '$1').replaceAll('\u200B', ''));
}
