import assert from 'node:assert/strict';
import { refusalError, retryAfterMs } from '../../../src/adapters/graph/errors.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

describe('errors of Graph', () => {
  const headers = [
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['Mon, 02 Mar 2026 10:00:30 GMT', 30_000],
    ['Mon, 02 Mar 2026 09:00:00 GMT', 0],
    ['-5', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ] as const;
  for (const [header, wait] of headers)
    it(`read Retry-After ${JSON.stringify(header)} as ${wait} ms`, () => {
      assert.equal(retryAfterMs(header, NOW), wait);
    });

  it('keep the wait of a 503 too', () => {
    const refusal = { status: 503, code: 'x', message: '', requestId: 'r', retryAfter: '4' };

    const error = refusalError(refusal, 'GET /users/x', { permissions: [] }, NOW);

    assert.equal(error.retryAfterMs, 4000);
    assert.equal(error.requestId, 'r');
  });

  it('tell people plainly what happens next, without the vendor words', () => {
    for (const status of [401, 403, 429, 503]) {
      const refusal = { status, code: 'Code', message: 'Details', requestId: '', retryAfter: null };

      const { say } = refusalError(refusal, 'GET /users/x', { permissions: ['User.Read.All'] }, NOW);

      assert.doesNotMatch(say, /Graph|Code|Details|\d{3}/);
    }
  });
});
