// Named detectors: predicates over an alert that Sigma cannot express. A policy refers to one by name; it is ANDed with the rule.
import type { Alert } from '../../case/alert.ts';
import type { MatchContext } from '../../case/policy.ts';
import { byCountersignRole } from './by-countersign-role.ts';
import { s3MadePublic } from './s3-made-public.ts';

export type Detector = (alert: Alert, context: MatchContext) => boolean;

export const DETECTORS = {
  'by-countersign-role': byCountersignRole,
  's3-made-public': s3MadePublic,
} as const satisfies Readonly<Record<string, Detector>>;

export type DetectorName = keyof typeof DETECTORS;
export const DETECTOR_NAMES = Object.keys(DETECTORS) as [DetectorName, ...DetectorName[]];
