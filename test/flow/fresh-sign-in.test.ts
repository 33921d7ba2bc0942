// A policy that demands a fresh sign-in, through the product's own doors: the button is refused with a link, the page checks who signs
// in and when, and the button, pressed again, decides.
import assert from 'node:assert/strict';
import { createLog } from '../../src/adapters/log.ts';
import { compose } from '../../src/compose.ts';
import { type Person, people } from '../../src/sandbox/people.ts';
import { createBrowser, linkOn } from '../helpers/sign-in.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const POLICY = 'aws-s3-bucket-public';
const DEMANDS = { detection: { policies: { [POLICY]: { asking: { freshSignIn: true } } } } };

describe('a policy that demands a fresh sign-in', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ settings: DEMANDS });
  });
  afterEach(() => world.close());

  const nameOf = (person: Person): string => person.userPrincipalName;
  async function asked(): Promise<string> {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(nameOf(people.morgan), ref);
    return ref;
  }
  async function press(ref: string, person: Person = people.morgan): Promise<string> {
    const { activityId, buttons } = await world.cardFor(nameOf(person), ref);
    const title = buttons.find((one) => one.data.offer === 'make-private')?.title;
    return JSON.stringify((await world.click({ user: nameOf(person), activityId, title })).answer);
  }
  const signIn = async (person: Person, link: string): Promise<string> => {
    const browser = createBrowser();
    const { status, text } = await browser.open(await browser.signInAs(person, link));
    assert.equal(status, 200, text);
    return text;
  };
  const linkFor = async (ref: string, person: Person = people.morgan): Promise<string> =>
    linkOn((await world.cardFor(nameOf(person), ref)).card) ?? assert.fail('no link on the card');

  it('refuses the button with a link, signs in at the page, and takes the button pressed again', async () => {
    const ref = await asked();
    assert.equal(linkOn((await world.cardFor(nameOf(people.morgan), ref)).card), undefined);

    const refused = await press(ref);
    assert.match(refused, /takes a sign-in of yours that is no older than 10 minutes/);
    assert.equal((await world.theCase(ref)).state, 'asking');
    assert.deepEqual(await world.runs(ref), []);
    const link = await linkFor(ref);
    assert.equal(link, `${world.url}/sign-in?for=${ref}`);

    const page = await signIn(people.morgan, link);
    assert.match(page, /Thank you, Morgan Reyes/);
    assert.match(page, new RegExp(`press the button of case ${ref} again within 10 minutes`));
    assert.equal((await world.theCase(ref)).state, 'asking', 'the page decides nothing');
    await until('the card to demand it no longer', async () => {
      const { card, words } = await world.cardFor(nameOf(people.morgan), ref);
      return linkOn(card) === undefined && !/takes a sign-in/.test(words) ? true : null;
    });

    await press(ref);
    await world.untilState(ref, 'contained');
    assert.deepEqual(
      (await world.trail(ref)).filter((kind) => kind.startsWith('decision.')),
      ['decision.refused', 'decision.approve'],
    );
  });

  it('takes a line of text in the same way, and answers it with the link', async () => {
    const ref = await asked();
    const line = `approve ${ref} make-private`;

    const said = await world.say(nameOf(people.morgan), line);
    assert.match(said, /Nothing was done\. This takes a sign-in of yours/);
    assert.ok(said.includes(`Sign in here: ${world.url}/sign-in?for=${ref}`), said);
    await signIn(people.morgan, `${world.url}/sign-in?for=${ref}`);

    assert.match(await world.say(nameOf(people.morgan), line), /Working on it/);
    await world.untilState(ref, 'contained');
  });

  it('is not helped by somebody else who opens the link, whoever they are', async () => {
    const ref = await asked();
    await press(ref);

    for (const other of [people.priya, people.yuki, people.alex]) await signIn(other, await linkFor(ref));

    assert.match(await press(ref), /takes a sign-in of yours/);
    assert.equal((await world.theCase(ref)).state, 'asking');
  });

  it('asks each of two people for a sign-in of their own', async () => {
    const ref = await asked();
    await signIn(people.morgan, `${world.url}/sign-in`);

    const said = await world.say(nameOf(people.yuki), `approve ${ref} make-private`);

    assert.match(said, /takes a sign-in of yours/);
    await signIn(people.yuki, `${world.url}/sign-in`);
    await world.say(nameOf(people.yuki), `approve ${ref} make-private`);
    await world.untilState(ref, 'contained');
    assert.equal((await world.theCase(ref)).decisions[0]?.by.id, people.yuki.id);
  });

  it('goes on after a restart: of a sign-in under way, and of one that is done', async () => {
    const ref = await asked();
    await press(ref);
    const browser = createBrowser();
    const back = await browser.signInAs(people.morgan, await linkFor(ref));

    await world.restart();
    assert.equal((await browser.open(back)).status, 200);
    await world.restart();

    await press(ref);
    await world.untilState(ref, 'contained');
  });

  it('takes no sign-in of more than ten minutes ago', async () => {
    const ref = await asked();
    await signIn(people.morgan, `${world.url}/sign-in`);

    world.later(10 * 60_000 + 1_000);

    assert.match(await press(ref), /takes a sign-in of yours/);
    assert.equal((await world.theCase(ref)).state, 'asking');
  });

  it('asks nothing of whoever says that it was expected, or hands it on', async () => {
    const ref = await asked();
    const { activityId } = await world.cardFor(nameOf(people.morgan), ref);

    await world.click({ user: nameOf(people.morgan), activityId, verb: 'dismiss' });

    await until('the case to be dismissed', async () => (await world.theCase(ref)).state === 'dismissed');
  });

  it('refuses to start without a page for it, and names the policy', async () => {
    await assert.rejects(
      compose({ ...world.config, signIn: null }, createLog('silent')),
      new RegExp(`COUNTERSIGN_PUBLIC_URL is missing: the policy ${POLICY} demands a fresh sign-in`),
    );
  });
});
