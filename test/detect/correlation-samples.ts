// Made-up policies, correlations and observations.
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Policy } from '../../src/case/policy.ts';
import type { Correlation, Observation } from '../../src/detect/compiled.ts';
import type { Counting } from '../../src/detect/correlate.ts';
import { createMemoryWindows, type MemoryWindows } from '../helpers/memory-windows.ts';

export const MINUTE = 60_000;

export const aPolicy = (id: string, over: Partial<Policy> = {}): Policy => ({
  id,
  title: 'Many deletions',
  description: '',
  text: 'title: Many deletions',
  hash: 'f'.repeat(64),
  source: 'cloudtrail',
  stage: 'ask',
  outside: false,
  counted: true,
  severity: 'high',
  techniques: [],
  question: 'Should {subject} have deleted so much?',
  offers: [],
  grouping: { by: 'subject', withinMs: 60 * MINUTE },
  covers: [],
  fallback: false,
  securityOnly: false,
  asking: DEFAULT_ASKING,
  ...over,
});

/** Three events in ten minutes. */
export const aCorrelation = (over: Partial<Correlation> = {}): Correlation => ({
  key: 'many-deletions',
  type: 'event_count',
  rules: ['deletion'],
  timespanMs: 10 * MINUTE,
  condition: { gte: 3 },
  grows: true,
  policy: aPolicy('many-deletions'),
  ...over,
});

export const observationOf = (correlation: Correlation, over: Partial<Observation> = {}): Observation => ({
  correlation,
  rule: 'deletion',
  group: 'alex',
  value: '',
  onward: [],
  ...over,
});

/** Counting in memory, at a time that the test sets. */
export function countingOf(
  correlations: readonly Correlation[],
  nowMs = 0,
  windows: MemoryWindows = createMemoryWindows(),
): Counting & { readonly windows: MemoryWindows } {
  return {
    ...{ windows, nowMs, latenessMs: 30 * MINUTE },
    correlations: new Map(correlations.map((one) => [one.key, one])),
  };
}
