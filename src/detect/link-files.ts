// Which document refers to which: correlations to rules and correlations, filters to rules. A reference that leads nowhere is
// refused, and so is everything that hangs on what was refused.
import { type Aliases, checkAliases, readAliases } from './aliases.ts';
import { isWithin } from './logsource.ts';
import { attempt, type PolicyProblem, RuleError } from './problem.ts';
import type {
  AnyDocument,
  CorrelationDocument,
  FilterDocument,
  RuleDocument,
  RuleFile,
} from './read-file.ts';
import { createRegistry, type Registry } from './registry.ts';

export interface Links {
  readonly files: readonly RuleFile[];
  /** In the order of the correlation's `rules`. */
  readonly referred: ReadonlyMap<CorrelationDocument, readonly (RuleDocument | CorrelationDocument)[]>;
  readonly referrers: ReadonlyMap<AnyDocument, readonly CorrelationDocument[]>;
  readonly filters: ReadonlyMap<RuleDocument, readonly FilterDocument[]>;
  readonly aliases: ReadonlyMap<CorrelationDocument, Aliases>;
}

/** Ways from a correlation down to single rules: more of them is a bomb. */
const MAX_WAYS = 1000;

export function linkFiles(all: readonly RuleFile[]): {
  readonly links: Links;
  readonly problems: readonly PolicyProblem[];
} {
  const problems: PolicyProblem[] = [];
  const { registry, refused } = createRegistry(all);
  problems.push(...refused.map(({ problem }) => problem));
  let files = all.filter((file) => !refused.some((one) => one.file === file));
  // A refused file may be what another refers to: again until nothing more falls.
  for (;;) {
    const { links, failed } = tryLinks(files, registry);
    if (failed.size === 0) return { links, problems };
    problems.push(...failed.values());
    files = files.filter((file) => !failed.has(file));
  }
}

function tryLinks(
  files: readonly RuleFile[],
  registry: Registry,
): { readonly links: Links; readonly failed: ReadonlyMap<RuleFile, PolicyProblem> } {
  const referred = new Map<CorrelationDocument, readonly (RuleDocument | CorrelationDocument)[]>();
  const referrers = new Map<AnyDocument, CorrelationDocument[]>();
  const filters = new Map<RuleDocument, FilterDocument[]>();
  const aliases = new Map<CorrelationDocument, Aliases>();
  const failed = new Map<RuleFile, PolicyProblem>();
  const present = new Set(files);
  const checked = (document: AnyDocument, work: () => void): void => {
    const outcome = attempt(document, work);
    if ('problem' in outcome && !failed.has(document.of)) failed.set(document.of, outcome.problem);
  };
  for (const document of files.flatMap((file) => file.documents)) {
    checked(document, () => {
      if (document.at === 0) checkCovers(document, files);
      if (document.kind === 'correlation') {
        const rules = rulesOf(document, registry, present);
        referred.set(document, rules);
        for (const rule of rules) push(referrers, rule, document);
        const find = (reference: string, path: readonly PropertyKey[]): AnyDocument =>
          registry.resolve(reference, document, path, present);
        aliases.set(document, readAliases(document, find));
      }
      if (document.kind === 'filter') {
        for (const rule of filteredBy(document, registry, present)) push(filters, rule, document);
      }
    });
  }
  const ways = new Map<CorrelationDocument, number>();
  for (const document of referred.keys()) {
    checked(document, () => {
      countWays(document, referred, ways, []);
      checkAliases(document, aliases.get(document), referred);
    });
  }
  return { links: { files, referred, referrers, filters, aliases }, failed };
}

/** Broader policies that it stands in for: built-in, and there. */
function checkCovers({ of }: AnyDocument, files: readonly RuleFile[]): void {
  for (const [at, id] of (of.block?.covers ?? []).entries()) {
    if (files.some((file) => file.id === id && !file.outside && file !== of)) continue;
    throw new RuleError(['countersign', 'covers', at], `"${id}" is no other built-in policy`);
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}

function rulesOf(
  document: CorrelationDocument,
  registry: Registry,
  present: ReadonlySet<RuleFile>,
): readonly (RuleDocument | CorrelationDocument)[] {
  const found: (RuleDocument | CorrelationDocument)[] = [];
  for (const [at, reference] of document.rule.correlation.rules.entries()) {
    const path = ['correlation', 'rules', at];
    const rule = registry.resolve(reference, document, path, present);
    if (rule.kind === 'filter') throw new RuleError(path, `"${reference}" is a filter`);
    if (found.includes(rule)) throw new RuleError(path, `"${reference}" is named twice`);
    found.push(rule);
  }
  return found;
}

function filteredBy(
  document: FilterDocument,
  registry: Registry,
  present: ReadonlySet<RuleFile>,
): readonly RuleDocument[] {
  const { filter, logsource } = document.rule;
  return [...new Set(filter.rules as readonly string[])].map((reference, at) => {
    const path = ['filter', 'rules', at];
    const rule = registry.resolve(reference, document, path, present);
    if (rule.kind !== 'rule')
      throw new RuleError(path, `"${reference}" is no single rule: filter the rules that it counts`);
    if (document.of.outside && !rule.of.outside) {
      const own = `detection.policies.${rule.of.id}.except`;
      throw new RuleError(
        path,
        `a filter from outside cannot name a built-in policy: use ${own} in the settings`,
      );
    }
    if (!isWithin(rule.rule.logsource, logsource)) {
      throw new RuleError(path, `"${reference}" reads other logs than this filter`);
    }
    return rule;
  });
}

function countWays(
  document: CorrelationDocument,
  referred: Links['referred'],
  ways: Map<CorrelationDocument, number>,
  above: readonly CorrelationDocument[],
): number {
  const path = ['correlation', 'rules'];
  const known = ways.get(document);
  if (known !== undefined) return known;
  if (above.includes(document)) throw new RuleError(path, 'correlations refer to each other in a circle');
  let count = 0;
  for (const rule of referred.get(document) ?? []) {
    count += rule.kind === 'correlation' ? countWays(rule, referred, ways, [...above, document]) : 1;
  }
  if (count > MAX_WAYS) throw new RuleError(path, 'these correlations come down to too many rules');
  ways.set(document, count);
  return count;
}
