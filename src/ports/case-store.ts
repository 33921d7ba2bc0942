// The one durable store: cases, what they owe, who was told, and the audit entries that go with every change.
// A transition commits state, steps, holds and audit in one transaction; no network call ever happens inside one.
import type { Alert } from '../case/alert.ts';
import type { Actor, CardCopy, Case, Conversation } from '../case/case.ts';
import type { Exception } from '../case/exception.ts';
import type { CaseId, CopyId, RunId, UserId } from '../case/ids.ts';
import type { Json } from '../case/json.ts';
import type { Run, Step, StepKind } from '../case/run.ts';
import type { Said } from '../case/said.ts';
import type { CaseState } from '../case/transitions.ts';
import type { AuditNote } from './audit-trail.ts';
import type { Delegations } from './delegations.ts';
import type { Digests } from './digests.ts';
import type { Exceptions } from './exceptions.ts';
import type { SignIns } from './sign-ins.ts';
import type { Windows } from './windows.ts';

export interface NewStep {
  readonly kind: StepKind;
  readonly key: string;
  /** Milliseconds from now until it is due; 0 when absent. */
  readonly delayMs?: number;
  readonly body?: Json;
}

/** What a known alert was when it was last stored. */
export interface StoredAlert {
  readonly caseId: CaseId | null;
  readonly caseRef: string | null;
  readonly revision: string;
  readonly fingerprint: string;
  /** The revision that `findAlert` was asked about was stored before, whether or not a later one followed. */
  readonly seen: boolean;
}

/** Someone (or a channel) that the bot can write to, learned from an activity or from an installation. */
export interface Reachable {
  readonly tenantId: string;
  /** Entra object id, or the channel id for a channel. */
  readonly id: string;
  /** `29:...`; empty when learned through Graph before they ever wrote. */
  readonly teamsId: string;
  readonly conversation: Conversation;
  readonly locale?: string;
  readonly timeZone?: string;
}

export interface CaseFilter {
  readonly states?: readonly CaseState[];
  /** Newest first; 50 when absent. */
  readonly limit?: number;
}

/** What one case at a time may change. */
export interface HeldTarget {
  /** `holdKey` of the target. */
  readonly key: string;
  /** For people: hostile text. */
  readonly label: Said;
}

/** Whom a case waits for: whoever is right before it in the line, else whoever holds what it wants. */
export interface WaitsFor {
  /** Reference of that case. */
  readonly ref: string;
  /** Of what both want. */
  readonly label: Said;
  /** It holds it, and does not wait itself. */
  readonly isChanging: boolean;
}

/** Where a case stands in the line now; `waitsFor` null: it has got everything that it asked for. */
export interface PlaceInLine {
  readonly caseId: CaseId;
  readonly waitsFor: WaitsFor | null;
}

export interface Turn {
  readonly waitsFor: WaitsFor | null;
  readonly moved: readonly PlaceInLine[];
}

/** So many uses of what only so many are allowed of in any one hour. */
export interface CapSlot {
  /** An action's id, `kind:<target kind>` or `approver:<person>`. */
  readonly key: string;
  readonly uses: number;
  readonly cap: number;
}

/** Inside one transaction. Reads see the transaction's own writes; nothing is kept when `work` throws. */
export interface StoreTransaction {
  /** Locks the case's row until the transaction ends (PostgreSQL; SQLite has one writer anyway). */
  lockCase(id: CaseId): Promise<Case | null>;
  /** The case that later matches of this group join. Locked like `lockCase`. */
  findOpenCase(groupKey: string): Promise<Case | null>;
  /**
   * The latest case of this group, if it has been answered (`answeredAt`) at `sinceIso` or later. An older one does not come
   * back when a later one was answered otherwise. Locked like `lockCase`.
   */
  findAnsweredCase(groupKey: string, sinceIso: string): Promise<Case | null>;
  /** The latest case of this group, if another case has taken it over. Locked like `lockCase`. */
  findTakenOver(groupKey: string): Promise<Case | null>;
  /** Until the transaction ends nobody else gets past this for the same person: taken before any of their cases is locked. */
  lockPerson(person: UserId): Promise<void>;
  /** Cases about this person, of any severity, that are asked or about to be: oldest first. Locked like `lockCase`. */
  askedOfPerson(person: UserId): Promise<readonly Case[]>;
  /**
   * What is known of the alert; `seen` says whether this very revision was stored before. Until the transaction ends
   * nobody else gets past `findAlert` for the same alert, so that two doors cannot both take it for new.
   */
  findAlert(source: Alert['source'], sourceId: string, revision?: string): Promise<StoredAlert | null>;
  /** Inserts, or moves a known alert to its new revision and case. */
  saveAlert(alert: Alert, caseId: CaseId | null): Promise<void>;
  /** True when this request id is of a call of our own: of a run, or noted by the `RequestLog`. */
  isOurRequest(requestId: string): Promise<boolean>;

  /**
   * True when an open case (or one being carried out) of medium severity or more is about this person. What is only monitored puts
   * nobody in question.
   */
  isSubjectOfOpenCase(user: UserId, except: CaseId): Promise<boolean>;

