// Whose word counts, from the question as it is routed to the claim: nobody decides for those who are missing.
import assert from 'node:assert/strict';
import { randomIds } from '../../src/adapters/system.ts';
import type { Case } from '../../src/case/case.ts';
import { chase } from '../../src/chase/chase.ts';
import { type Claim, claim } from '../../src/decide/claim.ts';
import type { DecideParts } from '../../src/decide/parts.ts';
import { createPeople } from '../../src/decide/people.ts';
import type { Answer } from '../../src/ports/answer.ts';
import { nextToAsk } from '../../src/route/next-to-ask.ts';
import { type Person, people } from '../../src/sandbox/people.ts';
import { actorOf } from '../helpers/app.ts';
import { type AskingStage, askedIn, chatOf, createAskingStage } from '../helpers/asking-stage.ts';
import { aCase, settings as usual } from '../helpers/cases.ts';
import { english } from '../helpers/english.ts';
import { decided, refusal } from './desk.ts';

const { morgan, priya, dana, yuki, ben, grace, lee, ravi } = people;
const HOUR_MS = 3_600_000;
const upn = ({ userPrincipalName }: Person): string => userPrincipalName;
const everyoneOf = (...all: readonly Person[]) => ({
  approvers: all.map(upn),
  rule: { kind: 'everyone' as const },
});

