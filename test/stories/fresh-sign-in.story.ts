// The sign-in page on a phone, in a real browser: from the refused button through the login and back, by day and by night. Leaves
// pictures in test-results/stories/.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { people } from '../../src/sandbox/people.ts';
import { CHROMIUM_FLAGS, needChromium } from '../helpers/chromium.ts';
import { linkOn } from '../helpers/sign-in.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

const PICTURES = path.join(import.meta.dirname, '../../test-results/stories');
const MORGAN = people.morgan.userPrincipalName;
/** The smallest phone that is still sold, and what its owner may have set. */
const PHONE: BrowserContextOptions = {
  viewport: { width: 320, height: 568 },
  deviceScaleFactor: 2,
  // The stand-in's login has a certificate of its own; the real one does not.
  ignoreHTTPSErrors: true,
};

describe('the sign-in page on a phone', function () {
  this.timeout(120_000);
  let world: TestWorld;
  let browser: Browser;
  let link: string;
  let ref: string;

  before(async function () {
    const executablePath = needChromium(this);
    mkdirSync(PICTURES, { recursive: true });
    world = await startWorld({
      settings: { detection: { policies: { 'aws-s3-bucket-public': { asking: { freshSignIn: true } } } } },
    });
    browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    await press();
    link = linkOn((await world.cardFor(MORGAN, ref)).card) ?? assert.fail('no link');
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  const press = async (): Promise<void> => {
    const { activityId, buttons } = await world.cardFor(MORGAN, ref);
    const title = buttons.find((one) => one.data.offer === 'make-private')?.title;
    await world.click({ user: MORGAN, activityId, title });
  };
  /** Opens a phone of its own, and gathers what its console complains about. */
  async function onPhone(
    colorScheme: 'light' | 'dark',
    work: (page: Page, complaints: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ ...PHONE, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await work(page, complaints);
    await context.close();
  }
  const isTooWide = (page: Page): Promise<boolean> =>
    page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  const paper = (page: Page): Promise<string> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor');
  const heading = (page: Page): Promise<string | null> =>
    page.getByRole('heading', { level: 1 }).textContent();

  it('says no to whoever cancels, begins again from its own link, and thanks whoever signs in', () =>
    onPhone('light', async (page, complaints) => {
      await page.goto(link);
      await page.getByText('Cancel').click();
      await page.getByText('You were not signed in').last().waitFor();
      await page.screenshot({ path: path.join(PICTURES, 'sign-in-cancelled.png') });
      assert.equal(await isTooWide(page), false);

      await page.getByRole('link', { name: 'Sign in again' }).click();
      await page.getByRole('link', { name: 'Morgan Reyes' }).click();

      await page.getByText('Go back to Teams').waitFor();
      assert.equal(await heading(page), 'Thank you, Morgan Reyes');
      assert.ok(await page.getByText(`press the button of case ${ref} again within 10 minutes`).isVisible());
      assert.equal(await isTooWide(page), false);
      assert.equal(await paper(page), 'rgb(255, 255, 255)');
      // A refusal is answered with its own status, which browsers note; a policy that was broken would stand here as well.
      assert.deepEqual(
        complaints.filter((line) => !/status of 40[0-9]|favicon/.test(line)),
        [],
      );
      assert.deepEqual(await page.context().cookies(world.url), [], 'nothing stays in the browser');
      await page.screenshot({ path: path.join(PICTURES, 'sign-in-thanks.png') });

      await page.reload();
      await page.getByText('This sign-in is over').last().waitFor();
      await page.screenshot({ path: path.join(PICTURES, 'sign-in-over.png') });

      await press();
      await world.untilState(ref, 'contained');
    }));

  it('is dark by night', () =>
    onPhone('dark', async (page) => {
      await page.goto(link);
      await page.getByRole('link', { name: 'Dana Holt' }).click();

      await page.getByText('Go back to Teams').waitFor();
      assert.notEqual(await paper(page), 'rgb(255, 255, 255)');
      await page.screenshot({ path: path.join(PICTURES, 'sign-in-thanks-dark.png') });
    }));
});