  /**
   * Version 1. Throws `store.twin` when an open case has the group key (or a case the reference): run the transaction
   * again, find it and join.
   */
  insertCase(created: Case): Promise<void>;
  /**
   * Writes `next` over version `next.version - 1`; throws `store.stale` when the row has another one. A case that
   * returns to an open state while another one is open for its group stays outside the group.
   */
  saveCase(next: Case): Promise<void>;
  /** A step that exists (same case, kind, key) is made due again unless `ifAbsent`. A leased one keeps its lease and runs once more. */
  addStep(caseId: CaseId, step: NewStep, options?: { readonly ifAbsent?: boolean }): Promise<void>;
  /** Removes steps of the case; one that runs now loses its lease. */
  cancelSteps(caseId: CaseId, kinds: readonly StepKind[]): Promise<void>;
  /** Throws `store.lease-lost` when the step's lease has passed to another: asked before every write of a long step. */
  assertLease(step: Step): Promise<void>;
  /** Ends the caller's step. Throws `store.lease-lost` when its lease has passed to another. */
  finishStep(step: Step): Promise<void>;
  /** Appends to the case's chain. The case need not exist: a chain of refusals may have an id of its own. */
  audit(caseId: CaseId, note: AuditNote): Promise<void>;
  /** Erases who and whom from these entries of the chain (`seqs`), and records that as an `audit.erased` entry. */
  erasePersonal(caseId: CaseId, seqs: readonly number[], by: Actor): Promise<void>;

  runsOf(caseId: CaseId): Promise<readonly Run[]>;
  findRun(id: RunId): Promise<Run | null>;
  saveRun(run: Run): Promise<void>;
  /**
   * Asks for all of `targets` (at least one) at once, and forgets what the case held or asked for before. It gets all of them
   * (`waitsFor` null) where every one is free and nobody ahead in the line wants one, else none: then it waits in the line, the
   * strongest first, and among equals the first. `moved`: others whose place changed; `commitPlaces` tells their cases.
   */
  takeTargets(caseId: CaseId, targets: readonly HeldTarget[], strength: number): Promise<Turn>;
  /** All of them now, or none: false where another case holds one or waits for one. Keeps what the case holds already. */
  holdTargets(caseId: CaseId, targets: readonly HeldTarget[]): Promise<boolean>;
  /**
   * Lets go of what the case holds or waits for, and hands it to those whose turn it is. Rooms call `letGo` (target-line.ts),
   * which tells them as well.
   */
  releaseTargets(caseId: CaseId): Promise<readonly PlaceInLine[]>;
  /** False while the case waits in the line. Ask on the locked case, in the transaction that acts on the answer. */
  holdsTargets(caseId: CaseId): Promise<boolean>;
  /** The reference of another case that acted on the same target after this run, and whose action still stands. */
  caseRelyingOn(run: Run): Promise<string | null>;
  /**
   * Takes the uses of every slot in the hour that begins now, or none of them: then the answer names those whose cap the uses
   * of the last hour leave no room for. With `beyond` they are taken all the same.
   */
  reserveSlots(
    slots: readonly CapSlot[],
    options?: { readonly beyond?: boolean },
  ): Promise<readonly CapSlot[]>;
  /** Those of the slots that `reserveSlots` would name now; takes nothing. */
  fullSlots(slots: readonly CapSlot[]): Promise<readonly CapSlot[]>;

  /** What correlations remember: kept or not kept together with everything else in the transaction. */
  readonly windows: Windows;
  readonly signIns: SignIns;
  readonly delegations: Delegations;
  readonly exceptions: Exceptions;
  readonly digests: Digests;

  copiesOf(caseId: CaseId): Promise<readonly CardCopy[]>;
  saveCopy(copy: CardCopy): Promise<void>;
  removeCopy(id: CopyId): Promise<void>;
}

/**
 * Throws CountersignError: `store.busy` and `store.unavailable` (both retryable), `store.failed`. Called from inside
 * `transact`, every method but the transaction's own throws `store.nested`.
 */
export interface CaseStore {
  /**
   * All of `work` or nothing. It may run more than once (deadlocks), so it must have no effect but through `tx`, and it
   * awaits every call: once it has returned, `tx` throws `store.ended`. Transactions do not nest.
   */
  transact<Result>(work: (tx: StoreTransaction) => Promise<Result>): Promise<Result>;

  readCase(id: CaseId): Promise<Case | null>;
  /** By reference, any letter case. */
  findCase(ref: string): Promise<Case | null>;
  listCases(filter?: CaseFilter): Promise<readonly Case[]>;
  runsOf(caseId: CaseId): Promise<readonly Run[]>;
  copiesOf(caseId: CaseId): Promise<readonly CardCopy[]>;

  /** Leases up to `limit` due steps for `leaseMs` by the database's clock, at most one a case. No two callers get the same. */
  takeSteps(limit: number, leaseMs: number): Promise<readonly Step[]>;
  /** Gives a step back, due after `delayMs`, one attempt older. Silently nothing when the lease is lost. */
  retryStep(
    step: Step,
    delayMs: number,
    error: string,
    /** False: it was not even tried, and is no attempt older. */
    options?: { readonly counts: boolean },
  ): Promise<void>;
  /** Milliseconds until the next step is due, null when there is none. */
  nextDueInMs(): Promise<number | null>;

  /** Neither over nor revoked at that time. Newest first. */
  exceptionsInForce(at: string): Promise<readonly Exception[]>;

  /** A language or a zone that `person` does not say stays as it was known: not every activity says them. */
  saveReachable(person: Reachable): Promise<void>;
  findReachable(tenantId: string, id: string): Promise<Reachable | null>;
  /** Forgets the conversation: 403 and 404 are final until they write again. */
  forgetReachable(tenantId: string, id: string): Promise<void>;
  /**
   * True when an open case (or one being carried out) of medium severity or more is about this person. What is only monitored puts
   * nobody in question.
   */
  isSubjectOfOpenCase(user: UserId, except: CaseId): Promise<boolean>;

  readMark(key: string): Promise<string | null>;
  writeMark(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}
