// Every rule by Sigma id and by name. A rule from outside never takes the place of a built-in one.
import { type PolicyProblem, problemAt, RuleError } from './problem.ts';
import type { AnyDocument, RuleFile } from './read-file.ts';

export interface Registry {
  /** By id or name, in the same file first. Throws RuleError where that leads nowhere, or to two. */
  resolve(
    reference: string,
    from: AnyDocument,
    path: readonly PropertyKey[],
    present: ReadonlySet<RuleFile>,
  ): AnyDocument;
}

export interface Refused {
  readonly file: RuleFile;
  readonly problem: PolicyProblem;
}

/** Built-in files come first, so that what is said twice is refused in the other one. */
export function createRegistry(files: readonly RuleFile[]): {
  readonly registry: Registry;
  readonly refused: readonly Refused[];
} {
  const fileOf = new Map<string, RuleFile>();
  const byId = new Map<string, AnyDocument>();
  const byName = new Map<string, AnyDocument[]>();
  const refused: Refused[] = [];
  for (const file of [...files].sort((a, b) => Number(a.outside) - Number(b.outside))) {
    const problem = clashOf(file, fileOf, byId, byName);
    if (problem) {
      refused.push({ file, problem });
      continue;
    }
    fileOf.set(file.id, file);
    for (const document of file.documents) {
      const { id, name } = document.rule;
      if (id !== undefined) byId.set(id.toLowerCase(), document);
      if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), document]);
    }
  }
  return { refused, registry: { resolve: (...question) => resolve(byId, byName, ...question) } };
}

type ById = ReadonlyMap<string, AnyDocument>;
type ByName = ReadonlyMap<string, readonly AnyDocument[]>;

function clashOf(
  file: RuleFile,
  fileOf: ReadonlyMap<string, RuleFile>,
  byId: ById,
  byName: ByName,
): PolicyProblem | null {
  const twin = fileOf.get(file.id);
  if (twin) {
    const reason = `there are two policies "${file.id}": the other is ${twin.name}`;
    return { file: file.name, line: 1, reason };
  }
  const [seenIds, seenNames] = [new Set<string>(), new Set<string>()];
  for (const document of file.documents) {
    const id = document.rule.id?.toLowerCase();
    const other = id === undefined ? undefined : byId.get(id);
    if (id !== undefined && (other || seenIds.has(id))) {
      return problemAt(
        document,
        ['id'],
        `${other ? other.file : 'another rule of this file'} has the same id`,
      );
    }
    const { name } = document.rule;
    const owner = name === undefined ? undefined : byName.get(name)?.find((one) => !one.of.outside);
    if (name !== undefined && (owner || seenNames.has(name))) {
      return problemAt(
        document,
        ['name'],
        `${owner ? owner.file : 'another rule of this file'} has the same name`,
      );
    }
    if (id !== undefined) seenIds.add(id);
    if (name !== undefined) seenNames.add(name);
  }
  return null;
}

function resolve(
  byId: ById,
  byName: ByName,
  reference: string,
  from: AnyDocument,
  path: readonly PropertyKey[],
  present: ReadonlySet<RuleFile>,
): AnyDocument {
  const byThatId = byId.get(reference.toLowerCase());
  const found = byThatId ? [byThatId] : (byName.get(reference) ?? []);
  const near = found.filter(({ of }) => of === from.of);
  const [rule, second] = near.length > 0 ? near : found.filter(({ of }) => present.has(of));
  if (!rule)
    throw new RuleError(path, `"${reference}" is neither the id nor the name of a rule that was loaded`);
  if (second) throw new RuleError(path, `"${reference}" is the name of two rules: refer to one by its id`);
  return rule;
}
