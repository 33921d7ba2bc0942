// Draws an Adaptive Card as a picture, in a headless browser that may fetch nothing. For reviewing cards, never for sending them.
// Its packages are development packages, so they are loaded only when a picture is asked for.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { CountersignError, errorText } from '../../case/errors.ts';
import { hostConfig, stylesheet, type Theme } from './host-config.ts';
import { MEASURE } from './measure.ts';
import { unfolded } from './unfold.ts';

export interface PictureOptions {
  /** Of the whole picture, in CSS pixels: 360 is a phone, 640 a desktop chat. */
  readonly width: number;
  readonly theme: Theme;
  /** Dots a CSS pixel; 2 when absent. */
  readonly scale?: number;
}

export interface Inspection {
  readonly png: Buffer;
  readonly misfits: readonly string[];
}

export interface CardPreview {
  /** PNG bytes. Throws `cards.not-drawn` when the card cannot be drawn. */
  renderPng(card: object, options: PictureOptions): Promise<Buffer>;
  /** The same, and what does not fit, unfolded or not, a line each: texts that are cut or stick out. */
  inspect(card: object, options: PictureOptions): Promise<Inspection>;
  close(): Promise<void>;
}

/** Teams' text blocks know emphasis, lists and links: everything else stays as it was written. */
const NOT_IN_TEAMS = [
  'heading',
  'lheading',
  'image',
  'table',
  'code',
  'fence',
  'backticks',
  'blockquote',
  'hr',
];
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

const missing = (what: string, cause: unknown): CountersignError =>
  new CountersignError('cards.preview-unavailable', `Cannot draw pictures: ${what} (${errorText(cause)})`, {
    cause,
  });

async function loadPackages() {
  try {
    const { resolve } = createRequire(import.meta.url);
    const [{ chromium }, cards, markdown] = await Promise.all([
      import('playwright-core'),
      readFile(resolve('adaptivecards/dist/adaptivecards.min.js'), 'utf8'),
      readFile(resolve('markdown-it/browser'), 'utf8'),
    ]);
    return { chromium, scripts: [cards, markdown] };
  } catch (cause) {
    throw missing('the development packages are not installed, run npm ci', cause);
  }
}

/** Runs in the page: what is named here comes from the two scripts above. */
const DRAW = `({ card, config, notInTeams }) => {
  const markdown = window.markdownit({ html: false, linkify: false }).disable(notInTeams);
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  const drawn = new AdaptiveCards.AdaptiveCard();
  drawn.hostConfig = new AdaptiveCards.HostConfig(config);
  drawn.parse(card);
  const element = drawn.render();
  if (!element) return false;
  document.getElementById('card').replaceChildren(element);
  return true;
}`;

async function draw(page: Page, card: object, theme: Theme): Promise<void> {
  const argument = { card, config: hostConfig(theme), notInTeams: NOT_IN_TEAMS };
  const drawn = await page.evaluate(`(${DRAW})(${JSON.stringify(argument)})`);
  if (!drawn) throw new Error('nothing came of it');
}

const picture = (page: Page): Promise<Buffer> => page.screenshot({ fullPage: true });
const measure = (page: Page): Promise<readonly string[]> => page.evaluate(MEASURE);

/** Starts the browser. Throws `cards.preview-unavailable` when a part is missing. */
export async function openCardPreview(executablePath: string | null): Promise<CardPreview> {
  const { chromium, scripts } = await loadPackages();
  if (!executablePath) throw missing('no Chromium here', 'install it, or set CHROMIUM_PATH to a browser');
  const browser = await chromium.launch({ executablePath, args: FLAGS }).catch((cause: unknown) => {
    throw missing(`${executablePath} does not start`, cause);
  });
  async function onPage<Result>(
    card: object,
    { width, theme, scale = 2 }: PictureOptions,
    look: (page: Page) => Promise<Result>,
  ): Promise<Result> {
    const page = await browser.newPage({ viewport: { width, height: 100 }, deviceScaleFactor: scale });
    try {
      await page.route('**', (route) => route.abort());
      await page.setContent(`<style>${stylesheet(theme)}</style><div id="card"></div>`);
      for (const content of scripts) await page.addScriptTag({ content });
      await draw(page, card, theme);
      return await look(page);
    } catch (cause) {
      throw new CountersignError('cards.not-drawn', `The card cannot be drawn: ${errorText(cause)}`, {
        cause,
      });
    } finally {
      await page.close();
    }
  }

  return {
    renderPng: (card, options) => onPage(card, options, picture),
    inspect: (card, options) =>
      onPage(card, options, async (page) => {
        const png = await picture(page);
        const folded = await measure(page);
        await draw(page, unfolded(card), options.theme);
        return { png, misfits: [...new Set([...folded, ...(await measure(page))])] };
      }),
    close: () => browser.close(),
  };
}

/** One picture, with a browser of its own. For several, open a preview. */
export async function renderCardPng(
  card: object,
  options: PictureOptions & { readonly executablePath: string | null },
): Promise<Buffer> {
  const preview = await openCardPreview(options.executablePath);
  try {
    return await preview.renderPng(card, options);
  } finally {
    await preview.close();
  }
}
