// The governance log as events of the Open Cybersecurity Schema Framework, for a SIEM. Source of the shape: OCSF 1.3.0, class
// "Remediation Activity" (7001), whose `actor` comes with the profile "host".
import type { Severity } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { GovernanceEvent } from './governance-events.ts';
import type { GovernanceRecord } from './governance-log.ts';

const CLASS_UID = 7001;
const SEVERITIES: Readonly<Record<Severity, number>> = {
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};
const ACTIVITIES = { isolate: 1, evict: 2, restore: 3, harden: 4, other: 99 } as const;
type Activity = keyof typeof ACTIVITIES;
const CAPTIONS: Readonly<Record<Activity, string>> = {
  isolate: 'Isolate',
  evict: 'Evict',
  restore: 'Restore',
  harden: 'Harden',
  other: 'Other',
};

/** By D3FEND's tactics: keep away from things, take away what lets in, put back, make harder to get at. `other` tells or notes. */
export const ACTIVITY_OF: Readonly<Record<string, Activity>> = {
  'entra.user.notify': 'other',
  'entra.user.confirm-compromised': 'other',
  'entra.user.dismiss-risk': 'restore',
  'entra.user.unsuspend': 'restore',
  'entra.group.remove-member': 'evict',
  'entra.user.restrict-downloads': 'isolate',
  'entra.user.revoke-sessions': 'evict',
  'entra.app.revoke-grant': 'evict',
  'entra.user.force-password-change': 'evict',
  'entra.user.suspend': 'evict',
  'aws.iam.reactivate-key': 'restore',
  'aws.iam.detach-deny': 'restore',
  'aws.iam.deactivate-key': 'evict',
  'aws.iam.attach-deny': 'isolate',
  'aws.iam.revoke-role-sessions': 'evict',
  'aws.organizations.allow-sso-user': 'restore',
  'aws.organizations.deny-sso-user': 'isolate',
  'aws.s3.make-bucket-private': 'harden',
  'aws.s3.make-object-private': 'harden',
  'aws.s3.remove-collaborator': 'evict',
  'aws.s3.block-account-public-access': 'harden',
};
const UNDOING: readonly GovernanceEvent[] = ['undo-started', 'undone', 'undo-failed'];
const SUCCESS = { id: 1, caption: 'Success' };
const FAILURE = { id: 2, caption: 'Failure' };
const STATUS: Readonly<Partial<Record<GovernanceEvent, typeof SUCCESS>>> = {
  verified: SUCCESS,
  'followed-up': SUCCESS,
  undone: SUCCESS,
  failed: FAILURE,
  'undo-failed': FAILURE,
  refused: FAILURE,
};

/** Undoing what let somebody in takes away again what lets in. A dry run does nothing of it. */
function activityOf({ event, action, dryRun }: GovernanceRecord): Activity {
  const does = dryRun || action === null ? 'other' : (ACTIVITY_OF[action] ?? 'other');
  if (!UNDOING.includes(event) || does === 'other') return does;
  return does === 'restore' ? 'evict' : 'restore';
}

/** `metadata.uid` is the same whenever the same record is read: what arrives twice can be told. `severity`: of the case, now. */
export function ocsfEvent(record: GovernanceRecord, severity: Severity): JsonObject {
  const activity = activityOf(record);
  const status = STATUS[record.event] ?? { id: 99, caption: record.event };
  const message = record.says.join(' ');
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
    command_uid: record.run ?? record.case ?? record.uid,
    ...(message && { message }),
    ...(record.by && { actor: { user: { uid: record.by.id, name: record.by.name } } }),
    ...(record.action && {
      remediation: { desc: [record.action, record.target].filter(Boolean).join(' on ') },
    }),
    metadata: {
      version: '1.3.0',
      ...(record.by && { profiles: ['host'] }),
      uid: record.uid,
      ...(record.case && { correlation_uid: record.case }),
      event_code: record.event,
      product: { name: 'Countersign', vendor_name: 'Countersign' },
    },
    unmapped: {
      case: record.case,
      action: record.action,
      target: record.target,
      target_key: record.targetKey,
      dry_run: record.dryRun,
      request_ids: [...record.requestIds],
    },
  };
}
