// The durable record of one match, and everything that hangs on it. Data only: what may follow what is in transitions.ts.
import type { Fact, Severity, SourceName } from './alert.ts';
import type { Asking, Chased } from './asking.ts';
import type { CaseId, CopyId, DigestId, QuestionId, RunId, UserId } from './ids.ts';
import type { Grouping, Offer, Stage } from './policy.ts';
import type { Proposal } from './proposal.ts';
import type { Question } from './question.ts';
import type { Trouble } from './run.ts';
import type { Said } from './said.ts';
import type { PolicyScope } from './settings.ts';
import type { Target } from './target.ts';
import type { CaseState } from './transitions.ts';

/** Whom the alert points at, from trustworthy evidence alone; looked up in the directory when the case is routed. */
export type SubjectHint =
  | { readonly kind: 'entra'; readonly id: string; readonly name?: string }
  | { readonly kind: 'unknown'; readonly reason: Said; readonly name?: string };

export interface Subject {
  readonly id: UserId;
  readonly name: string;
  readonly userPrincipalName: string;
}

/** The people of a policy's scope: `only` these, `except` those. */
export interface PeopleScope {
  readonly only?: Pick<PolicyScope, 'users' | 'groups'>;
  readonly except?: Pick<PolicyScope, 'users' | 'groups'>;
}

export interface Actor {
  readonly kind: 'person' | 'system';
  readonly id: string;
  readonly name: string;
}
export const SYSTEM: Actor = { kind: 'system', id: 'countersign', name: 'Countersign' };

/**
 * `reassign`: not mine to say, ask somebody else. `keep`: what was contained before anybody answered stays so. `correct`: the answer
 * was a mistake, ask again.
 */
export type Verb = 'approve' | 'dismiss' | 'escalate' | 'undo' | 'reassign' | 'keep' | 'correct';
export interface Decision {
  readonly verb: Verb;
  readonly offer?: string;
  readonly by: Actor;
  readonly at: string;
  readonly comment?: string;
  /** Why it takes more people than have said so, a sentence: it is a signature, and decides nothing by itself yet. */
  readonly awaits?: Said;
  /** As `awaits`, in decisions from before it was called that. */
  readonly beyondCap?: string;
  /** Of "expected": until when the same is expected, and asks nobody. ISO 8601 in UTC. */
  readonly until?: string;
  /** Of "not mine to say": who is asked instead. */
  readonly to?: { readonly id: UserId; readonly name: string };
  /** Of an approval: what the offer did not touch, and why, as it was shown. */
  readonly left?: readonly Said[];
  /**
   * Digest of exactly what was to be done, as it stood then: of an approval, and of an undo that waits for others. Absent in approvals
   * from before it was kept.
   */
  readonly over?: string;
  /** Of an undo by the security role: put back even what somebody else has changed since. */
  readonly anyway?: true;
}

/** What the person in question says, when asked whether it was them. Never a decision. */
export interface Statement {
  readonly by: Actor;
  readonly at: string;
  readonly was: 'me' | 'not-me';
  readonly comment?: string;
}

export interface NoticeSent {
  readonly user: UserId;
  readonly way: 'teams' | 'mail';
  readonly at: string;
}

/** What kept an undo from being made: each part in which the world is not as we left it. */
export interface UndoConflict {
  readonly run: RunId;
  /** Digest of the state that was shown: the security role puts back over this one and no other. */
  readonly over: string;
  /** Sentences, what it was, what we left, what it is. */
  readonly says: readonly Said[];
}

/** A policy whose match on the same person joined this case: one person, one question. */
export interface RelatedPolicy {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly hash: string;
  readonly question: string;
  /** The reference of the case that it was, for whoever looks for it. */
  readonly ref: string;
}

/** How much a question is about: policies, and people in the evidence. */
export interface QuestionScale {
  readonly severity: Severity;
  readonly policies: number;
  readonly people: number;
}

/** "Not mine to say", and whose it is. */
export interface Reassignment {
  readonly to: { readonly id: UserId; readonly name: string };
  readonly by: Actor;
  readonly at: string;
  /** The question of which it was said. Absent in cases from before it was kept. */
  readonly asOf?: QuestionScale;
}

