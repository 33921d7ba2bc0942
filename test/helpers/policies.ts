// A made-up policy, as loadPolicies would give it.
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Policy } from '../../src/case/policy.ts';

export const aPolicy = (id: string, more: Partial<Policy> = {}): Policy => ({
  id,
  title: id,
  description: '',
  text: '',
  hash: '',
  source: 'cloudtrail',
  stage: 'ask',
  outside: false,
  counted: false,
  severity: 'high',
  techniques: [],
  question: '',
  offers: [],
  grouping: { by: 'subject', withinMs: 3_600_000 },
  covers: [],
  fallback: false,
  securityOnly: false,
  asking: DEFAULT_ASKING,
  ...more,
});
