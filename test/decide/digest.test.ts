// Answers to a list of questions: a line at a time, or for all that it showed, each through its case's own door.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Case } from '../../src/case/case.ts';
import type { QuestionId } from '../../src/case/ids.ts';
import { decide } from '../../src/decide/conversation.ts';
import { createDigestStage, type DigestStage, linesOf } from '../ask/digest-stage.ts';
import { aCase, actor, MANAGER, SECURITY, STRANGER } from '../helpers/cases.ts';
import { type Desk, decided, onBothDatabases } from './desk.ts';

const MINUTE = 60_000;

describe('answers to a list of questions', () => {
  onBothDatabases((desk: () => Desk) => {
    let stage: DigestStage;
    let cases: readonly Case[];
    /** Five with cards of their own, and these on the list. */
    const open = async (count: number, over?: (index: number) => Partial<Case>) => {
      await stage.flood(5);
      await stage.pass(1_000);
      cases = await stage.flood(count, over);
      await stage.pass(MINUTE);
      return stage.digest().card;
    };
    const states = async () => (await Promise.all(cases.map(desk().now))).map(({ state }) => state);
    const shown = async (about: Promise<{ readonly kind: string }>) => {
      const reply = (await about) as Awaited<ReturnType<DigestStage['click']>>;
      assert.ok(reply.kind === 'card', JSON.stringify(reply));
      return reply.card;
    };
    const store = () => desk().stores[0] ?? assert.fail();
    beforeEach(() => {
      stage = createDigestStage(desk);
    });

    it('takes a line by itself, and is answered with the list as it is then, which stays one card', async () => {
      const card = await open(4);
      const [one, two] = cases;
      assert.ok(one && two);

      const after = await shown(stage.click(card, 'dismiss', one));
      await shown(stage.click(after, 'approve', two));
      await stage.pass(MINUTE);

      assert.equal(after.template, 'digest');
      assert.equal(after.data.headline, '3 questions for you');
      assert.match(linesOf(after).find(({ ref }) => ref === one.ref)?.outcome ?? '', /^Expected, says/);
      assert.deepEqual(await states(), ['dismissed', 'executing', 'asking', 'asking']);
      assert.equal(stage.sends(), 6);
      assert.equal(stage.digest().card.data.headline, '2 questions for you');
    });

    it('takes one answer for exactly those that were shown, and shows the next ones', async () => {
      const card = await open(12);

      const after = await shown(stage.click(card, 'digest-dismiss-all'));

      const closed = linesOf(card).map(({ ref }) => ref);
      for (const about of cases)
        assert.equal((await desk().now(about)).state, closed.includes(about.ref) ? 'dismissed' : 'asking');
      assert.match(String(after.data.notice), /^8 are closed as expected\.$/);
      assert.equal(after.data.headline, '4 questions for you');
      assert.equal(after.data.dismissAll, 'Expected: these 4');
      const last = await shown(stage.click(after, 'digest-dismiss-all'));
      assert.equal(last.data.headline, 'Nothing here waits for you any more');
      assert.ok((await states()).every((state) => state === 'dismissed'));
    });

    it('hands all of them to the security team, also those that did not fit on the card', async () => {
      const card = await open(50);
      assert.equal(card.data.escalateAll, 'Hand all 50 to security');

      const after = await shown(stage.click(card, 'digest-escalate-all'));

      assert.ok((await states()).every((state) => state === 'routing'));
      assert.match(String(after.data.notice), /^50 are with the security team now\.$/);
    });

    it('keeps what is of high severity out of "expected" for all, and says so', async () => {
      const card = await open(4, (index) => ({ severity: index < 2 ? 'high' : 'medium' }));
      assert.equal(card.data.dismissAll, 'Expected: these 2');
      assert.equal(card.data.excluded, 'Not included: 2 high. Answer each on its own line.');

      await shown(stage.click(card, 'digest-dismiss-all'));

      assert.deepEqual(await states(), ['asking', 'asking', 'dismissed', 'dismissed']);
    });

    it('leaves alone what was decided or asked anew since, and says which', async () => {
      const card = await open(4);
      const [one, two] = cases;
      assert.ok(one && two);
      decided(await desk().answer(one, { verb: 'dismiss' }, SECURITY));
      // Of the same person, with another question: it says something that was not on the list.
      await store().transact(async (tx) => {
        const current = (await tx.lockCase(two.id)) ?? assert.fail();
        const question = { ...(current.question ?? assert.fail()), id: 'asked anew' as QuestionId };
        await tx.saveCase({ ...current, version: current.version + 1, question });
      });

      const after = await shown(stage.click(card, 'digest-dismiss-all'));

      assert.deepEqual(await states(), ['dismissed', 'asking', 'dismissed', 'dismissed']);
      assert.match(String(after.data.notice), /^2 are closed as expected\. 2 were left alone:/);
      assert.match(String(after.data.notice), new RegExp(`Case ${one.ref}: Already decided by`));
      assert.match(String(after.data.notice), new RegExp(`Case ${two.ref}: `));
    });

    it('leaves alone what has become severe, whatever the list said', async () => {
      const card = await open(2);
      const [one] = cases;
      assert.ok(one);
      await store().transact((tx) => tx.saveCase({ ...one, version: one.version + 1, severity: 'high' }));

      const after = await shown(stage.click(card, 'digest-dismiss-all'));

      assert.deepEqual(await states(), ['asking', 'dismissed']);
      assert.equal((await desk().now(one)).decisions.length, 0);
      assert.match(String(after.data.notice), /Its severity is high/);
    });

    it('leaves alone what has come to hold several things, whatever the list said', async () => {
      const card = await open(2);
      const [one] = cases;
      assert.ok(one);
      const deeds = ['a', 'b'].map((key) => ({ key, says: `did ${key}` }));
      await store().transact((tx) => tx.saveCase({ ...one, version: one.version + 1, deeds }));

      const after = await shown(stage.click(card, 'digest-dismiss-all'));

      assert.deepEqual(await states(), ['asking', 'dismissed']);
      assert.match(String(after.data.notice), /It holds several things: answer it on its own line/);
    });

    it('decides once when all is pressed twice at a time', async () => {
      const card = await open(6);

      await Promise.all([
        stage.click(card, 'digest-dismiss-all'),
        stage.click(card, 'digest-dismiss-all'),
        stage.click(card, 'digest-escalate-all'),
      ]);

      for (const about of cases) assert.equal((await desk().now(about)).decisions.length, 1);
    });

    it('does nothing for all where it is not known what was shown', async () => {
      const card = await open(3);

      for (const version of ['9999', '', '-1', '1e3', '7; drop table'])
        assert.match(
          String(
            (await shown(stage.click(card, 'digest-dismiss-all', undefined, { shown: version }))).data.notice,
          ),
          /^Nothing was done: that list is out of date/,
        );

      assert.deepEqual(await states(), ['asking', 'asking', 'asking']);
    });

    it('answers an older card for what that one showed, and nothing that came after', async () => {
      const card = await open(2);
      const more = await stage.flood(2);
      await stage.pass(MINUTE);

      await shown(stage.click(card, 'digest-dismiss-all'));

      assert.deepEqual(await states(), ['dismissed', 'dismissed']);
      for (const about of more) assert.equal((await desk().now(about)).state, 'asking');
    });

    it("is nobody else's to press, whatever they send along", async () => {
      const card = await open(3);
      const [one] = cases;

      for (const [verb, who] of [
        ['digest-dismiss-all', STRANGER],
        ['digest-escalate-all', STRANGER],
        ['digest-open', STRANGER],
        ['digest-dismiss-all', SECURITY],
      ] as const) {
        const reply = await stage.click(card, verb, one, {}, who);
        assert.ok(reply.kind === 'text' && /not yours/.test(reply.text), JSON.stringify(reply));
      }
      const made = await stage.click(card, 'digest-dismiss-all', one, { digest: randomUUID() });
      assert.ok(made.kind === 'text' && /not yours/.test(made.text));

      assert.deepEqual(await states(), ['asking', 'asking', 'asking']);
    });

    it('opens a line as a card of its own below, and the list stays', async () => {
      const card = await open(3);
      const [one] = cases;

      const after = await shown(stage.click(card, 'digest-open', one));
      const foreign = await desk().open([]);
      const refused = await shown(stage.click(card, 'digest-open', foreign));

      assert.equal(stage.sends(), 7);
      assert.deepEqual(stage.cards.get('activity-7')?.card, { template: 'own', data: { ref: one?.ref } });
      assert.match(String(after.data.notice), /has a card of its own below/);
      assert.match(String(refused.data.notice), /with somebody else/);
      assert.equal(after.template, 'digest');
    });

    it('is answered by a line of text with the number of what was read, and by no other', async () => {
      const card = await open(3);
      const words = async (wanted: Parameters<DigestStage['say']>[0]) => {
        const reply = await stage.say(wanted);
        return reply.kind === 'text' ? reply.text : reply.card.template;
      };

      assert.equal(await words(null), 'digest');
      assert.match(await words({ verb: 'dismiss', shown: null }), /^Nothing was done\. Write the number/);
      assert.match(
        await words({ verb: 'dismiss', shown: 999 }),
        /^Nothing was done: that number is out of date\. .* the same line with the new number/,
      );
      assert.deepEqual(await states(), ['asking', 'asking', 'asking']);
      assert.match(
        await words({ verb: 'dismiss', shown: Number(card.data.version), comment: 'Load test' }),
        /^3 are closed/,
      );
      assert.equal((await desk().now(cases[0] ?? assert.fail())).decisions[0]?.comment, 'Load test');
      const stranger = await stage.say(null, STRANGER);
      assert.ok(stranger.kind === 'text' && /no list of questions for you/.test(stranger.text));
    });

    it('says why nothing is done where nothing on the list may be answered for all', async () => {
      const card = await open(2, () => ({ severity: 'high' }));
      const shown = Number(card.data.version);

      const reply = await stage.say({ verb: 'dismiss', shown });

      assert.ok(reply.kind === 'text', JSON.stringify(reply));
      assert.match(reply.text, /takes an answer of its own, on its own line\.$/);
      assert.deepEqual(await states(), ['asking', 'asking']);
    });

    it('says so where nobody is left to hand the list to', async () => {
      cases = await stage.flood(8, () => ({}), SECURITY_READER);
      await stage.pass(MINUTE);

      const press = stage.click(stage.digest().card, 'digest-escalate-all', undefined, {}, SECURITY);

      assert.match(
        String((await shown(press)).data.notice),
        /^Nothing was done: .*handed to the security team/,
      );
    });

    it('says once how a line gives the reason that is demanded, and takes it', async () => {
      const { policy } = aCase();
      const asking = { ...DEFAULT_ASKING, comment: 'always' } as const;
      const card = await open(3, () => ({ policy: { ...policy, asking } }));
      const shown = Number(card.data.version);
      const words = async (comment?: string) => {
        const reply = await stage.say({ verb: 'dismiss', shown, ...(comment && { comment }) });
        return reply.kind === 'text' ? reply.text : reply.card.template;
      };

      assert.equal(
        await words(),
        `Nothing was done. 3 were left alone: This takes a few words on why. Write them at the end of the line: digest dismiss ${shown} because ...`,
      );
      assert.match(await words('because of the load test'), /^3 are closed/);
    });

    it('takes no line of text about what the list only counts, until it was looked at', async () => {
      const card = await open(10);
      const drawn = linesOf(card).map(({ ref }) => ref);
      const counted = cases.find(({ ref }) => !drawn.includes(ref)) ?? assert.fail();
      const seen = cases.find(({ ref }) => drawn.includes(ref)) ?? assert.fail();
      const write = async (about: Case) => {
        const parts = stage.doors(desk().stores[0] ?? assert.fail());
        const reply = await decide(about, { verb: 'dismiss', questionId: null }, actor(MANAGER), parts);
        return reply.kind === 'text' ? reply.text : reply.card.template;
      };

      assert.match(await write(counted), /^Nothing was done\. Your list only counts this one/);
      assert.match(await write(seen), /^Closed as expected/);
      await stage.pass(MINUTE);

      // One has moved up for the one that was answered.
      const left = linesOf(stage.digest().card).map(({ ref }) => ref);
      for (const about of cases.filter(({ ref }) => ref !== seen.ref && left.includes(ref)))
        assert.match(await write(about), /^Closed as expected/);
    });

    it('leaves what is contained already to its own card', async () => {
      const containedFirst = { decision: 0, at: '2026-11-21T10:00:00.000Z' };
      const card = await open(3, (index) => (index === 0 ? { containedFirst } : {}));

      const after = await shown(stage.click(card, 'digest-dismiss-all'));

      assert.match(JSON.stringify(card.data.lines), /Contained already, before anybody had answered/);
      assert.deepEqual(await states(), ['asking', 'dismissed', 'dismissed']);
      assert.match(String(after.data.notice), /^2 are closed/);
    });

    it('is for every member of the security team where it lies in their channel, and has nobody to hand to', async () => {
      cases = await stage.flood(8, () => ({}), SECURITY_READER);
      await stage.pass(MINUTE);
      const { card } = stage.digest();
      assert.equal(card.data.headline, '3 questions for the security team');
      assert.equal(card.data.escalateAll, '');

      const refused = await stage.click(card, 'digest-dismiss-all', undefined, {}, MANAGER);
      const after = await shown(stage.click(card, 'digest-dismiss-all', undefined, {}, SECURITY));

      assert.ok(refused.kind === 'text' && /not yours/.test(refused.text));
      assert.equal(after.data.headline, 'Nothing here waits for the security team any more');
    });

    it('refuses on a line whoever is in question themselves, like on a card of its own', async () => {
      const card = await open(2, (index) => (index === 0 ? { named: [MANAGER] } : {}));

      const after = await shown(stage.click(card, 'digest-dismiss-all'));

      assert.deepEqual(await states(), ['asking', 'dismissed']);
      assert.match(String(after.data.notice), /1 is closed as expected\. 1 was left alone:/);
    });
  });
});