/** One thing that was done (or tried): whoever answers must have seen it. */
export interface Deed {
  /** Digest of who did what to what, in which words. */
  readonly key: string;
  /** For people: hostile text, escaped only where it is rendered. */
  readonly says: Said;
  /** Of a Graph alert: digests of what it named besides people, at most 50. What is expected of the deed is expected with these alone. */
  readonly evidence?: readonly string[];
}

export interface Case {
  readonly id: CaseId;
  /** What people type and read: eight characters without look-alikes. */
  readonly ref: string;
  readonly state: CaseState;
  /** Rises by one with every transition; a card copy stores the version that it shows. */
  readonly version: number;
  /** Random, and gone with the case: the trail's digest of a case cannot be guessed without it. */
  readonly nonce: string;
  readonly policy: {
    readonly id: string;
    readonly title: string;
    readonly text: string;
    readonly hash: string;
    readonly question: string;
    readonly offers: readonly Offer[];
    readonly securityOnly: boolean;
    /** Absent in cases from before it was kept: as `DEFAULT_ASKING`. */
    readonly asking?: Asking;
    /** As it was when the case was opened. Absent in cases from before there were stages: `ask`. */
    readonly stage?: Stage;
    /** Absent in cases from before it was kept: by subject, and no repeats. */
    readonly grouping?: Grouping;
  };
  /** What the settings said about people when the case was opened, where only the directory can tell whether it applies. */
  readonly scope?: PeopleScope;
  /** Same key, same open case: policy and subject, or policy and target when the subject is not known. */
  readonly groupKey: string;
  readonly severity: Severity;
  readonly title: Said;
  readonly attempt: boolean;
  readonly hint: SubjectHint;
  readonly subject: Subject | null;
  /** Everyone named in the evidence: none of them may answer. Object ids or UPNs, lower case. */
  readonly named: readonly string[];
  /** The same as the evidence wrote it, before look-ups: what tells new people from known ones. */
  readonly mentioned: readonly string[];
  readonly targets: readonly Target[];
  /** Who called, as AWS itself names them; at most 10. Absent in cases from before they were kept. */
  readonly callers?: readonly Target[];
  readonly facts: readonly Fact[];
  readonly sources: readonly {
    readonly source: SourceName;
    readonly sourceId: string;
    readonly resolved: boolean;
  }[];
  /** The latest CloudTrail request ids that joined: to tell our own calls once they are on record. */
  readonly requestIds: readonly string[];
  /** What the question is about, at most 20. Absent in cases from before they were kept: then everything is new. */
  readonly deeds?: readonly Deed[];
  /** How many more joined that are not listed: further ones of what is counted, or of a flood. */
  readonly moreDeeds?: number;
  /** Targets of one call that names more than are kept. */
  readonly moreTargets?: number;
  /** Of a counted policy: the most that were counted together. */
  readonly mostCounted?: number;
  /** The same of each policy that counts here, by its id. Absent in cases from before: then it is the case's own. */
  readonly countedBy?: Readonly<Record<string, number>>;
  /** Of a counted policy: how many there were when the question was last asked. */
  readonly askedCounted?: number;
  /** Deeds of earlier questions that were said to be expected, and when: at most 100. */
  readonly answered?: readonly { readonly key: string; readonly at: string }[];
  /** When the answer was given after which something new came: what is listed is what came since. */
  readonly newSince?: string;
  /** How many of the decisions were made before the question last grew: they say nothing about it as it is now. */
  readonly decidedBefore?: number;
  /** How many alerts and events have joined. */
  readonly seen: number;
  /** How many of them only repeated what had been answered. */
  readonly repeats?: number;
  readonly openedAt: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** The question about the same person that is answered first: this one no longer fitted into it. */
  readonly behind?: { readonly id: CaseId; readonly ref: string };
  /** The case that asks about all of this. */
  readonly supersededBy?: CaseId;
  /** When it was closed because its policy does not look at this person. */
  readonly outOfScopeAt?: string;
  /** How many of the latest decisions in a row were void, because what was approved had changed. */
  readonly voids?: number;
  /** When what was said to be expected was taken back: nothing that was answered before that is counted in silence any more. */
  readonly unexpectedSince?: string;
  /** Policies whose matches joined, at most 10. */
  readonly related?: readonly RelatedPolicy[];
  /** The person in question was asked first, and their time is over: the next routing goes on to the others. */
  readonly subjectAsked?: true;
  /** Who is to be asked instead, as whoever was asked said, newest last. */
  readonly reassigned?: readonly Reassignment[];
  /** Contained before anybody had answered, and which of the decisions did it: "expected" releases it. */
  readonly containedFirst?: { readonly decision: number; readonly at: string };
  readonly chased?: Chased;
  /** Set when the next routing must not go back to the manager. */
  readonly toSecurity: Said | null;
  /** People who turned out not to be reachable for this case. */
  readonly unreachable: readonly UserId[];
  readonly question: Question | null;
  readonly decisions: readonly Decision[];
  readonly proposals?: readonly Proposal[];
  /** Whom we asked "was this you?", and how. */
  readonly notices?: readonly NoticeSent[];
  readonly statements?: readonly Statement[];
  /** Set while the last undo left something alone because it was changed since. */
  readonly undoConflicts?: readonly UndoConflict[];
  /** For the operator alone: what failed, in the vendor's words, newest last; at most 20. */
  readonly troubles?: readonly Trouble[];
  /** The last thing that happened, for the card: one or more plain sentences. */
  readonly outcome: readonly Said[];
  readonly updatedAt: string;
}

