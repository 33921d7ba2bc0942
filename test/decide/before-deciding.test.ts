// What is looked at before an answer counts: the risk that Entra holds, the comment that a policy demands, the date that was named.
import assert from 'node:assert/strict';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { UserId } from '../../src/case/ids.ts';
import { authorise, maySee } from '../../src/decide/authorise.ts';
import { createPeople } from '../../src/decide/people.ts';
import { readUntil } from '../../src/decide/until.ts';
import type { Answer } from '../../src/ports/answer.ts';
import type { DirectoryUser } from '../../src/ports/directory.ts';
import type { RiskRegister } from '../../src/ports/risk-register.ts';
import { aCase, actor, MANAGER, SECURITY, STRANGER, SUBJECT, settings } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { decided, offerOf, onBothDatabases, refusal } from './desk.ts';

describe('whoever is at risk in Entra', () => {
  onBothDatabases((desk) => {
    const dismiss = async (isAtRisk: (user: UserId) => Promise<boolean | null>, who = MANAGER) => {
      const about = await desk().open([offerOf('a.5')]);
      return desk().answer(about, { verb: 'dismiss' }, who, { isAtRisk, lookUpMs: 20 });
    };

    it('answers nothing, even with the security role, and it is on record', async () => {
      const about = await desk().open([offerOf('a.5')]);
      for (const who of [MANAGER, SECURITY])
        for (const verb of ['approve', 'dismiss', 'escalate', 'undo', 'correct', 'reassign'] as const) {
          const refused = await desk().answer(about, { verb, offer: 'a.5' }, who, {
            isAtRisk: async () => true,
          });
          assert.equal(refusal(refused).code, 'decide.at-risk');
        }
      const [last] = ((await desk().stores[0]?.entriesOf(about.id)) ?? []).slice(-1);
      assert.deepEqual([last?.kind, last?.facts.code], ['decision.refused', 'decide.at-risk']);
      assert.deepEqual((await desk().now(about)).decisions, []);
    });

    it('is whoever answers, not anybody else', async () => {
      const asked: UserId[] = [];
      const isAtRisk = async (user: UserId) => {
        asked.push(user);
        return false;
      };

      decided(await dismiss(isAtRisk));

      assert.deepEqual(asked, [MANAGER]);
    });

    it('cannot be told from anybody else without a licence, which keeps nobody from answering', async () => {
      assert.equal(decided(await dismiss(async () => null)).state, 'dismissed');
    });

    it('answers nothing either while the register fails, or does not answer in time', async () => {
      const down = new CountersignError('graph.throttled', 'too many', { retryable: true });
      for (const isAtRisk of [() => Promise.reject(down), () => new Promise<never>(() => {})]) {
        const refused = refusal(await dismiss(isAtRisk));
        assert.equal(refused.code, 'decide.risk-unknown');
        assert.match(refused.say, /cannot be checked right now\. Press again in a minute/);
      }
    });

    it('is told that it was decided already, by whom and when, where that cannot be looked up', async () => {
      const about = await desk().open([offerOf('a.5')]);
      decided(await desk().answer(about, { verb: 'dismiss' }, SECURITY));

      const late = await desk().answer(about, { verb: 'dismiss' }, MANAGER, {
        isAtRisk: () =>
          Promise.reject(new CountersignError('graph.throttled', 'too many', { retryable: true })),
      });

      assert.equal(refusal(late).code, 'decide.already-decided');
      assert.equal(late.kind === 'refused' && late.mayLook, false);
    });

    it('is not looked up where somebody has no say', async () => {
      const refused = await dismiss(() => assert.fail('looked up'), STRANGER);

      assert.equal(refusal(refused).code, 'decide.not-asked');
    });
  });

  it('is who has a risk that is not settled; without the permission nobody is', async () => {
    const directory = { findUser: async () => null, searchPeople: async () => [] };
    const held = (state: string) => ({
      riskOf: async () => ({ level: 'high', state, updatedAt: null }),
    });
    const failing = (code: string) => ({
      riskOf: async () => {
        throw new CountersignError(code, code);
      },
    });
    const isAtRisk = (risk: Parameters<typeof createPeople>[1]) =>
      createPeople(directory, risk, async () => []).isAtRisk(MANAGER);

    assert.equal(await isAtRisk(held('atRisk')), true);
    assert.equal(await isAtRisk(held('confirmedCompromised')), true);
    assert.equal(await isAtRisk(held('dismissed')), false);
    assert.equal(await isAtRisk(failing('graph.forbidden')), null);
    await assert.rejects(isAtRisk(failing('graph.unavailable')));
  });
});

