// All rules that were loaded, behind one question: what does this event match? Tries only the rules that can match it.
import type { SourceName } from '../case/alert.ts';
import { CountersignError } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type {
  Catalogue,
  Correlation,
  Evaluation,
  Explanation,
  Need,
  Observation,
  Outline,
  Test,
} from './compiled.ts';
import { auditRecordOf, sourceOf, type View } from './logsource.ts';
import { mergeNeeds } from './needs.ts';
import { type Feed, observe } from './observe.ts';
import { createRuleIndex, type RuleIndex } from './rule-index.ts';
import { branchesOf } from './tests.ts';

/** A rule that can match, with what it then means. */
export interface ActiveRule {
  readonly view: View;
  /** Filters included. */
  readonly test: Test;
  /** The named detector over the raw event. */
  readonly detector: ((event: JsonObject) => boolean) | null;
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

/** One way in which a rule can match, looked up by what it needs. */
interface Way {
  readonly rule: ActiveRule;
  readonly holds: Test['holds'];
  readonly needs: readonly Need[] | null;
  /** Shared by the ways of one rule, so that it matches an event once. */
  readonly state: { matchedIn: number };
}

const VIEWS = ['cloudtrail', 'graph', 'audit', 'inventory'] as const;
const NOTHING: Evaluation = { policies: [], observations: [] };

export function createCatalogue({ policies, correlations, rules, explanations }: CatalogueParts): Catalogue {
  const indexes = new Map<View, RuleIndex<Way>>();
  for (const view of VIEWS) {
    const own = rules.filter((rule) => rule.view === view);
    if (own.length > 0) indexes.set(view, createRuleIndex(own.flatMap(waysOf)));
  }
  const cloudTrail = indexes.get('cloudtrail');
  const found: Findings = { round: 0, policies: null, observations: null };
  const each = <Value>(of: (source: SourceName) => Value) => ({
    cloudtrail: of('cloudtrail'),
    graph: of('graph'),
    inventory: of('inventory'),
  });
  const needs = each((source) => needsOf(rules, source));
  const outlines = each((source) => outlinesOf(rules, source));
  return {
    policies,
    correlations,
    evaluate: (source, event) => {
      // What an event that threw had found is nothing of this one's.
      found.policies = null;
      found.observations = null;
      if (source === 'cloudtrail') {
        if (cloudTrail) tryRules(cloudTrail, event, event, found);
      } else if (source === 'inventory') {
        const buckets = indexes.get('inventory');
        if (buckets) tryRules(buckets, event, event, found);
      } else {
        const [graph, audit] = [indexes.get('graph'), indexes.get('audit')];
        if (graph) tryRules(graph, event, event, found);
        if (audit) tryRules(audit, auditRecordOf(event), event, found);
      }
      return takeEvaluation(found);
    },
    needs: (source) => needs[source],
    outlines: (source) => outlines[source],
    explain: (policyId, source, event) => {
      const explain = explanations.get(policyId);
      if (explain) return explain(source, event);
      throw new CountersignError('policy.unknown', `there is no policy "${policyId}"`);
    },
  };
}

function waysOf(rule: ActiveRule): readonly Way[] {
  const state = { matchedIn: 0 };
  return branchesOf(rule.test).map(({ holds, needs }) => ({ rule, holds, needs, state }));
}

/** One for all events: nothing is made for the event that matches nothing, nearly all of them. */
interface Findings {
  /** Counts look-ups. */
  round: number;
  policies: Policy[] | null;
  observations: Observation[] | null;
}

function takeEvaluation(found: Findings): Evaluation {
  const { policies, observations } = found;
  if (!policies && !observations) return NOTHING;
  return {
    policies: (policies ?? []).sort((a, b) => compareTexts(a.id, b.id)),
    observations: (observations ?? []).sort(byCorrelation),
  };
}

const byCorrelation = (a: Observation, b: Observation): number =>
  compareTexts(a.correlation.key, b.correlation.key) || compareTexts(a.rule, b.rule);
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function tryRules(index: RuleIndex<Way>, seen: unknown, event: JsonObject, found: Findings): void {
  found.round += 1;
  for (const { rule, holds, state } of index.candidates(seen)) {
    if (state.matchedIn === found.round || !holds(seen)) continue;
    state.matchedIn = found.round;
    const { detector, policy, scope, feeds } = rule;
    if (detector && !detector(event)) continue;
    if (policy && (scope?.holds(event) ?? true)) {
      found.policies ??= [];
      found.policies.push(policy);
    }
    for (const feed of feeds) {
      const observation = observe(feed, seen);
      if (!observation) continue;
      found.observations ??= [];
      found.observations.push(observation);
    }
  }
}

// A rule over audit records says nothing about the alert as it comes.
function needsOf(rules: readonly ActiveRule[], source: SourceName): readonly Need[] | null {
  const own = rules.filter(({ view }) => sourceOf(view) === source);
  if (own.some(({ view, test }) => view === 'audit' || test.needs === null)) return null;
  return mergeNeeds(own.flatMap(({ test }) => test.needs ?? []));
}

function outlinesOf(rules: readonly ActiveRule[], source: SourceName): readonly Outline[] | null {
  const own = rules.filter(({ view }) => sourceOf(view) === source);
  const outlines: Outline[] = [];
  for (const { view, test, detector, scope, feeds } of own) {
    const isPlain = view !== 'audit' && !detector && !scope && feeds.length === 0;
    for (const branch of branchesOf(test)) {
      if (view === 'audit' || branch.needs === null) return null;
      outlines.push({ needs: branch.needs, reads: (isPlain && branch.reads) || null });
    }
  }
  return outlines;
}
