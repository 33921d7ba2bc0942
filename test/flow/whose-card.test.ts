// What cards say to those who see the same case from different sides, through the product's own doors.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { type Message, refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const { grace, morgan, yuki } = people;
const DOWNLOAD = 'm365-mass-download';

describe('whose card it is', function () {
  this.timeout(60_000);
  let world: TestWorld;
  const start = async (settings: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    world = await startWorld({ settings });
  };
  afterEach(() => world.close());
  const nameOf = (person: { readonly userPrincipalName: string }): string => person.userPrincipalName;
  const shows = (where: string, ref: string, words: RegExp): Promise<Message> =>
    until(`${where} to read ${words}`, async () => {
      const card = await world.cardFor(where, ref);
      return words.test(card.words) ? card : null;
    });

  it('is said to the security team, who may answer what somebody else was asked', async () => {
    await start();
    const ref = refOf(await world.fire('bucket-public'));
    const own = await world.cardFor(nameOf(morgan), ref);
    assert.match(own.words, /Why this comes to you: Morgan Reyes is Alex Weber's manager/);

    const said = await world.say(nameOf(yuki), `case ${ref}`);

    assert.match(said, /With Morgan Reyes\. You may answer as well\./);
    assert.match(said, /Why it is with them: Morgan Reyes is Alex Weber's manager/);
    assert.doesNotMatch(said, /Hand to security|comes to you/);
  });

  it('says before an undo that it takes two, then who asked for it, and after it no more that it holds', async () => {
    await start();
    const ref = refOf(await world.fire('mass-download-high'));
    await world.cardFor(nameOf(morgan), ref);
    await world.say(nameOf(morgan), `approve ${ref} suspend`);
    await shows(nameOf(morgan), ref, /sign-in is blocked/);
    await shows(nameOf(morgan), ref, /• One more person has to agree\. From high severity that takes two/);

    await world.say(nameOf(morgan), `undo ${ref}`);
    const waiting = await shows('channel', ref, /Undo asked for: one more person has to agree/);
    assert.match(waiting.words, /Undo asked for by Morgan Reyes/);
    assert.doesNotMatch(waiting.words, /• One more person/, 'theirs is the second');

    await world.say(nameOf(yuki), `undo ${ref}`);
    await world.untilState(ref, 'undone');
    const undone = await shows('channel', ref, /can sign in again/);
    assert.doesNotMatch(undone.words, /sign-in is blocked/);
  });

  it('lets the security team take back what the word of the person in question closed', async () => {
    await start({ detection: { policies: { [DOWNLOAD]: { asking: { subjectFirst: true } } } } });
    const ref = refOf(await world.fire('synced-user'));
    const asked = await world.cardFor(nameOf(grace), ref);
    await world.click({ user: nameOf(grace), activityId: asked.activityId, title: 'Yes, that was me' });
    await world.untilState(ref, 'dismissed');

    await shows(nameOf(grace), ref, /If it was not you after all, write to me: not-me/);
    assert.match(await world.say(nameOf(yuki), `case ${ref}`), /That was a mistake/);
  });
});
