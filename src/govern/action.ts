// The contract of a governance action: find what it acts on, read the world, say what would change, change it, prove it, put it
// back. One file per action in actions/, one line in actions/index.ts.
import type { Case } from '../case/case.ts';
import type { CaseId, RunId } from '../case/ids.ts';
import type { Json, JsonObject } from '../case/json.ts';
import type { Said } from '../case/said.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { Target } from '../case/target.ts';
import type { AccountPolicies, AwsIdentities } from '../ports/aws-identities.ts';
import type { Clock } from '../ports/clock.ts';
import type { Consents } from '../ports/consents.ts';
import type { Directory } from '../ports/directory.ts';
import type { Groups } from '../ports/groups.ts';
import type { Notices } from '../ports/notices.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';
import type { OnPremisesAccounts } from '../ports/on-premises-accounts.ts';
import type { RiskRegister } from '../ports/risk-register.ts';

/** The part of the world that actions may touch, and the settings that bound them. */
export interface World {
  readonly directory: Directory;
  readonly groups: Groups;
  readonly risk: RiskRegister;
  readonly consents: Consents;
  readonly onPremises: OnPremisesAccounts;
  readonly notices: Notices;
  readonly storage: ObjectStorage;
  readonly identities: AwsIdentities;
  readonly accountPolicies: AccountPolicies;
  readonly clock: Clock;
  readonly settings: OperatorSettings;
}

/** What a case offers to act on: its subject, what was changed, who called (as AWS names them), and what the evidence says of it. */
export type Aims = Pick<Case, 'subject' | 'targets' | 'callers'> & Partial<Pick<Case, 'facts'>>;

export type Plan =
  | {
      readonly kind: 'offered';
      /** Plain sentences with numbers, for the card. Nothing in them changes by itself (no clock times). */
      readonly says: readonly Said[];
      readonly undo: { readonly possible: boolean; readonly says: Said };
      /**
       * What the sentences stand for, exactly: which statements, which keys. When it, or a sentence, is another one after the
       * claim, whoever decided decided something else: the decision is void, and a new question is asked.
       */
      readonly basis: Json;
    }
  /** Not offered, and the card says why. `met`: because what it would do is so already; the rest of an offer goes on without it. */
  | { readonly kind: 'refused'; readonly reason: Said; readonly met?: true }
  /** Nothing for it to do, and nothing that anybody would miss on the card: no key to reactivate, no caller of that kind. */
  | { readonly kind: 'moot'; readonly reason: Said };

export type Verification =
  | {
      readonly kind: 'took-effect';
      /** The proof, for the card: "Anonymous access is refused: read back from policy, access list and blocks." */
      readonly says: Said;
      /** What of it is not there, though what was wanted holds: the security team is told. */
      readonly lacks?: Said;
      /** The vendor accepted it, and nothing can be read back yet: the card says "Accepted", and no second look is made. */
      readonly unproven?: true;
      /** Where it is not yet true everywhere: looked at again so much later, and what the card says until then. */
      readonly followUp?: { readonly afterMs: number; readonly says: Said };
    }
  /** The vendor takes its time: look again; after a crash, run it (again). `says` is for the card: "Not yet: ...". */
  | { readonly kind: 'not-yet'; readonly says: Said; readonly retryInMs: number }
  /** The change is not there: after a crash, run it (again). */
  | { readonly kind: 'not-done'; readonly says: Said };

/** One part in which the world is not as we left it: what was there before us, what we left, what is there now. For the card. */
export interface Difference {
  readonly part: Said;
  readonly before: Said;
  readonly left: Said;
  readonly now: Said;
}

/** What putting something back opens to others. */
export interface Opened {
  /** All of it: what another case is about among it is relied on. */
  readonly targets: readonly Target[];
  /** A sentence on what was closed before as well, or may have been; null where there is none. */
  readonly fresh: Said | null;
}

