// Which of our sources a rule's `logsource` means. A rule for logs that never arrive here would be silent: it is refused.
import type { SourceName } from '../case/alert.ts';
import { RuleError } from './problem.ts';
import type { Rule } from './rule-schema.ts';

const GRAPH_PRODUCTS = ['m365', 'microsoft365', 'azure'];

/** `product: aws, service: cloudtrail`, or `product: m365` (microsoft365, azure) without a service or with `alerts`. */
export function sourceOf({ product, service, category }: Rule['logsource']): SourceName {
  if (category === undefined && product === 'aws' && service === 'cloudtrail') return 'cloudtrail';
  if (category === undefined && GRAPH_PRODUCTS.includes(product ?? '')) {
    if (service === undefined || service === 'alerts') return 'graph';
  }
  throw new RuleError(
    ['logsource'],
    'no such events arrive here; known are "product: aws, service: cloudtrail" and "product: m365" (Graph alerts)',
  );
}
