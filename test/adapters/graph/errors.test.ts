import assert from 'node:assert/strict';
import { brokenCallError, refusalError, retryAfterMs } from '../../../src/adapters/graph/errors.ts';
import { english, inLanguage } from '../../helpers/english.ts';

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

      assert.doesNotMatch(english(say), /Graph|Code|Details|\d{3}/);
    }
  });

  const permissions = ['A.Read.All', 'B.ReadWrite.All', 'a directory role'];
  const about = (refusal: object, hints: object = {}) => {
    const base = { status: 403, code: 'Forbidden', message: '', requestId: 'r', retryAfter: null };
    return refusalError({ ...base, ...refusal }, 'PATCH /users/x', { permissions, ...hints }, NOW);
  };

  it('name every permission that may be missing, to the operator and to the person', () => {
    const { message, say } = about({ code: 'Authorization_RequestDenied' });

    const list = 'A.Read.All, B.ReadWrite.All and a directory role';
    assert.equal(
      message,
      `PATCH /users/x: 403 Authorization_RequestDenied: check that the app has ${list} with admin consent`,
    );
    assert.equal(
      english(say),
      `Countersign is not allowed to do that. The security team can give it what is missing: ${list}.`,
    );
  });

  it('say so in the language of the person', () => {
    const { say } = about({ code: 'Authorization_RequestDenied' });

    const list = (and: string): string => `A.Read.All, B.ReadWrite.All ${and} a directory role`;
    assert.equal(
      inLanguage('de', say),
      `Countersign darf das nicht. Das Sicherheitsteam kann die fehlende Berechtigung erteilen: ${list('und')}.`,
    );
    assert.match(inLanguage('fr', about({ status: 503 }).say), /^Microsoft est injoignable/);
  });

  for (const [code, message] of [
    ['Forbidden', 'Your tenant is not licensed for this feature.'],
    [
      'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
      "Neither tenant is B2C or tenant doesn't have premium license",
    ],
  ] as const)
    it(`tell a missing licence from a missing permission: ${code}`, () => {
      const error = about({ code, message }, { licence: 'Microsoft Entra ID P2' });

      assert.equal(error.code, 'graph.forbidden');
      assert.equal(
        english(error.say),
        'The organisation has no licence for that: it needs Microsoft Entra ID P2.',
      );
      assert.doesNotMatch(error.message, /A\.Read\.All/);
      assert.match(about({ code, message }).message, /A\.Read\.All/, 'not where no licence is needed');
    });

  it('say what is gone, in the words of the call', () => {
    const gone = 'There is no such account.';

    assert.equal(english(about({ status: 404 }, { gone }).say), gone);
    assert.equal(english(about({ status: 404 }).say), 'It is not there.');
    assert.equal(about({ status: 404 }, { gone }).retryable, false);
  });

  it('come again where somebody else changes the same at that moment', () => {
    const error = about({ status: 409 });

    assert.deepEqual([error.code, error.retryable], ['graph.unavailable', true]);
    assert.equal(english(error.say), 'Somebody else is changing the same thing at Microsoft.');
  });

  it('wait where Graph throttles without saying for how long, as long as the call knows', () => {
    const pauseMs = 2000;

    assert.equal(about({ status: 429 }, { pauseMs }).retryAfterMs, 2000);
    assert.equal(about({ status: 429, retryAfter: '7' }, { pauseMs }).retryAfterMs, 7000);
    assert.equal(about({ status: 503 }, { pauseMs }).retryAfterMs, undefined);
    assert.equal(about({ status: 429 }).retryAfterMs, undefined);
  });

  it('tell a call that took too long from one that never got through', () => {
    const late = brokenCallError(new DOMException('x', 'TimeoutError'), 'GET /users/x');
    const cut = brokenCallError(new Error('socket hang up'), 'GET /users/x');

    for (const error of [late, cut]) {
      assert.equal(error.code, 'graph.unavailable');
      assert.equal(error.retryable, true);
    }
    for (const { say } of [late, cut])
      assert.doesNotMatch(english(say), /again/, 'whoever stops trying says that it stopped');
    assert.equal(english(late.say), 'Microsoft did not answer in time.');
    assert.equal(english(cut.say), 'Microsoft cannot be reached at the moment.');
  });

  it('end every sentence for people with a full stop', () => {
    for (const status of [400, 401, 403, 404, 409, 429, 503])
      assert.match(english(about({ status }).say), /\.$/);
  });
});
