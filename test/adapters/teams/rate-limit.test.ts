import assert from 'node:assert/strict';
import {
  createRateLimit,
  type RateLimit,
  type Sending,
  takeInTurn,
} from '../../../src/adapters/teams/rate-limit.ts';
import { isCountersignError } from '../../../src/case/errors.ts';

describe('the rate of what is sent to one conversation', () => {
  let at = 0;
  let limit: RateLimit;
  beforeEach(() => {
    at = 1_000_000;
    limit = createRateLimit(() => at);
  });

  /** How many of so many calls go through, each a moment after the other. */
  function send(count: number, everyMs: number, kind: Sending = 'post', to = 'chat'): number[] {
    const sent: number[] = [];
    for (let call = 0; call < count; call++, at += everyMs) {
      try {
        limit.take(to, kind);
        sent.push(at);
      } catch (error) {
        assert.ok(isCountersignError(error) && error.code === 'teams.throttled' && error.retryable);
      }
    }
    return sent;
  }
  const mostWithin = (sent: readonly number[], ms: number): number =>
    Math.max(...sent.map((from) => sent.filter((time) => time >= from && time < from + ms).length));

  it('never exceeds what Teams takes, however fast it is asked to', () => {
    const sent = send(40_000, 100);

    assert.ok(mostWithin(sent.slice(0, 500), 1_000) <= 7);
    assert.ok(mostWithin(sent.slice(0, 500), 2_000) <= 8);
    assert.ok(mostWithin(sent.slice(0, 500), 30_000) <= 60);
    assert.ok(sent.filter((time) => time < 1_000_000 + 3_600_000).length <= 1_800);
  });

  it('leaves room for a question among a flood of edits', () => {
    const edits = send(100, 1, 'edit');
    assert.equal(edits.length, 5);

    assert.equal(send(2, 1).length, 2);
  });

  it('says how long to wait, and that is enough', () => {
    send(7, 0);
    const refused = (() => {
      try {
        limit.take('chat', 'post');
      } catch (error) {
        return isCountersignError(error) ? error.retryAfterMs : undefined;
      }
      return undefined;
    })();

    assert.equal(refused, 1_000);
    at += refused ?? 0;
    assert.equal(send(1, 0).length, 1);
  });

  describe('of a reply', () => {
    const pause = async (ms: number): Promise<void> => {
      at += ms;
    };

    it('waits for its turn, behind as much as Teams takes', async () => {
      const start = at;
      send(7, 0);

      await takeInTurn(limit, 'chat', pause).catch(() => assert.fail('it was dropped'));

      assert.ok(at - start <= 2_000, `${at - start} ms`);
    });

    it('is given up where it would come too late for anybody', async () => {
      for (let count = 0; count < 2_000; count++) send(1, 500, 'urgent');

      await assert.rejects(
        (async () => {
          for (;;) await takeInTurn(limit, 'chat', async () => {});
        })(),
        { code: 'teams.throttled' },
      );
    });
  });

  it('counts each conversation for itself', () => {
    send(7, 0);

    assert.equal(send(1, 0, 'post', 'another chat').length, 1);
  });
});
