// What a line of a list says, and which of them an answer for all is about.
import assert from 'node:assert/strict';
import path from 'node:path';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { digestCard, selectLines } from '../../src/ask/digest-data.ts';
import { lineOutcome } from '../../src/ask/digest-lines.ts';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import { type Case, type Decision, SYSTEM } from '../../src/case/case.ts';
import type { CaseId, DigestId, QuestionId } from '../../src/case/ids.ts';
import type { PlannedOffer } from '../../src/case/question.ts';
import { takesFor } from '../../src/decide/takes.ts';
import { aCase, MANAGER, QUESTION, settings } from '../helpers/cases.ts';
import { english, writerIn } from '../helpers/english.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
const AT = '2026-11-21T10:00:00.000Z';
const bucket = (name: string) =>
  ({ kind: 'bucket', account: '123456789012', region: 'eu-central-1', name }) as const;
const offer = (label: string, says: readonly string[], undo = ''): PlannedOffer => ({
  ...{ key: 'k', label, left: [] },
  actions: [
    {
      action: 'a',
      title: label,
      target: bucket('invoices'),
      says,
      undo: { possible: undo === '', says: undo },
    },
  ],
});
const asked = (over: Partial<Case> = {}, first?: PlannedOffer): Case => {
  const about = aCase(over);
  const question = over.question ?? about.question ?? assert.fail();
  return { ...about, question: { ...question, ...(first && { offers: [first] }) } };
};
const listOf = (...cases: readonly Case[]) => listFor(MANAGER, ...cases);
const listFor = (reader: string, ...cases: readonly Case[]) => {
  const lines = cases.map((about, at) => ({
    about: { ...about, id: `case-${at}` as CaseId, ref: `REF${at}` },
    ...{ questionId: QUESTION as QuestionId, atMs: at },
  }));
  const selection = selectLines(lines, reader);
  const card = digestCard('d'.repeat(32) as DigestId, 1, selection, reader, {
    ...{ write: writerIn('en', AT, 'UTC'), isDryRun: () => false, shown: (about: Case) => about },
    takes: (about) => takesFor(about, { reader, at: AT, isDryRun: false }, settings),
  });
  return { card, data: card.data as Readonly<Record<string, string>>, all: selection.all };
};
const lineOf = (about: Case) => {
  const [line] = listOf(about).card.data.lines as readonly Readonly<Record<string, string>>[];
  return line ?? assert.fail();
};

const SEVERAL: Partial<Case> = {
  seen: 3,
  deeds: ['a', 'b', 'c'].map((key) => ({ key, says: `did ${key}` })),
  targets: ['invoices', 'customers', 'payroll', 'plans', 'wages'].map(bucket),
  related: [
    { id: 'm365-app', title: 'App consent', text: '', hash: 'e', question: 'Did {subject}?', ref: 'OTHER' },
  ],
};

