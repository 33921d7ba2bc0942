// The Teams app package: what it holds, and that a wrong one is refused with every reason.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { isCountersignError } from '../../src/case/errors.ts';
import { LANGUAGES } from '../../src/case/languages.ts';
import { type AppPackageOptions, buildAppPackage } from '../../src/cli/app-package.ts';
import { checkAppPackage } from '../../src/cli/app-package-check.ts';
import { createPackageCommand } from '../../src/cli/package.ts';
import { captureOutput } from '../helpers/capture-output.ts';

const OPTIONS: AppPackageOptions = {
  botAppId: '8f1d2c3b-0a4e-4b6c-9d7e-5f6a7b8c9d0e',
  teamsAppId: '3c2b1a09-8f7e-4d6c-a5b4-c3d2e1f00918',
};

const manifestOf = (zip: Uint8Array) =>
  JSON.parse(strFromU8(unzipSync(zip)['manifest.json'] ?? new Uint8Array()));

/** The valid package with some files replaced (or, by null, left out). */
async function altered(changes: Readonly<Record<string, Uint8Array | null>>): Promise<Uint8Array> {
  const files = { ...unzipSync(await buildAppPackage(OPTIONS)), ...changes };
  const kept = Object.entries(files).filter((entry): entry is [string, Uint8Array] => entry[1] !== null);
  return zipSync(Object.fromEntries(kept));
}

/** The valid package with its manifest changed. */
async function withManifest(
  change: (manifest: ReturnType<typeof manifestOf>) => void,
): Promise<readonly string[]> {
  const manifest = manifestOf(await buildAppPackage(OPTIONS));
  change(manifest);
  return checkAppPackage(await altered({ 'manifest.json': strToU8(JSON.stringify(manifest)) }));
}

/** Pixels of an RGBA PNG without interlacing, as Chromium writes it. */
function pixelsOf(png: Buffer, size: number): readonly (readonly number[])[] {
  const chunks: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      chunks.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(chunks));
  const stride = size * 4;
  const out = Buffer.alloc(stride * size);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < stride; x += 1) {
      const left = x >= 4 ? (out[y * stride + x - 4] ?? 0) : 0;
      const up = y > 0 ? (out[(y - 1) * stride + x] ?? 0) : 0;
      const corner = x >= 4 && y > 0 ? (out[(y - 1) * stride + x - 4] ?? 0) : 0;
      out[y * stride + x] =
        (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted(raw[y * (stride + 1)], left, up, corner);
    }
  return Array.from({ length: size * size }, (_, index) => [...out.subarray(index * 4, index * 4 + 4)]);
}

/** The five PNG filters. */
function predicted(filter: number | undefined, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const distances = [left, up, corner].map((value) => Math.abs(guess - value));
  return [left, up, corner][distances.indexOf(Math.min(...distances))] ?? 0;
}

describe('the Teams app package', () => {
  it('holds the manifest, its other languages and the two icons at its root, and passes its own check', async () => {
    const zip = await buildAppPackage(OPTIONS);

    assert.deepEqual(Object.keys(unzipSync(zip)).sort(), [
      ...['color.png', 'de.json', 'es.json', 'fr.json', 'manifest.json', 'outline.png'],
    ]);
    assert.deepEqual(checkAppPackage(zip), []);
  });

  it('names the bot, the app and, so that Graph may install it, the calling application', async () => {
    const manifest = manifestOf(await buildAppPackage(OPTIONS));

    assert.equal(manifest.id, OPTIONS.teamsAppId);
    assert.equal(manifest.bots[0].botId, OPTIONS.botAppId);
    assert.equal(manifest.webApplicationInfo.id, OPTIONS.botAppId);
  });

  it('can be used by one person and in a team, and takes no files', async () => {
    const [bot] = manifestOf(await buildAppPackage(OPTIONS)).bots;

    assert.deepEqual(bot.scopes, ['personal', 'team']);
    assert.equal(bot.supportsFiles, false);
    assert.deepEqual(
      bot.commandLists[0].commands.map((command: { title: string }) => command.title),
      ['help', 'cases', 'case', 'digest', 'undo', 'propose', 'log', 'exceptions', 'quiet', 'delegate'],
    );
  });

  it('names its languages by themselves, so that they serve de-AT and fr-CA as well', async () => {
    const { localizationInfo } = manifestOf(await buildAppPackage(OPTIONS));

    assert.deepEqual(
      [
        localizationInfo.defaultLanguageTag,
        ...localizationInfo.additionalLanguages.map((one: { languageTag: string }) => one.languageTag),
      ],
      LANGUAGES,
    );
  });

  it('carries the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

    assert.equal(manifestOf(await buildAppPackage(OPTIONS)).version, version);
  });

  it('quotes names as JSON asks for', async () => {
    const developer = { name: 'Contoso "IT"', websiteUrl: 'https://contoso.example' };

    const { developer: written } = manifestOf(await buildAppPackage({ ...OPTIONS, developer }));

    assert.equal(written.name, 'Contoso "IT"');
    assert.equal(written.websiteUrl, 'https://contoso.example');
    assert.equal(written.privacyUrl, 'https://countersign.example/privacy');
  });

  it('is refused with every reason at once', async () => {
    const wrong = {
      botAppId: 'not-a-guid',
      teamsAppId: '',
      developer: { name: 'x'.repeat(33), websiteUrl: 'http://contoso.example' },
    };

    await assert.rejects(buildAppPackage(wrong), (error) => {
      assert.ok(isCountersignError(error));
      assert.equal(error.code, 'package.invalid');
      for (const part of ['id: must be a GUID', 'bots.0.botId', 'developer.name', 'developer.websiteUrl'])
        assert.ok(error.message.includes(part), `${part} in ${error.message}`);
      return true;
    });
  });

  it('draws the outline icon in white on nothing, as Teams wants it', () => {
    const pixels = pixelsOf(readFileSync('appPackage/outline.png'), 32);

    assert.ok(pixels.some(([, , , alpha]) => alpha === 255));
    assert.deepEqual(pixels[0], [0, 0, 0, 0], 'the corner is empty');
    for (const [red, green, blue, alpha] of pixels)
      assert.ok(alpha === 0 || (red === 255 && green === 255 && blue === 255));
  });
});

