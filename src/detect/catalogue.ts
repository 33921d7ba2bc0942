// All rules that were loaded, behind one question: what does this event match? Tries only the rules that can match it.
import type { SourceName } from '../case/alert.ts';
import { CountersignError } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type { Catalogue, Correlation, Evaluation, Explanation, Need, Observation, Test } from './compiled.ts';
import { auditRecordOf, sourceOf, type View } from './logsource.ts';
import { mergeNeeds } from './needs.ts';
import { type Feed, observe } from './observe.ts';
import { createRuleIndex, type RuleIndex } from './rule-index.ts';

/** A rule that can match, with what it then means. */
export interface ActiveRule {
  readonly view: View;
  /** Filters included. */
  readonly test: Test;
  /** The named detector over the raw event. */
  readonly detector: ((event: JsonObject) => boolean) | null;
  readonly needs: readonly Need[] | null;
  /** The policy that a match raises, and where it looks; null for what only feeds correlations. */
  readonly policy: Policy | null;
  readonly scope: Test | null;
  readonly feeds: readonly Feed[];
}

export interface CatalogueParts {
  readonly policies: readonly Policy[];
  readonly correlations: ReadonlyMap<string, Correlation>;
  readonly rules: readonly ActiveRule[];
  /** By policy id. */
  readonly explanations: ReadonlyMap<string, (source: SourceName, event: JsonObject) => Explanation>;
}

const VIEWS = ['cloudtrail', 'graph', 'audit'] as const;
const NOTHING: Evaluation = { policies: [], observations: [] };

export function createCatalogue({ policies, correlations, rules, explanations }: CatalogueParts): Catalogue {
  const indexes = new Map<View, RuleIndex<ActiveRule>>();
  for (const view of VIEWS) {
    const own = rules.filter((rule) => rule.view === view);
    if (own.length > 0) indexes.set(view, createRuleIndex(own));
  }
  const cloudTrail = indexes.get('cloudtrail');
  const needs = { cloudtrail: needsOf(rules, 'cloudtrail'), graph: needsOf(rules, 'graph') };
  return {
    policies,
    correlations,
    evaluate: (source, event) => {
      const found = createFindings();
      if (source === 'cloudtrail') {
        if (cloudTrail) tryRules(cloudTrail, event, event, found);
      } else {
        const [graph, audit] = [indexes.get('graph'), indexes.get('audit')];
        if (graph) tryRules(graph, event, event, found);
        if (audit) tryRules(audit, auditRecordOf(event), event, found);
      }
      return found.result();
    },
    needs: (source) => needs[source],
    explain: (policyId, source, event) => {
      const explain = explanations.get(policyId);
      if (explain) return explain(source, event);
      throw new CountersignError('policy.unknown', `there is no policy "${policyId}"`);
    },
  };
}

// Nothing is made for the event that matches nothing: nearly all of them.
function createFindings() {
  let policies: Policy[] | null = null;
  let observations: Observation[] | null = null;
  return {
    addPolicy: (policy: Policy): void => {
      policies ??= [];
      policies.push(policy);
    },
    addObservation: (observation: Observation): void => {
      observations ??= [];
      observations.push(observation);
    },
    result: (): Evaluation => {
      if (!policies && !observations) return NOTHING;
      return {
        policies: (policies ?? []).sort((a, b) => (a.id < b.id ? -1 : 1)),
        observations: (observations ?? []).sort(byCorrelation),
      };
    },
  };
}

const byCorrelation = (a: Observation, b: Observation): number =>
  compareTexts(a.correlation.key, b.correlation.key) || compareTexts(a.rule, b.rule);
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function tryRules(
  index: RuleIndex<ActiveRule>,
  seen: unknown,
  event: JsonObject,
  found: ReturnType<typeof createFindings>,
): void {
  for (const { test, detector, policy, scope, feeds } of index.candidates(seen)) {
    if (!test.holds(seen) || !(detector?.(event) ?? true)) continue;
    if (policy && (scope?.holds(event) ?? true)) found.addPolicy(policy);
    for (const feed of feeds) {
      const observation = observe(feed, seen);
      if (observation) found.addObservation(observation);
    }
  }
}

// A rule over audit records says nothing about the alert as it comes.
function needsOf(rules: readonly ActiveRule[], source: SourceName): readonly Need[] | null {
  const own = rules.filter(({ view }) => sourceOf(view) === source);
  if (own.some(({ view, needs }) => view === 'audit' || needs === null)) return null;
  return mergeNeeds(own.flatMap(({ needs }) => needs ?? []));
}
