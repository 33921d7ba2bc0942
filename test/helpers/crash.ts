// Kills an app at its n-th call to the outside: the call is lost before it is made, or made and its answer lost. From then on
// every port of that app is dead, as after a kill -9; what it had committed, and what it had done to the world, stays.

export class Crash extends Error {}

export interface Bomb {
  /** Calls so far. */
  readonly calls: () => number;
  readonly exploded: () => boolean;
  wrap<Port extends object>(port: Port, counted?: readonly (keyof Port)[]): Port;
}

export type When = 'before' | 'after';

/** Explodes at the `at`-th counted call; never with Infinity. */
export function createBomb(at: number, when: When): Bomb {
  let calls = 0;
  let dead = false;
  const crash = (): never => {
    throw new Crash(`crashed ${when} call ${at}`);
  };

  return {
    calls: () => calls,
    exploded: () => dead,
    wrap: (port, counted) =>
      new Proxy(port, {
        get(target, name, receiver) {
          const member = Reflect.get(target, name, receiver) as unknown;
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]) => {
            if (dead) crash();
            if (counted && !(counted as readonly PropertyKey[]).includes(name))
              return member.apply(target, args);
            calls += 1;
            if (calls !== at) return member.apply(target, args);
            if (when === 'after') await member.apply(target, args);
            dead = true;
            return crash();
          };
        },
      }),
  };
}
