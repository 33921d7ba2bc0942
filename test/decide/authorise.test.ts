import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import type { QuestionId } from '../../src/case/ids.ts';
import { CASE_STATES } from '../../src/case/transitions.ts';
import { type ActorFacts, authorise, type Ruling } from '../../src/decide/authorise.ts';
import type { Answer } from '../../src/ports/answer.ts';
import { aCase, actor, MANAGER, QUESTION, SECURITY, STRANGER, SUBJECT, settings } from '../helpers/cases.ts';
import { english, inLanguage } from '../helpers/english.ts';

const approve: Answer = { verb: 'approve', questionId: QUESTION, offer: 'make-private' };
const rule = (
  about: Case,
  answer: Answer,
  who = MANAGER,
  facts: Partial<ActorFacts> = {},
  operator = settings,
): Ruling =>
  authorise(about, answer, actor(who), { isSubjectElsewhere: false, isAtRisk: false, ...facts }, operator);
const codeOf = (ruling: Ruling): string => (ruling.kind === 'refused' ? ruling.code : 'allowed');

describe('who may decide', () => {
  it('allows the person asked, on the current question', () => {
    assert.deepEqual(rule(aCase(), approve), { kind: 'allowed', role: 'approver' });
  });

  it('allows the security role on a question that is with a manager', () => {
    assert.deepEqual(rule(aCase(), approve, SECURITY), { kind: 'allowed', role: 'security' });
  });

  it('refuses the subject approving their own case, even with the security role', () => {
    const operator = { ...settings, security: { ...settings.security, members: [SUBJECT] } };
    const ruling = rule(aCase({ named: [] }), approve, SUBJECT, { isSubjectElsewhere: false }, operator);
    assert.equal(codeOf(ruling), 'decide.conflict');
  });

  it('refuses a person named in the evidence, even when it was them who were asked', () => {
    assert.equal(codeOf(rule(aCase({ named: [SUBJECT, MANAGER] }), approve)), 'decide.conflict');
  });

  describe('of somebody who is behind what would be changed', () => {
    const user = { kind: 'iam-user', account: '123456789012', name: 'yuki' } as const;
    const operator = {
      ...settings,
      aws: { ...settings.aws, iamUsers: { 'arn:aws:iam::123456789012:user/yuki': SECURITY } },
    };
    const { question } = aCase();
    assert.ok(question);
    const [offer] = question.offers;
    const [planned] = offer?.actions ?? [];
    assert.ok(offer && planned);
    const offered = aCase({
      question: { ...question, offers: [{ ...offer, actions: [{ ...planned, target: user }] }] },
    });
    const by = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
    const proposed = aCase({
      proposals: [{ action: 'a', target: user, by, at: '2026-11-21T09:00:00.000Z' }],
    });
    const called = aCase({ callers: [user] });

    for (const [what, about] of Object.entries({ offered, proposed, called }))
      it(`refuses the security role what is ${what} of their own, every verb of it, also once it is done`, () => {
        const facts = { isSubjectElsewhere: false };
        for (const verb of ['approve', 'dismiss', 'escalate'] as const)
          assert.equal(
            codeOf(rule(about, { ...approve, verb }, SECURITY, facts, operator)),
            'decide.conflict',
          );
        const done: Case = { ...about, state: 'contained' };
        const undo: Answer = { verb: 'undo', questionId: QUESTION };
        assert.equal(codeOf(rule(done, undo, SECURITY, facts, operator)), 'decide.conflict');
        assert.equal(codeOf(rule(about, approve, MANAGER, facts, operator)), 'allowed');
        assert.equal(codeOf(rule(about, approve, SECURITY, facts, settings)), 'allowed');
      });
  });

  it('refuses the subject of another open case, even with the security role', () => {
    assert.equal(
      codeOf(rule(aCase(), approve, SECURITY, { isSubjectElsewhere: true })),
      'decide.under-question',
    );
  });

  it('refuses a stranger without letting them look', () => {
    const ruling = rule(aCase(), approve, STRANGER);
    assert.equal(codeOf(ruling), 'decide.not-asked');
    assert.equal(ruling.kind === 'refused' && ruling.mayLook, false);
  });

  it('refuses a question that has been replaced', () => {
    assert.equal(codeOf(rule(aCase(), { ...approve, questionId: 'older' as QuestionId })), 'decide.stale');
  });

  it('refuses an offer that the question does not make', () => {
    assert.equal(codeOf(rule(aCase(), { ...approve, offer: 'suspend' })), 'decide.not-offered');
  });

  it('refuses to hand to security what is with the security team already', () => {
    const { question } = aCase();
    assert.ok(question);
    const about = aCase({ question: { ...question, approver: { kind: 'security' } } });
    const ruling = rule(about, { verb: 'escalate', questionId: null }, SECURITY);
    assert.equal(codeOf(ruling), 'decide.with-security');
    assert.equal(codeOf(rule(aCase(), { verb: 'escalate', questionId: null }, SECURITY)), 'allowed');
  });

  describe('of a policy that only watches', () => {
    const watched = (state: Case['state']): Case =>
      aCase({ state, policy: { ...aCase().policy, stage: 'monitor' } });

    for (const state of ['routing', 'monitored', 'closed'] as const)
      it(`refuses everybody while it is ${state}, and shows it to the security team alone`, () => {
        const verbs = ['approve', 'dismiss', 'escalate'] as const;
        for (const verb of verbs) {
          const answer: Answer = {
            verb,
            questionId: null,
            ...(verb === 'approve' && { offer: 'make-private' }),
          };
          assert.equal(codeOf(rule(watched(state), answer)), 'decide.not-asked');
          const ruling = rule(watched(state), answer, SECURITY);
          assert.equal(codeOf(ruling), 'decide.monitored');
          assert.match(
            english(ruling.kind === 'refused' ? ruling.say : ''),
            /only watches: nobody was asked/,
          );
        }
        assert.equal(
          codeOf(rule(watched(state), { verb: 'undo', questionId: null }, SECURITY)),
          'decide.nothing-to-undo',
        );
      });
  });

  it('takes a text command as an answer to the current question', () => {
    assert.equal(codeOf(rule(aCase(), { ...approve, questionId: null })), 'allowed');
  });

  for (const state of CASE_STATES.filter((one) => one !== 'asking'))
    for (const verb of ['approve', 'dismiss', 'escalate'] as const)
      it(`refuses to ${verb} a case that is ${state}`, () => {
        assert.notEqual(codeOf(rule(aCase({ state }), { ...approve, verb })), 'allowed');
      });

  for (const state of CASE_STATES)
    it(`${state === 'contained' || state === 'dismissed' ? 'lets undo' : 'refuses to undo'} a case that is ${state}`, () => {
      const ruling = rule(aCase({ state }), { verb: 'undo', questionId: QUESTION });
      assert.equal(codeOf(ruling) === 'allowed', state === 'contained' || state === 'dismissed');
    });

  it('says who decided and when to the second one', () => {
    const decided = aCase({
      state: 'executing',
      decisions: [
        {
          verb: 'approve',
          offer: 'make-private',
          by: { kind: 'person', id: SECURITY, name: 'Yuki Mori' },
          at: '2026-11-21T10:42:07.000Z',
        },
      ],
    });
    const ruling = rule(decided, approve);
    assert.ok(ruling.kind === 'refused');
    assert.equal(english(ruling.say), 'Already decided by Yuki Mori at 11:42:07 CET.');
    assert.equal(inLanguage('de', ruling.say), 'Bereits von Yuki Mori entschieden (11:42:07 MEZ).');
  });
});
