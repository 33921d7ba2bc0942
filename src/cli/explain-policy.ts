// Why one policy matches one event or does not, as a tree for people and as data. Changes nothing and asks nobody.
import type { SourceName } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { Policy } from '../case/policy.ts';
import type { PolicySettings } from '../case/settings.ts';
import type { Catalogue, Explanation } from '../detect/compiled.ts';
import { mayStandFor, OWN_ROLE_POLICY } from '../detect/detect.ts';
import { type Count, countOf, countText } from './count-text.ts';
import { shown } from './shown.ts';

export interface Explained {
  readonly policy: string;
  readonly title: string;
  readonly severity: string;
  readonly stage: string;
  readonly source: SourceName;
  /** For a counted policy: the event is one of those that it counts. */
  readonly matches: boolean;
  readonly counts: Count | null;
  /** What else is to be known before it is taken for a question to somebody. */
  readonly notes: readonly string[];
  readonly explanation: Explanation;
}

export interface ToExplain {
  readonly catalogue: Catalogue;
  readonly policy: Policy & { readonly source: SourceName };
  readonly event: JsonObject;
  /** How the operator runs this policy. */
  readonly settings: PolicySettings | undefined;
}

export function explainPolicy({ catalogue, policy, event, settings }: ToExplain): Explained {
  const explanation = catalogue.explain(policy.id, policy.source, event);
  const counts = countOf(policy, catalogue);
  return {
    policy: policy.id,
    title: policy.title,
    severity: policy.severity,
    stage: policy.stage,
    source: policy.source,
    matches: explanation.holds,
    counts,
    notes: [
      ...sourceNotes(policy.source, event),
      ...(explanation.holds ? matchNotes(catalogue, policy, event) : []),
      ...(namesPeople(settings)
        ? ['the settings narrow it to people or groups, which are looked at once the subject is known']
        : []),
    ],
    explanation,
  };
}

function sourceNotes(source: SourceName, event: JsonObject): readonly string[] {
  const isCloudTrail = 'eventSource' in event && 'eventName' in event;
  if (source === 'graph' && isCloudTrail)
    return ['the policy reads Microsoft Graph alerts, and this looks like a CloudTrail record'];
  if (source === 'cloudtrail' && !isCloudTrail)
    return ['the policy reads CloudTrail records, and this does not look like one'];
  return [];
}

/** What `detect` makes of a match beside others. */
function matchNotes(catalogue: Catalogue, policy: ToExplain['policy'], event: JsonObject): readonly string[] {
  const quiet = quietNote(policy.source, event);
  const others = catalogue
    .evaluate(policy.source, event)
    .policies.filter((other) => other.id !== policy.id && mayStandFor(other, policy));
  const covering = others
    .filter((other) => other.id === OWN_ROLE_POLICY || other.covers.includes(policy.id))
    .map((other) => other.id);
  const specific = others.filter((other) => !other.fallback).map((other) => other.id);
  return [
    ...(policy.stage === 'monitor'
      ? ['it is on trial (monitor): the case says what it would have asked']
      : []),
    ...(quiet === null ? [] : [`${quiet}: recorded, and nobody is asked`]),
    ...(covering.length > 0 ? [`it need not ask: ${covering.join(', ')} matches as well and covers it`] : []),
    ...(policy.fallback && specific.length > 0
      ? [`it asks only where no other policy matches, and ${specific.join(', ')} does`]
      : []),
  ];
}

function quietNote(source: SourceName, event: JsonObject): string | null {
  if (source === 'cloudtrail') {
    const { type } = (event.userIdentity ?? {}) as JsonObject;
    return type === 'AWSService' ? 'this is AWS acting for itself' : null;
  }
  const says = (field: string, word: string): boolean => String(event[field]).toLowerCase() === word;
  if (says('status', 'resolved')) return 'this alert is resolved';
  return says('severity', 'informational') ? 'this alert is informational' : null;
}

const namesPeople = (settings: PolicySettings | undefined): boolean =>
  [settings?.only, settings?.except].some((scope) => scope && scope.users.length + scope.groups.length > 0);

export interface Shown {
  /** For a terminal; without them words that every log can hold. */
  readonly ticks: boolean;
  /** Every way in which it might have held. */
  readonly all: boolean;
}

/** For people. */
export function explanationText(explained: Explained, how: Shown): string {
  const { policy, title, severity, stage, counts, matches } = explained;
  const verdict = counts
    ? `${matches ? 'counts' : 'does not count'} this event`
    : `${matches ? 'matches' : 'does not match'} this event`;
  return [
    `${shown(policy)} ${verdict}`,
    `${shown(title)} (${severity}, ${stage})`,
    ...(counts ? [`A case takes ${shown(countText(counts))}.`] : []),
    '',
    // Its first line says what stands above already.
    ...explained.explanation.parts.flatMap((part) => treeLines(part, 0, how)),
    ...explained.notes.map((note) => `Note: ${shown(note)}.`),
  ].join('\n');
}

/** So many ways that do not hold are worth reading, where one would be enough. */
const FEW = 5;

function treeLines(explanation: Explanation, depth: number, how: Shown): readonly string[] {
  const { text, holds, any, parts } = explanation;
  const line = (holds: boolean, at: number, says: string): string => {
    const mark = how.ticks ? (holds ? '✓' : '✗') : holds ? '[yes]' : '[no] ';
    return `${'  '.repeat(at)}${mark} ${says}`;
  };
  const misses = parts.filter((part) => !part.holds);
  const isCut = any === true && misses.length > FEW && !how.all;
  const hidden = isCut ? misses.slice(holds ? 0 : FEW) : [];
  const rest = `${hidden.length} others (--all shows them)`;
  return [
    line(holds, depth, shown(text)),
    ...parts.filter((part) => !hidden.includes(part)).flatMap((part) => treeLines(part, depth + 1, how)),
    ...(hidden.length > 0 ? [line(false, depth + 1, rest)] : []),
  ];
}
