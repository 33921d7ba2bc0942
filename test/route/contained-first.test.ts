// Silence that contains something takes the question from nobody: who keeps their place, in which order, and how many it takes.
import assert from 'node:assert/strict';
import type { Asking } from '../../src/case/asking.ts';
import { type Case, SYSTEM } from '../../src/case/case.ts';
import type { Approver, Question } from '../../src/case/question.ts';
import { type Person, people, TENANT_ID } from '../../src/sandbox/people.ts';
import {
  type AskingStage,
  askedIn,
  chatOf,
  createAskingStage,
  reasonIn,
  START,
} from '../helpers/asking-stage.ts';
import { settings as usual } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';

const { morgan, priya, dana, yuki, ben, jonas } = people;
const AT = new Date(START - 60_000).toISOString();
const MORGAN = "Morgan Reyes is Alex Weber's manager.";
const contained = { verb: 'approve', offer: 'make-private', by: SYSTEM, at: AT } as const;
const SECURITY: Approver = { kind: 'security' };
const asked = ({ id, displayName: name }: Person, as: 'manager' | 'named' | 'on-call' = 'manager') =>
  ({ kind: 'person', id, name, as }) as const;

describe('Who keeps a question that is contained first', () => {
  let stage: AskingStage;
  beforeEach(async () => {
    const security = { ...usual.security, members: [yuki.id, ben.id], onCall: [yuki.id, ben.id] };
    stage = await createAskingStage({ security });
    // Everybody has had a card.
    for (const { id } of [morgan, priya, dana, yuki, ben, jonas])
      await stage.store.saveReachable({
        ...{ tenantId: TENANT_ID, id, teamsId: '' },
        conversation: { id: chatOf({ id }), serviceUrl: 'https://teams.example' },
      });
  });
  afterEach(() => stage.close());

  /** As it stood when nobody had answered. */
  const questionOf = (approvers: readonly Approver[], over: Partial<Question> = {}): Question => {
    const [approver = assert.fail(), ...beside] = approvers;
    const path = approvers.flatMap((one) =>
      one.kind === 'person'
        ? [{ name: one.name, id: one.id, outcome: 'asked' as const, reason: reasonOf(one.name) }]
        : [],
    );
    return {
      ...{ id: 'before' as Question['id'], approver, beside, path, reason: MORGAN },
      ...{ offers: [], withheld: [], askedAt: new Date(START - 4 * 3_600_000).toISOString() },
      ...over,
    };
  };
  const reasonOf = (name: string): string =>
    name === 'Morgan Reyes' ? MORGAN : `${name} was asked besides.`;
  const again = (question: Question, over: Partial<Case> = {}, asking: Partial<Asking> = {}): Promise<Case> =>
    stage.open({ question, decisions: [contained], ...over }, asking);
  const pathOf = ({ question }: Case): readonly string[] =>
    (question?.path ?? []).map(({ reason }) => english(reason));

  it('is everybody whom it was with, in their order, each with a card and a reason', async () => {
    const about = await again(questionOf([asked(morgan), asked(priya), SECURITY, asked(yuki, 'on-call')]));

    assert.deepEqual(askedIn(about), ['Morgan Reyes', 'Priya Nair', 'security', 'Yuki Mori']);
    assert.equal(reasonIn(about), MORGAN);
    assert.ok(pathOf(about).includes('Priya Nair was asked besides.'));
    for (const to of [chatOf(morgan), chatOf(priya), chatOf(yuki)])
      assert.equal(stage.sent.filter((one) => one.to === to).length, 1);
  });

  it('may answer late where what silence decided could not be done, and the security team has it', async () => {
    const about = await again(questionOf([asked(morgan), asked(priya)]), {
      toSecurity: 'Make private did not succeed.',
    });

    assert.deepEqual(askedIn(about), ['security', 'Yuki Mori']);
    assert.deepEqual(about.question?.late, [morgan.id, priya.id]);
  });

  it('is not whoever may not answer by now', async () => {
    const question = questionOf([asked(morgan), asked(priya), asked(dana)]);
    const by = { kind: 'person', id: priya.id, name: priya.displayName } as const;
    const to = { id: jonas.id, name: jonas.displayName };
    const OUT: readonly Partial<Case>[] = [
      { named: [priya.id] },
      { unreachable: [priya.id] },
      { reassigned: [{ to, by, at: new Date(START - 5 * 3_600_000).toISOString() }] },
    ];
    for (const over of OUT) {
      const about = await again(question, over);

      assert.ok(!askedIn(about).includes('Priya Nair'), askedIn(about).join());
      assert.ok(askedIn(about).includes('Dana Holt'));
    }
    assert.deepEqual(
      askedIn(await again(questionOf([asked(morgan), asked(priya)]), { named: [morgan.id] })),
      ['Priya Nair'],
    );
  });

  it('has the reason of whoever is the first by now', async () => {
    const about = await again(questionOf([asked(morgan), asked(priya)]), { unreachable: [morgan.id] });

    assert.deepEqual(askedIn(about), ['Priya Nair']);
    assert.match(reasonIn(about) ?? '', /^Priya Nair/);
  });

  it('is whoever is away as well, behind whom nobody loses their place', async () => {
    stage.away(morgan, null);

    const about = await again(questionOf([asked(morgan), asked(priya)]));

    assert.deepEqual(askedIn(about), ['Morgan Reyes', 'Priya Nair']);
  });

  it('is nobody whose account was disabled meanwhile', async () => {
    const known = stage.world.state.users.get(morgan.id) ?? assert.fail();
    stage.world.state.users.set(morgan.id, { ...known, enabled: false });

    const about = await again(questionOf([asked(morgan), asked(priya), SECURITY]));

    assert.deepEqual(askedIn(about), ['Priya Nair', 'security']);

    const other = await again(questionOf([asked(morgan), SECURITY]));
    assert.deepEqual(askedIn(other), ['Priya Nair', 'security'], 'whoever is found comes before the team');
  });

  it('leaves the rule as it was, and how many it takes', async () => {
    const approvers = [morgan.id, jonas.id];
    const rule = { kind: 'everyone' } as const;
    const question = questionOf([asked(morgan, 'named'), asked(jonas, 'named'), asked(priya)], {
      ...{ rule, needs: 2 },
    });

    const everyone = await again(question, {}, { rule, approvers });
    assert.deepEqual(askedIn(everyone), ['Morgan Reyes', 'Jonas Lindqvist', 'Priya Nair']);
    assert.deepEqual([everyone.question?.rule, everyone.question?.needs], [rule, 2]);

    const quorum = { kind: 'quorum', of: 2 } as const;
    const two = questionOf([asked(morgan), asked(priya)], { rule: quorum });
    const some = await again(two, {}, { rule: quorum });
    assert.deepEqual(askedIn(some), ['Morgan Reyes', 'Priya Nair'], 'they are enough: nobody else is asked');
    assert.deepEqual([some.question?.rule, some.question?.needs], [quorum, undefined]);
  });

  it('is everybody on call, where it was with the security team, and nobody comes before it', async () => {
    const late = [morgan.id];
    const question = questionOf([SECURITY, asked(yuki, 'on-call'), asked(ben, 'on-call')], { late });

    const about = await again(question, { toSecurity: 'It was handed over.' });

    assert.deepEqual(askedIn(about), ['security', 'Yuki Mori', 'Ben Adler']);
    assert.equal(reasonIn(about), 'It was handed over.');
  });

  it('is nobody but the security team where containing failed: that is no silence', async () => {
    const about = await again(questionOf([asked(morgan), asked(priya)]), {
      toSecurity: 'It did not succeed.',
    });

    assert.deepEqual(askedIn(about), ['security', 'Yuki Mori']);
  });

  it('starts over where somebody has answered, or where it was asked anew since', async () => {
    const question = questionOf([asked(morgan), asked(priya)]);
    const by = { kind: 'person', id: dana.id, name: dana.displayName } as const;

    const voided = await again(question, { decisions: [{ ...contained, by }] });
    const later = await again({ ...question, askedAt: AT });

    assert.deepEqual([voided, later].map(askedIn), [['Morgan Reyes'], ['Morgan Reyes']]);
  });
});
