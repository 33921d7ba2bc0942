// "Was this you?" goes to the person in question first where a policy wishes it: what their answer does, and when they are not asked.
// See docs/decisions/0013.
import assert from 'node:assert/strict';
import { askStep } from '../../src/case/ask-step.ts';
import { answeredAt, type Case } from '../../src/case/case.ts';
import { DEFAULT_DETECTION, type OperatorSettings } from '../../src/case/settings.ts';
import type { WriteBack } from '../../src/case/verdict.ts';
import { claim } from '../../src/decide/claim.ts';
import { people } from '../../src/sandbox/people.ts';
import { actorOf } from '../helpers/app.ts';
import {
  type AskingStage,
  askedIn,
  chatOf,
  createAskingStage,
  passedIn,
  reasonIn,
} from '../helpers/asking-stage.ts';
import { aCase } from '../helpers/cases.ts';
import { allEnglish } from '../helpers/english.ts';

const { alex, morgan, ben, priya } = people;
const FIRST = { subjectFirst: true };

describe('The person in question, asked first', () => {
  let stage: AskingStage;
  const start = async (over: Partial<OperatorSettings> = {}): Promise<void> => {
    stage = await createAskingStage(over);
  };
  beforeEach(() => start());
  afterEach(() => stage.close());

  const open = (over: Partial<Case> = {}) => stage.open(over, FIRST);
  const sentTo = (to: string) => stage.sent.filter((one) => one.to === to).map(({ card }) => card);
  const security = () => sentTo(stage.settings.security.channel);
  const says = async (about: Case, was: 'me' | 'not-me', more = {}) => {
    stage.clock.at += 60_000;
    const result = await stage.says(about, alex, was, more);
    return { result, after: await stage.run(about) };
  };

  it('gets their own card, which says nothing of the question, and nobody else gets any', async () => {
    const about = await open();

    assert.deepEqual(about.question?.approver, { kind: 'subject', id: alex.id, name: 'Alex Weber' });
    assert.deepEqual(
      sentTo(chatOf(alex)).map(({ template }) => template),
      ['notice'],
    );
    assert.equal(stage.sent.length, 1);
    assert.deepEqual(
      about.notices?.map(({ user, way }) => [user, way]),
      [[alex.id, 'teams']],
    );
    // An hour, by the clock.
    const { clock, askedAt } = about.question ?? assert.fail();
    assert.equal(Date.parse(clock?.timeOutAt ?? '') - Date.parse(askedAt), 3_600_000);
  });

  describe('where the settings let nobody be asked but them and the security team', () => {
    const ask = ['subject', 'security'] as const;
    beforeEach(async () => {
      await stage.close();
      await start({ detection: { ...DEFAULT_DETECTION, bounds: { ...DEFAULT_DETECTION.bounds, ask } } });
    });

    it('is asked first', async () => {
      assert.deepEqual(askedIn(await open()), ['Alex Weber?']);
    });

    it('is followed by the security team once they are silent, and the card says why', async () => {
      const about = await open({ subjectAsked: true });

      assert.deepEqual(askedIn(about), ['security']);
      assert.deepEqual(passedIn(about), ['Alex Weber was asked first and has not answered.']);
      assert.equal(reasonIn(about), 'The settings let nobody else be asked, so the security team is.');
    });
  });

  describe('who says that it was them', () => {
    for (const severity of ['informational', 'low', 'medium'] as const)
      it(`ends it as expected (${severity}), told to the security channel and written back, without a decision`, async () => {
        const about = await open({
          severity,
          sources: [{ source: 'graph', sourceId: 'alert-1', resolved: false }],
        });

        const { after } = await says(about, 'me');

        assert.equal(after.state, 'dismissed');
        assert.deepEqual(after.decisions, []);
        assert.deepEqual(allEnglish(after.outcome), [
          'Alex Weber says that it was them, and the policy takes their word for it.',
          'Nothing was changed.',
        ]);
        assert.equal(security().length, 1);
        assert.deepEqual(sentTo(chatOf(morgan)), []);
        const back = stage.steps.find(({ kind }) => kind === 'write-back');
        const { verdict, comment = [] } = (back?.body ?? {}) as Partial<WriteBack>;
        assert.equal(verdict?.classification, 'informationalExpectedActivity');
        assert.match(allEnglish([comment].flat()).join(' '), /Alex Weber says that it was them/);
        // Repeats of the same are counted from here on.
        assert.equal(answeredAt(after), after.statements?.[0]?.at);
      });

    for (const severity of ['high', 'critical'] as const)
      it(`leaves it to their manager (${severity}), who sees what they said`, async () => {
        const { after } = await says(await open({ severity }), 'me');

        assert.equal(after.state, 'asking');
        assert.deepEqual(askedIn(after), ['Morgan Reyes']);
        assert.deepEqual(passedIn(after), ['Alex Weber was asked first and says that it was them.']);
        assert.match(JSON.stringify(sentTo(chatOf(morgan))[0]), /it was me/);
      });

    it('leaves it to their manager where Entra holds a risk against them by then, or nobody can ask', async () => {
      const about = await open();
      stage.world.state.risks.set(alex.id, { level: 'high', state: 'atRisk', updatedAt: null });

      const { after } = await says(about, 'me');

      assert.deepEqual(askedIn(after), ['Morgan Reyes']);
    });

    it('leaves it to their manager where another case is about them by then', async () => {
      const about = await open();
      await stage.open();

      const { after } = await says(about, 'me');

      assert.deepEqual([after.state, askedIn(after)], ['asking', ['Morgan Reyes']]);
    });

    it('leaves it to their manager where somebody of the security team has signed already', async () => {
      const about = await open();
      const by = { kind: 'person', id: ben.id, name: 'Ben Adler' } as const;
      const decisions = [{ verb: 'approve', by, at: about.updatedAt, awaits: 'It takes two.' } as const];
      await stage.store.transact(async (tx) => {
        const now = (await tx.lockCase(about.id)) ?? assert.fail();
        await tx.saveCase({ ...now, decisions, version: now.version + 1 });
      });

      const { after } = await says(about, 'me');

      assert.deepEqual([after.state, askedIn(after)], ['asking', ['Morgan Reyes']]);
    });

    it('means the question on the card that was pressed, and no later one', async () => {
      const about = await open();

      const { result, after } = await says(about, 'me', { questionId: 'an-earlier-one' });

      assert.equal(result.kind, 'decided');
      assert.deepEqual([after.state, askedIn(after)], ['asking', ['Alex Weber?']]);
    });

    it('is taken at their word by a line of text once they have the card, and not before', async () => {
      const about = await open();
      const copies = await stage.store.copiesOf(about.id);
      await stage.store.transact((tx) => tx.removeCopy(copies[0]?.id ?? ('' as never)));
      const early = await says(about, 'me', { questionId: undefined });
      await stage.store.transact((tx) => tx.saveCopy(copies[0] ?? assert.fail()));

      const { after } = await says(about, 'me', { questionId: undefined });

      assert.equal(early.after.state, 'asking');
      assert.equal(after.state, 'dismissed');
    });

    it('can say later that it was not, and then the security team is asked', async () => {
      const { after: closed } = await says(await open(), 'me');

      const { after } = await says(closed, 'not-me');

      assert.deepEqual([after.state, askedIn(after)], ['asking', ['security']]);
    });
  });

  describe('who says that it was not them', () => {
    it('has their manager asked, who sees it, and the security team told at the same moment', async () => {
      const { after } = await says(await open(), 'not-me');

      assert.deepEqual(askedIn(after), ['Morgan Reyes']);
      assert.deepEqual(passedIn(after), ['Alex Weber was asked first and says that it was not them.']);
      assert.match(JSON.stringify(sentTo(chatOf(morgan))[0]), /it was NOT me/);
      assert.equal(security().length, 1);
    });

    it('is heard from whatever card they press', async () => {
      const { after } = await says(await open(), 'not-me', { questionId: 'an-earlier-one' });

      assert.deepEqual(askedIn(after), ['Morgan Reyes']);
    });

    it('is not believed otherwise later', async () => {
      const { after: asked } = await says(await open(), 'not-me');

      const { after } = await says(asked, 'me');

      assert.deepEqual([after.state, askedIn(after)], ['asking', ['Morgan Reyes']]);
    });
  });

  it('decides nothing: every other answer of theirs is refused', async () => {
    const about = await open();
    const parts = {
      ...{ store: stage.store, clock: stage.clock, settings: stage.settings, ids: stage.routing.ids },
      ...{ capOf: () => 1, strengthOf: () => 5, canUndo: () => false, undoLetsIn: () => false },
      isAtRisk: async () => null,
      accountOf: async () => ({ enabled: true, guest: false }),
      findPerson: async () => null,
    };

    for (const verb of ['approve', 'dismiss', 'escalate', 'undo', 'reassign', 'keep', 'correct'] as const) {
      const answer = { verb, questionId: about.question?.id ?? '', offer: 'make-private', to: priya.id };
      const result = await claim(about.id, answer, actorOf(alex), parts);
      assert.equal(result.kind, 'refused', verb);
    }

    const after = await stage.store.readCase(about.id);
    assert.deepEqual(after?.decisions, []);
    assert.equal(after?.state, 'asking');
  });

  it('is nobody who says so: anybody else is told what any stranger is told', async () => {
    const about = await open();

    const result = await stage.says(about, morgan, 'me');

    assert.equal(result.kind === 'refused' && result.code, 'decide.not-subject');
  });

  it('is followed by the manager once their time is over, who is told of the silence', async () => {
    const about = await open();
    await stage.store.transact(async (tx) => {
      const now = (await tx.lockCase(about.id)) ?? assert.fail();
      const { commitTransition } = await import('../../src/ports/commit-transition.ts');
      await commitTransition(tx, now, {
        ...{ event: 'timed-out', at: now.updatedAt, patch: { subjectAsked: true } },
        steps: [{ kind: 'route', key: '' }],
        note: { kind: 'question.timed-out', actor: { kind: 'system', id: 's', name: 's' }, facts: {} },
      });
    });

    const after = await stage.run(about);

    assert.deepEqual(askedIn(after), ['Morgan Reyes']);
    assert.deepEqual(passedIn(after), ['Alex Weber was asked first and has not answered.']);
  });

  it('is reminded by a new card, and recorded as asked once', async () => {
    const about = await open();
    stage.clock.at += 60_000;
    await stage.store.transact((tx) =>
      tx.addStep(about.id, askStep(about.question?.id ?? ('' as never), alex.id, 1)),
    );

    const after = await stage.run(about);

    assert.equal(sentTo(chatOf(alex)).length, 2);
    assert.equal(after.notices?.length, 1);
  });

  describe('is not asked', () => {
    const cases: readonly (readonly [
      string,
      (() => void | Promise<void>) | null,
      Partial<Case>,
      string | null,
    ])[] = [
      [
        'at risk in Entra',
        () => void stage.world.state.risks.set(alex.id, { level: 'low', state: 'atRisk', updatedAt: null }),
        {},
        'is at risk in Entra',
      ],
      ['away', () => stage.away(alex, null), {}, 'is away'],
      [
        'out of reach in Teams',
        () => void stage.notInstallable.add(alex.id),
        {},
        'cannot be reached in Teams',
      ],
      ['blocked in Teams', () => void stage.blocked.add(chatOf(alex)), {}, 'cannot be reached in Teams'],
      [
        'the subject of another open case',
        async () => void (await stage.open()),
        {},
        'is the person in question in another open case',
      ],
      ['asked already', null, { subjectAsked: true }, ''],
      ['past it, because the manager was asked before', null, { question: aCase().question }, null],
      [
        'known to have said that it was not them',
        null,
        {
          statements: [
            {
              by: { kind: 'person', id: alex.id, name: 'Alex' },
              at: '2026-11-20T09:00:00.000Z',
              was: 'not-me',
            },
          ],
        },
        null,
      ],
    ];
    for (const [what, set, over, why] of cases)
      it(`when they are ${what}`, async () => {
        await set?.();

        const about = await open(over);

        assert.deepEqual(askedIn(about), ['Morgan Reyes']);
        if (why !== null) assert.ok(passedIn(about)[0]?.includes(why), passedIn(about).join());
      });

    it('when the account is disabled', async () => {
      const known = stage.world.state.users.get(alex.id) ?? assert.fail();
      stage.world.state.users.set(alex.id, { ...known, enabled: false });

      const about = await open();

      assert.match(passedIn(about)[0] ?? '', /would be asked first but the account is disabled/);
    });

    it('when the settings do not allow it', async () => {
      await stage.close();
      await start({
        detection: {
          ...DEFAULT_DETECTION,
          bounds: { ...DEFAULT_DETECTION.bounds, ask: ['manager', 'security'] },
        },
      });

      assert.deepEqual(askedIn(await open()), ['Morgan Reyes']);
    });

    it('when the policy does not wish it, or sends everything to the security team', async () => {
      const { policy } = aCase();

      assert.deepEqual(askedIn(await stage.open()), ['Morgan Reyes']);
      assert.deepEqual(askedIn(await open({ toSecurity: 'It was handed over.' })), ['security']);
      assert.deepEqual(
        askedIn(await open({ policy: { ...policy, securityOnly: true, asking: { ...FIRST } as never } })),
        ['security'],
      );
    });
  });
});
