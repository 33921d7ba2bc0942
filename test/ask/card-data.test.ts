import assert from 'node:assert/strict';
import path from 'node:path';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { caseCard } from '../../src/ask/card-data.ts';
import type { CardView } from '../../src/ask/card-view.ts';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import type { Case } from '../../src/case/case.ts';
import { timeText } from '../../src/case/moment-text.ts';
import { CASE_STATES } from '../../src/case/transitions.ts';
import { takesFor } from '../../src/decide/takes.ts';
import { aCase, MANAGER, settings } from '../helpers/cases.ts';
import { writerIn } from '../helpers/english.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
const view: CardView = {
  write: writerIn('en', '2026-11-21T09:05:00.000Z'),
  timeZone: 'Europe/Berlin',
  now: '2026-11-21T09:05:00.000Z',
  longestMs: 90 * 86_400_000,
  mayAnswer: true,
  mayUndo: false,
};
type Node = { readonly [key: string]: unknown };
const draw = (about = aCase(), over: Partial<CardView> = {}): Node =>
  render(caseCard(about, { ...view, ...over }));
/** With what each answer takes, as the app counts it for the security team. */
const drawCounted = (about: Case): Node => {
  const reading = { reader: SECURITY_READER, at: view.now, isDryRun: false };
  return draw(about, { reader: SECURITY_READER, takes: takesFor(about, reading, settings) });
};
const wordsOf = (card: Node): string => JSON.stringify(card).replaceAll('\\\\', '');
interface Button {
  readonly type: string;
  readonly title: string;
  readonly verb: string;
  readonly data: Node;
}
/** The buttons that answer: on the card or in its body, without those that only show or hide. */
const actionsOf = (card: Node): readonly Button[] => {
  const sets = (card.body as readonly { actions?: Button[] }[]).flatMap((one) => one.actions ?? []);
  return [...sets, ...((card.actions ?? []) as Button[])].filter((one) => one.type === 'Action.Execute');
};

/** The same behind a button that unfolds. */
const foldedOf = (card: Node): readonly Button[] =>
  (card.body as readonly { actions?: { type: string; card?: { actions: Button[] } }[] }[])
    .flatMap((one) => one.actions ?? [])
    .flatMap((one) => one.card?.actions ?? []);
