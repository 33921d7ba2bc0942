// `countersign cards`, on templates of our own: samples are found, filled, and drawn at the size that was asked for.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CardPreview, openCardPreview } from '../../src/adapters/cards-preview/preview.ts';
import { isCountersignError } from '../../src/case/errors.ts';
import { createCardsCommand, findSamples } from '../../src/cli/cards.ts';
import { captureOutput } from '../helpers/capture-output.ts';
import { needChromium } from '../helpers/chromium.ts';

const TEMPLATE = {
  type: 'AdaptiveCard',
  version: '1.5',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is the template's own.
  body: [{ type: 'TextBlock', text: 'Hello, ${name}', wrap: true }],
};

/** PNG keeps its size in the first chunk. */
const sizeOf = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

describe('countersign cards', () => {
  let folder: string;
  let out: string;
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  const run = (...args: readonly string[]) =>
    captureOutput(() => createCardsCommand({ folder }).parseAsync(['node', 'cards', '--out', out, ...args]));

  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), 'countersign-cards-'));
    folder = join(root, 'cards');
    out = join(root, 'out');
    mkdirSync(folder);
    write('hello.json', TEMPLATE);
    write('hello.data.json', { name: 'Maya' });
    write('hello.long-name.data.json', { name: 'Maximiliane von und zu Hohenstein' });
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  it('fills every sample of every template', async () => {
    const { stdout } = await run();

    assert.deepEqual(readdirSync(out).sort(), ['hello.json', 'hello.long-name.json']);
    assert.equal(JSON.parse(readFileSync(join(out, 'hello.json'), 'utf8')).body[0].text, 'Hello, Maya');
    assert.deepEqual(stdout.trim().split('\n'), [join(out, 'hello.json'), join(out, 'hello.long-name.json')]);
  });

  it('gives one JSON object a card with --json', async () => {
    const { stdout } = await run('--json');

    const [first] = stdout.trim().split('\n');
    const { cardBytes, ...line } = JSON.parse(first ?? '');
    assert.deepEqual(line, { template: 'hello', sample: 'hello', file: join(out, 'hello.json') });
    assert.ok(cardBytes > 50);
  });

  it('refuses a template without sample data, by name', async () => {
    write('lonely.json', TEMPLATE);

    await assert.rejects(findSamples(folder), /beside: lonely\.json/);
  });

  it('refuses sample data that does not fill the template', async () => {
    write('hello.data.json', {});

    await assert.rejects(run(), (error) => isCountersignError(error) && error.code === 'card.unfilled');
  });

  it('names sample data that is not JSON', async () => {
    write('hello.data.json', '{');

    await assert.rejects(run(), /cards\/hello\.data\.json is not JSON/);
  });

  it('draws pictures as wide as asked', async function () {
    needChromium(this);

    await run('--png', '--width', '360', '--theme', 'dark');

    const picture = readFileSync(join(out, 'hello-dark-360.png'));
    // Two dots a CSS pixel.
    assert.equal(sizeOf(picture).width, 720);
    assert.ok(readdirSync(out).includes('hello.long-name-dark-360.png'));
  });
});

describe('drawing a card', () => {
  let preview: CardPreview;
  before(async function () {
    preview = await openCardPreview(needChromium(this));
  });
  after(() => preview?.close());

  const cardOf = (...body: readonly object[]) => ({ type: 'AdaptiveCard', version: '1.5', body });
  const light = { theme: 'light', width: 640 } as const;

  it('keeps every button in sight on a phone', async () => {
    const buttons = (count: number) => ({
      ...cardOf({ type: 'TextBlock', text: 'x' }),
      actions: Array.from({ length: count }, (_, index) => ({
        type: 'Action.Execute',
        title: `Quite a long name ${index}`,
      })),
    });
    const phone = { theme: 'light', width: 360 } as const;

    const one = sizeOf(await preview.renderPng(buttons(1), phone));
    const five = sizeOf(await preview.renderPng(buttons(5), phone));

    assert.equal(five.width, one.width, 'nothing sticks out to the side');
    assert.ok(five.height > one.height + 150, 'the buttons went on to further lines');
  });

  it('looks different in the dark', async () => {
    const card = cardOf({ type: 'TextBlock', text: 'x' });

    const pictures = await Promise.all([
      preview.renderPng(card, light),
      preview.renderPng(card, { ...light, theme: 'dark' }),
    ]);

    assert.notDeepEqual(pictures[0], pictures[1]);
  });

  it('fetches nothing, whatever the card names', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    await preview.renderPng(
      cardOf(
        { type: 'Image', url: `${url}/image.png` },
        { type: 'TextBlock', text: `![x](${url}/markdown.png) <img src="${url}/html.png">` },
      ),
      light,
    );
    server.close();

    assert.deepEqual(seen, []);
  });

  it('says so when there is no browser', async () => {
    await assert.rejects(
      openCardPreview(null),
      (error) => isCountersignError(error) && error.code === 'cards.preview-unavailable',
    );
    await assert.rejects(openCardPreview('/nowhere/chromium'), /\/nowhere\/chromium does not start/);
  });
});
