// What a card says of an answer that takes others: of what is asked, of an undo that waits, and to whoever was not asked first.
import assert from 'node:assert/strict';
import path from 'node:path';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { caseCard } from '../../src/ask/card-data.ts';
import type { CardView } from '../../src/ask/card-view.ts';
import { noticeCard } from '../../src/ask/notice-card.ts';
import { offerLines, offerSentence } from '../../src/ask/offer-lines.ts';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case, Decision } from '../../src/case/case.ts';
import type { PlannedOffer, Question } from '../../src/case/question.ts';
import { say } from '../../src/case/said.ts';
import { takesFor } from '../../src/decide/takes.ts';
import { aCase, MANAGER, QUESTION, STRANGER, SUBJECT, settings } from '../helpers/cases.ts';
import { allEnglish, english, writerIn } from '../helpers/english.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
const now = '2026-11-21T09:45:00.000Z';
const draw = (about: Case, over: Partial<CardView> = {}): string => {
  const reader = over.reader ?? MANAGER;
  const takes = takesFor(about, { reader, at: now, isDryRun: false }, settings);
  const known = { timeZone: 'Europe/Berlin', now, longestMs: 90 * 86_400_000, reader, takes, write: english };
  const card = render(caseCard(about, { ...known, mayAnswer: true, mayUndo: false, ...over }));
  return JSON.stringify(card).replaceAll('\\\\', '').replaceAll('\\"', "'");
};
const asked = (over: Partial<Question> = {}, about: Partial<Case> = {}): Case => {
  const { question } = aCase();
  assert.ok(question);
  return aCase({ question: { ...question, ...over }, ...about });
};
const morgan = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
const robin = { kind: 'person', id: STRANGER, name: 'Robin Castillo' } as const;
const team = { kind: 'security' } as const;
const TWO = 'One more person has to agree. From high severity that takes two people.';
const CLOCK = {
  remindAt: '2026-11-21T10:00:00.000Z',
  escalateAt: '2026-11-21T11:00:00.000Z',
  timeOutAt: '2026-11-21T12:00:00.000Z',
  onTimeOut: 'escalate',
} as const;
const always = { policy: { ...aCase().policy, asking: { ...DEFAULT_ASKING, comment: 'always' } } } as const;

