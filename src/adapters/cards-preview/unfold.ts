// A card with everything in it to be seen at once: what a button shows, shown; what it unfolds, below it. Pure.

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const unfolded = (card: object): object => unfold(card) as object;

function unfold(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap(withFolded);
  if (!isNode(value)) return value;
  const { isVisible: _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([name, inner]) => [name, unfold(inner)]));
}

function withFolded(item: unknown): readonly unknown[] {
  const actions = isNode(item) && item.type === 'ActionSet' ? listOf(item.actions) : [];
  const folded = actions.flatMap((action) => (isNode(action) && isNode(action.card) ? [action.card] : []));
  return [
    unfold(item),
    ...folded.map(({ body, actions }) => ({
      type: 'Container',
      style: 'emphasis',
      items: [
        ...listOf(unfold(body)),
        ...(listOf(actions).length > 0 ? [{ type: 'ActionSet', actions: unfold(actions) }] : []),
      ],
    })),
  ];
}
