// `npm run cards:images`: draws every sample card as somebody sees it on a phone, in every language, and in English in the dark as well,
// into docs/images/cards. Fails where words are cut or stick out, and names them. Pictures of samples that are gone are removed. Beside
// them goes what they show (drawn.json), by which a law notices that a card has changed since.
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../src/adapters/cards-preview/find-chromium.ts';
import { type CardPreview, openCardPreview } from '../src/adapters/cards-preview/preview.ts';
import { cardOf, DRAWN, drawnNow } from './cards/drawn.ts';
import { PICTURES, type Picture } from './cards/pictures.ts';
import { smallPng } from './cards/small-png.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = path.join(ROOT, 'docs/images/cards');
const AT_ONCE = 3;

async function drawPicture(
  picture: Picture,
  preview: CardPreview,
): Promise<{ readonly bytes: number; readonly misfits: readonly string[] }> {
  const { file, name, language, theme } = picture;
  const { png: shot, misfits } = await preview.inspect(cardOf(picture), { width: 360, theme, scale: 1 });
  const png = smallPng(shot);
  mkdirSync(path.dirname(path.join(FOLDER, file)), { recursive: true });
  writeFileSync(path.join(FOLDER, file), png);
  return { bytes: png.length, misfits: misfits.map((one) => `${name}, ${language}, ${theme}: ${one}`) };
}

const preview = await openCardPreview(findChromium(process.env.CHROMIUM_PATH));
const drawn: Awaited<ReturnType<typeof drawPicture>>[] = [];
const waiting = [...PICTURES];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      drawn.push(await drawPicture(next, preview));
  }),
);
await preview.close();

const files = PICTURES.map(({ file }) => file);
for (const file of globSync('**/*.png', { cwd: FOLDER }))
  if (!files.includes(file)) rmSync(path.join(FOLDER, file));

writeFileSync(path.join(FOLDER, DRAWN), `${JSON.stringify(drawnNow(), null, 2)}\n`);

const bytes = drawn.reduce((sum, one) => sum + one.bytes, 0);
const misfits = drawn.flatMap((one) => one.misfits).sort();
console.log(`${drawn.length} pictures, ${(bytes / 1024 / 1024).toFixed(1)} MB`);
for (const one of misfits) console.error(one);
if (misfits.length > 0) process.exitCode = 1;
