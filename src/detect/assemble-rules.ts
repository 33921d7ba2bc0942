// Linked documents to what the catalogue holds: policies, correlations, rules with what they raise and feed, explanations.
import type { SourceName } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import { buildPolicy, offerNotes } from './build-policy.ts';
import type { ActiveRule, CatalogueParts } from './catalogue.ts';
import type { CompileOptions } from './compile-documents.ts';
import type { Correlation, Test } from './compiled.ts';
import { describeCondition } from './count-condition.ts';
import { createCorrelations } from './create-correlations.ts';
import { DETECTORS } from './detectors/index.ts';
import { type DocumentKeys, nameDocuments } from './document-keys.ts';
import { type ExplainedRule, explainPolicy } from './explain-policy.ts';
import type { Links } from './link-files.ts';
import { sourceOf, viewOf } from './logsource.ts';
import type { Configured } from './policy-settings.ts';
import type { PolicyProblem } from './problem.ts';
import type { AnyDocument, CorrelationDocument, RuleDocument, RuleFile } from './read-file.ts';
import { compileScope } from './scope.ts';
import { allOf, named, not } from './tests.ts';

export interface Assembled extends CatalogueParts {
  readonly configured: ReadonlyMap<string, Configured>;
  readonly notes: readonly PolicyProblem[];
}

export function assembleRules(
  links: Links,
  tests: ReadonlyMap<AnyDocument, Test>,
  options: CompileOptions,
): Assembled {
  const names = nameDocuments(links);
  const context: Context = { links, names, options, tests: filteredTests(links, tests), policies: new Map() };
  for (const document of names.raising) context.policies.set(document, policyOf(document, context));
  const correlations = createCorrelations({ ...context, scopeOf: (policy) => scopeOf(policy, options) });
  const rules = [...context.tests].flatMap(([document, test]) => {
    const feeds = correlations.feedsOf(document);
    return activeRules(document, test, context, feeds);
  });
  const policies = [...context.policies.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    policies,
    rules,
    correlations: new Map([...correlations.all.values()].map((one) => [one.key, one])),
    explanations: explanationsOf(context, correlations.all),
    configured: configuredOf(context),
    notes: links.files.flatMap((file) => notesOf(file, options)),
  };
}

interface Context {
  readonly links: Links;
  readonly names: DocumentKeys;
  readonly options: CompileOptions;
  readonly tests: ReadonlyMap<RuleDocument, Test>;
  readonly policies: Map<AnyDocument, Policy>;
}

/** Filters suppress: a rule holds where none of those that name it do. */
function filteredTests(links: Links, tests: ReadonlyMap<AnyDocument, Test>): ReadonlyMap<RuleDocument, Test> {
  const filtered = new Map<RuleDocument, Test>();
  for (const document of links.files.flatMap((file) => file.documents)) {
    const test = tests.get(document);
    if (document.kind !== 'rule' || !test) continue;
    const filters = (links.filters.get(document) ?? []).flatMap((filter) => {
      const suppressed = tests.get(filter);
      return suppressed ? [named(`filter: ${filter.rule.title}`, not(suppressed))] : [];
    });
    filtered.set(document, allOf([test, ...filters]));
  }
  return filtered;
}

/** The single rules that a document comes down to: itself, or what it counts. */
function rulesBelow(document: AnyDocument, links: Links): readonly RuleDocument[] {
  if (document.kind === 'rule') return [document];
  if (document.kind === 'filter') return [];
  return [...new Set((links.referred.get(document) ?? []).flatMap((inner) => rulesBelow(inner, links)))];
}

function sourcesOf(document: AnyDocument, links: Links): readonly SourceName[] {
  return rulesBelow(document, links).flatMap(({ rule }) => {
    const view = viewOf(rule.logsource);
    return view ? [sourceOf(view)] : [];
  });
}

function policyOf(document: AnyDocument, { names, links, options }: Context): Policy {
  const [source = null] = sourcesOf(document, links);
  return buildPolicy(document, names.keys.get(document) ?? document.of.id, source, options);
}

function scopeOf({ id }: Policy, { settings }: CompileOptions): Test | null {
  const own = settings.policies[id];
  return compileScope(own?.only, own?.except);
}

function activeRules(
  document: RuleDocument,
  test: Test,
  { policies, options }: Context,
  feeds: ActiveRule['feeds'],
): readonly ActiveRule[] {
  const view = viewOf(document.rule.logsource);
  const own = policies.get(document);
  const policy = own && own.stage !== 'off' ? own : null;
  if (view === null || (!policy && feeds.length === 0)) return [];
  const detector = detectorOf(document, options)?.holds ?? null;
  const scope = policy && scopeOf(policy, options);
  return [{ view, test, detector, policy, scope, feeds }];
}

function detectorOf(
  { of }: RuleDocument,
  { accounts, organisations }: CompileOptions,
): ExplainedRule['detector'] {
  const name = of.block?.detector;
  if (name === undefined) return null;
  const context = { accounts: accounts.map(({ id }) => id), organisations };
  return { name, holds: (event: JsonObject) => DETECTORS[name](event, context) };
}

function explanationsOf(
  context: Context,
  correlations: ReadonlyMap<CorrelationDocument, Correlation>,
): CatalogueParts['explanations'] {
  const { policies, links, options, tests } = context;
  return new Map(
    [...policies].map(([document, policy]) => [
      policy.id,
      (source: SourceName, event: JsonObject) => {
        const rules = rulesBelow(document, links).flatMap((rule): ExplainedRule[] => {
          const test = tests.get(rule);
          const detector = detectorOf(rule, options);
          return test ? [{ title: rule.rule.title, view: viewOf(rule.rule.logsource), test, detector }] : [];
        });
        const correlation = document.kind === 'correlation' ? correlations.get(document) : undefined;
        const counts = correlation ? describeCorrelation(correlation) : null;
        return explainPolicy({ policy, scope: scopeOf(policy, options), counts, rules }, source, event);
      },
    ]),
  );
}

const describeCorrelation = ({ type, condition, timespanMs }: Correlation): string =>
  `${describeCondition(type, condition)} in ${timespanMs / 1000} seconds`;

function configuredOf({ policies, links }: Context): ReadonlyMap<string, Configured> {
  return new Map(
    [...policies].map(([document, policy]) => [
      policy.id,
      {
        policy,
        readsCloudTrail: sourcesOf(document, links).includes('cloudtrail'),
        rules: document.kind === 'correlation' ? mostRules(document) : null,
      },
    ]),
  );
}

const mostRules = ({ rule }: CorrelationDocument): number | null =>
  rule.correlation.type.startsWith('temporal') ? rule.correlation.rules.length : null;

const notesOf = ({ documents: [first] }: RuleFile, { settings }: CompileOptions): readonly PolicyProblem[] =>
  first ? offerNotes(first, settings) : [];
