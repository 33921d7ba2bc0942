// Everybody whom a question is with has a card of their own; who cannot be reached (any more) hands it on to the others, or to the next.
import assert from 'node:assert/strict';
import { rerouteFrom } from '../../src/ask/deliver.ts';
import type { Severity } from '../../src/case/alert.ts';
import { askStep, SECURITY_READER } from '../../src/case/ask-step.ts';
import type { Case } from '../../src/case/case.ts';
import { CountersignError } from '../../src/case/errors.ts';
import type { QuestionId } from '../../src/case/ids.ts';
import { commitTransition } from '../../src/ports/commit-transition.ts';
import { people } from '../../src/sandbox/people.ts';
import {
  type AskingStage,
  askedIn,
  chatOf,
  createAskingStage,
  passedIn,
  reasonIn,
} from '../helpers/asking-stage.ts';

const { morgan, priya, dana, ravi } = people;

describe('The cards of a question', () => {
  let stage: AskingStage;
  beforeEach(async () => {
    stage = await createAskingStage();
  });
  afterEach(() => stage.close());

  const sentTo = (person: { readonly id: string }) =>
    stage.sent.filter(({ to }) => to === chatOf(person as never));
  const both = { approvers: [dana.id, ravi.id] };

  describe('that step by step are sent', () => {
    it('are not sent again where the row says that they were', async () => {
      await stage.open();
      const step = stage.steps.find(({ kind }) => kind === 'ask') ?? assert.fail();

      await stage.again(step);

      assert.equal(stage.sent.length, 1);
    });

    it('are those of an earlier version as well, which name no reader: the approver', async () => {
      const about = await stage.open();
      const { question } = about;
      const copies = await stage.store.copiesOf(about.id);
      await stage.store.transact(async (tx) => {
        for (const { id } of copies) await tx.removeCopy(id);
        await tx.addStep(about.id, { kind: 'ask', key: question?.id ?? '' });
      });

      await stage.run(about);

      assert.equal(sentTo(morgan).length, 2);
    });

    it('are none for a question that was replaced, nor for somebody whom it is not with', async () => {
      const about = await stage.open();
      await stage.store.transact(async (tx) => {
        await tx.addStep(about.id, askStep('another' as never, morgan.id));
        await tx.addStep(about.id, askStep(about.question?.id ?? ('' as never), priya.id));
        await tx.addStep(about.id, askStep(about.question?.id ?? ('' as never), SECURITY_READER));
      });

      await stage.run(about);

      assert.equal(stage.sent.length, 1);
    });
  });

  describe('that are reminders', () => {
    const remind = async (about: Awaited<ReturnType<AskingStage['open']>>, reminder: number) => {
      stage.clock.at += 60_000;
      const id = about.question?.id ?? assert.fail();
      await stage.store.transact((tx) => tx.addStep(about.id, askStep(id, morgan.id, reminder)));
      return stage.run(about);
    };

    it('are new cards, and those before them point to the newest', async () => {
      const about = await stage.open();

      await remind(about, 1);
      await remind(about, 2);

      assert.deepEqual(
        sentTo(morgan).map(({ card }) => card.template),
        ['outcome', 'outcome', 'question'],
      );
      assert.match(String(sentTo(morgan)[0]?.card.data.heading), /newer card/);
    });

    it('leave the cards of others as they are', async () => {
      const about = await stage.open({}, { approvers: [morgan.id, ravi.id] });

      await remind(about, 1);

      assert.deepEqual(
        sentTo(ravi).map(({ card }) => card.template),
        ['question'],
      );
    });

    it('go to the next one where the account was disabled since', async () => {
      const about = await stage.open();
      const known = stage.world.state.users.get(morgan.id) ?? assert.fail();
      stage.world.state.users.set(morgan.id, { ...known, enabled: false });

      const after = await remind(about, 1);

      assert.deepEqual(askedIn(after), ['Priya Nair']);
      assert.equal(sentTo(priya).length, 1);
      assert.deepEqual(
        sentTo(morgan).map(({ card }) => card.template),
        ['outcome'],
      );
    });

    it('go out where nobody can look the account up', async () => {
      const about = await stage.open();
      Object.assign(stage.asking, {
        isHere: async () => {
          throw new CountersignError('graph.forbidden', 'no');
        },
      });

      await remind(about, 1);

      assert.equal(sentTo(morgan).length, 2);
    });
  });

  describe('that say when a reminder came', () => {
    const chasedWith = async (about: Case, reader: string): Promise<Case> => {
      const question = about.question ?? assert.fail();
      await stage.store.transact(async (tx) => {
        const current = (await tx.lockCase(about.id)) ?? assert.fail();
        await commitTransition(tx, current, {
          event: 'noted',
          at: current.updatedAt,
          patch: { chased: { question: question.id, reminders: 1, timeOuts: 0 } },
          steps: [askStep(question.id, reader, 1)],
          note: { kind: 'test', actor: { kind: 'system', id: 'test', name: 'Test' }, facts: {} },
        });
      });
      stage.clock.at += 60_000;
      return stage.run(about);
    };

    it('say so once it is there, and not before', async () => {
      const about = await stage.open();
      const { send } = stage.asking.messenger;
      const down = new CountersignError('teams.unavailable', '503', { retryable: true });
      Object.assign(stage.asking.messenger, { send: () => Promise.reject(down) });
      await assert.rejects(chasedWith(about, morgan.id), { code: 'teams.unavailable' });
      const meant = await stage.store.readCase(about.id);
      Object.assign(stage.asking.messenger, { send });
      await stage.store.retryStep(stage.steps.at(-1) ?? assert.fail(), 0, 'down');
      stage.clock.at += 3_600_000;

      const after = await stage.run(about);

      assert.equal(meant?.chased?.remindedAt, undefined);
      assert.equal(after.chased?.remindedAt, new Date(stage.clock.at).toISOString());
      const copies = await stage.store.copiesOf(about.id);
      assert.ok(copies.every(({ since }) => since === about.question?.askedAt));
    });

    it('count no reminder of somebody who is only asked besides', async () => {
      const about = await stage.open({}, both);

      const after = await chasedWith(about, ravi.id);

      assert.equal(sentTo(ravi).length, 2);
      assert.equal(after.chased?.remindedAt, undefined);
    });
  });

  describe('of what has become worse within minutes', () => {
    const joined = async (before: Severity, severity: Severity): Promise<readonly string[]> => {
      const about = await stage.open({ severity: before });
      stage.clock.at += 60_000;
      const id = 'asked-anew' as QuestionId;
      await stage.store.transact(async (tx) => {
        const current = (await tx.lockCase(about.id)) ?? assert.fail();
        const question = { ...(current.question ?? assert.fail()), id };
        await commitTransition(tx, current, {
          event: 'noted',
          at: current.updatedAt,
          patch: { severity, question },
          steps: [askStep(id, morgan.id)],
          note: { kind: 'test', actor: { kind: 'system', id: 'test', name: 'Test' }, facts: {} },
        });
      });
      stage.clock.at += 10_000;
      await stage.run(about);
      return sentTo(morgan).map(({ card }) => card.template);
    };

    for (const [before, after] of [
      ['low', 'high'],
      ['medium', 'critical'],
      ['high', 'critical'],
    ] as const)
      it(`come again with a sound where it was ${before} and is ${after}`, async () => {
        assert.deepEqual(await joined(before, after), ['outcome', 'question']);
      });

    for (const [before, after] of [
      ['low', 'medium'],
      ['high', 'high'],
      ['critical', 'high'],
    ] as const)
      it(`stay one card that grows where it was ${before} and is ${after}`, async () => {
        assert.deepEqual(await joined(before, after), ['question']);
      });
  });

  describe('that do not reach somebody', () => {
    it('go to the next one, who is told why, and an administrator is told as well', async () => {
      stage.blocked.add(chatOf(morgan));

      const about = await stage.open();

      assert.deepEqual(askedIn(about), ['Priya Nair']);
      assert.deepEqual(passedIn(about), [
        "Morgan Reyes is Alex Weber's manager but cannot be reached in Teams.",
      ]);
      const told = stage.sent.filter(({ card }) => card.template === 'admin-notice');
      assert.equal(told.length, 1);
      assert.match(String(told[0]?.card.data.why), /takes no message/);
    });

    it('leave the question with the first where it is one of those beside', async () => {
      stage.blocked.add(chatOf(ravi));

      const about = await stage.open({}, both);

      assert.deepEqual(askedIn(about), ['Dana Holt']);
      assert.equal(about.question?.beside, undefined);
      assert.equal(sentTo(dana).length, 1);
      assert.deepEqual(passedIn(about), [
        'Ravi Menon is named by the policy but cannot be reached in Teams.',
      ]);
      assert.equal(stage.steps.filter(({ kind }) => kind === 'route').length, 1);
    });

    it('leave the question with who is beside where it is the first', async () => {
      stage.blocked.add(chatOf(dana));

      const about = await stage.open({}, both);

      assert.deepEqual(askedIn(about), ['Ravi Menon']);
      assert.equal(reasonIn(about), 'Ravi Menon is named by the policy.');
      assert.equal(sentTo(ravi).length, 1);
    });

    it('ask the security team as well where too few are left for a quorum', async () => {
      stage.blocked.add(chatOf(ravi));

      const about = await stage.open({}, { ...both, rule: { kind: 'quorum', of: 2 } });

      assert.deepEqual(askedIn(about), ['Dana Holt', 'security']);
      assert.ok(
        stage.sent.some(
          ({ to, card }) => to === stage.settings.security.channel && card.template === 'question',
        ),
      );
    });

    it('reach the security channel in the end, with one word to the administrators about all of them', async () => {
      for (const person of [morgan, priya, dana]) stage.notInstallable.add(person.id);

      const first = await stage.open();
      const second = await stage.open();

      for (const about of [first, second]) assert.deepEqual(askedIn(about), ['security']);
      const told = stage.sent.filter(({ card }) => card.template === 'admin-notice');
      assert.deepEqual(
        told.map(({ card }) => card.data.name),
        ['Morgan Reyes, Priya Nair, Dana Holt'],
      );
      assert.ok(told.every(({ to }) => to === stage.settings.security.channel));
    });
  });

  describe('of somebody who leaves in mid-case', () => {
    it('go to the next one where they removed the app', async () => {
      const about = await stage.open();

      await rerouteFrom(morgan.id, stage.asking);
      const after = await stage.run(about);

      assert.deepEqual(askedIn(after), ['Priya Nair']);
    });

    it('stay with the others where they were one of several', async () => {
      const about = await stage.open({}, both);

      await rerouteFrom(ravi.id, stage.asking);
      const after = await stage.run(about);

      assert.equal(after.question?.id, about.question?.id);
      assert.deepEqual(askedIn(after), ['Dana Holt']);
      assert.deepEqual(passedIn(after), ['Ravi Menon is named by the policy but has removed the app.']);
    });

    it('come again where the only one was lost, and go on where they cannot', async () => {
      const about = await stage.open();
      const { update } = stage.asking.messenger;
      const lose = async (): Promise<void> => {
        Object.assign(stage.asking.messenger, {
          update: async () => {
            Object.assign(stage.asking.messenger, { update });
            throw new CountersignError('teams.unreachable', 'gone');
          },
        });
        const [copy] = await stage.store.copiesOf(about.id);
        await stage.store.transact((tx) => tx.addStep(about.id, { kind: 'refresh', key: copy?.id ?? '' }));
      };

      await lose();
      const again = await stage.run(about);
      stage.blocked.add(chatOf(morgan));
      await lose();
      const after = await stage.run(about);

      assert.deepEqual(askedIn(again), ['Morgan Reyes']);
      assert.equal(sentTo(morgan).length, 2);
      assert.deepEqual(askedIn(after), ['Priya Nair']);
    });
  });
});
