// A sentence of somebody's place in a question, which another sentence takes up: in every language, and of rows from before.
import assert from 'node:assert/strict';
import type { RouteRung } from '../../src/case/question.ts';
import {
  asked,
  askedFarther,
  BUT_APP_REMOVED,
  passedAfterAll,
  saysNamedBy,
} from '../../src/case/rung-words.ts';
import { contains, say } from '../../src/case/said.ts';
import { sentences } from '../../src/case/sentences.ts';
import { english, inLanguage } from '../helpers/english.ts';

const manager = say('route.who.manager', { name: 'Morgan Reyes', subject: 'Alex Weber' });
const rung = (reason: RouteRung['reason']): RouteRung => ({ name: 'Morgan Reyes', outcome: 'asked', reason });

describe('the reason of somebody who was asked', () => {
  for (const [what, reason] of [
    ['as it was given', asked(manager)],
    ['of whoever was not the nearest', askedFarther(asked(manager))],
    ['as text, from before', "Morgan Reyes is Alex Weber's manager."],
  ] as const)
    it(`takes up why they cannot be asked after all: ${what}`, () => {
      const passed = passedAfterAll(rung(reason), BUT_APP_REMOVED);

      assert.equal(passed.outcome, 'passed-over');
      assert.equal(english(passed.reason), "Morgan Reyes is Alex Weber's manager but has removed the app.");
    });

  it('is one sentence in German and in French', () => {
    const { reason } = passedAfterAll(rung(asked(manager)), BUT_APP_REMOVED);

    assert.equal(
      inLanguage('de', reason),
      'Morgan Reyes ist die Führungskraft von Alex Weber, hat aber die App entfernt.',
    );
    assert.equal(inLanguage('fr', reason), 'Morgan Reyes encadre Alex Weber, mais a supprimé l’application.');
  });

  it('is found again in what it has become part of', () => {
    const all = sentences([asked(manager), say('route.security.too-few')]);

    assert.ok(contains(all, asked(manager)));
    assert.ok(contains(all, say('route.security.too-few')));
    assert.ok(!contains(askedFarther(asked(manager)), asked(manager)));
  });

  it('says by whom they were named, and by nobody else', () => {
    const named = asked(say('route.who.named-by-person', { name: 'Lee', by: 'Morgan Reyes' }));

    assert.ok(saysNamedBy(sentences([named, say('route.security.too-few')]), 'Morgan Reyes'));
    assert.ok(saysNamedBy('Lee was named by Morgan Reyes as the one to answer.', 'Morgan Reyes'));
    assert.ok(!saysNamedBy(named, 'Lee'));
    assert.ok(!saysNamedBy(asked(manager), 'Morgan Reyes'));
  });
});
