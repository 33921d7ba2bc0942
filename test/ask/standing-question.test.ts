// How a question stands, as its card says: whom it is with, who has signed, until when it waits, and what was done meanwhile.
import assert from 'node:assert/strict';
import path from 'node:path';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { caseCard } from '../../src/ask/card-data.ts';
import type { CardView } from '../../src/ask/card-view.ts';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case, Decision } from '../../src/case/case.ts';
import { offerDigest } from '../../src/case/offer-digest.ts';
import type { Question } from '../../src/case/question.ts';
import { aCase, MANAGER, QUESTION, SECURITY, STRANGER, SUBJECT } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
type Node = { readonly [key: string]: unknown };
const draw = (about: Case, over: Partial<CardView> = {}): Node =>
  render({
    ...caseCard(about, {
      write: english,
      timeZone: 'Europe/Berlin',
      now: '2026-11-21T09:45:00.000Z',
      longestMs: 90 * 86_400_000,
      mayAnswer: true,
      mayUndo: false,
      ...over,
    }),
    ...(over.readers && { refresh: { caseRef: about.ref, questionId: QUESTION, readers: over.readers } }),
  });
const wordsOf = (card: Node): string => JSON.stringify(card).replaceAll('\\\\', '').replaceAll('\\"', "'");
const asked = (over: Partial<Question> = {}, about: Partial<Case> = {}): Case => {
  const { question } = aCase();
  assert.ok(question);
  return aCase({ question: { ...question, ...over }, ...about });
};
const asking = (over: Partial<typeof DEFAULT_ASKING>): Pick<Case, 'policy'> => ({
  policy: { ...aCase().policy, asking: { ...DEFAULT_ASKING, ...over } },
});

const morgan = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;
const robin = { kind: 'person', id: STRANGER, name: 'Robin Castillo' } as const;
const team = { kind: 'security' } as const;
const CLOCK = {
  remindAt: '2026-11-21T10:00:00.000Z',
  escalateAt: '2026-11-21T11:00:00.000Z',
  timeOutAt: '2026-11-22T12:00:00.000Z',
  onTimeOut: 'escalate',
} as const;
const signed: Decision = {
  ...{ verb: 'approve', offer: 'make-private', by: morgan, at: '2026-11-21T09:42:00.000Z' },
  awaits: 'One more person has to agree. Alex Weber is an administrator.',
};
const CONTAINED: Partial<Case> = {
  ...asking({ contain: 'make-private' }),
  containedFirst: { decision: 0, at: '2026-11-21T09:40:00.000Z' },
  decisions: [
    {
      ...{ verb: 'approve', offer: 'make-private', at: '2026-11-21T09:40:00.000Z' },
      by: { kind: 'system', id: 'countersign', name: 'Countersign' },
    },
  ],
  decidedBefore: 1,
};

interface Button {
  readonly type: string;
  readonly title: string;
  readonly verb?: string;
  readonly style?: string;
  readonly card?: { readonly body: readonly Node[]; readonly actions: readonly Button[] };
}
const setsOf = (card: Node): readonly (readonly Button[])[] =>
  (card.body as readonly { readonly type: string; readonly actions?: readonly Button[] }[]).flatMap((one) =>
    one.type === 'ActionSet' && one.actions ? [one.actions] : [],
  );
const answersOf = (card: Node): readonly string[] =>
  setsOf(card)
    .flat()
    .filter(({ type }) => type !== 'Action.ToggleVisibility')
    .map(({ title }) => title);
const inputsOf = (node: unknown): readonly Node[] => {
  if (Array.isArray(node)) return node.flatMap(inputsOf);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && String(node.type).startsWith('Input.') ? [node as Node] : [];
  return [...own, ...Object.values(node).flatMap(inputsOf)];
};