describe('the risk of whoever has pressed a button', () => {
  it('goes ahead of what can wait', async () => {
    const needs: unknown[] = [];
    const riskOf: RiskRegister['riskOf'] = async (_user, need) => {
      needs.push(need);
      return null;
    };
    const directory = { findUser: async () => null, searchPeople: async () => [] };

    await createPeople(directory, { riskOf }, async () => []).isAtRisk(MANAGER);

    assert.deepEqual(needs, ['now']);
  });
});

describe('whom a name means', () => {
  const found = { id: STRANGER } as DirectoryUser;
  const people = (over: object = {}) =>
    createPeople(
      {
        findUser: async (name) => (name === 'priya@contoso.example' || name === STRANGER ? found : null),
        searchPeople: async () => [found, found],
        ...over,
      },
      { riskOf: async () => null },
      async () => [],
    );

  it('is one person by id or principal name, else everybody whom it fits', async () => {
    assert.equal(await people().findPerson(STRANGER), found);
    assert.equal(await people().findPerson('priya@contoso.example'), found);
    assert.deepEqual(await people().findPerson('Priya'), [found, found]);
    assert.deepEqual(await people().findPerson('p.nair@contoso.example'), [found, found], 'a mail address');
    assert.equal(await people().findPerson('  '), null);
  });
});

describe('a comment that the policy demands', () => {
  onBothDatabases((desk) => {
    const open = (comment: 'optional' | 'destructive' | 'always', over: Partial<Case> = {}) => {
      const offer = offerOf('a.5');
      const informs = offerOf('tell.0');
      const policy = { ...aCase().policy, asking: { ...DEFAULT_ASKING, comment } };
      const offers = [
        offer,
        { ...informs, actions: informs.actions.map((one) => ({ ...one, nature: 'informs' as const })) },
      ];
      return desk().open(offers, { policy, ...over });
    };
    const wordless: readonly (readonly [Partial<Answer>, destructive: boolean])[] = [
      [{ verb: 'approve', offer: 'a.5' }, true],
      [{ verb: 'approve', offer: 'tell.0' }, false],
      [{ verb: 'dismiss' }, false],
      [{ verb: 'keep' }, true],
    ];
    const containedFirst = { decision: 0, at: '2026-11-21T09:00:00.000Z' };

    for (const [answer, destructive] of wordless)
      it(`is missed in ${answer.verb} ${answer.offer ?? ''}, and nothing is lost by that`, async () => {
        for (const demand of ['optional', 'destructive', 'always'] as const) {
          const about = await open(demand, { containedFirst });
          const claim = await desk().answer(about, answer);
          const isMissed = demand === 'always' || (demand === 'destructive' && destructive);
          if (!isMissed) {
            decided(claim);
            continue;
          }
          const refused = refusal(claim);
          assert.equal(refused.code, 'decide.comment-first');
          assert.equal(
            claim.kind === 'refused' && claim.mayLook,
            true,
            'the card is shown again, with the words',
          );
          assert.equal((await desk().now(about)).version, about.version);
          assert.equal(refusal(await desk().answer(about, { ...answer, comment: '  ' })).code, refused.code);
          decided(await desk().answer(about, { ...answer, comment: 'Finance agreed.' }));
        }
      });

    it('is never missed where the question is only handed on', async () => {
      decided(await desk().answer(await open('always'), { verb: 'escalate' }));
    });

    it('is not asked for of whoever may not answer', async () => {
      const refused = await desk().answer(await open('always'), { verb: 'dismiss' }, STRANGER);
      assert.equal(refusal(refused).code, 'decide.not-asked');
    });
  });
});