describe('whose word counts', () => {
  let stage: AskingStage;
  beforeEach(async () => {
    stage = await createAskingStage();
  });
  afterEach(() => stage.close());

  const parts = (): DecideParts => ({
    ...{ store: stage.store, clock: stage.clock, ids: randomIds, settings: stage.settings },
    ...createPeople(stage.world.world.directory, stage.world.world.risk, async () => []),
    ...{ capOf: () => 100, strengthOf: () => 1, canUndo: () => false, undoLetsIn: () => false },
  });
  const say = (about: Case, who: Person, answer: Partial<Answer> = {}): Promise<Claim> =>
    claim(about.id, { verb: 'dismiss', questionId: null, ...answer }, actorOf(who), parts());
  /** What they say is taken, and whatever follows from it has been done. */
  const says = async (about: Case, who: Person, answer: Partial<Answer> = {}): Promise<Case> => {
    decided(await say(about, who, answer));
    return stage.run(about);
  };
  const handsOn = (about: Case, who: Person, to: Person): Promise<Case> =>
    says(about, who, { verb: 'reassign', to: upn(to) });
  /** The clock moves on, and the question is chased as it was due. */
  const pass = async (about: Case, ms: number): Promise<Case> => {
    stage.clock.at += ms;
    for (const step of await stage.store.takeSteps(20, 60_000)) {
      assert.equal(step.kind, 'chase');
      await chase(step, {
        ...{ store: stage.store, clock: stage.clock, settings: stage.settings },
        nextToAsk: (one, lastTry) => nextToAsk(one, stage.routing, lastTry),
        approve: () => assert.fail('nothing is contained first'),
      });
    }
    return stage.run(about);
  };

  describe('where everybody whom the policy names has to agree', () => {
    it('takes somebody of the security team for each who cannot be asked', async () => {
      stage.away(grace, null);
      const about = await stage.open({}, everyoneOf(dana, grace));
      assert.deepEqual(askedIn(about), ['Dana Holt', 'security']);

      const signed = await says(about, dana);

      assert.equal(signed.state, 'asking');
      assert.equal((await says(about, yuki)).state, 'dismissed');
    });

    it('takes two of them where two of three cannot be asked', async () => {
      for (const one of [grace, lee]) stage.away(one, null);
      const about = await stage.open({}, everyoneOf(dana, grace, lee));

      await says(about, dana);

      assert.equal((await says(about, yuki)).state, 'asking');
      assert.equal((await says(about, ben)).state, 'dismissed');
    });

    it('takes no more for whoever was asked besides since, who may stand in', async () => {
      for (const second of [priya, morgan]) {
        let about = await stage.open({ severity: 'high' }, everyoneOf(dana, priya));
        about = await pass(about, HOUR_MS + 1_000);
        assert.deepEqual(askedIn(about), ['Dana Holt', 'Priya Nair', 'Morgan Reyes']);

        about = await says(about, dana, { verb: 'dismiss' });

        assert.equal((await says(about, second)).state, 'dismissed');
      }
    });
  });

  describe('of somebody whose account is not what it was', () => {
    const change = (person: Person, over: object): void => {
      const { users } = stage.world.state;
      users.set(person.id, { ...(users.get(person.id) ?? assert.fail()), ...over });
    };
    for (const [what, over] of [
      ['disabled', { enabled: false }],
      ['a guest', { guest: true }],
    ] as const) {
      it(`is refused where it is ${what} by now, and it is on record`, async () => {
        const about = await stage.open();
        change(morgan, over);

        const refused = refusal(await say(about, morgan));

        assert.equal(refused.code, 'decide.account');
        assert.equal((await stage.store.entriesOf(about.id)).at(-1)?.kind, 'decision.refused');
      });

      it(`counts no more where it was signed before (${what})`, async () => {
        const about = await stage.open({}, everyoneOf(dana, priya));
        await says(about, dana);
        change(dana, over);
        stage.clock.at += HOUR_MS;

        assert.equal((await says(about, priya)).state, 'asking');
      });
    }

    it('counts no more where they are at risk since', async () => {
      const about = await stage.open({}, everyoneOf(dana, priya));
      await says(about, dana);
      stage.world.state.risks.set(dana.id, { level: 'high', state: 'atRisk', updatedAt: null });
      stage.clock.at += HOUR_MS;

      assert.equal((await says(about, priya)).state, 'asking');
    });

    it('is a guest whom the operator has put on the security team', async () => {
      const about = await stage.open({}, { approvers: [] });
      change(yuki, { guest: true });

      assert.equal((await says(about, yuki)).state, 'dismissed');
    });

    it('is refused for the moment while nobody can tell, of whoever answers and of whoever signed before', async () => {
      const about = await stage.open({}, everyoneOf(dana, priya));
      await says(about, dana);
      stage.clock.at += HOUR_MS;
      const failing = (who: Person): DecideParts => ({
        ...parts(),
        accountOf: async (user) =>
          user === who.id ? assert.fail('throttled') : { enabled: true, guest: false },
      });
      const press = (over: DecideParts) =>
        claim(about.id, { verb: 'dismiss', questionId: null }, actorOf(priya), over);

      assert.equal(refusal(await press(failing(priya))).code, 'decide.account-unknown');
      assert.equal(refusal(await press(failing(dana))).code, 'decide.signer-unknown');
      assert.equal((await stage.store.entriesOf(about.id)).at(-1)?.facts.code, 'decide.signer-unknown');
      assert.equal((await says(about, priya)).state, 'dismissed');
    });
  });

  describe('where the security team is too small', () => {
    it('says so, loses nothing, and tells an administrator', async () => {
      await stage.close();
      const security = { ...usual.security, members: [yuki.id], admins: [ravi.id] };
      stage = await createAskingStage({ security });
      const about = await stage.open({
        severity: 'high',
        policy: { ...aCase().policy, securityOnly: true },
      });

      const signed = await says(about, yuki);

      assert.match(
        english(signed.decisions.at(-1)?.awaits ?? ''),
        /Nobody is left who could: .* add somebody to it\.$/,
      );
      assert.equal(signed.state, 'asking');
      assert.match(refusal(await say(about, yuki)).say, /Nobody is left who could/);
      const told = () => stage.sent.filter(({ card }) => card.template === 'admin-team');
      assert.deepEqual(
        told().map(({ to, card }) => [to, card.data.ref]),
        [[chatOf(ravi), about.ref]],
      );
      const next = await stage.open({
        severity: 'high',
        policy: { ...aCase().policy, securityOnly: true },
      });
      await says(next, yuki);
      assert.equal(told().length, 1, 'once a day');
    });

    it('says nothing where somebody is left', async () => {
      const about = await stage.open({ severity: 'high', policy: { ...aCase().policy, securityOnly: true } });

      assert.doesNotMatch(english((await says(about, yuki)).decisions[0]?.awaits ?? ''), /Nobody is left/);
    });

    it('counts nobody who has a part in it', async () => {
      const about = await stage.open({
        severity: 'high',
        policy: { ...aCase().policy, securityOnly: true },
        named: stage.settings.security.members.filter((id) => id !== yuki.id),
      });

      assert.match(english((await says(about, yuki)).decisions[0]?.awaits ?? ''), /Nobody is left/);
    });
  });

  describe('where a question is handed on', () => {
    it('puts the other one in the place of whoever handed it on, and nobody else loses theirs', async () => {
      for (const isFirst of [true, false]) {
        let about = await stage.open({}, everyoneOf(dana, priya));
        if (isFirst) about = await says(about, dana);
        about = await handsOn(about, priya, lee);
        assert.deepEqual(askedIn(about), ['Dana Holt', 'Lee Tanaka']);

        about = await says(about, lee);

        assert.equal(about.state, isFirst ? 'dismissed' : 'asking', 'what others have signed stands');
        if (!isFirst) assert.equal((await says(about, dana)).state, 'dismissed');
      }
    });

    it('keeps everybody who was asked besides, and no later end', async () => {
      let about = await stage.open({ severity: 'high' });
      const end = about.question?.clock?.timeOutAt ?? assert.fail();
      about = await pass(about, HOUR_MS + 1_000);
      assert.deepEqual(askedIn(about), ['Morgan Reyes', 'Priya Nair']);

      about = await handsOn(about, morgan, grace);

      assert.deepEqual(askedIn(about), ['Grace Obi', 'Priya Nair']);
      assert.equal(about.question?.clock?.timeOutAt, end);
    });

    it('counts nothing any more that they had signed', async () => {
      let about = await stage.open({ severity: 'high' });
      about = await pass(about, HOUR_MS + 1_000);
      about = await says(about, morgan);
      about = await handsOn(about, morgan, grace);

      about = await says(about, priya);

      assert.equal(about.state, 'asking');
      assert.equal((await says(about, grace)).state, 'dismissed');
    });

    it('never lets whoever was named complete what the one who named them signs', async () => {
      let about = await handsOn(await stage.open({ severity: 'high' }), yuki, grace);
      about = await says(about, grace);

      const both = decided(await say(about, yuki));

      assert.equal(both.state, 'asking');
      assert.match(both.decisions.at(-1)?.awaits ?? '', /One more person .* count as one\.$/);
      assert.equal((await says(about, ben)).state, 'dismissed');
    });
  });
});
