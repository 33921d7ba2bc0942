// The governance log as events of the Open Cybersecurity Schema Framework, for a SIEM. Source of the shape: OCSF 1.3.0, class
// "Remediation Activity" (7001).
import type { Severity } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { GovernanceEvent, GovernanceRecord } from './governance-log.ts';

const CLASS_UID = 7001;
const SEVERITIES: Readonly<Record<Severity, number>> = {
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};
const ACTIVITIES = { isolate: 1, evict: 2, restore: 3, harden: 4, other: 99 } as const;
const CAPTIONS: Readonly<Record<keyof typeof ACTIVITIES, string>> = {
  isolate: 'Isolate',
  evict: 'Evict',
  restore: 'Restore',
  harden: 'Harden',
  other: 'Other',
};
const UNDOING: readonly GovernanceEvent[] = ['undo-started', 'undone', 'undo-failed'];
const STATUS: Readonly<Partial<Record<GovernanceEvent, { readonly id: number; readonly caption: string }>>> =
  {
    verified: { id: 1, caption: 'Success' },
    'followed-up': { id: 1, caption: 'Success' },
    undone: { id: 1, caption: 'Success' },
    failed: { id: 2, caption: 'Failure' },
    'undo-failed': { id: 2, caption: 'Failure' },
    refused: { id: 2, caption: 'Failure' },
  };

/** D3FEND's tactics: shut out, end what is open, put back, or make harder to get at. Anything else says its own name. */
function activityOf({ event, action }: GovernanceRecord): keyof typeof ACTIVITIES {
  if (action === null) return 'other';
  if (UNDOING.includes(event) || /\.(unsuspend|reactivate|detach|allow|dismiss)/.test(action))
    return 'restore';
  if (/\.(revoke|remove)/.test(action)) return 'evict';
  return action.startsWith('aws.s3.') ? 'harden' : 'isolate';
}

/** `metadata.uid` is the same whenever the same record is read: what arrives twice can be told. */
export function ocsfEvent(record: GovernanceRecord, severity: Severity): JsonObject {
  const activity = activityOf(record);
  const status = STATUS[record.event] ?? { id: 99, caption: record.event };
  return {
    category_uid: 7,
    category_name: 'Remediation',
    class_uid: CLASS_UID,
    class_name: 'Remediation Activity',
    activity_id: ACTIVITIES[activity],
    activity_name: activity === 'other' ? record.event : CAPTIONS[activity],
    type_uid: CLASS_UID * 100 + ACTIVITIES[activity],
    time: Date.parse(record.at),
    severity_id: SEVERITIES[severity],
    status_id: status.id,
    status: status.caption,
    command_uid: record.run ?? record.case,
    message: record.says.join(' '),
    ...(record.by && { actor: { user: { uid: record.by.id, name: record.by.name } } }),
    ...(record.action && {
      remediation: { desc: [record.action, record.target].filter(Boolean).join(' on ') },
    }),
    metadata: {
      version: '1.3.0',
      uid: record.uid,
      correlation_uid: record.case,
      event_code: record.event,
      product: { name: 'Countersign', vendor_name: 'Countersign' },
    },
    unmapped: {
      case: record.case,
      action: record.action,
      target: record.target,
      dry_run: record.dryRun,
      request_ids: [...record.requestIds],
    },
  };
}
