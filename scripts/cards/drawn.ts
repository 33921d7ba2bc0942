// What each picture of a card shows, as a digest of the card: the pictures themselves depend on the machine's fonts and browser, so
// one in Git cannot be compared with one that is drawn elsewhere.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { hostConfig, stylesheet } from '../../src/adapters/cards-preview/host-config.ts';
import { type AdaptiveCardJson, createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { canonicalJson } from '../../src/case/json.ts';
import { LANGUAGES } from '../../src/case/languages.ts';
import { PICTURES, type Picture } from './pictures.ts';
import { samplesIn } from './samples.ts';

const render = createCardRenderer(path.join(import.meta.dirname, '../../cards'));
const samples = new Map(LANGUAGES.map((language) => [language, samplesIn(language)]));

/** Beside the pictures. */
export const DRAWN = 'drawn.json';

export function cardOf({ name, language }: Pick<Picture, 'name' | 'language'>): AdaptiveCardJson {
  const sample = samples.get(language)?.[name];
  if (!sample) throw new Error(`no sample ${name}`);
  return render(sample);
}

/** By file: of the card, and of how it is drawn. */
export const drawnNow = (): Readonly<Record<string, string>> =>
  Object.fromEntries(PICTURES.map((picture) => [picture.file, digestOf(picture)]));

const digestOf = (picture: Picture): string =>
  createHash('sha256')
    .update(canonicalJson([cardOf(picture), hostConfig(picture.theme), stylesheet(picture.theme)]))
    .digest('hex')
    .slice(0, 16);
