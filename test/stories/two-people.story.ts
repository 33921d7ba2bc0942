// Two people in one question, side by side: the manager in their chat, somebody of the security team in the channel, each in a window
// of Microsoft's own local Teams client in a real browser. Leaves pictures in test-results/stories/.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { people } from '../../src/sandbox/people.ts';
import { SECURITY_CHANNEL } from '../../src/sandbox/teams/index.ts';
import { openTeamsPage, type TeamsBrowser } from '../helpers/browser.ts';
import { needChromium } from '../helpers/chromium.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const PICTURES = path.join(import.meta.dirname, '../../test-results/stories');
const TALL = { width: 1280, height: 1900 };

describe('two people in Teams', function () {
  this.timeout(180_000);
  let world: TestWorld;
  let morgan: TeamsBrowser;
  let yuki: TeamsBrowser;

  before(async function () {
    const chromium = needChromium(this);
    mkdirSync(PICTURES, { recursive: true });
    world = await startWorld({ client: true, players: [people.morgan, people.yuki] });
    const [first = '', second = ''] = world.sandbox.teams.pages;
    morgan = await openTeamsPage(first, chromium);
    yuki = await openTeamsPage(second, chromium);
    await yuki.open(SECURITY_CHANNEL.name);
  });
  after(async () => {
    await morgan?.close();
    await yuki?.close();
    await world?.close();
  });

  it('sign one answer: the manager first, the security team after, and both see each step', async () => {
    const ref = refOf(await world.fire('mass-download-high'));
    await morgan.waitForCard('once others agree');
    await morgan.press('This was expected');
    await morgan.waitForCard(/Answered so far: .*Morgan Reyes/);
    await morgan.screenshot(path.join(PICTURES, 'two-people-1-signed.png'), TALL);

    await yuki.waitForCard(/Answered so far: .*Morgan Reyes/);
    await yuki.screenshot(path.join(PICTURES, 'two-people-2-asked-too.png'), TALL);
    await yuki.press('This was expected');

    await world.untilState(ref, 'dismissed');
    await yuki.waitForCard('Closed as expected');
    await morgan.waitForCard('Closed as expected');
    await morgan.screenshot(path.join(PICTURES, 'two-people-3-closed.png'), TALL);
    const { decisions } = await world.theCase(ref);
    assert.deepEqual(
      decisions.map(({ by }) => by.id),
      [people.morgan.id, people.yuki.id],
    );
  });

  it('hand a question over: it leaves one and comes to the other', async () => {
    const ref = refOf(await world.fire('oauth-app'));
    await morgan.waitForCard(`escalate ${ref}`);
    await morgan.press('Hand to security');
    await morgan.waitForCard('With the security team');

    await yuki.waitForCard(`dismiss ${ref}`);
    await yuki.press('This was expected');
    await world.untilState(ref, 'dismissed');
    await morgan.waitForCard(/Yuki .* said this was expected/);
    await yuki.screenshot(path.join(PICTURES, 'two-people-4-handed-over.png'), TALL);
  });
});
