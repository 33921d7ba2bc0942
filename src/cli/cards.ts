// `countersign cards`: fills every card template with its sample data, as JSON or as pictures, for people to look at.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { findChromium } from '../adapters/cards-preview/find-chromium.ts';
import type { Theme } from '../adapters/cards-preview/host-config.ts';
import { type CardPreview, openCardPreview } from '../adapters/cards-preview/preview.ts';
import { createCardRenderer } from '../adapters/teams/render-card.ts';
import { CountersignError, errorText } from '../case/errors.ts';
import type { JsonObject } from '../case/json.ts';
import { environment } from '../config.ts';
import { print } from './output.ts';

export interface CardsSettings {
  /** Where the templates are; the project's own when absent. */
  readonly folder?: string;
}

interface Flags {
  readonly png?: boolean;
  readonly out: string;
  readonly theme: Theme;
  readonly width: number;
  readonly json?: boolean;
}

/** `question.data.json` is the sample `question`, `question.two-offers.data.json` another of the same template. */
interface Sample {
  readonly template: string;
  readonly name: string;
  readonly file: string;
}

const SAMPLE_FILE = /^([a-z0-9-]+)((?:\.[a-z0-9-]+)?)\.data\.json$/;
const CARDS = fileURLToPath(new URL('../../cards', import.meta.url));

function parseWidth(text: string): number {
  const width = Number(text);
  if (!Number.isInteger(width) || width < 200 || width > 2000)
    throw new InvalidArgumentError('A whole number from 200 to 2000.');
  return width;
}

/** Every sample in the folder. Throws `cards.no-sample` naming each template that has none. */
export async function findSamples(folder: string): Promise<readonly Sample[]> {
  const files = (await readdir(folder)).sort();
  const samples = files.flatMap((file) => {
    const [, template, variant] = SAMPLE_FILE.exec(file) ?? [];
    return template === undefined ? [] : [{ template, name: `${template}${variant}`, file }];
  });
  const bare = files
    .filter((file) => /^[a-z0-9-]+\.json$/.test(file))
    .filter((file) => !samples.some(({ template }) => `${template}.json` === file));
  if (bare.length > 0)
    throw new CountersignError(
      'cards.no-sample',
      `No sample data (<name>.data.json) beside: ${bare.join(', ')}`,
    );
  return samples;
}

async function readSample(folder: string, { file }: Sample): Promise<JsonObject> {
  try {
    return JSON.parse(await readFile(join(folder, file), 'utf8'));
  } catch (cause) {
    throw new CountersignError('cards.sample-unreadable', `cards/${file} is not JSON: ${errorText(cause)}`, {
      cause,
    });
  }
}

async function renderAll(folder: string, flags: Flags, preview: CardPreview | null): Promise<void> {
  const render = createCardRenderer(folder);
  const out = resolve(flags.out);
  await mkdir(out, { recursive: true });
  for (const sample of await findSamples(folder)) {
    const card = render({ template: sample.template, data: await readSample(folder, sample) });
    const text = JSON.stringify(card);
    const file = join(
      out,
      preview ? `${sample.name}-${flags.theme}-${flags.width}.png` : `${sample.name}.json`,
    );
    await writeFile(
      file,
      preview ? await preview.renderPng(card, flags) : `${JSON.stringify(card, null, 2)}\n`,
    );
    const line = { template: sample.template, sample: sample.name, cardBytes: Buffer.byteLength(text), file };
    print(flags.json ? line : file);
  }
}

export function createCardsCommand(settings: CardsSettings = {}): Command {
  return new Command('cards')
    .description('renders every card template with its sample data')
    .option('--png', 'pictures instead of JSON (needs Chromium)')
    .option('--out <folder>', 'where to write', '.countersign/cards')
    .addOption(new Option('--theme <theme>', 'of the pictures').choices(['light', 'dark']).default('light'))
    .option('--width <pixels>', 'of the pictures: 360 is a phone', parseWidth, 640)
    .option('--json', 'one JSON line a card instead of its path')
    .action(async (flags: Flags) => {
      const preview = flags.png ? await openCardPreview(findChromium(environment().CHROMIUM_PATH)) : null;
      try {
        await renderAll(settings.folder ?? CARDS, flags, preview);
      } finally {
        await preview?.close();
      }
    });
}
