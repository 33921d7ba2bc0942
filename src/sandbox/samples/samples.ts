// Every sample detection that `countersign fire` knows. Only data: firing them is the command's business.
import { CLOUDTRAIL_SAMPLES } from './cloudtrail-samples.ts';
import { GRAPH_SAMPLES } from './graph-samples.ts';

export interface Sample {
  /** What happens, and what to look for: one line. */
  readonly title: string;
  /** Which door takes it: `/api/alerts/graph` or `/api/alerts/cloudtrail`. */
  readonly door: 'graph' | 'cloudtrail';
  /** The body to post, with ids from the seed and times just before `now`. */
  build(now: Date, seed: string): unknown;
}

export const SAMPLES: Readonly<Record<string, Sample>> = { ...GRAPH_SAMPLES, ...CLOUDTRAIL_SAMPLES };
