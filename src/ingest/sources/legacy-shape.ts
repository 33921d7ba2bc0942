// Alert formats that people still find in old guides, each refused with what to send instead.
import { isRecord } from './malformed.ts';

const GRAPH_V1_KEYS = [
  'vendorInformation',
  'azureTenantId',
  'azureSubscriptionId',
  'userStates',
  'hostStates',
];
const CLOUD_APPS_KEYS = ['_id', 'statusValue', 'severityValue', 'resolutionStatusValue', 'contextId'];
const SEND_INSTEAD =
  'send the alert as Microsoft Graph returns it from /security/alerts_v2 (v1.0), one object, an array, or {"value": [...]}';

/** Why this object is not an alerts_v2 alert, or null when it looks like one. */
export function legacyShape(item: unknown): string | null {
  if (!isRecord(item)) return null;
  const has = (key: string): boolean => Object.hasOwn(item, key);
  const v1 = GRAPH_V1_KEYS.find(has);
  if (v1) {
    return `this is an alert of the retired /security/alerts (it has "${v1}"): ${SEND_INSTEAD}`;
  }
  const cloudApps = CLOUD_APPS_KEYS.find(has);
  if (cloudApps || (has('entities') && has('URL'))) {
    return `this is Defender for Cloud Apps' own alert format (it has "${cloudApps ?? 'entities'}"): ${SEND_INSTEAD}`;
  }
  if (has('SystemAlertId') || has('VendorName')) {
    return `this is a row of Sentinel's SecurityAlert table: ${SEND_INSTEAD}`;
  }
  if (has('subscriptionId') && has('changeType')) {
    return `this is a Graph change notification, which carries no alert: ${SEND_INSTEAD}`;
  }
  return null;
}