describe('the check of a Teams app package', () => {
  const icon = (width: number, colourType: number): Uint8Array => {
    const bytes = Buffer.from(readFileSync('appPackage/outline.png'));
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt8(colourType, 25);
    return bytes;
  };
  const COMMAND = 'bots[0].commandLists[0].commands[9].description';
  const inGerman = (
    change: (words: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
  ): Record<string, Uint8Array> => ({
    'de.json': strToU8(JSON.stringify(change(JSON.parse(readFileSync('appPackage/de.json', 'utf8'))))),
  });
  const files: readonly (readonly [string, Record<string, Uint8Array | null>, RegExp])[] = [
    ['a missing manifest', { 'manifest.json': null }, /manifest\.json: missing/],
    ['a manifest that is not JSON', { 'manifest.json': strToU8('{') }, /not valid JSON/],
    ['a missing icon', { 'color.png': null }, /color\.png: missing/],
    [
      'an icon that is not a PNG',
      { 'color.png': strToU8('GIF89a, and then some more of it') },
      /color\.png: not a PNG/,
    ],
    [
      'an icon of the wrong size',
      { 'outline.png': icon(48, 6) },
      /outline\.png: 48 by 32 pixels, Teams wants 32 by 32/,
    ],
    ['an outline without transparency', { 'outline.png': icon(32, 2) }, /outline\.png: has no transparency/],
    ['a file that does not belong', { 'notes.txt': strToU8('x') }, /notes\.txt: does not belong/],
    ['a language that is named and missing', { 'de.json': null }, /de\.json: missing/],
    ['a language that is not JSON', { 'fr.json': strToU8('{') }, /fr\.json: not valid JSON/],
    [
      'a short description in another language that Teams would cut',
      inGerman((words) => ({ ...words, 'description.short': 'x'.repeat(81) })),
      /de\.json: description\.short/,
    ],
    [
      'a command that another language says nothing of',
      inGerman(({ [COMMAND]: _, ...words }) => words),
      /de\.json: bots\[0\]\.commandLists\[0\]\.commands\[9\]\.description/,
    ],
    [
      'a command that there is only in another language',
      inGerman((words) => ({ ...words, [COMMAND.replace('9', '10')]: 'x' })),
      /de\.json: .*commands\[10\]/,
    ],
    [
      'another name for what people type',
      inGerman((words) => ({ ...words, [COMMAND.replace('description', 'title')]: 'vertreten' })),
      /de\.json: .*title/,
    ],
  ];
  for (const [what, changes, message] of files)
    it(`finds ${what}`, async () => {
      const problems = checkAppPackage(await altered(changes));

      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', message);
    });

  const manifests: readonly (readonly [string, (manifest: ReturnType<typeof manifestOf>) => void, RegExp])[] =
    [
      [
        'a token that was not filled in',
        (m) => (m.name.full = `\${{NAME}}`),
        /\$\{\{NAME\}\} is not filled in/,
      ],
      [
        'a short description that Teams would cut',
        (m) => (m.description.short = 'x'.repeat(81)),
        /description\.short/,
      ],
      ['a missing field', (m) => delete m.accentColor, /accentColor/],
      ['a field that Teams does not know', (m) => (m.extra = true), /extra/],
      ['a bot for files', (m) => (m.bots[0].supportsFiles = true), /supportsFiles/],
      [
        'another schema than the version says',
        (m) => (m.manifestVersion = '1.19'),
        /\$schema is not that of/,
      ],
      [
        'another application than the bot’s',
        (m) => (m.webApplicationInfo.id = OPTIONS.teamsAppId),
        /webApplicationInfo\.id is not the bot/,
      ],
    ];
  for (const [what, change, message] of manifests)
    it(`finds ${what}`, async () => {
      const problems = await withManifest(change);

      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', message);
    });

  it('says so when the file is no zip at all', () => {
    assert.deepEqual(checkAppPackage(strToU8('hello')), ['not a zip']);
  });
});

describe('countersign package', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (...args: readonly string[]) =>
    captureOutput(() => createPackageCommand(() => OPTIONS).parseAsync(['node', 'package', ...args]));

  it('writes the zip, and nothing but one JSON line on stdout with --json', async () => {
    const file = join(folder, 'app.zip');

    const { stdout } = await run('--out', file, '--json');

    assert.deepEqual(checkAppPackage(readFileSync(file)), []);
    assert.deepEqual(JSON.parse(stdout), { file, bytes: readFileSync(file).length, ...OPTIONS });
  });

  it('says on stderr that placeholders were used, and not when everything was given', async () => {
    const out = ['--out', join(folder, 'app.zip')];
    const url = 'https://contoso.example';

    const sparse = await run(...out);
    const full = await run(
      ...out,
      '--developer',
      'Contoso',
      '--website',
      url,
      '--privacy',
      url,
      '--terms',
      url,
    );

    assert.match(sparse.stderr, /Placeholders/);
    assert.doesNotMatch(full.stderr, /Placeholders/);
  });

  it('says which file it could not write', async () => {
    const file = join(folder, 'missing', 'app.zip');

    await assert.rejects(
      run('--out', file),
      (error) => isCountersignError(error) && error.message.includes(file),
    );
  });
});
