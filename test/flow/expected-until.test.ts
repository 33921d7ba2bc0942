// "Expected until friday", and what the security team keeps quiet: through the doors, with a clock of our own.
import assert from 'node:assert/strict';
import type { Case } from '../../src/case/case.ts';
import type { Fired } from '../../src/sandbox/fire.ts';
import { people } from '../../src/sandbox/people.ts';
import { allEnglish } from '../helpers/english.ts';
import { startWorld, type TestWorld, until } from '../helpers/world.ts';

const MORGAN = people.morgan.userPrincipalName;
const YUKI = people.yuki.userPrincipalName;
const BEN = people.ben.userPrincipalName;
const ALEX = people.alex.userPrincipalName;
const PRIYA = people.priya.userPrincipalName;
const DAY_MS = 24 * 3_600_000;

interface Receipt {
  readonly outcome: string;
  readonly case: string | null;
  readonly exception?: string;
}

describe('what asks nobody for a while', function () {
  this.timeout(120_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
    const day = new Date(world.clock.now());
    const monday = Date.UTC(
      day.getUTCFullYear(),
      day.getUTCMonth(),
      day.getUTCDate() + ((8 - day.getUTCDay()) % 7 || 7),
      10,
    );
    world.later(monday - world.clock.now());
  });
  afterEach(() => world.close());

  const receiptOf = (fired: Fired): Receipt =>
    (fired.answer as { alerts?: readonly [Receipt] }).alerts?.[0] ?? assert.fail(JSON.stringify(fired));
  const fire = async (sample = 'bucket-public'): Promise<Receipt> => receiptOf(await world.fire(sample));
  async function asked(sample = 'bucket-public'): Promise<Case> {
    const { case: ref } = await fire(sample);
    assert.ok(ref);
    const about = await world.untilState(ref, 'asking');
    await world.cardFor(MORGAN, ref);
    return about;
  }
  async function expected(sample = 'bucket-public'): Promise<{ readonly about: Case; readonly id: string }> {
    const { ref } = await asked(sample);
    await world.say(MORGAN, `dismiss ${ref} until friday it moves to the partner`);
    const about = await world.untilState(ref, 'dismissed');
    return { about, id: idIn(allEnglish(about.outcome).join(' ')) };
  }
  const idIn = (words: string): string => /revoke ([0-9A-Z]{6})\b/.exec(words)?.[1] ?? assert.fail(words);

  it('holds the same back on Thursday, and asks about it on Saturday', async () => {
    const { about, id } = await expected();
    const sent = (await world.messages(MORGAN)).length;
    const card = await world.cardFor(MORGAN, about.ref);
    assert.match(card.words, new RegExp(`Expected until .* asks nobody until then\\. .*revoke ${id}`, 'i'));

    world.later(3 * DAY_MS);
    const thursday = await fire();
    await world.untilIdle();

    assert.deepEqual([thursday.outcome, thursday.case, thursday.exception], ['held-back', about.ref, id]);
    assert.equal((await world.messages(MORGAN)).length, sent);
    assert.equal((await world.store.listCases()).length, 1);
    const trail = await world.trail(about.ref);
    assert.ok(trail.includes('exception.made'));
    assert.equal(trail.at(-1), 'exception.held');
    const [one] = await world.store.exceptionsInForce(new Date(world.clock.now()).toISOString());
    assert.deepEqual([one?.id, one?.held, one?.comment], [id, 1, 'it moves to the partner']);

    world.later(2 * DAY_MS);
    const saturday = await fire();

    assert.equal(saturday.outcome, 'opened');
    assert.notEqual(saturday.case, about.ref);
    await until('a new card', async () => (await world.messages(MORGAN)).length > sent);
  });

  it('asks about another bucket in the meantime', async () => {
    await expected();
    world.later(3 * DAY_MS);

    assert.equal((await fire('bucket-public-acl')).outcome, 'opened');
  });

  it('asks about the same of a higher severity, and holds back the same in words of Defender', async () => {
    await expected('mass-download');
    world.later(3 * DAY_MS);

    assert.equal((await fire('mass-download')).outcome, 'held-back');
    assert.equal((await fire('mass-download-high')).outcome, 'opened');
  });

  it('asks again at once after it was revoked, and the card says so', async () => {
    const { about, id } = await expected();

    assert.match(await world.say(MORGAN, `revoke ${id.toLowerCase()}`), /Revoked\. .* asks again/);
    assert.match(
      await world.say(MORGAN, `revoke ${id}`),
      /Nothing was done\. Morgan Reyes revoked it already/,
    );

    assert.ok((await world.trail(about.ref)).includes('exception.revoked'));
    assert.match(allEnglish((await world.theCase(about.ref)).outcome).join(), /Morgan Reyes revoked/);
    const again = await fire();
    assert.deepEqual([again.outcome, again.case], ['reopened', about.ref]);
    await world.untilState(about.ref, 'asking');
  });

  describe('while the case asks about something else', () => {
    const bucketsOf = ({ targets }: Case): readonly string[] =>
      targets.flatMap((one) => (one.kind === 'bucket' ? [one.name] : []));
    const madePrivate = async (ref: string): Promise<readonly string[]> => {
      await world.say(MORGAN, `approve ${ref} make-private`);
      await world.untilState(ref, 'contained');
      return (await world.runs(ref)).flatMap(({ target }) => (target.kind === 'bucket' ? [target.name] : []));
    };

    it('asks about what was revoked as well, and Done covers both', async () => {
      const { about, id } = await expected();
      assert.equal((await fire('bucket-public-acl')).outcome, 'reopened');
      const held = await fire();
      assert.deepEqual([held.outcome, held.exception, held.case], ['held-back', id, about.ref]);
      const other = await world.untilState(about.ref, 'asking');
      assert.deepEqual(bucketsOf(other), ['contoso-press-kit']);

      assert.match(await world.say(MORGAN, `revoke ${id}`), /it asks again/);
      assert.equal((await fire()).outcome, 'joined');
      await world.untilIdle();

      const both = await world.untilState(about.ref, 'asking');
      assert.notEqual(both.question?.id, other.question?.id);
      assert.deepEqual(bucketsOf(both), ['contoso-press-kit', 'contoso-invoices']);
      assert.deepEqual((await madePrivate(about.ref)).toSorted(), ['contoso-invoices', 'contoso-press-kit']);
    });

    it('only counts what was answered without a date, and Done does not cover it', async () => {
      const { ref } = await asked();
      await world.say(MORGAN, `dismiss ${ref}`);
      await world.untilState(ref, 'dismissed');
      assert.equal((await fire('bucket-public-acl')).outcome, 'reopened');
      await world.untilIdle();
      const before = await world.theCase(ref);

      assert.equal((await fire()).outcome, 'joined');
      await world.untilIdle();

      const after = await world.theCase(ref);
      assert.deepEqual([after.seen, after.question?.id], [before.seen + 1, before.question?.id]);
      assert.deepEqual(await madePrivate(ref), ['contoso-press-kit']);
      assert.doesNotMatch((await world.cardFor(MORGAN, ref)).words, /contoso-invoices/);
    });
  });

  it('is listed and revoked by those whose it is and by the security team, and is nobody else to know', async () => {
    const { about, id } = await expected();

    for (const person of [MORGAN, YUKI]) {
      const listed = await world.say(person, 'exceptions');
      assert.match(
        listed,
        new RegExp(
          `${id}.*by Alex Weber.*case ${about.ref}\\), said by Morgan Reyes.*until .*Held back so far: 0`,
        ),
      );
    }
    for (const [person, none, notTheirs] of [
      [ALEX, /derzeit nichts erwartet und nichts stummgeschaltet/, /Ausnahme gibt es für Sie nicht/],
      [PRIYA, /Nothing is expected or kept quiet now/, /There is no such exception for you/],
    ] as const) {
      assert.match(await world.say(person, 'exceptions'), none);
      assert.match(await world.say(person, `revoke ${id}`), notTheirs);
    }
    assert.equal((await world.trail(about.ref)).filter((kind) => kind === 'decision.refused').length, 2);
    assert.match(await world.say(YUKI, `revoke ${id}`), /Revoked/);
    assert.match(await world.say(YUKI, 'exceptions'), /Nothing is expected or kept quiet now/);
  });

  it('ends when the answer is taken back', async () => {
    const { about, id } = await expected();
    const now = () => new Date(world.clock.now()).toISOString();
    assert.equal((await world.store.exceptionsInForce(now())).length, 1);

    await world.say(MORGAN, `correct ${about.ref}`);
    await world.untilState(about.ref, 'asking');

    assert.deepEqual(await world.store.exceptionsInForce(now()), []);
    assert.match(await world.say(YUKI, `revoke ${id}`), /Nothing was done/);
  });

  it('does nothing where no date can be read', async () => {
    const { ref } = await asked();

    assert.match(await world.say(MORGAN, `dismiss ${ref} until further notice`), /Nothing was done\./);
    assert.equal((await world.theCase(ref)).state, 'asking');
  });

  it('takes two people from high severity, and the earlier of their dates', async () => {
    const { case: ref } = await fire('mass-download-high');
    assert.ok(ref);
    await world.untilState(ref, 'asking');
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `dismiss ${ref} until friday`);
    const inForce = () => world.store.exceptionsInForce(new Date(world.clock.now()).toISOString());
    assert.deepEqual(await inForce(), []);
    await world.untilState(ref, 'asking');

    await world.say(YUKI, `dismiss ${ref} until wednesday`);
    await world.untilState(ref, 'dismissed');

    const [one] = await inForce();
    assert.equal(one?.upTo, 'high');
    assert.equal(new Date(one?.until ?? '').getUTCDay(), 3);
    world.later(DAY_MS);
    assert.equal((await fire('mass-download-high')).outcome, 'held-back');
  });

  describe('by the security team', () => {
    const quiet: Readonly<Record<string, string>> = {
      policy: 'policy aws-s3-bucket-public',
      subject: `subject ${ALEX}`,
      target: 'target bucket:123456789012:contoso-press-kit',
      bucket: 'target arn:aws:s3:::contoso-press-kit',
    };
    for (const [what, words] of Object.entries(quiet))
      it(`keeps a ${what} quiet until a date, says what and lists it`, async () => {
        const said = await world.say(YUKI, `quiet ${words} until friday while it is moved`);
        assert.match(said, /Quiet until .*Above medium severity it asks all the same/);
        const id = idIn(said);

        const held = await fire('bucket-public-acl');
        assert.deepEqual([held.outcome, held.case, held.exception], ['held-back', null, id]);
        assert.match(
          await world.say(BEN, 'quiet'),
          new RegExp(`${id}.*while it is moved.*Held back so far: 1`),
        );
        assert.match(await world.say(MORGAN, 'exceptions'), /Nothing is expected/);

        world.later(5 * DAY_MS);
        assert.equal((await fire('bucket-public-acl')).outcome, 'opened');
      });

    it('is for nobody else, and nobody keeps themselves quiet', async () => {
      for (const [who, words, why] of [
        [MORGAN, `subject ${ALEX}`, /Only the security team/],
        [YUKI, `subject ${YUKI}`, /Nobody keeps themselves quiet/],
        [YUKI, 'subject nobody@contoso.example', /knows nobody by this address/],
        [YUKI, 'policy made-up', /no policy with this id/],
        [YUKI, 'target arn:something', /which thing/],
      ] as const) {
        assert.match(await world.say(who, `quiet ${words} until friday`), why);
      }
      assert.match(await world.say(YUKI, `quiet subject ${ALEX}`), /Write one of these lines/);
      assert.match(await world.say(YUKI, `quiet subject ${ALEX} until yesterday`), /Nothing was done/);

      assert.deepEqual(await world.store.exceptionsInForce(new Date(world.clock.now()).toISOString()), []);
    });
  });
});