describe('a line of a list', () => {
  it('says what else joined it, and by which policies and on what', () => {
    assert.equal(
      lineOf(asked(SEVERAL)).beside,
      'And 2 other things that they did. Also found: App consent. On invoices, customers, payroll and 2 more. Open it to see all of it.',
    );
  });

  it('says nothing of the kind where the question says all of it', () => {
    assert.equal(lineOf(asked({ seen: 3, deeds: [{ key: 'a', says: 'did a' }] })).beside, '');
  });

  it('names a few targets, which are then no reason to open it', () => {
    assert.equal(lineOf(asked({ targets: [bucket('a'), bucket('b')] })).beside, 'On a, b.');
  });

  it('says that what is shown is not held to, where it has changed too often', () => {
    const { question } = aCase();
    assert.ok(question);
    const changed = { voids: 3, question: { ...question, approver: { kind: 'security' } as const } };

    const [line] = listFor(SECURITY_READER, asked(changed)).card.data.lines as readonly Readonly<
      Record<string, string>
    >[];
    assert.match(line?.takes ?? '', /^It has changed 3 times .* is done as things stand then/);
    assert.doesNotMatch(lineOf(asked({ voids: 2 })).takes ?? '', /as things stand/);
  });

  it('says what its button does before what it warns of', () => {
    const warning = 'This cannot be undone: they will know.';

    assert.equal(
      lineOf(asked({}, offer('Ask them', [warning, 'Asks them by a card.'], warning))).does,
      'Asks them by a card. This cannot be undone: they will know.',
    );
  });

  it('ends with a whole sentence, and says that there is more', () => {
    const sentence = 'Takes back one of the permissions that they gave to the app.';
    const says = Array.from({ length: 9 }, (_, at) => sentence.replace('one', `number ${at}`));

    assert.match(
      lineOf(asked({}, offer('Take back', says))).does ?? '',
      /^(Takes back number \d of the permissions that they gave to the app\. ){3,}Open it to read the rest\.$/,
    );
  });

  it('has a button that fits on a phone, and says above it what that is short for', () => {
    const line = lineOf(
      asked({}, offer('Take back what they allowed the app', ['Takes back 3 permissions.'])),
    );

    assert.equal(line.first, 'Take back what they allowed…');
    assert.equal(line.does, 'Take back what they allowed the app: Takes back 3 permissions.');
    const short = lineOf(asked({}, offer('Make it private', ['Closes it.'])));
    assert.deepEqual([short.first, short.does], ['Make it private', 'Closes it.']);
  });

  it('says that "expected" takes two people where it does', () => {
    assert.equal(lineOf(asked({ severity: 'high' })).takes, '"Expected" takes two people.');
    assert.equal(lineOf(asked({ severity: 'medium' })).takes, '');
  });

  it('says what takes others by the rule of its question, each answer', () => {
    const about = asked({ severity: 'medium' }, offer('Close it', ['It is closed.']));
    const rule = { kind: 'quorum', of: 2 } as const;
    const question = about.question && { ...about.question, rule };

    const { takes } = lineOf({ ...about, question });

    assert.equal(takes, '"Expected" takes others as well. "Close it" takes others as well.');
  });
});

describe('an answer for all lines', () => {
  const CONTAINED = { containedFirst: { decision: 0, at: AT } };
  for (const [what, over, says] of [
    ['of high severity', { severity: 'high' }, 'The high one is not included: answer it on its own line.'],
    ['contained already', CONTAINED, 'The contained one is not included: answer it on its own line.'],
    [
      'several things',
      { deeds: SEVERAL.deeds ?? [] },
      'The one with several things is not included: answer it on its own line.',
    ],
    [
      'what other policies found',
      { related: SEVERAL.related ?? [] },
      'The one with several things is not included: answer it on its own line.',
    ],
    [
      'more targets than it names',
      { targets: SEVERAL.targets ?? [] },
      'The one with several things is not included: answer it on its own line.',
    ],
  ] satisfies readonly (readonly [string, Partial<Case>, string])[])
    it(`leaves out what is ${what}, and says so`, () => {
      const { data, all } = listOf(asked(over), asked(), asked());

      assert.equal(data.excluded, says);
      assert.deepEqual(
        all.dismiss.map(({ caseId }) => caseId),
        ['case-1', 'case-2'],
      );
      assert.equal(all.escalate.length, 3);
    });

  it('counts what it leaves out by why', () => {
    assert.equal(
      listOf(asked({ severity: 'high' }), asked({ severity: 'critical' }), asked(CONTAINED), asked(), asked())
        .data.excluded,
      'Not included: 2 high and 1 contained. Answer each on its own line.',
    );
  });

  it('names every question that there was no room for', () => {
    const { data } = listOf(...Array.from({ length: 11 }, () => asked()));

    assert.equal(
      data.further,
      'And 3 more: they move up as you answer. To see one now, write "case" and its number: REF8, REF9, REF10.',
    );
  });
});

