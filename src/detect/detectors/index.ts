// Named detectors: predicates over a raw CloudTrail record that Sigma cannot express. A policy names one in its `countersign:`
// block; it is ANDed with the rule. Pure, and never throws: a record may hold anything.
import type { JsonObject } from '../../case/json.ts';
import { resourceMadePublic } from './resource-made-public.ts';
import { s3MadePublic } from './s3-made-public.ts';

export interface DetectorContext {
  /** The company's own AWS account ids. None configured: the account that the record belongs to is the only one. */
  readonly accounts: readonly string[];
  /** The company's own organisations (`o-...`, lower case). None configured: any organisation is taken for its own. */
  readonly organisations: readonly string[];
}

export type Detector = (event: JsonObject, context: DetectorContext) => boolean;

export const DETECTORS = {
  'resource-made-public': resourceMadePublic,
  's3-made-public': s3MadePublic,
} as const satisfies Readonly<Record<string, Detector>>;

export type DetectorName = keyof typeof DETECTORS;

/** What each looks for, as it stands where a policy is explained. */
export const DETECTOR_TEXTS: Readonly<Record<DetectorName, string>> = {
  'resource-made-public':
    'the request shares a resource with everyone, or with an account or organisation that is not the company’s',
  's3-made-public':
    'the request opens a bucket, its objects or an access point to everyone, or takes away a block against that',
};
export const DETECTOR_NAMES = Object.keys(DETECTORS) as [DetectorName, ...DetectorName[]];
