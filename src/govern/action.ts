// The contract of a governance action: read the world, say what would change, change it, prove it, put it back.
// One file per action in actions/, one line in actions/index.ts.
import type { Target } from '../case/alert.ts';
import type { JsonObject } from '../case/json.ts';
import type { OperatorSettings } from '../case/settings.ts';
import type { Directory } from '../ports/directory.ts';
import type { ObjectStorage } from '../ports/object-storage.ts';

/** The part of the world that actions may touch. */
export interface World {
  readonly directory: Directory;
  readonly storage: ObjectStorage;
}

export type Plan =
  | {
      readonly kind: 'offered';
      /** Plain sentences with numbers, for the card. */
      readonly says: readonly string[];
      readonly undo: { readonly possible: boolean; readonly says: string };
    }
  /** Not offered, and the card says why. */
  | { readonly kind: 'refused'; readonly reason: string };

export type Verification =
  /** `says` is the proof, for the card: "anonymous access is refused, checked on policy, ACL and all four blocks". */
  | { readonly kind: 'took-effect'; readonly says: string }
  /** The vendor takes its time: look again. */
  | { readonly kind: 'not-yet'; readonly says: string; readonly retryInMs: number }
  /** The change is not there: after a crash, run it (again). */
  | { readonly kind: 'not-done'; readonly says: string };

export interface GovernanceAction<T extends Target = Target, State extends JsonObject = JsonObject> {
  /** Dotted `provider.noun.verb`. */
  readonly id: string;
  readonly title: string;
  readonly targetKind: T['kind'];
  /** `converges`: repeat freely. `blind`: never repeated, an unknown outcome goes to a person. */
  readonly effect: 'converges' | 'blind';
  readonly permissions: { readonly graph?: readonly string[]; readonly aws?: readonly string[] };
  readonly capPerHour: number;
  /** Everything that the action may change or must know, in one reading. */
  read(target: T, world: World): Promise<State>;
  /** Pure: what it would do to a world in this state. */
  plan(target: T, state: State, settings: OperatorSettings): Plan;
  /** `before` is the state that was committed ahead of the first call. */
  execute(target: T, before: State, world: World, note: RequestNote): Promise<void>;
  verify(target: T, before: State, world: World): Promise<Verification>;
  /** Absent where there is nothing to go back to: then `plan` says so. */
  readonly revert?: {
    /** Whether the world is still as we left it; else the difference, one sentence each. */
    difference(after: State, now: State): readonly string[];
    execute(target: T, before: State, after: State, world: World, note: RequestNote): Promise<void>;
    verify(target: T, before: State, world: World): Promise<Verification>;
  };
}

/** Called with each request id as soon as the answer is there, so that a crash loses as few as possible. */
export type RequestNote = (requestId: string) => Promise<void>;
