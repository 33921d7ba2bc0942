// One governance action on one target under one decision, and one thing that a case owes the world. Data only.
import type { CaseId, RunId, StepId } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { Said } from './said.ts';
import type { Target } from './target.ts';

/** Where a run of a governance action stands. `executing` is committed before the first call that changes anything. */
export type RunState =
  | 'pending'
  | 'executing'
  | 'executed'
  | 'verified'
  | 'failed'
  | 'reverting'
  | 'reverted'
  | 'kept'
  /** Decided, but the world had changed before it began: asked anew. */
  | 'void'
  | 'dry-run';

/** One governance action on one target, under one decision. */
export interface Run {
  readonly id: RunId;
  readonly caseId: CaseId;
  /** Order within the case. */
  readonly position: number;
  /** Which of the case's decisions it belongs to. Absent in runs from before it was kept. */
  readonly decision?: number;
  /** What was shown before the button was pressed. Absent in runs from before it was kept. */
  readonly shown?: {
    readonly says: readonly Said[];
    /** Absent where none was kept. */
    readonly basis?: Json;
    /** The question said that it is a dry run. */
    readonly dryRun?: true;
    /** Whether the plan said that it can be undone. Absent: as the action says. */
    readonly undo?: boolean;
    /** What undo does, or why there is none: for the card as long as it stands. */
    readonly undoSays?: Said;
  };
  /** It only asks or tells somebody. */
  readonly informs?: true;
  readonly action: string;
  readonly target: Target;
  readonly state: RunState;
  /** What `read` saw before the first change: what undo restores. */
  readonly before: JsonObject | null;
  /** What `read` saw once it was verified: undo asks that the world still equals it. */
  readonly after: JsonObject | null;
  readonly requestIds: readonly string[];
  /** Proof, or why not: a sentence for the card. */
  readonly says: Said | null;
  readonly verifiedAt: string | null;
  /** What it had changed was not there any more when it was to be undone: nothing of it stands, and its undo is over. */
  readonly gone?: true;
  /** The line on the card for what is not yet true everywhere. */
  readonly later?: Said;
  /** When it was seen to have taken effect, each time. */
  readonly checks?: readonly string[];
}

/** A failure, for whoever runs Countersign. */
export interface Trouble {
  readonly at: string;
  readonly action: string;
  readonly target: Said;
  readonly code: string;
  /** The vendor's words, and what to check. */
  readonly message: Said;
  readonly requestId?: string;
}

export type StepKind =
  | 'route'
  | 'ask'
  | 'refresh'
  | 'act'
  | 'verify'
  /** Looks again at what had not taken effect everywhere. */
  | 'follow-up'
  /** Shows the case to the security team, who were not asked. */
  | 'tell'
  /** Reminds, asks the next one as well, or gives up waiting, by the question's clock. Its key is the question's id. */
  | 'chase'
  /** Tells an administrator what only they can mend. */
  | 'tell-admin'
  | 'revert'
  | 'write-back'
  | 'check-source';
/** One thing that a case owes the world. Unique by case, kind and key. */
export interface Step {
  readonly id: StepId;
  readonly caseId: CaseId;
  readonly kind: StepKind;
  readonly key: string;
  /** How often it was tried before this time. */
  readonly attempts: number;
  /** Rises with every lease; a write under an older one is refused. */
  readonly leaseToken: number;
  readonly body: Json;
}
