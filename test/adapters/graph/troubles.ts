// What every call to Graph must make of trouble: the same table for each method of each port.
import assert from 'node:assert/strict';
import { english } from '../../helpers/english.ts';
import type { World } from './start.ts';
import { failureOf } from './start.ts';

export interface TroubledCall {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  /** What a refusal must name. */
  readonly permission: string;
  readonly call: () => Promise<unknown>;
}

/** Defines the tests. Each hits one call, and shows that it was hit. */
export function itMeetsTrouble(world: () => World, calls: readonly TroubledCall[]): void {
  for (const { name, method, path, permission, call } of calls) {
    const inTrouble = async (answer: Parameters<World['graph']['faults']['add']>[0]['answer']) => {
      const { faults } = world().graph;
      faults.add({ method, path, answer });
      const error = await failureOf(call());
      assert.equal(faults.pending(), 0);
      return error;
    };

    it(`${name}: throttled, it comes again after the wait that Graph asks for`, async () => {
      const error = await inTrouble({ kind: 'throttle', retryAfter: '17' });

      assert.equal(error.code, 'graph.throttled');
      assert.equal(error.retryable, true);
      assert.equal(error.retryAfterMs, 17_000);
    });

    it(`${name}: an outage or a lost answer is never a no`, async () => {
      for (const answer of [
        { kind: 'status', status: 503 },
        { kind: 'html' },
        { kind: 'drop' },
        { kind: 'lose-answer' },
      ] as const) {
        const error = await inTrouble(answer);

        assert.equal(error.code, 'graph.unavailable', answer.kind);
        assert.equal(error.retryable, true);
      }
    });

    it(`${name}: refused, it names ${permission}`, async () => {
      const answer = { kind: 'status', status: 403, code: 'Authorization_RequestDenied' } as const;

      const error = await inTrouble(answer);

      assert.equal(error.code, 'graph.forbidden');
      assert.equal(error.retryable, false);
      assert.ok(error.message.includes(permission), error.message);
      assert.ok(english(error.say).includes(permission));
    });
  }
}
