// The names in the operator's settings that must be those of something there is: governance actions, and kinds of what they act on.
// Looked at in what was written, so that they are said together with whatever else is wrong.
import { z } from 'zod';

/** What settings need to know of the governance actions that there are. */
export type KnownActions = ReadonlyMap<
  string,
  {
    readonly targetKind: string;
    readonly alsoOn?: string | undefined;
    readonly revert?: unknown;
    readonly informs?: true;
    readonly letsIn?: true;
  }
>;

interface Named {
  readonly name: string;
  /** In the settings, with the name or its place in a list as the last. */
  readonly path: readonly PropertyKey[];
}

const list = z.array(z.string());
const record = z.record(z.string(), z.unknown());

/** The names below one place; none where something else is written there, which the form refuses. */
function namesAt(raw: unknown, path: readonly string[]): readonly Named[] {
  const found = path.reduce<unknown>((inner, step) => record.safeParse(inner).data?.[step], raw);
  const listed = list.safeParse(found).data;
  if (listed) return listed.map((name, at) => ({ name, path: [...path, at] }));
  return Object.keys(record.safeParse(found).data ?? {}).map((name) => ({ name, path: [...path, name] }));
}

/** One sentence each, with its line in the text. */
export function nameProblems(
  raw: unknown,
  lineOf: (path: readonly PropertyKey[]) => number,
  actions: KnownActions,
): readonly string[] {
  const ids = [...actions.keys()];
  const kinds = [...actions.values()].flatMap(({ targetKind, alsoOn }) => [targetKind, alsoOn ?? targetKind]);
  const must: readonly (readonly [path: readonly string[], be: readonly string[]])[] = [
    [['governance', 'capsPerHour'], ids],
    [['governance', 'kindCapsPerHour'], [...new Set(kinds)]],
    [['detection', 'bounds', 'actions'], ids],
    [['asking', 'containFirst'], ids],
  ];
  const unknown = must.flatMap(([where, known]) =>
    namesAt(raw, where)
      .filter(({ name }) => !known.includes(name))
      .map(
        ({ name, path }) =>
          `${where.join('.')} names ${name}; there are ${known.join(', ')} (line ${lineOf(path)})`,
      ),
  );
  const unfit = namesAt(raw, ['asking', 'containFirst']).flatMap(({ name, path }) => {
    const why = whyNotFirst(actions.get(name));
    return why ? [`asking.containFirst names ${name}, which ${why} (line ${lineOf(path)})`] : [];
  });
  return [...unknown, ...unfit];
}

/** What is done before anybody has answered keeps somebody or something out, and can be taken back. */
function whyNotFirst(action: ReturnType<KnownActions['get']>): string | null {
  if (!action) return null;
  if (action.letsIn) return 'lets somebody in: that always takes two people';
  if (action.informs) return 'only asks or tells somebody: that contains nothing';
  return action.revert ? null : 'cannot be undone';
}