describe('until when something is expected', () => {
  const nowMs = Date.parse('2026-11-21T10:00:00Z');
  const rules = { timeZone: 'Europe/Berlin', defaultZone: 'UTC', nowMs, longestMs: 90 * 86_400_000 };
  const until = (text: string, over: Partial<typeof rules> | { timeZone: undefined } = {}): string => {
    const read = readUntil(text, { ...rules, ...over });
    return read.kind === 'read' ? read.until : english(read.say);
  };

  it('is the end of that day where the person is', () => {
    assert.equal(until('2026-12-01'), '2026-12-01T22:59:59.999Z');
    assert.equal(until('2026-12-01', { timeZone: 'America/New_York' }), '2026-12-02T04:59:59.999Z');
    assert.equal(until('2026-12-01', { timeZone: 'Asia/Kolkata' }), '2026-12-01T18:29:59.999Z');
    assert.equal(until('2026-12-01', { timeZone: undefined }), '2026-12-01T23:59:59.999Z');
    assert.equal(until('2026-12-01', { timeZone: 'Nowhere/Land' }), '2026-12-01T23:59:59.999Z');
    assert.equal(until('2026-11-21'), '2026-11-21T22:59:59.999Z', 'the rest of today');
  });

  it('is the end of a day that is an hour shorter or longer as well', () => {
    const march = { nowMs: Date.parse('2026-03-01T10:00:00Z') };
    const october = { nowMs: Date.parse('2026-10-01T10:00:00Z') };
    assert.equal(until('2026-03-28', march), '2026-03-28T22:59:59.999Z');
    assert.equal(until('2026-03-29', march), '2026-03-29T21:59:59.999Z');
    assert.equal(until('2026-10-24', october), '2026-10-24T21:59:59.999Z');
    assert.equal(until('2026-10-25', october), '2026-10-25T22:59:59.999Z');
    const cairo = { nowMs: Date.parse('2026-04-01T10:00:00Z'), timeZone: 'Africa/Cairo' };
    assert.equal(until('2026-04-23', cairo), '2026-04-23T21:59:59.999Z', 'the next day has no midnight');
  });

  it('is a moment as well, as a line gives it', () => {
    assert.equal(until('2026-12-01T15:00:00.000Z'), '2026-12-01T15:00:00.000Z');
    assert.match(until('2026-11-21T09:59:59.000Z'), /is over/);
  });

  it('is neither over, nor further ahead than the settings allow, nor anything else', () => {
    assert.match(until('2026-11-20'), /That time is over/);
    assert.match(until('2027-02-21'), /90 days at most/);
    assert.equal(until('2027-02-19'), '2027-02-19T10:00:00.000Z', 'the last day, as far as is allowed');
    for (const text of [
      '',
      'tomorrow',
      '2026-02-30',
      '2026-13-01',
      '01.12.2026',
      '9999999-01-01',
      '2026-12-01T',
    ])
      assert.match(until(text), /Say until when, as a date like/, text);
  });
});

describe('who has a say', () => {
  const about = aCase();
  const { question } = about;
  assert.ok(question);
  const facts = { isSubjectElsewhere: false, isAtRisk: false };
  const rule = (one: Case, who: UserId) => {
    const ruling = authorise(one, { verb: 'dismiss', questionId: null }, actor(who), facts, settings);
    return ruling.kind === 'allowed' ? ruling.role : ruling.code;
  };

  it('is everybody who was asked, at once or besides', () => {
    const beside = [{ kind: 'person', id: STRANGER, name: 'Priya' }] as const;
    assert.equal(rule(about, STRANGER), 'decide.not-asked');
    assert.equal(rule({ ...about, question: { ...question, beside } }, STRANGER), 'approver');
    assert.equal(rule({ ...about, question: { ...question, beside } }, MANAGER), 'approver');
  });

  it('is never the person in question, who is only heard, but the security team while they are', () => {
    const first = { kind: 'subject', id: SUBJECT, name: 'Alex Weber' } as const;
    const asked = { ...about, named: [], question: { ...question, approver: first } };
    assert.equal(rule(asked, SUBJECT), 'decide.conflict');
    assert.equal(rule(asked, MANAGER), 'decide.not-asked');
    assert.equal(rule(asked, SECURITY), 'security');
  });

  it('is not whoever was asked before, who may still see what became of it', () => {
    const path = [{ name: 'Priya', id: STRANGER, outcome: 'asked', reason: 'She was asked.' }] as const;
    const moved = { ...about, question: { ...question, path } };
    assert.equal(rule(moved, STRANGER), 'decide.not-asked');
    assert.equal(maySee(moved, actor(STRANGER), settings), true);
    assert.equal(maySee(about, actor(STRANGER), settings), false);
    assert.equal(maySee({ ...moved, named: [STRANGER] }, actor(STRANGER), settings), false);
  });
});
