// How many people an answer takes, by every rule and every verb, in every order in which they can give it. Pure.
import assert from 'node:assert/strict';
import type { AnswerRule } from '../../src/case/asking.ts';
import type { Case, Decision } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { Approver, PlannedAction, Question } from '../../src/case/question.ts';
import { decidersOf, signaturesOf, undoSignaturesOf } from '../../src/case/signed.ts';
import { type Written, writeOut } from '../../src/case/written.ts';
import { reasonsFor, type Weighed, weigh } from '../../src/decide/signatures.ts';
import { takesFor } from '../../src/decide/takes.ts';
import { aCase, SECURITY, settings as usual } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const AT = '2026-11-21T10:00:00.000Z';
const people = Array.from(
  { length: 10 },
  (_, index) => `00000000-0000-4000-8000-0000000001${String(index).padStart(2, '0')}` as UserId,
);
const [A, B, C] = people as [UserId, UserId, UserId];
const SECOND = '00000000-0000-4000-8000-000000000033' as UserId;
const settings = { ...usual, security: { ...usual.security, members: [SECURITY, SECOND] } };

const by = (id: string): Decision['by'] => ({ kind: 'person', id, name: `Person ${id.slice(-2)}` });
const says = (id: string, over: Partial<Decision> = {}): Decision => ({
  ...{ verb: 'approve', offer: 'make-private', by: by(id), at: AT },
  ...over,
});
const expected = (id: string, over: Partial<Decision> = {}): Decision => {
  const { offer, ...said } = says(id, { verb: 'dismiss', ...over });
  return said;
};
const person = (id: UserId): Approver => ({ kind: 'person', id, name: `Person ${id.slice(-2)}` });

interface Asked extends Partial<Pick<Question, 'rule' | 'twoPeople'>> {
  readonly of: readonly Approver[];
}

function asking({ of, ...question }: Asked, over: Partial<Case> = {}): Case {
  const about = aCase(over);
  assert.ok(about.question);
  const [approver = { kind: 'security' as const }, ...beside] = of;
  const offer = about.question.offers[0];
  assert.ok(offer);
  const offers = [offer, { ...offer, key: 'other', label: 'Other' }];
  return { ...about, question: { ...about.question, ...question, offers, approver, beside } };
}

const verdict = (about: Case, decision: Decision, members = settings): Written<Weighed> => {
  const signatures = decision.verb === 'undo' ? undoSignaturesOf(about) : signaturesOf(about);
  const reasons = reasonsFor(about, decision, signatures, members);
  return writeOut(weigh(about, decision, signatures, reasons, members), english);
};

/** As the claim does: what is not enough goes on record, and the question stays. */
function answerAll(about: Case, answers: readonly Decision[]): { taken: Decision | null; after: Case } {
  let after = about;
  for (const answer of answers) {
    const weighed = verdict(after, answer);
    if (weighed.kind === 'signed-already') continue;
    if (weighed.kind === 'enough')
      return { taken: answer, after: { ...after, decisions: [...after.decisions, answer] } };
    const question =
      weighed.by === 'security' && after.question
        ? { ...after.question, approver: { kind: 'security' as const }, beside: [] }
        : after.question;
    after = { ...after, question, decisions: [...after.decisions, { ...answer, awaits: weighed.awaits }] };
  }
  return { taken: null, after };
}