describe('what an answer takes, as its card says', () => {
  const done: Decision = { verb: 'approve', offer: 'make-private', by: morgan, at: now };
  const undo: Decision = { verb: 'undo', by: morgan, at: now, awaits: TWO };
  const contained = (decisions: readonly Decision[]): Case =>
    aCase({ state: 'contained', severity: 'high', decisions, outcome: ['Took effect.'] });

  it('is said of an undo of low severity that would take more off somebody than was done', () => {
    const about = { ...contained([done]), severity: 'low' as const };
    const takes = takesFor(about, { reader: MANAGER, at: now, isDryRun: false, undoLetsIn: true }, settings);

    assert.match(
      draw(about, { mayUndo: true, takes }),
      /• One more person has to agree\. It lets somebody back in/,
    );
    assert.doesNotMatch(draw(about, { mayUndo: true }), /more person/);
  });

  it('is said of an undo before it is pressed, and once it waits for somebody else', () => {
    const before = draw(contained([done]), { mayUndo: true });
    assert.match(before, /• One more person has to agree\. From high severity that takes two people\./);
    assert.match(before, /"text":"Done"/);

    for (const reader of [MANAGER, SECURITY_READER]) {
      const after = draw(contained([done, undo]), { reader, mayUndo: true });
      assert.match(after, /Undo asked for: one more person has to agree/);
      assert.match(after, /Undo asked for by Morgan Reyes \(10:45 CET\)\. One more person has to agree\./);
      assert.doesNotMatch(after, /"text":"Done"|signed/i);
    }
    assert.doesNotMatch(
      draw(contained([done, undo]), { reader: SECURITY_READER, mayUndo: true }),
      /• One more/,
      'theirs is the second',
    );
  });

  it('counts as the claim counts, also under a rule that takes several, and is said once', () => {
    const words = draw(asked({ beside: [robin], rule: { kind: 'quorum', of: 2 } }));

    assert.match(words, /Whatever you answer does not take effect yet\. One more person has to agree\./);
    assert.match(words, /closes this as expected activity once enough people say so/);
    assert.doesNotMatch(words, /closes this as expected activity\.|Whoever answers first/);
    assert.equal(words.split('One more person has to agree').length, 2);
  });

  it('does not say that the first one decides where some answers take two', () => {
    const over = { beside: [robin], twoPeople: 'Alex Weber is an administrator.' };

    assert.match(draw(asked(over)), /Any of them can answer\./);
    assert.match(draw(asked({ beside: [robin] })), /Whoever answers first decides\./);
  });

  it('leaves it to the security team where those who were asked do not agree', () => {
    const decisions: readonly Decision[] = [
      { ...done, awaits: 'One more person has to agree. It takes 2 different people.' },
      { verb: 'dismiss', by: robin, at: now, awaits: 'One more person has to agree.' },
    ];
    const about = asked({ approver: team, rule: { kind: 'quorum', of: 2 } }, { decisions });
    const words = draw(about, { reader: SECURITY_READER });

    assert.match(words, /They do not agree: one of the security team who has not answered yet decides\./);
    assert.match(words, /closes this as expected activity\./);
    assert.doesNotMatch(words, /One more person|It takes 2 different people/);
  });

  it('says to the security team no more that they are asked later, where they are asked', () => {
    const words = draw(asked({ beside: [team], clock: CLOCK }));

    assert.doesNotMatch(words, /the security team is asked\./);
  });

  it('has a comment beside Undo and "That was a mistake" where the policy takes nothing without one', () => {
    const about = { ...contained([done]), ...always };

    for (const may of [{ mayUndo: true }, { mayCorrect: true }])
      assert.match(draw(about, may), /"type":"Input.Text","id":"comment","label":"Comment \(required\)"/);
    assert.doesNotMatch(draw(about), /Input\.Text/);
    assert.doesNotMatch(draw(contained([done]), { mayUndo: true }), /Input\.Text/);
  });

  it("is headed as somebody else's for a reader who only may answer as well", () => {
    const words = draw(asked(), { reader: SECURITY_READER, isBystander: true });

    assert.match(words, /With Morgan Reyes\. You may answer as well\./);
    assert.match(words, /Why it is with them: /);
    assert.doesNotMatch(words, /comes to you|Hand to security|escalate/);
    assert.doesNotMatch(draw(asked()), /You may answer as well/);
  });

  it('tells whoever was asked besides why they are, and that the first one was silent', () => {
    const rung = {
      name: robin.name,
      id: robin.id,
      outcome: 'asked',
      reason: 'Robin Castillo is above.',
    } as const;
    const over = { beside: [robin], path: [rung], askedAt: '2026-11-21T08:00:00.000Z' };
    const chased = { question: QUESTION, reminders: 1, timeOuts: 0 };

    assert.match(
      draw(asked(over, { chased }), { reader: STRANGER }),
      /comes to you: Morgan Reyes has not answered since 09:00 CET\. Robin Castillo is above\./,
    );
    assert.match(draw(asked(over, { chased })), /comes to you: Morgan Reyes is Alex Weber's manager\./);
    const onCall = asked({ ...over, approver: team, reason: 'It was handed over.' });
    assert.match(
      draw(onCall, { reader: STRANGER }),
      /comes to you: It was handed over\. Robin Castillo is above\./,
    );
  });

  it('says once, beside who has signed, what it still takes', () => {
    const decisions: readonly Decision[] = [{ verb: 'dismiss', by: morgan, at: now, awaits: TWO }];
    const reason = `Morgan Reyes says that this was expected. ${TWO}`;
    const about = asked({ approver: team, reason }, { severity: 'high', decisions });
    const words = draw(about, { reader: SECURITY_READER });

    assert.match(
      words,
      /Answered so far: expected by Morgan Reyes \(10:45 CET\)\. One more person has to agree\./,
    );
    assert.match(words, /comes to you: Morgan Reyes says that this was expected\."/);
    assert.equal(words.split('One more person has to agree').length, 2);
    const seen = draw(about, { mayAnswer: false });
    assert.equal(seen.split('One more person has to agree').length, 2);
    assert.doesNotMatch(seen, /said this was expected/, 'as a decision as well');
  });

  it('promises nothing but the next one while the person in question is asked', () => {
    const subject = { kind: 'subject', id: SUBJECT, name: 'Alex Weber' } as const;
    const words = draw(asked({ approver: subject, clock: CLOCK }), { mayAnswer: false });

    assert.match(words, /If they have not answered by 13:00 CET, their manager is asked\./);
    assert.doesNotMatch(words, /reminder|security team/);
  });

  it('says no longer of what is being put back that it took effect', () => {
    const about = aCase({ state: 'undoing', decisions: [done], outcome: ['Took effect.', 'It stays so.'] });
    const words = draw(about, { fading: ['Took effect.'] });

    assert.doesNotMatch(words, /Took effect/);
    assert.match(words, /It stays so/);
  });

  it('gives the time at which somebody was named, not one at which they are to answer', () => {
    const to = { id: STRANGER, name: robin.name };
    const decisions: readonly Decision[] = [{ verb: 'reassign', by: morgan, at: now, to }];

    assert.match(
      draw(asked({}, { decisions }), { mayAnswer: false }),
      /Morgan Reyes said at 10:45 CET that it is for Robin Castillo to answer\./,
    );
  });

  it('says that an answer was a mistake until the next one is given', () => {
    const correct: Decision = { verb: 'correct', by: morgan, at: now };
    const handed: Decision = { verb: 'escalate', by: morgan, at: now };
    const mistake = say('decide.was-a-mistake', { name: morgan.name });

    for (const says of [mistake, english(mistake)]) {
      const of = (...decisions: readonly Decision[]) => draw(asked({}, { outcome: [says], decisions }));
      assert.match(of(done, correct), /was a mistake, so/);
      assert.doesNotMatch(of(done, correct, handed), /was a mistake, so/);
    }
  });
});

const FOR_SECURITY = say('aws.deny.inline-policy', { policy: 'CountersignDeny' });

describe('what a choice does', () => {
  const [first] = asked().question?.offers ?? [];
  const [planned] = first?.actions ?? [];
  assert.ok(first && planned);
  const lasting = {
    ...planned,
    ...{ action: 'made.up', title: 'Sign out', undo: { possible: false, says: 'This cannot be undone.' } },
    says: ['This cannot be undone.', FOR_SECURITY, 'Ends sessions.', 'Nothing else.'],
  };
  const offerText = (...[offer, earlier]: readonly [PlannedOffer, readonly PlannedOffer[]]): string =>
    english(offerSentence(offer, earlier, english));

  it('is one sentence for each thing, with what cannot be undone and what is left alone', () => {
    const offer = { key: 'b', label: 'Both', actions: [planned, lasting], left: ['invoices.'] };

    assert.equal(
      offerText(offer, [first]),
      'Does what "Make it private" does, and more: Ends sessions. "Sign out" cannot be undone. Not touched: invoices.',
    );
    assert.equal(offerText({ ...first, actions: [lasting] }, []), 'Ends sessions. This cannot be undone.');
  });

  it('names whom it is about where it is about several, or about somebody of whom nothing else speaks', () => {
    const on = (name: string) => ({
      ...planned,
      target: { kind: 'bucket', account: '123456789012', region: 'eu-central-1', name } as const,
      says: ['Nobody gets in.'],
    });
    const actions = ['a', 'b', 'c', 'd'].map(on);

    assert.equal(offerText({ ...first, actions }, []), 'a, b, c and 1 more: Nobody gets in.');
    assert.equal(offerText({ ...first, actions: [on('a')] }, []), 'Nobody gets in.');
  });

  it('does not announce more where there is no more', () => {
    const lines = offerLines({ ...first, key: 'c' }, [first], { mostLines: 20, write: english });

    assert.deepEqual(allEnglish(lines), ['Does the same as "Make it private".']);
  });

  it('says in the words of the security team only what they are shown', () => {
    for (const line of [FOR_SECURITY, english(FOR_SECURITY)]) {
      const about = asked({ offers: [{ ...first, actions: [{ ...lasting, says: [line] }] }] });

      assert.doesNotMatch(draw(about), /For the security team/);
      assert.match(draw(about, { forOperator: true }), /For the security team/);
    }
  });

  it('stands above the buttons, and all of it is folded away below them', () => {
    const words = draw(asked());

    assert.ok(words.indexOf('**Make it private:**') < words.indexOf('"type":"Action.Execute"'));
    assert.ok(words.indexOf('"id":"exactly","isVisible":false') > words.lastIndexOf('Hand to security'));
  });
});

describe('until when', () => {
  it('is a day that a card can name for weeks, within what the settings allow', () => {
    const days = (n: number) => draw(asked(), { longestMs: n * 86_400_000 });

    assert.match(days(90), /dismiss K7M2PQRS until friday/);
    assert.match(days(3), /dismiss K7M2PQRS until tomorrow/);
    assert.doesNotMatch(days(1), /dismiss K7M2PQRS until/);
  });

  it('is called by its day where it counts to the end of that', () => {
    const until = say('ask.undo-until', { at: { time: '2026-11-26T22:59:59.999Z' } });

    assert.equal(english(until), 'Undo is possible until the end of 26 Nov 2026.');
    assert.match(writerIn('en', now, 'UTC')(until), /22:59:59 UTC/);
  });
});

describe('the card of the person in question', () => {
  it('says how to take back a yes that closed the case', () => {
    const statements = [{ by: { ...morgan, id: SUBJECT }, at: now, was: 'me' }] as const;
    const answer = (state: Case['state']) =>
      JSON.stringify(noticeCard(aCase({ state, statements }), english).data.answered);

    assert.match(answer('dismissed'), /If it was not you after all, write to me: not-me K7M2PQRS/);
    assert.doesNotMatch(answer('dismissed'), /looks into it/);
    assert.match(answer('asking'), /whoever looks into it sees that/);
  });
});
