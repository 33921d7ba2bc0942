// Draws appPackage/*.png from the SVG files beside them, through Chromium. Run it after changing a drawing, and commit both.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../src/adapters/cards-preview/find-chromium.ts';

const folder = fileURLToPath(new URL('../appPackage/', import.meta.url));
const executablePath = findChromium(process.env.CHROMIUM_PATH);
if (!executablePath) throw new Error('Chromium is missing: install it, or set CHROMIUM_PATH.');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const [name, size] of [
  ['color', 192],
  ['outline', 32],
] as const) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const drawing = readFileSync(`${folder}${name}.svg`, 'utf8');
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${drawing}`);
  await page.screenshot({ path: `${folder}${name}.png`, omitBackground: true });
}
await browser.close();