describe('the card of a question', () => {
  it('names everybody whom it is with, and whose word it takes', () => {
    const both = { beside: [robin, team] };
    const table: readonly (readonly [Partial<Question>, RegExp])[] = [
      [both, /Asked: Morgan Reyes, Robin Castillo and the security team\. Whoever answers first decides\./],
      [{ ...both, rule: { kind: 'everyone' } }, /All of them have to agree\./],
      [{ ...both, rule: { kind: 'everyone' }, needs: 3 }, /All of them have to agree\./],
      [{ ...both, rule: { kind: 'everyone' }, needs: 2 }, /It takes 2 different people who say the same\./],
      [{ rule: { kind: 'quorum', of: 3 } }, /It takes 3 different people who say the same\./],
      [{ rule: { kind: 'sequence' } }, /After this answer the security team is asked, too\./],
      [{ twoPeople: 'Alex Weber is an executive.' }, /takes two people here\. Alex Weber is an executive\./],
    ];

    for (const [question, words] of table) assert.match(wordsOf(draw(asked(question))), words);
    assert.doesNotMatch(wordsOf(draw(asked())), /Asked:|decides\.|two people/);
  });

  it('says to whoever may answer, and to nobody else, that what changed too often is done as things stand', () => {
    const changed = asked({ approver: team }, { voids: 3 });

    const [decides, looksOn] = [true, false].map((mayAnswer) => wordsOf(draw(changed, { mayAnswer })));
    assert.match(decides ?? '', /It has changed 3 times .* is done as things stand then/);
    assert.doesNotMatch(looksOn ?? '', /as things stand/);
    assert.doesNotMatch(wordsOf(draw(asked({ approver: team }, { voids: 2 }))), /as things stand/);
  });

  it('says whose word counts no longer, since what they agreed to has changed, instead of what it still took', () => {
    const about = asked({ reason: `Morgan Reyes chose it. ${signed.awaits}` });
    const [offer] = about.question?.offers ?? [];
    assert.ok(offer);
    const of = (over: string) => wordsOf(draw({ ...about, decisions: [{ ...signed, over }] }));

    assert.match(
      of('another'),
      /What Morgan Reyes \(10:42 CET\) agreed to has changed since: it no longer counts\./,
    );
    assert.doesNotMatch(of('another'), /Answered so far|One more person/);
    assert.match(of(offerDigest(offer)), /Answered so far: .* by Morgan Reyes/);
    assert.doesNotMatch(of(offerDigest(offer)), /no longer counts/);
  });

  it('says who has signed what and when, and what it still takes', () => {
    const words = wordsOf(draw(asked({}, { decisions: [signed] })));

    assert.match(
      words,
      /Answered so far: 'Make it private' by Morgan Reyes \(10:42 CET\)\. One more person has to agree\. Alex Weber is an administrator\./,
    );
    assert.doesNotMatch(wordsOf(draw(asked({}, { decisions: [signed], decidedBefore: 1 }))), /so far:/);
  });

  it('says until when it was said to be expected, and what comes of agreeing without a day', () => {
    const { offer: _, ...rest } = { ...signed, verb: 'dismiss' as const };
    const dated = { ...rest, until: '2026-11-27T22:59:59.999Z' };
    const other = { ...rest, by: { ...signed.by, id: robin.id, name: 'Robin Castillo' } };

    assert.match(
      wordsOf(draw(asked({}, { decisions: [dated] }))),
      /expected until the end of 27 Nov 2026 by Morgan Reyes \(10:42 CET\)\. Until that day it asks nobody only if/,
    );
    assert.match(
      wordsOf(draw(asked({}, { decisions: [dated, other] }))),
      /expected until the end of 27 Nov 2026 by Morgan Reyes \(.*\) and expected by Robin Castillo/,
    );
    assert.doesNotMatch(wordsOf(draw(asked({}, { decisions: [other] }))), /Until that day/);
  });

  it('lets whoever has signed take it back, by button and by line', () => {
    const words = (mayCorrect: boolean): string =>
      wordsOf(draw(asked({}, { decisions: [signed] }), { mayCorrect }));

    assert.match(words(true), /Take my answer back/);
    assert.match(words(true), /correct [A-Z0-9]{8}/);
    assert.doesNotMatch(words(false), /Take my answer back|correct [A-Z0-9]{8}/);
  });

  it('says until when it waits, and what happens then', () => {
    const policy = asking({ contain: 'make-private' });
    const table: readonly (readonly [Case, RegExp])[] = [
      [
        asked({ clock: CLOCK }),
        /A reminder comes at 11:00 CET\. If nobody has answered by 12:00 CET, somebody else is asked as well\. If nobody answers by 22 Nov 2026, 13:00 CET, the security team is asked\./,
      ],
      [
        asked({ clock: { ...CLOCK, onTimeOut: 'contain' } }, policy),
        /'Make it private' is done first, and the question stays\./,
      ],
      [
        asked({ clock: { ...CLOCK, onTimeOut: 'dismiss' } }),
        /it is closed as unanswered, and nothing is changed\./,
      ],
    ];

    for (const [about, words] of table) assert.match(wordsOf(draw(about)), words);
    assert.doesNotMatch(wordsOf(draw(asked())), /reminder|If nobody/);
  });

  it('says that it was reminded of, and no more of what is over', () => {
    const chased = { question: QUESTION, remindedAt: CLOCK.remindAt, reminders: 1, timeOuts: 0 };
    const words = (now: string, over: Partial<Case> = { chased }) =>
      wordsOf(draw(asked({ clock: CLOCK }, over), { now }));

    assert.match(
      words('2026-11-21T10:30:00.000Z'),
      /A reminder came at 11:00 CET\. If nobody has answered by 12:00 CET/,
    );
    assert.doesNotMatch(words('2026-11-21T11:30:00.000Z'), /somebody else is asked/);
    assert.doesNotMatch(words('2026-11-23T11:30:00.000Z'), /If nobody/);
    const other = { chased: { ...chased, question: 'older' as typeof QUESTION } };
    assert.doesNotMatch(words('2026-11-21T09:45:00.000Z', other), /A reminder came/);
  });

  it('promises the security team nothing that happens only to others', () => {
    const words = wordsOf(draw(asked({ approver: team, clock: CLOCK })));

    assert.doesNotMatch(words, /the security team is asked|somebody else is asked/);
  });

  it('says what was contained before anybody had answered, and what the answers now mean', () => {
    const card = draw(asked({}, CONTAINED));
    const words = wordsOf(card);

    assert.match(words, /Contained at 10:40 CET because nobody had answered: 'Make it private' was done\./);
    assert.match(words, /\*\*Expected: release it:\*\* puts back what was done/);
    assert.match(words, /keep K7M2PQRS/);
    assert.deepEqual(answersOf(card).slice(0, 3), [
      'Keep it as it is',
      'Expected: release it',
      'Make it private',
    ]);
    assert.doesNotMatch(wordsOf(draw(asked())), /Keep it as it is|release|keep K7M2PQRS/);
  });

  it('lists the several things of one person, and who passed the question on', () => {
    const related = ['Mass download', 'Impossible travel'].map((title, n) => ({
      ...{ id: `p${n}`, title, text: '', hash: '', question: '' },
      ref: `AAAABBB${n}`,
    }));
    const reassigned = [
      { to: { id: MANAGER, name: 'Morgan Reyes' }, by: robin, at: '2026-11-21T09:30:00.000Z' },
    ];
    for (const view of [{}, { mayAnswer: false }]) {
      const words = wordsOf(draw(asked({}, { related, reassigned }), view));

      assert.match(words, /3 things of one person:/);
      for (const line of ['S3 bucket made public', 'Mass download (was case AAAABBB0)', 'Impossible travel'])
        assert.ok(words.includes(`• ${line}`), line);
      assert.match(words, /Robin Castillo said at 10:30 CET that it is for Morgan Reyes to say\./);
    }
    assert.doesNotMatch(wordsOf(draw(asked())), /of one person/);
  });

  it('says no longer whose it is to say once more is asked than that was said of', () => {
    const asOf = { severity: 'medium', policies: 1, people: 1 } as const;
    const to = { id: MANAGER, name: 'Morgan Reyes' };
    const about = asked({}, { reassigned: [{ to, by: robin, at: '2026-11-21T09:30:00.000Z', asOf }] });

    assert.match(wordsOf(draw(about)), /that it is for Morgan Reyes to say/);
    assert.doesNotMatch(wordsOf(draw({ ...about, severity: 'high' })), /that it is for Morgan Reyes to say/);
  });

  it('says to whoever is not asked that the person in question was, without telling them more', () => {
    const subject = { kind: 'subject', id: SUBJECT, name: 'Alex Weber' } as const;

    assert.match(
      wordsOf(draw(asked({ approver: subject }), { mayAnswer: false })),
      /With Alex Weber, who was asked whether it was them/,
    );
  });

  it('has at most six buttons in a row, with what answers at once apart from what asks something first', () => {
    const offers = Array.from({ length: 6 }, (_, n) => ({
      key: `o${n}`,
      label: `Choice ${n}`,
      left: [],
      actions: [],
    }));
    const [first, second] = setsOf(draw(asked({ offers }, CONTAINED)));

    assert.equal(first?.length, 6);
    assert.deepEqual(
      second?.map(({ title, type }) => [title, type]),
      [
        ['Expected until…', 'Action.ShowCard'],
        ['Not mine to say…', 'Action.ShowCard'],
        ['Hand to security', 'Action.Execute'],
      ],
    );
  });

  it('draws only what shuts somebody or something out as destructive', () => {
    const [offer] = asked().question?.offers ?? [];
    const [planned] = offer?.actions ?? [];
    assert.ok(offer && planned);
    const offers = [
      offer,
      { ...offer, key: 'ask', label: 'Ask', actions: [{ ...planned, nature: 'informs' as const }] },
      { ...offer, key: 'let-in', label: 'Let in', actions: [{ ...planned, nature: 'lets-in' as const }] },
    ];
    const styles = setsOf(draw(asked({ offers }, CONTAINED)))
      .flat()
      .filter(({ style }) => style === 'destructive')
      .map(({ title }) => title);

    assert.deepEqual(styles, ['Make it private']);
  });

  it('asks for a day within what the settings allow, and for a person by a search that Teams makes', () => {
    const [until, to] = ['until', 'to'].map((id) => inputsOf(draw(asked())).find((one) => one.id === id));

    assert.deepEqual(
      [until?.min, until?.label],
      ['2026-11-21', 'Expected until (the end of that day, 90 days from now at most)'],
    );
    assert.deepEqual(to?.['choices.data'], { type: 'Data.Query', dataset: 'graph.microsoft.com/users' });
    assert.equal(
      inputsOf(draw(asked(), { now: '2026-11-21T23:30:00.000Z' })).find(({ id }) => id === 'until')?.min,
      '2026-11-22',
      "on the reader's calendar",
    );
  });

  it('labels every input, and holds no answer back for a comment that another one needs', () => {
    const demands = [
      ['optional', /^Comment \(optional\)$/],
      ['destructive', /^Comment \(required for: Make it private\)$/],
      ['always', /^Comment \(required, except to hand it on\)$/],
    ] as const;

    for (const [comment, label] of demands) {
      const card = draw(asked({}, asking({ comment })));
      const inputs = inputsOf(card);
      assert.ok(inputs.every((one) => typeof one.label === 'string' && one.label !== ''));
      const [first] = inputs;
      assert.match(String(first?.label), label);
      assert.equal(first?.isRequired, undefined);
    }
  });

  it('prints a line to write for everything that its buttons do', () => {
    const words = wordsOf(draw(asked({}, CONTAINED)));

    for (const line of [
      'approve K7M2PQRS make-private',
      'keep K7M2PQRS',
      'dismiss K7M2PQRS',
      'dismiss K7M2PQRS until friday',
      'reassign K7M2PQRS somebody@your-company',
      'escalate K7M2PQRS',
    ])
      assert.ok(words.includes(`"text":"${line}"`), line);
  });

  it('takes nobody to security who is asked beside them already', () => {
    assert.doesNotMatch(wordsOf(draw(asked({ beside: [team] }))), /Hand to security|escalate/);
  });

  for (const letter of ['ü', '*', '\u{1F4A3}', '"'])
    it(`stays below 28 KB with everything that it may say, for sixty readers, in ${letter}`, () => {
      const long = letter.repeat(5_000);
      const { question } = asked();
      const [offer] = question?.offers ?? [];
      const [planned] = offer?.actions ?? [];
      assert.ok(question && offer && planned);
      const person = (n: number) => ({ kind: 'person', id: `${n}` as typeof MANAGER, name: long }) as const;
      const says = Array.from({ length: 30 }, () => long);
      const actions = Array.from({ length: 10 }, () => ({ ...planned, says }));
      const about = asked(
        {
          ...{ reason: long, twoPeople: long, clock: CLOCK, rule: { kind: 'everyone' } },
          beside: Array.from({ length: 10 }, (_, n) => person(n)),
          path: Array.from({ length: 12 }, () => ({ name: long, outcome: 'passed-over', reason: long })),
          offers: Array.from({ length: 15 }, (_, n) => ({
            ...offer,
            key: `offer-${n}`,
            label: long,
            left: [long],
            actions,
          })),
          withheld: Array.from({ length: 12 }, (_, n) => ({ label: long, reason: `${n} ${long}` })),
        },
        {
          ...CONTAINED,
          ...asking({ comment: 'destructive', contain: 'make-private' }),
          decisions: Array.from({ length: 10 }, (_, n) => ({
            ...signed,
            by: person(n),
            awaits: long,
            comment: long,
          })),
          decidedBefore: 0,
          severity: 'high',
          ...{ title: long, outcome: says },
          facts: Array.from({ length: 20 }, () => ({ label: long, value: long })),
          deeds: Array.from({ length: 20 }, (_, n) => ({ key: `${n}`, says: `${n} ${long}` })),
          statements: Array.from({ length: 3 }, () => ({
            by: person(1),
            at: '',
            was: 'me' as const,
            comment: long,
          })),
          troubles: Array.from({ length: 20 }, () => ({
            at: '',
            action: long,
            target: long,
            code: long,
            message: long,
          })),
          related: Array.from({ length: 10 }, () => ({
            id: 'p'.repeat(80),
            title: long,
            text: '',
            hash: '',
            question: '',
            ref: 'AAAABBBB',
          })),
          reassigned: [{ to: { id: SECURITY, name: long }, by: person(2), at: '' }],
        },
      );
      const readers = Array.from({ length: 60 }, (_, n) => `29:${String(n).padStart(90, 'x')}`);

      for (const mayAnswer of [true, false]) {
        const card = draw(about, {
          readers,
          mayAnswer,
          forOperator: true,
          notice: long,
          mayCorrect: true,
          mayUndo: true,
        });
        assert.ok(Buffer.byteLength(JSON.stringify(card)) <= 28 * 1024);
      }
    });
});