describe('the card', () => {
  it('is not called done where a part of it failed, or an undo has stopped half way', () => {
    const about = aCase({ state: 'contained' });

    assert.match(wordsOf(draw(about, { partly: 'undone' })), /Partly undone/);
    assert.match(wordsOf(draw(about, { partly: 'done' })), /Partly done/);
    assert.doesNotMatch(wordsOf(draw(about, { partly: 'undone' })), /"Done"/);
    assert.doesNotMatch(wordsOf(draw(about)), /Partly/);
  });

  it("says what happened, who, when in the reader's zone, on what, why, and what each button does", () => {
    const words = wordsOf(draw());
    for (const part of [
      'Should Alex Weber have opened invoices to everyone?',
      'alex.weber@contoso.example',
      '21 Nov 2026, 09:59 CET',
      "Morgan Reyes is Alex Weber's manager.",
      'Removes public read from the bucket policy (1 statement); 2 other policy statements stay.',
      'Undo puts everything back.',
      'Suspend the account: The account is an administrator.',
    ])
      assert.ok(words.includes(part), `the card does not say: ${part}\n${words}`);
  });

  it('lists what was done where it was more than one thing: the latest five, as plain words, and how many more', () => {
    const deed = (says: string, key = says) => ({ key, says });
    const one = [deed('PutBucketCors on invoices')];
    assert.equal(wordsOf(draw(aCase({ deeds: one }))), wordsOf(draw()), 'one looks as it always did');

    const deeds = [
      ...['c', 'd', 'e', 'f'].map((name) => deed(`DeleteBucket on ${name}`)),
      deed('PutBucketPolicy on a', '1'),
      deed('PutBucketPolicy on a', '2'),
      deed('[press](https://evil.example) **now**'),
      ...one,
    ];
    for (const state of ['asking', 'dismissed'] as const) {
      const card = JSON.stringify(draw(aCase({ state, deeds, moreDeeds: 3 })));
      assert.match(card, /Done \(1\)","value":"PutBucketCors on invoices"/);
      assert.match(card, /PutBucketPolicy on a \(in 2 different ways\)/);
      assert.match(card, /"Also","value":"and 5 more"/);
      assert.match(card, /Done \(7\)","value":"DeleteBucket on c"/, 'the rest is among the details');
      assert.ok(!card.includes('](https:') && !card.includes(' **now'), card);
    }
  });

  it('prints the lines of text that do the same as its buttons', () => {
    const words = wordsOf(draw());
    for (const line of ['approve K7M2PQRS make-private', 'dismiss K7M2PQRS', 'escalate K7M2PQRS'])
      assert.ok(words.includes(line), line);
  });

  it('carries nothing in a button but verb, case, question and choice, with a Submit fallback that says the same', () => {
    for (const action of [...actionsOf(draw()), ...foldedOf(draw())] as unknown as Node[]) {
      const data = action.data as Node;
      assert.ok(Object.keys(data).every((key) => ['verb', 'case', 'question', 'offer'].includes(key)));
      const fallback = action.fallback as Node;
      assert.equal(action.type, 'Action.Execute');
      assert.equal(fallback.type, 'Action.Submit');
      assert.deepEqual(fallback.data, data);
    }
    assert.deepEqual(
      actionsOf(draw()).map((action) => action.verb),
      ['approve', 'dismiss', 'escalate'],
    );
    assert.deepEqual(
      foldedOf(draw()).map((action) => action.verb),
      ['expect-until', 'reassign'],
    );
  });

  it('does not offer to hand to security what is with the security team already', () => {
    const { question } = aCase();
    assert.ok(question);
    const card = draw(aCase({ question: { ...question, approver: { kind: 'security' } } }));
    assert.deepEqual(
      actionsOf(card).map((action) => action.verb),
      ['approve', 'dismiss'],
    );
    assert.doesNotMatch(wordsOf(card), /Hand to security|escalate/);
  });

  it('has no buttons on the copy of somebody who may not answer', () => {
    assert.deepEqual(actionsOf(draw(aCase(), { mayAnswer: false })), []);
  });

  it('has no buttons on an older copy, and says where the newer one is', () => {
    const card = draw(aCase(), { superseded: true });
    assert.deepEqual(actionsOf(card), []);
    assert.match(wordsOf(card), /newer card/);
  });

  for (const state of CASE_STATES.filter((one) => one !== 'asking'))
    it(`has no answer buttons once the case is ${state}`, () => {
      assert.deepEqual(actionsOf(draw(aCase({ state }))), []);
    });

  it('says of a case that nobody was asked about what would have been offered, and what not', () => {
    const words = wordsOf(
      draw(aCase({ state: 'monitored', outcome: ['Morgan Reyes would have been asked.'] })),
    );

    for (const part of [
      'Only watched: nobody was asked',
      'Morgan Reyes would have been asked.',
      'Make it private',
      'Not offered: Suspend the account. The account is an administrator.',
    ])
      assert.ok(words.includes(part), `the card does not say: ${part}\n${words}`);
  });

  it('says on a closed case what came again since the answer', () => {
    assert.match(wordsOf(draw(aCase({ state: 'dismissed', repeats: 1 }))), /done once more since then/);
    assert.match(wordsOf(draw(aCase({ state: 'dismissed', repeats: 30 }))), /done 30 times more since then/);
    assert.doesNotMatch(wordsOf(draw(aCase({ state: 'dismissed' }))), /since then/);
  });

  it('tells who pressed "Undo anyway" from who pressed Undo, and a first signature from an approval', () => {
    const by = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
    const at = '2026-11-21T09:04:00.000Z';
    const linesFor = (over: object) =>
      wordsOf(draw(aCase({ state: 'contained', decisions: [{ by, at, verb: 'undo', ...over }] })));

    assert.match(linesFor({}), /Morgan Reyes pressed Undo at/);
    assert.match(linesFor({ anyway: true }), /Morgan Reyes pressed Undo anyway at/);
    const chosen = { verb: 'approve', offer: 'make-private' } as const;
    assert.match(linesFor({ ...chosen, awaits: 'A limit.' }), /; it took somebody else as well\./);
    assert.doesNotMatch(linesFor(chosen), /first of two/);
  });

  it('says once what is the reason for the question, also to whoever was asked first', () => {
    const failed = '"Make the bucket private" did not succeed: AWS does not answer.';
    const { question } = aCase();
    assert.ok(question);
    const outcome = ['The account is suspended.', failed];
    const asking = aCase({ outcome, question: { ...question, reason: `${failed} So you are asked.` } });
    for (const about of [asking, aCase({ outcome, state: 'routing', toSecurity: failed })]) {
      const words = wordsOf(draw(about, { mayAnswer: false }));
      assert.equal(words.split('did not succeed').length - 1, 1);
      assert.match(words, /The account is suspended/);
    }
    assert.match(wordsOf(draw(aCase({ outcome, state: 'contained' }))), /did not succeed/);
  });

  it('offers Undo only where something can be put back', () => {
    const contained = aCase({ state: 'contained' });
    assert.deepEqual(actionsOf(draw(contained, { mayUndo: false })), []);
    assert.deepEqual(
      actionsOf(draw(contained, { mayUndo: true })).map((action) => action.verb),
      ['undo'],
    );
  });

  it('says that a second person confirms "expected" from high severity', () => {
    const two =
      /once others agree\. One more person has to agree\. From high severity that takes two people\./;
    assert.match(wordsOf(drawCounted(aCase({ severity: 'high' }))), two);
    assert.doesNotMatch(wordsOf(drawCounted(aCase({ severity: 'medium' }))), /agree/);
  });

  it('says so to the security team as well, and names who said it first: they are the second', () => {
    const { question } = aCase();
    assert.ok(question);
    const asked = { ...question, approver: { kind: 'security' } } as const;
    const said = { verb: 'dismiss', by: { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } } as const;
    const decisions = [{ ...said, at: '2026-11-21T09:00:00Z', awaits: 'One more person has to agree.' }];
    const high = (over: object) =>
      wordsOf(drawCounted(aCase({ severity: 'high', question: asked, ...over })));
    assert.match(high({}), /once others agree/);
    assert.match(high({ decisions }), /Answered so far: expected by Morgan Reyes/);
    assert.match(high({ decisions }), /closes this as expected activity\./, 'they are the second');
    // Of a question that was replaced since.
    assert.match(high({ decisions, decidedBefore: 1 }), /once others agree/);
    // Whoever signed has changed their mind: their first word counts no longer.
    const other = { ...decisions[0], verb: 'approve', offer: 'make-private', awaits: 'A limit.' };
    assert.match(high({ decisions: [...decisions, other] }), /once others agree/);
    assert.match(high({ decisions, severity: 'medium' }), /closes this as expected activity\./);
  });

  it('says how often it happened since when', () => {
    assert.match(wordsOf(draw(aCase({ seen: 15 }))), /14 more since 09:59 CET/);
  });

  it('shows hostile text as text: no markdown, no links, no template, no mention', () => {
    const hostile = `**bold** [click](https://evil.example) $\{ref} {{DATE(2026-01-01T00:00:00Z,SHORT)}} <at>x</at> \u202Egpj`;
    const card = draw(
      aCase({
        title: hostile,
        subject: { id: MANAGER, name: hostile, userPrincipalName: hostile },
        facts: [{ label: hostile, value: hostile }],
        decisions: [
          {
            verb: 'dismiss',
            by: { kind: 'person', id: MANAGER, name: hostile },
            at: '2026-11-21T09:00:00Z',
            comment: hostile,
          },
        ],
        state: 'dismissed',
      }),
    );
    const raw = JSON.stringify(card);
    assert.doesNotMatch(raw, /[^\\]\*\*bold/);
    assert.doesNotMatch(raw, /\[click\]\(https:\/\//);
    assert.doesNotMatch(raw, /\{\{DATE\(2026/);
    assert.doesNotMatch(raw, /<at>/);
    assert.doesNotMatch(raw, /\u202E/);
    assert.match(raw, /\$(\\\\)?\{ref/, 'the data was evaluated as a template');
  });

  for (const letter of ['ü', '*', '\u{1F4A3}', '"'])
    it(`stays below 28 KB with everything as long as it may be, in ${letter}`, () => {
      const long = letter.repeat(5_000);
      const about = aCase();
      const offer = about.question?.offers[0];
      assert.ok(offer && about.question);
      const planned = offer.actions[0];
      assert.ok(planned);
      const card = draw({
        ...about,
        title: long,
        facts: Array.from({ length: 8 }, () => ({ label: long, value: long })),
        targets: Array.from({ length: 50 }, (_, index) => ({
          kind: 'resource' as const,
          id: `${index}`,
          label: long,
        })),
        question: {
          ...about.question,
          reason: long,
          path: Array.from({ length: 5 }, () => ({
            name: long,
            outcome: 'passed-over' as const,
            reason: long,
          })),
          offers: ['a', 'b', 'c'].map((key) => ({
            key,
            label: long,
            left: [long],
            actions: [planned, planned].map((one) => ({ ...one, says: [long, long, long] })),
          })),
          withheld: [
            { label: long, reason: long },
            { label: long, reason: long },
          ],
        },
      });
      assert.ok(Buffer.byteLength(JSON.stringify(card)) < 28 * 1024);
    });

  describe('with more choices than buttons', () => {
    const question = aCase().question;
    const [offer] = question?.offers ?? [];
    const [planned] = offer?.actions ?? [];
    assert.ok(question && offer && planned);
    const offersOf = (count: number, says: (n: number) => readonly string[]) =>
      Array.from({ length: count }, (_, n) => ({
        ...{ key: `choice-${n}`, label: `Choice ${n}`, left: [] },
        actions: [{ ...planned, action: `made.up.${n}`, says: says(n) }],
      }));
    const withOffers = (offers: typeof question.offers, withheld = question.withheld) =>
      aCase({ question: { ...question, offers, withheld } });
    const idOf = (card: Node, id: string) =>
      (card.body as readonly Node[]).find((element) => element.id === id) as Node;

    it('gives the first four a button, and folds the others away, each with the line to write', () => {
      const card = draw(withOffers(offersOf(6, (n) => [`Does what choice ${n} does.`])));
      const folded = idOf(card, 'more-offers');

      assert.deepEqual(
        actionsOf(card).map(({ title }) => title),
        ['Choice 0', 'Choice 1', 'Choice 2', 'Choice 3', 'This was expected', 'Hand to security'],
      );
      assert.equal(folded.isVisible, false);
      for (const n of [4, 5]) {
        assert.match(JSON.stringify(folded), new RegExp(`Does what choice ${n} does.`));
        assert.match(JSON.stringify(folded), new RegExp(`approve K7M2PQRS choice-${n}`));
      }
      assert.doesNotMatch(JSON.stringify(folded), /hoice[ -][0-3]/);
      assert.match(wordsOf(card), /More that can be done/);
    });

    it('has nothing to unfold where every choice has a button', () => {
      const words = wordsOf(draw(withOffers(offersOf(4, () => ['Does something.']))));

      assert.doesNotMatch(words, /More that can be done/);
    });

    it('says of several targets who they are, what is special to each, and once what is the same for all', () => {
      const on = (name: string, own: string) => ({
        ...planned,
        target: { kind: 'bucket' as const, account: '123456789012', region: 'eu-central-1', name },
        says: [own, 'The owner keeps access.'],
      });
      const actions = [on('invoices', 'Removes 1 statement.'), on('orders', 'Removes 2 statements.')];
      const card = draw(withOffers([{ key: 'both', label: 'Both', left: [], actions }]));
      const lines = [...wordsOf(card).matchAll(/"• ([^"]+)"/g)].map(([, line]) => line);

      assert.deepEqual(lines, [
        '2 in all: invoices; orders.',
        'invoices: Removes 1 statement.',
        'orders: Removes 2 statements.',
        'The owner keeps access.',
        'Undo puts everything back.',
      ]);
    });

    it('names every one of many, and what it leaves, however much there is to say of each', () => {
      const on = (n: number) => ({
        ...planned,
        target: {
          kind: 'collaborator' as const,
          ...{ account: '123456789012', region: 'eu-central-1', bucket: 'invoices' },
          principal: `arn:aws:iam::444455556666:role/reader-${n}`,
        },
        says: Array.from({ length: 4 }, (_, m) => `Sentence ${m} of ${n}.`),
      });
      const actions = Array.from({ length: 20 }, (_, n) => on(n));
      const left = ['4 more were not taken on: w, x, y, z.'];
      const words = wordsOf(draw(withOffers([{ key: 'all', label: 'All', left, actions }])));

      for (let n = 0; n < 20; n += 1)
        assert.match(words, new RegExp(`role reader-${n} of account 444455556666 on invoices[;.]`));
      assert.match(words, /Not touched: 4 more were not taken on: w, x, y, z\./);
    });

    it('says who the only one is, where nothing else on the card does', () => {
      const target = {
        kind: 'collaborator' as const,
        ...{ account: '123456789012', region: 'eu-central-1', bucket: 'invoices' },
        principal: '444455556666',
      };
      const actions = [{ ...planned, target, says: ['They lose the access.'] }];
      const words = wordsOf(draw(withOffers([{ key: 'one', label: 'One', left: [], actions }])));

      assert.match(words, /1 in all: the AWS account 444455556666 on invoices\./);
    });

    it('says once why several are not offered', () => {
      const guest = 'Tom Vega is a guest.';
      const words = wordsOf(
        draw(
          withOffers(question.offers, [
            { label: 'Sign out', reason: guest },
            { label: 'Suspend', reason: guest },
            { label: 'Deactivate the key', reason: 'It is inactive.' },
          ]),
        ),
      );

      assert.match(words, /Not offered:\*\* Sign out; Suspend: Tom Vega is a guest\./);
      assert.match(words, /Not offered:\*\* Deactivate the key: It is inactive\./);
      assert.equal(words.split(guest).length, 2);
    });

    for (const letter of ['ü', '*', '\u{1F4A3}', '"'])
      it(`stays below 28 KB with fifteen of them, each with more to say than there is room for, in ${letter}`, () => {
        const long = (n: number) => `${n} ${letter.repeat(5_000)}`;
        const offers = offersOf(15, (n) => Array.from({ length: 30 }, (_, m) => long(n * 100 + m))).map(
          (one, n) => ({ ...one, label: long(n), left: [long(n)] }),
        );
        const withheld = Array.from({ length: 12 }, (_, n) => ({ label: long(n), reason: long(n) }));
        const card = draw({
          ...withOffers(offers, withheld),
          title: long(1),
          facts: Array.from({ length: 8 }, (_, n) => ({ label: long(n), value: long(n) })),
          deeds: Array.from({ length: 20 }, (_, n) => ({ key: `${n}`, says: long(n) })),
        });

        assert.ok(
          Buffer.byteLength(JSON.stringify(card)) < 28 * 1024,
          `${Buffer.byteLength(JSON.stringify(card))}`,
        );
        assert.ok(/and \d+ more/.test(wordsOf(card)), 'it does not say that there is more');
      });
  });

  it("falls back to UTC when the reader's zone is not one", () => {
    assert.equal(timeText('2026-11-21T09:00:00Z', 'en-GB', 'Mars/Olympus'), '21 Nov 2026, 09:00 UTC');
  });
});