function permutations<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length < 2) return [all];
  return all.flatMap((one, index) => permutations(all.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

/** So many orders of what has too many: always the same ones. */
function someOrders<T>(all: readonly T[], count: number): readonly (readonly T[])[] {
  let seed = 20_261_121;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  return Array.from({ length: count }, () => {
    const order = [...all];
    for (let index = order.length - 1; index > 0; index--) {
      const other = next(index + 1);
      [order[index], order[other]] = [order[other] as T, order[index] as T];
    }
    return order;
  });
}

describe('how many people an answer takes', () => {
  const rules: readonly (readonly [AnswerRule | undefined, number, number])[] = [
    [undefined, 10, 1],
    [{ kind: 'first' }, 10, 1],
    [{ kind: 'everyone' }, 2, 2],
    [{ kind: 'everyone' }, 3, 3],
    [{ kind: 'everyone' }, 10, 10],
    [{ kind: 'quorum', of: 2 }, 3, 2],
    [{ kind: 'quorum', of: 3 }, 10, 3],
  ];
  for (const [rule, asked, takes] of rules)
    it(`is ${takes} of ${asked} by the rule ${rule ? JSON.stringify(rule) : '(none)'}, whoever comes first`, () => {
      const of = people.slice(0, asked);
      const about = asking({ of: of.map(person), ...(rule && { rule }) });
      const orders = asked <= 4 ? permutations(of) : someOrders(of, 200);

      for (const order of orders)
        for (const answer of [says, expected]) {
          const early = order.slice(0, takes - 1).map((id) => answer(id));
          assert.equal(answerAll(about, early).taken, null, `${takes - 1} are not enough`);
          const all = answerAll(
            about,
            order.map((id) => answer(id)),
          );
          assert.equal(all.taken?.by.id, order[takes - 1]);
          assert.equal(all.after.decisions.length, takes);
          assert.deepEqual(new Set(decidersOf(all.after)), new Set(order.slice(0, takes)));
        }
    });

  it('is never reached by one person, however often they say it', () => {
    for (const rule of [{ kind: 'everyone' }, { kind: 'quorum', of: 2 }, { kind: 'sequence' }] as const) {
      const about = asking({ of: [A, B].map(person), rule });

      const { taken, after } = answerAll(about, [says(A), says(A), says(A), expected(A), says(A)]);

      assert.equal(taken, null);
      assert.equal(signaturesOf(after).length, 1, 'what they said last counts, once');
    }
  });

  it('takes in sequence whoever was asked and somebody of the security team, in either order', () => {
    const about = asking({ of: [A, B].map(person), rule: { kind: 'sequence' } });
    const reaches = (...ids: readonly UserId[]) =>
      answerAll(
        about,
        ids.map((id) => says(id)),
      ).taken?.by.id;

    assert.equal(reaches(A, SECURITY), SECURITY);
    assert.equal(reaches(SECURITY, A), A);
    assert.equal(reaches(A, B), undefined, 'nobody of the security team');
    assert.equal(reaches(A, B, SECURITY), SECURITY);
    const first = verdict(about, says(A));
    assert.deepEqual(first, {
      kind: 'signature',
      awaits:
        'One more person has to agree. After whoever was asked, somebody of the security team has to agree.',
      by: 'security',
    });
  });

  it('lets a member of the security team sign as one of the people', () => {
    const about = asking({ of: [A, B].map(person), rule: { kind: 'everyone' } });

    assert.equal(answerAll(about, [says(A), says(SECURITY)]).taken?.by.id, SECURITY);
    assert.equal(answerAll(about, [says(SECURITY), says(B)]).taken?.by.id, B);
  });

  describe('whatever the rule, is two', () => {
    const planned = (over: Partial<PlannedAction>, count = 1): Case => {
      const about = asking({ of: [A, B].map(person) });
      const { question } = about;
      const [offer] = question?.offers ?? [];
      const [action] = offer?.actions ?? [];
      assert.ok(question && offer && action);
      const actions = Array.from({ length: count }, (_, index) => ({
        ...action,
        target: { ...action.target, name: `bucket-${index}` },
        ...over,
      })) as PlannedAction[];
      return { ...about, question: { ...question, offers: [{ ...offer, actions }] } };
    };
    const executive = 'Alex Weber is one of the executives.';
    const two = (about: Case): Case => ({
      ...about,
      question: about.question && { ...about.question, twoPeople: executive },
    });
    const cases: readonly (readonly [string, Case, Decision, number])[] = [
      ['for what keeps an executive out', two(planned({})), says(A), 2],
      ['not for only asking an executive', two(planned({ nature: 'informs' })), says(A), 1],
      ['not for "expected" about an executive', two(planned({})), expected(A), 1],
      ['for keeping an executive contained', two(planned({})), expected(A, { verb: 'keep' }), 2],
      ['for letting somebody in', planned({ nature: 'lets-in' }), says(A), 2],
      ['not for ten targets', planned({}, 10), says(A), 1],
      ['for eleven targets', planned({}, 11), says(A), 2],
      ['not for telling eleven people', planned({ nature: 'informs' }, 11), says(A), 1],
      ['not for "expected" of medium severity', planned({}), expected(A), 1],
      ['for "expected" of high severity', { ...planned({}), severity: 'high' }, expected(A), 2],
      [
        'for "expected until" of critical severity',
        { ...planned({}), severity: 'critical' },
        expected(A, { until: '2026-12-01T00:00:00.000Z' }),
        2,
      ],
      ['not for what keeps somebody out of high severity', { ...planned({}), severity: 'high' }, says(A), 1],
      [
        'not for undo of medium severity',
        { ...planned({}), state: 'contained' },
        expected(A, { verb: 'undo' }),
        1,
      ],
      [
        'for undo of high severity',
        { ...planned({}), severity: 'high', state: 'contained' },
        expected(A, { verb: 'undo' }),
        2,
      ],
    ];
    for (const [what, about, decision, takes] of cases)
      it(what, () => {
        assert.equal(verdict(about, decision).kind, takes === 1 ? 'enough' : 'signature');
        if (takes === 1) return;
        const once = { ...about, decisions: [{ ...decision, awaits: 'why' }] };
        assert.equal(verdict(once, decision).kind, 'signed-already');
        assert.equal(verdict(once, { ...decision, by: by(B) }).kind, 'enough');
      });

    it('as many as the strictest of several reasons asks for', () => {
      const about = asking({ of: people.map(person), rule: { kind: 'quorum', of: 3 }, twoPeople: executive });

      assert.equal(answerAll(about, [says(A), says(B)]).taken, null);
      assert.equal(answerAll(about, [says(A), says(B), says(C)]).taken?.by.id, C);
      const weighed = verdict(about, says(A));
      assert.equal(
        weighed.kind === 'signature' && weighed.awaits,
        `2 more people have to agree. It takes 3 different people. ${executive}`,
      );
    });

    it('and only the rule holds in a dry run: there is nothing to guard', () => {
      const about = two(planned({}, 11));
      assert.deepEqual(reasonsFor(about, says(A), [], settings, { isDryRun: true }), []);
      const everyone = asking({ of: [A, B].map(person), rule: { kind: 'everyone' } });
      assert.equal(reasonsFor(everyone, says(A), [], settings, { isDryRun: true }).length, 1);
    });

    it('but for "expected", which ends the case and keeps others quiet in a dry run as well', () => {
      const about = { ...two(planned({})), severity: 'high' as const };
      const reading = { reader: A, at: '2026-11-21T09:45:00.000Z', isDryRun: true };

      assert.equal(reasonsFor(about, expected(A), [], settings, { isDryRun: true }).length, 1);
      assert.match(english(takesFor(about, reading, settings).dismiss), /takes two people/);
    });

    it('and what is done because nobody answered counts as nobody: no rule asks for it, every guard does', () => {
      const system = says('countersign', { by: { kind: 'system', id: 'countersign', name: 'Countersign' } });
      const everyone = asking({ of: [A, B].map(person), rule: { kind: 'everyone' } });
      assert.equal(verdict(everyone, system).kind, 'enough');
      const signed = { ...two(planned({})), decisions: [says(A, { awaits: 'why' })] };
      assert.equal(verdict(signed, system).kind, 'signature', 'one person and a machine are not two people');
    });
  });

  it('counts nothing that was said of something else, or before', () => {
    const about = asking({ of: people.map(person), rule: { kind: 'quorum', of: 2 } });
    const signed = (decisions: readonly Decision[], over: Partial<Case> = {}) => ({
      ...about,
      decisions,
      ...over,
    });
    const awaits = 'why';

    assert.equal(verdict(signed([says(A, { awaits, offer: 'other' })]), says(B)).kind, 'signature');
    assert.equal(verdict(signed([expected(A, { awaits })]), says(B)).kind, 'signature');
    assert.equal(verdict(signed([says(A, { awaits })], { decidedBefore: 1 }), says(B)).kind, 'signature');
    const carriedOut = [says(A, { awaits }), says(B)];
    assert.equal(
      verdict(signed(carriedOut), says(C)).kind,
      'signature',
      'since the last that was carried out',
    );
    assert.equal(verdict(signed([says(A, { awaits })]), says(B)).kind, 'enough');
  });

  it('reads what a store from before holds: a first signature beyond a limit, and one of "expected"', () => {
    const limit = asking({ of: [A, B].map(person) });
    const beyondCap = 'The limit of 1 of these an hour is reached.';
    const reasons = [{ people: 2, says: beyondCap }];
    const old = { ...limit, decisions: [says(A, { beyondCap })] };
    assert.equal(weigh(old, says(B), signaturesOf(old), reasons, settings).kind, 'enough');
    assert.equal(weigh(old, says(A), signaturesOf(old), reasons, settings).kind, 'signed-already');
    const high = asking({ of: [A].map(person) }, { severity: 'high', decisions: [expected(A)] });
    assert.equal(verdict(high, expected(SECURITY)).kind, 'enough');
  });

  it('of an undo counts who said so since anything else was decided', () => {
    const undo = (id: UserId, awaits?: string) => expected(id, { verb: 'undo', ...(awaits && { awaits }) });
    const done = asking({ of: [A, B].map(person) }, { severity: 'high', state: 'contained' });
    const doneBy = (...decisions: readonly Decision[]) => ({ ...done, decisions });

    assert.equal(verdict(doneBy(says(A), undo(A, 'why')), undo(B)).kind, 'enough');
    assert.equal(verdict(doneBy(says(A), undo(A, 'why')), undo(A)).kind, 'signed-already');
    assert.equal(verdict(doneBy(undo(A, 'why'), says(A)), undo(B)).kind, 'signature');
    assert.equal(verdict(doneBy(undo(A, 'why'), undo(B)), undo(C)).kind, 'signature', 'it was undone since');
    const anyway = { ...undo(SECURITY), anyway: true } as const;
    assert.equal(
      verdict(doneBy(undo(A, 'why')), anyway).kind,
      'signature',
      'over what changed is something else',
    );
  });
});

describe('who says the rest', () => {
  const by2 = (of: readonly Approver[], over: Asked | object = {}) =>
    asking({ of, rule: { kind: 'quorum', of: 2 }, ...over });
  const next = (about: Case, decision: Decision) => {
    const weighed = verdict(about, decision);
    return weighed.kind === 'signature' ? weighed.by : weighed.kind;
  };

  it('is whoever was asked, where there are enough of them', () => {
    assert.equal(next(by2([A, B].map(person)), says(A)), 'asked');
    assert.equal(next(by2([person(A)]), says(SECURITY)), 'asked', 'the manager was asked');
    assert.equal(next(by2([person(A), { kind: 'security' }]), says(A)), 'asked');
  });

  it('is the security team as well, where those who were asked are too few', () => {
    const about = asking({ of: [A, B].map(person), rule: { kind: 'quorum', of: 3 } });
    assert.equal(next(about, says(A)), 'security-besides');
  });

  it('is the security team alone, where nobody else is left', () => {
    assert.equal(next(by2([person(A)]), says(A)), 'security');
    assert.equal(next(asking({ of: [person(A)] }, { severity: 'high' }), expected(A)), 'security');
  });

  it('is the security team where two of those asked do not agree, and both are named', () => {
    for (const rule of [
      { kind: 'everyone' },
      { kind: 'quorum', of: 2 },
      { kind: 'quorum', of: 3 },
      { kind: 'sequence' },
    ] as const)
      for (const [first, second] of permutations([says(A), expected(B)]))
        for (const other of [second, says(C, { offer: 'other' })]) {
          assert.ok(first && other);
          const about = asking({ of: [A, B, C].map(person), rule });
          const { after } = answerAll(about, [first]);
          const weighed = verdict(after, other);
          assert.ok(weighed.kind === 'signature' && weighed.differ);
          assert.equal(weighed.by, rule.kind === 'sequence' ? 'asked' : 'security');
          for (const { name } of [first.by, other.by])
            assert.ok(weighed.differ.includes(name), weighed.differ);
        }
  });

  it('is then anybody of the security team who has not signed, by the count of the severity alone', () => {
    const about = asking({ of: [A, B, C].map(person), rule: { kind: 'everyone' } });
    for (const severity of ['medium', 'high'] as const) {
      const { after } = answerAll({ ...about, severity }, [says(A), expected(B)]);
      assert.equal(verdict(after, says(SECURITY)).kind, 'enough');
      assert.equal(verdict(after, says(SECURITY, { offer: 'other' })).kind, 'enough');
      assert.equal(verdict(after, expected(SECURITY)).kind, 'enough', 'with the one who said so already');
    }
    const high = answerAll({ ...about, severity: 'high' }, [says(A), says(B, { offer: 'other' })]).after;
    assert.equal(verdict(high, expected(SECURITY)).kind, 'signature');
    assert.equal(answerAll(high, [expected(SECURITY), expected(SECOND)]).taken?.by.id, SECOND);
  });

  it('keeps what silence and a member alone cannot break: a team of one decides no dispute of its own', () => {
    const about = asking({ of: [person(A)], rule: { kind: 'sequence' } });
    const { after } = answerAll(about, [says(A), expected(SECURITY)]);
    assert.equal(verdict(after, expected(SECURITY)).kind, 'signed-already');
    assert.equal(verdict(after, says(SECURITY)).kind, 'enough', 'they may come round to what was said first');
    assert.equal(verdict(after, expected(SECOND)).kind, 'enough');
  });
});
