// Which of our sources a rule's `logsource` means, and in which form it sees the events.
import type { SourceName } from '../case/alert.ts';
import type { LogSource } from './rule-schema.ts';

/** `audit`: a Graph alert as the record that the same detection leaves in the unified audit log. */
export type View = SourceName | 'audit';

const GRAPH_PRODUCTS = ['m365', 'microsoft365', 'azure'];
const AUDIT_SERVICES = ['threat_management', 'threat_detection'];

/** Null for logs that no source of ours delivers. */
export function viewOf(logsource: LogSource): View | null {
  const [product, service, category] = [logsource.product, logsource.service, logsource.category].map(
    (part) => part?.toLowerCase(),
  );
  if (category !== undefined) return null;
  if (product === 'aws' && service === 'cloudtrail') return 'cloudtrail';
  if (product === 'countersign' && service === 'buckets') return 'inventory';
  if (!GRAPH_PRODUCTS.includes(product ?? '')) return null;
  if (service === undefined || service === 'alerts') return 'graph';
  return AUDIT_SERVICES.includes(service) ? 'audit' : null;
}

export const sourceOf = (view: View): SourceName => (view === 'audit' ? 'graph' : view);

/** A Graph alert as an audit record: rules for `threat_management` know the detection by its title. */
export function auditRecordOf(alert: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { title } = alert;
  return {
    ...alert,
    eventSource: 'SecurityComplianceCenter',
    eventName: title,
    Name: title,
    status: 'success',
  };
}

/** A filter's log source may say less than the rule's, never something else. */
export const isWithin = (rule: LogSource, filter: LogSource): boolean =>
  (['category', 'product', 'service'] as const).every(
    (key) => filter[key] == null || filter[key].toLowerCase() === rule[key]?.toLowerCase(),
  );
