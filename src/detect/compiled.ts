// The contracts of this room: what a rule compiles to, and what a whole catalogue of them can be asked.
import type { SourceName } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';

/** Why a piece of a rule holds or does not, for people: "eventName is one of 3 values" with what was found. */
export interface Explanation {
  readonly text: string;
  readonly holds: boolean;
  /** One part that holds is enough for the whole. */
  readonly any?: boolean;
  readonly parts: readonly Explanation[];
}

/** Something that must be true of one field before a rule can match: what look-ups and the scanner go by. */
export interface Need {
  /** Dotted, as in the rule. */
  readonly field: string;
  /** The texts that do, lower case; null where only `accepts` can tell. */
  readonly values: readonly string[] | null;
  /** One value as it stands in the event (for `eventName`, with its API version). */
  accepts(value: unknown): boolean;
}

/** A compiled piece of a rule. */
export interface Test {
  holds(event: unknown): boolean;
  /** One of these needs is met whenever the test holds; null when nothing can be said. */
  readonly needs: readonly Need[] | null;
  /** The fields by whose values alone it holds or does not; null or absent: anything in the event may count. */
  readonly reads?: readonly string[] | null;
  explain(event: unknown): Explanation;
}

/** One way in which a rule can match, for those who look at events before they are parsed. */
export interface Outline {
  /** One of these is met whenever the rule matches in this way. */
  readonly needs: readonly Need[];
  /** The fields that decide whether it does, and so all that it means; null: anything in the event may count. */
  readonly reads: readonly string[] | null;
}

/** Sigma's correlation types. */
export const CORRELATION_TYPES = ['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export interface CountCondition {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
  readonly eq?: number;
  readonly neq?: number;
}

export interface Correlation {
  /** Unique in the catalogue; the policy's id where it is one. */
  readonly key: string;
  readonly type: CorrelationType;
  /** Keys of rules and correlations, in the order that `temporal_ordered` asks for. */
  readonly rules: readonly string[];
  readonly timespanMs: number;
  /** For temporal types: of how many different rules, all of them by default. */
  readonly condition: CountCondition;
  /** More events can only make it hold: it fires at the first crossing. Others are judged once no more can come. */
  readonly grows: boolean;
  /** The policy that it raises; null when it only feeds other correlations. */
  readonly policy: Policy | null;
}

/** An event that a correlation counts. */
export interface Observation {
  readonly correlation: Correlation;
  /** Key of the rule that matched, one of `correlation.rules`. */
  readonly rule: string;
  /** The values of `group-by`, as one text: equal for events that are counted together. */
  readonly group: string;
  /** Of `value_count`: the counted values, a line each; empty otherwise. */
  readonly value: string;
  /** What a crossing of this correlation is to those that refer to it. */
  readonly onward: readonly Observation[];
}

export interface Evaluation {
  /** Policies that match this event by itself, by id. */
  readonly policies: readonly Policy[];
  readonly observations: readonly Observation[];
}

/** Everything that was loaded. Looks only at the rules that can match an event. */
export interface Catalogue {
  /** By id; those that are `off` are listed and never match. */
  readonly policies: readonly Policy[];
  readonly correlations: ReadonlyMap<string, Correlation>;
  evaluate(source: SourceName, event: JsonObject): Evaluation;
  /** One of these is met by every event of the source that anything can match; null: any event might. Empty: none can. */
  needs(source: SourceName): readonly Need[] | null;
  /** Every way in which anything can match an event of the source; null: any event might. */
  outlines(source: SourceName): readonly Outline[] | null;
  /** Throws when there is no such policy. For a counted policy: its rules. */
  explain(policyId: string, source: SourceName, event: JsonObject): Explanation;
}