describe('what has become of a line', () => {
  const MORGAN = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
  const outcomeOf = (over: Partial<Case>, ...answers: readonly Partial<Decision>[]): string => {
    const decisions = answers.map((one): Decision => ({ verb: 'dismiss', by: MORGAN, at: AT, ...one }));
    return english(lineOutcome(aCase({ ...over, decisions }), QUESTION, MANAGER));
  };
  const FIRST = { verb: 'approve', by: SYSTEM, offer: 'make-private' } as const;
  const containedFirst = { decision: 0, at: AT };

  for (const [what, says, expected] of [
    ['what silence closed', outcomeOf({ state: 'dismissed' }, { by: SYSTEM }), 'Closed: nobody answered.'],
    ['what somebody expected', outcomeOf({ state: 'dismissed' }, {}), 'Expected, says Morgan Reyes.'],
    [
      'what was contained first',
      outcomeOf({ state: 'contained', containedFirst }, FIRST),
      'Nobody answered, so it is contained first. Done.',
    ],
    [
      'what is being contained first',
      outcomeOf({ state: 'executing', containedFirst }, FIRST),
      'Nobody answered, so it is contained first. Working on it.',
    ],
    [
      'what stays contained',
      outcomeOf({ state: 'contained', containedFirst }, FIRST, { verb: 'keep' }),
      'Contained before anybody answered, and Morgan Reyes keeps it so.',
    ],
    [
      'what was contained and is let go',
      outcomeOf({ state: 'dismissed', containedFirst }, FIRST, {}),
      'Contained before anybody answered; expected, says Morgan Reyes, so it is let go.',
    ],
    ['what was done by nobody that is known', outcomeOf({ state: 'contained' }), 'Done.'],
  ] as const)
    it(`is said of ${what}`, () => {
      assert.equal(says, expected);
    });
});

describe('a list of texts that take many bytes', () => {
  const bytesOf = (...cases: readonly Case[]) =>
    Buffer.byteLength(JSON.stringify(render(listOf(...cases).card)));
  const eight = (about: Case) => Array.from({ length: 8 }, () => about);
  const wide = (text: string): Case =>
    asked(
      {
        targets: [1, 2, 3, 4].map((at) => bucket(`${at}${text}`)),
        related: [{ id: 'p', title: text, text: '', hash: 'e', question: 'Did {subject}?', ref: 'OTHER' }],
        policy: { ...aCase().policy, question: text },
      },
      offer(text, [text]),
    );

  it('is shortened, or it would be more than Teams takes', () => {
    const hostile = wide('🦜*'.repeat(400));

    assert.ok(bytesOf(...eight(hostile)) <= 28 * 1024, `${bytesOf(...eight(hostile))} bytes`);
  });

  it('is shortened in the scripts that people write, too', () => {
    assert.ok(bytesOf(...eight(wide('請求書を公開'.repeat(80)))) <= 28 * 1024);
  });

  it('still asks all of what it asks, whether what is around the question is short or long', () => {
    const question = `${'Long but not too long, '.repeat(7)}was that agreed with anybody?`;
    const around = 'ö'.repeat(400);
    const about = asked(
      {
        targets: [1, 2, 3, 4].map((at) => bucket(`${at}${around}`)),
        related: [{ id: 'p', title: around, text: '', hash: 'e', question: 'Did {subject}?', ref: 'OTHER' }],
        policy: { ...aCase().policy, question },
      },
      offer(around, [around]),
    );

    assert.equal(lineOf(asked({ policy: about.policy })).headline, question);
    for (const { headline } of listOf(...eight(about)).card.data.lines as readonly { headline: string }[])
      assert.equal(headline, question);
    assert.ok(bytesOf(...eight(about)) <= 28 * 1024, `${bytesOf(...eight(about))} bytes`);
  });

  it('is not shortened where it is as long as lines are', () => {
    const sentence = 'Takes back one of the permissions that they gave to the app. ';
    const about = asked(SEVERAL, offer('Take back what they allowed the app', [sentence.repeat(4).trim()]));
    const { card } = listOf(...eight(about));

    assert.ok(!JSON.stringify(card.data.lines).includes('app: Takes back one of …'));
    for (const line of card.data.lines as readonly { readonly does: string }[])
      assert.ok(line.does.endsWith('gave to the app.'), line.does);
    assert.ok(bytesOf(...eight(about)) <= 28 * 1024, `${bytesOf(...eight(about))} bytes`);
  });
});
