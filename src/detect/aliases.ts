// "Field name aliases" of a correlation: one name for what different rules' events call differently.
import { RuleError } from './problem.ts';
import type { AnyDocument, CorrelationDocument, RuleDocument } from './read-file.ts';

/** Alias, then document, to the field in its events. */
export type Aliases = ReadonlyMap<string, ReadonlyMap<AnyDocument, string>>;
type Referred = ReadonlyMap<CorrelationDocument, readonly (RuleDocument | CorrelationDocument)[]>;

/** `find` throws RuleError for a name that no rule has. */
export function readAliases(
  { rule }: CorrelationDocument,
  find: (reference: string, path: readonly PropertyKey[]) => AnyDocument,
): Aliases {
  return new Map(
    Object.entries(rule.correlation.aliases).map(([alias, fields]) => [
      alias,
      new Map(
        Object.entries(fields).map(([reference, field]) => [
          find(reference, ['correlation', 'aliases', alias, reference]),
          field,
        ]),
      ),
    ]),
  );
}

/** Throws RuleError where an alias that is grouped by says nothing about one of the rules. */
export function checkAliases(
  document: CorrelationDocument,
  aliases: Aliases | undefined,
  referred: Referred,
): void {
  for (const name of fieldsOf(document)) {
    const fields = aliases?.get(name);
    if (!fields) continue;
    const silent = (referred.get(document) ?? []).find((rule) => !isCovered(rule, fields, referred));
    if (!silent) continue;
    const path = ['correlation', 'aliases', name];
    throw new RuleError(path, `says nothing about "${silent.rule.name ?? silent.rule.title}"`);
  }
}

export const fieldsOf = ({ rule }: CorrelationDocument): readonly string[] => [
  ...rule.correlation['group-by'],
  ...(rule.correlation.condition?.field ?? []),
];

function isCovered(
  rule: RuleDocument | CorrelationDocument,
  fields: ReadonlyMap<AnyDocument, string>,
  referred: Referred,
): boolean {
  if (fields.has(rule)) return true;
  if (rule.kind === 'rule') return false;
  return (referred.get(rule) ?? []).every((inner) => isCovered(inner, fields, referred));
}

/** What a correlation calls a field, in the events of a rule that it counts directly or through another correlation. */
export function fieldIn(
  aliases: Aliases | undefined,
  name: string,
  child: AnyDocument,
  rule: RuleDocument,
): string {
  const fields = aliases?.get(name);
  return fields?.get(child) ?? fields?.get(rule) ?? name;
}
