// The normalised alert: what happened, by whom, to what, how severe. Vendor names stay in `event`.
import type { UserId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { Said } from './said.ts';
import type { Target } from './target.ts';

export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const isAtLeast = (severity: Severity, floor: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(floor);

/** `inventory`: found by looking at what there is, not by an event. */
export type SourceName = 'graph' | 'cloudtrail' | 'inventory';

/** A person as the vendor's evidence names them: any of these may be missing, and none is verified yet. */
export interface PersonMention {
  readonly objectId?: UserId;
  readonly userPrincipalName?: string;
  readonly displayName?: string;
}

/** Who called, as CloudTrail's userIdentity says. Session name and source identity are the caller's own words. */
export interface AwsIdentity {
  /** `userIdentity.type` as sent: IAMUser, AssumedRole, Root, AWSService, ... */
  readonly type: string;
  readonly accountId?: string;
  readonly arn?: string;
  /** `sessionContext.sessionIssuer.arn`, for assumed roles. */
  readonly roleArn?: string;
  /** The same, where an IAM user began the session under a name of their choice (GetFederationToken). */
  readonly userArn?: string;
  readonly sessionName?: string;
  readonly sourceIdentity?: string;
  /** IAM user name, for `IAMUser`. */
  readonly userName?: string;
  /** The key that signed the call; absent for a console session. */
  readonly accessKeyId?: string;
}

/** A line of the card: hostile text from outside, escaped only where it is rendered. */
export interface Fact {
  readonly label: Said;
  readonly value: Said;
  /** What of a person's work it tells: whether somebody sees it is a policy of its own. Absent: nothing that is ever hidden. */
  readonly kind?: FactKind;
}
/** `words`: a vendor's own sentences, which may name anything. */
export type FactKind = 'file' | 'address' | 'person' | 'words';

export interface Alert {
  readonly source: SourceName;
  /** Graph: the alert's id. CloudTrail: `account/eventID`. Inventory: `account/bucket`. */
  readonly sourceId: string;
  /** Graph: lastUpdateDateTime. CloudTrail events never change: the empty text. Inventory: when it was looked at. */
  readonly revision: string;
  /** Digest over what happened (evidence, title, severity), without status and comments: equal means no news. */
  readonly fingerprint: string;
  /** When it happened, ISO 8601 in UTC. */
  readonly occurredAt: string;
  readonly title: Said;
  readonly severity: Severity;
  readonly resolved: boolean;
  /** A call that the vendor refused: somebody tried. */
  readonly attempt: boolean;
  /** Graph: user evidence, the first being the subject's. */
  readonly mentions: readonly PersonMention[];
  readonly identity?: AwsIdentity;
  readonly targets: readonly Target[];
  /** How many more the event names than are listed. */
  readonly moreTargets?: number;
  /** CloudTrail's requestID, to recognise our own calls. */
  readonly requestId?: string;
  /** Digest of what a CloudTrail call asked for. Absent where the record does not say it in full: then no two are alike. */
  readonly parameters?: string;
  readonly facts: readonly Fact[];
  /** The vendor's record as received: what policies are evaluated over. */
  readonly event: JsonObject;
}
