// The main job as its people see it: Microsoft's own local Teams client in a real browser, the whole product behind it.
// Leaves pictures in test-results/stories/.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { people } from '../../src/sandbox/people.ts';
import { openTeamsPage, type TeamsBrowser } from '../helpers/browser.ts';
import { needChromium } from '../helpers/chromium.ts';
import { refOf, startWorld, type TestWorld, until } from '../helpers/world.ts';

const PICTURES = path.join(import.meta.dirname, '../../test-results/stories');
const INVOICE = '/contoso-invoices/invoices-2026.csv';
const TALL = { width: 1280, height: 1900 };

describe('a manager in Teams', function () {
  this.timeout(120_000);
  let world: TestWorld;
  let teams: TeamsBrowser;
  let zone: string | undefined;

  before(async function () {
    const chromium = needChromium(this);
    mkdirSync(PICTURES, { recursive: true });
    zone = process.env.TZ;
    process.env.TZ = 'Europe/Berlin';
    world = await startWorld({ client: true });
    teams = await openTeamsPage(world.sandbox.teams.url, chromium);
  });
  after(async () => {
    await teams?.close();
    await world?.close();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  const anonymous = async (): Promise<number> => (await fetch(`${world.running.s3}${INVOICE}`)).status;
  const picture = (name: string) => teams.screenshot(path.join(PICTURES, `${name}.png`), TALL);
  /** The newest card alone: what the README shows. */
  const cardPicture = async (name: string): Promise<void> => {
    await teams.page.setViewportSize(TALL);
    await teams.page
      .locator('.ac-adaptiveCard')
      .last()
      .screenshot({ path: path.join(PICTURES, `${name}.png`) });
  };
  const sessionsOf = async (): Promise<string | undefined> =>
    world.sandbox.graph.state().accounts[people.alex.id]?.sessionsValidFrom;

  it('sees a public bucket, makes it private and signs its opener out, sees the proof, and undoes it', async () => {
    const before = await sessionsOf();
    const ref = refOf(await world.fire('bucket-public'));
    assert.equal(await anonymous(), 200);
    await teams.waitForCard('What exactly each does');
    await picture('1-question');
    await cardPicture('1-question-card');
    await teams.press('What exactly each does');
    await teams.waitForCard('2 other policy statements stay');
    await teams.type('Comment (optional)', 'Nobody asked for this.');

    const folded = 'Turns on all four public access blocks for the whole AWS account 123456789012.';
    assert.equal(await teams.page.getByText(folded).isVisible(), false);
    await teams.press('More that can be done');
    await teams.waitForCard(folded);

    await teams.press('Make private and sign out');
    await teams.waitForCard('Strangers no longer get in');
    await world.untilState(ref, 'contained');
    await teams.waitForCard('Done');
    await picture('2-done');
    await cardPicture('2-done-card');
    assert.equal(await anonymous(), 403);
    assert.notEqual(await sessionsOf(), before);

    await teams.press('Undo');
    await world.untilState(ref, 'undone');
    await teams.waitForCard('Undone');
    await picture('3-undone');
    assert.equal(await anonymous(), 200);
  });

  it('says that a mass download was expected, by a line of text', async () => {
    const ref = refOf(await world.fire('mass-download'));
    await teams.waitForCard(`dismiss ${ref}`);
    await picture('4-mass-download');

    await teams.say(`dismiss ${ref} end of quarter`);
    await world.untilState(ref, 'dismissed');
    await teams.waitForCard('Closed as expected');
    await picture('5-expected');
    await until(
      'the verdict in Defender',
      async () => world.sandbox.graph.state().alerts.at(-1)?.status === 'resolved',
    );
  });

  it('asks the bot what there is', async () => {
    await teams.say('cases');
    await teams.waitForCard('Write "case" and the reference to see one.');
    await picture('6-cases');
  });
});
