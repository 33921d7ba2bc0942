// An action on a made-up thing that holds one text: what it was, what it is to be, and whatever a test wants to go wrong.
import type { CountersignError } from '../../src/case/errors.ts';
import type { BucketTarget } from '../../src/case/target.ts';
import type { GovernanceAction, Plan, Verification } from '../../src/govern/action.ts';

export type Thing = { readonly value: string };

export const thing = (name: string): BucketTarget => ({
  kind: 'bucket',
  account: '123456789012',
  region: 'eu-central-1',
  name,
});

export interface MadeUp {
  readonly action: GovernanceAction<BucketTarget, Thing>;
  /** By name of the target. */
  readonly things: Map<string, string>;
  /** Names of what was changed, in order; `-name` for what was put back. */
  readonly calls: string[];
  /** Thrown by the next calls, first one first. */
  readonly errors: CountersignError[];
  /** Answered by the next looks at the change, first one first; then the truth. */
  readonly looks: Verification[];
  readonly undoLooks: Verification[];
  /** What the plan says besides. */
  words: string | null;
  refuses: string | null;
  followUps: { afterMs: number; says: string }[];
  reads: number;
}

export function madeUpAction(
  over: Partial<GovernanceAction<BucketTarget, Thing>> = {},
  to = 'closed',
): MadeUp {
  const fail = (): void => {
    const error = madeUp.errors.shift();
    if (error) throw error;
  };
  const madeUp: MadeUp = {
    ...{ things: new Map(), calls: [], errors: [], looks: [], undoLooks: [], words: null, refuses: null },
    ...{ followUps: [], reads: 0 },
    action: {
      id: 'test.thing.close',
      title: 'Close the thing',
      targetKind: 'bucket',
      needs: 'A thing.',
      effect: 'converges',
      strength: 5,
      permissions: {},
      capPerHour: 100,
      find: async () => [],
      async read({ name }) {
        madeUp.reads += 1;
        return { value: madeUp.things.get(name) ?? 'open' };
      },
      plan({ name }, { value }): Plan {
        if (madeUp.refuses) return { kind: 'refused', reason: madeUp.refuses };
        if (value === to) return { kind: 'refused', met: true, reason: `${name} is closed already.` };
        return {
          kind: 'offered',
          says: [`Closes what is ${value}.`, ...(madeUp.words ? [madeUp.words] : [])],
          basis: { value },
          undo: { possible: true, says: 'Undo opens it again.' },
        };
      },
      async execute({ target }, _world, note) {
        fail();
        madeUp.things.set(target.name, to);
        madeUp.calls.push(target.name);
        await note(`request-${madeUp.calls.length}`);
      },
      async verify({ target }) {
        const look = madeUp.looks.shift();
        if (look) return look;
        if (madeUp.things.get(target.name) !== to) return { kind: 'not-done', says: 'It is open.' };
        const followUp = madeUp.followUps.shift();
        return { kind: 'took-effect', says: 'It is closed.', ...(followUp && { followUp }) };
      },
      revert: {
        differences: (before, after, now) =>
          after.value === now.value
            ? []
            : [{ part: 'Value', before: before.value, left: after.value, now: now.value }],
        async execute({ target, before }, _world, note) {
          fail();
          madeUp.things.set(target.name, before.value);
          madeUp.calls.push(`-${target.name}`);
          await note(`request-${madeUp.calls.length}`);
          fail();
        },
        async verify({ target, before }) {
          const look = madeUp.undoLooks.shift();
          if (look) return look;
          return madeUp.things.get(target.name) === before.value
            ? { kind: 'took-effect', says: 'It is open again.' }
            : { kind: 'not-done', says: 'It is still closed.' };
        },
      },
      ...over,
    },
  };
  return madeUp;
}

/** As the registry holds them: without the types of their own. */
export const erased = (action: MadeUp['action']): GovernanceAction => action as unknown as GovernanceAction;
