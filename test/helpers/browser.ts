// A headless Chromium on the local Teams client, as a person sees it: cards, buttons, a line to write in. For stories.
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS } from './chromium.ts';

/** Close to a phone held sideways: narrower, and the local client cuts cards off instead of wrapping them. */
export const NARROW = { width: 620, height: 900 } as const;
export const DESKTOP = { width: 1280, height: 900 } as const;
const PATIENCE_MS = 20_000;
const SAY_ATTEMPTS = 5;

export interface TeamsBrowser {
  readonly page: Page;
  /** Resolves once a card (or a line) with this text shows. */
  waitForCard(text: string | RegExp): Promise<void>;
  /** Resolves once no such text shows any more. */
  waitForGone(text: string): Promise<void>;
  /** Presses the newest button with this title. */
  press(title: string): Promise<void>;
  /** Fills the newest input with this label. */
  type(label: string, text: string): Promise<void>;
  /** Writes a line to the bot. Not for channels: the local client then loses the next card. */
  say(text: string): Promise<void>;
  /** Opens a chat or a channel by its name in the list. */
  open(name: string): Promise<void>;
  /** Of the conversation alone, narrow unless told. */
  screenshot(path: string, size?: { readonly width: number; readonly height: number }): Promise<void>;
  close(): Promise<void>;
}

/** `executablePath` is what `needChromium` found. The client's page tells the bot that the app is installed. */
export async function openTeamsPage(url: string, executablePath: string): Promise<TeamsBrowser> {
  const browser: Browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  // The client tells the bot its zone, and the cards' times follow it.
  const page = await browser.newPage({
    viewport: DESKTOP,
    deviceScaleFactor: 2,
    timezoneId: 'Europe/Berlin',
  });
  page.setDefaultTimeout(PATIENCE_MS);
  // Fonts and animations from a CDN: a test must not wait for somebody else's server.
  await page.route(
    (target) => target.hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  await page.goto(url);
  await page.getByText('Connected.').first().waitFor();
  await page.getByTitle('Hide log panel').click();

  return {
    page,
    waitForCard: (text) => page.getByText(text).last().waitFor(),
    waitForGone: (text) => page.getByText(text).first().waitFor({ state: 'hidden' }),
    press: (title) => page.getByRole('button', { name: title, exact: true }).last().click(),
    type: (label, text) => page.getByLabel(label).last().fill(text),
    async say(text) {
      const box = page.locator('[contenteditable="true"]').last();
      const sent = page.getByText(text, { exact: true });
      const before = await sent.count();
      // Under load the client takes the text in late, and loses what is sent before that: look, and send again.
      for (let attempt = 1; attempt <= SAY_ATTEMPTS; attempt++) {
        await box.click();
        await page.keyboard.press('Control+A');
        await page.keyboard.type(text, { delay: 5 });
        await page.waitForTimeout(attempt * 200);
        await page.getByRole('button', { name: 'Send Message' }).last().click();
        const shown = await sent
          .nth(before)
          .waitFor({ timeout: 2_000 })
          .then(() => true)
          .catch(() => false);
        if (shown) return;
      }
      throw new Error(`the local client did not send: ${text}`);
    },
    open: (name) => page.getByText(name, { exact: true }).first().click(),
    async screenshot(path, size = NARROW) {
      await page.setViewportSize(size);
      await page.screenshot({ path, animations: 'disabled' });
      await page.setViewportSize(DESKTOP);
    },
    close: () => browser.close(),
  };
}