/** One change that somebody decided on. */
export interface Task<T extends Target = Target, State extends JsonObject = JsonObject> {
  /** Equal for every try: what is written into the world as a mark carries it, so that a second try finds the first. */
  readonly key: RunId;
  readonly caseId: CaseId;
  readonly caseRef: string;
  readonly target: T;
  /** The state that was committed ahead of the first call. */
  readonly before: State;
  /** What the vendor has acknowledged so far: for what cannot be read back, or takes several calls. Absent: not known. */
  readonly requestIds?: readonly string[];
  /** When it was seen to have taken effect so far, ISO 8601, the first time first. Absent: not known. */
  readonly checks?: readonly string[];
}

export interface GovernanceAction<T extends Target = Target, State extends JsonObject = JsonObject> {
  /** Dotted `provider.noun.verb`. */
  readonly id: string;
  readonly title: Said;
  readonly targetKind: T['kind'];
  /** Where it acts on things of two kinds: the other one. */
  readonly alsoOn?: T['kind'];
  /** One sentence: what must be true of the target, and of the tenant or the account. */
  readonly needs: string;
  /** `converges`: repeat freely. `blind`: never repeated, an unknown outcome goes to a person. */
  readonly effect: 'converges' | 'blind';
  /** 0 tells somebody something, 9 shuts somebody out. Where several wait for one target, the strongest goes first. */
  readonly strength: number;
  /** It only asks or tells somebody: the question stays with whoever was asked. */
  readonly informs?: true;
  /**
   * It lets somebody back in, or takes a suspicion off them: whoever chooses it says that this was expected. That always
   * takes two people, and the alert is no true positive.
   */
  readonly letsIn?: true;
  readonly permissions: { readonly graph?: readonly string[]; readonly aws?: readonly string[] };
  readonly capPerHour: number;
  /** What it would act on in this case. May look at the world (a bucket's policy names its collaborators). None: not offered. */
  find(aims: Aims, world: World): Promise<readonly T[]>;
  /** Everything that the action may change or must know, in one reading. `about`: the case that it is planned for. */
  read(target: T, world: World, about?: CaseId): Promise<State>;
  /** Pure: what it would do to a world in this state. */
  plan(target: T, state: State, settings: OperatorSettings): Plan;
  execute(task: Task<T, State>, world: World, note: RequestNote): Promise<void>;
  verify(task: Task<T, State>, world: World): Promise<Verification>;
  /** Absent where there is nothing to go back to: then `plan` says so. */
  readonly revert?: {
    /** Where the world is no longer as we left it; empty while it is. */
    differences(before: State, after: State, now: State): readonly Difference[];
    /** Pure: why there is nothing left to put back, and will not be, a sentence; null while there may be. Then its undo is over. */
    gone?(target: T, before: State, now: State): Said | null;
    /**
     * Pure: why nothing of it can be put back as things stand, a sentence; null where nothing is in the way. Asked before the first
     * write: then everything stays as it is, and undo stays possible.
     */
    obstacle?(target: T, before: State, now: State): Said | null;
    /**
     * Pure: whether undo takes more off somebody than was done to them: something that stood before goes with it. Then it takes two
     * people, as `letsIn` does.
     */
    letsIn?(before: State): boolean;
    /** Pure. Where anything of it is fresh, or another case is about it, only the security role puts it back. */
    opens?(target: T, before: State, now: State): Opened;
    /**
     * Pure: why undo would shut out somebody whom the opposite action would not touch, a sentence; null where it may. Every action
     * that lets somebody in and can be undone has it.
     */
    refusal?(target: T, now: State, settings: OperatorSettings): Said | null;
    execute(task: UndoTask<T, State>, world: World, note: RequestNote): Promise<void>;
    verify(task: UndoTask<T, State>, world: World): Promise<Verification>;
  };
}

export interface UndoTask<T extends Target = Target, State extends JsonObject = JsonObject>
  extends Task<T, State> {
  /** What was read once the change was verified. */
  readonly after: State;
  /** How often in a row it was tried before. Absent: not known. */
  readonly tries?: number;
}

/** Called with each request id as soon as the answer is there, so that a crash loses as few as possible. */
export type RequestNote = (requestId: string) => Promise<void>;