/** Its policy only watches: nobody is asked, and nobody can answer. */
export const isMonitored = (about: Pick<Case, 'policy'>): boolean => about.policy.stage === 'monitor';

/** The most that this policy counted together here; what another one counted says nothing of it. */
export function countedOf({ countedBy, mostCounted = 0, policy }: Case, id: string): number {
  if (!countedBy) return id === policy.id ? mostCounted : 0;
  return (Object.hasOwn(countedBy, id) ? countedBy[id] : undefined) ?? 0;
}

/** Why the decision is only a signature, a sentence; undefined where it was taken. Rows are read as they were written. */
export const awaitsOf = ({ awaits, beyondCap }: Decision): Said | undefined => awaits ?? beyondCap;

/** The last answer that took effect; a signature has none by itself. */
export const lastTaken = ({ decisions }: Pick<Case, 'decisions'>): Decision | undefined =>
  decisions.findLast((decision) => awaitsOf(decision) === undefined);

/** Who said last that it was expected: by a decision, or, where the policy takes it, as the person in question. */
export const lastWord = (about: Case): Pick<Statement, 'by' | 'at'> | undefined =>
  lastTaken(about) ?? about.statements?.findLast(({ was }) => was === 'me');

/** When it was said to be expected, or found out of its policy's scope: from then on repeats are counted. Null otherwise. */
export function answeredAt(about: Case): string | null {
  if (about.state === 'dismissed') return lastWord(about)?.at ?? null;
  return about.state === 'closed' ? (about.outOfScopeAt ?? null) : null;
}

/** A card that lies in a conversation: edited until it shows the case's current version. */
export interface CardCopy {
  readonly id: CopyId;
  readonly caseId: CaseId;
  /** The question that it was sent for: an older copy of the same reader points to the newer one. */
  readonly questionId: QuestionId;
  /** Who reads it: a person's object id, or `security`. */
  readonly reader: string;
  readonly conversation: Conversation;
  readonly activityId: string;
  readonly shownVersion: number;
  /** When it was sent as a card of a question. Absent otherwise, and in copies from before it was kept. */
  readonly sentAt?: string;
  /** Since when its reader has had this question, on an earlier card or on this one. Absent as `sentAt` is. */
  readonly since?: string;
  /** Of the case when the card was sent: what has become worse since is worth another one. */
  readonly severity?: Severity;
  /** It is a line of this card, which shows other cases as well. */
  readonly digest?: DigestId;
  /** The card only counts it: its reader has not seen what it is about. */
  readonly folded?: true;
}

/** Where a card can be sent. */
export interface Conversation {
  readonly id: string;
  readonly serviceUrl: string;
}
