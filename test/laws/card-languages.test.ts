// Every sample card in every language: whole, filled, small enough, with nothing left in English and no button that a phone cuts, and a
// picture of each.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DRAWN, drawnNow } from '../../scripts/cards/drawn.ts';
import { PICTURES } from '../../scripts/cards/pictures.ts';
import { samplesIn } from '../../scripts/cards/samples.ts';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { LANGUAGES } from '../../src/case/languages.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, 'docs/images/cards');
const MOST_BYTES = 28 * 1024;
const LONGEST_TITLE = 40;
const FOR_PEOPLE = new Set([
  'text',
  'title',
  'label',
  'value',
  'placeholder',
  'tooltip',
  'fallbackText',
  'speak',
  'altText',
  'errorMessage',
]);

/** What is the same in every language: names, what people type, what a vendor calls things. */
const SAME: readonly RegExp[] = [
  /Alex Weber|Dana Fields|Nils Berg|Priya Nair|Tom Sato|PDF Wizard Pro/gu,
  /[\w.\\]+@[\w.\\]+\.example|contoso-[a-z]+/gu,
  /Put\w+ \(s3\\?\.amazonaws\\?\.com\)/gu,
  /^Client$/gu,
  /^\\\*\\\*curl.*$/gu,
  /^(?:approve|keep|dismiss|escalate|correct|digest) [\w -]+$/gu,
];

const render = createCardRenderer(path.join(ROOT, 'cards'));

interface Found {
  readonly where: string;
  readonly text: string;
  /** It stands on a button. */
  readonly isTitle: boolean;
}

function textsIn(node: unknown, where = 'card'): readonly Found[] {
  if (typeof node !== 'object' || node === null) return [];
  const isAction = 'type' in node && String(node.type).startsWith('Action.');
  return Object.entries(node).flatMap(([name, inner]): readonly Found[] => {
    const place = `${where}.${name}`;
    if (name === 'data') return [];
    if (typeof inner === 'string')
      return FOR_PEOPLE.has(name)
        ? [{ where: place, text: inner, isTitle: isAction && name === 'title' }]
        : [];
    return textsIn(inner, place);
  });
}

const holdsWords = (text: string): boolean =>
  /\p{L}{3}/u.test(SAME.reduce((left, same) => left.replace(same, ''), text).replace(/[A-Z0-9]{8}/g, ''));

describe('the cards in every language', () => {
  const english = Object.fromEntries(
    Object.entries(samplesIn('en')).map(([name, sample]) => [
      name,
      new Map(textsIn(render(sample)).map(({ where, text }) => [where, text])),
    ]),
  );

  for (const language of LANGUAGES)
    for (const [name, sample] of Object.entries(samplesIn(language))) {
      const card = render(sample);
      const texts = textsIn(card);

      it(`are whole and small enough: ${name} in ${language}`, () => {
        const drawn = JSON.stringify(card);

        assert.ok(texts.length > 0);
        assert.ok(Buffer.byteLength(drawn) <= MOST_BYTES, `${Buffer.byteLength(drawn)} bytes`);
        assert.doesNotMatch(drawn, /\[object Object\]|\bundefined\b|\bNaN\b/);
      });

      it(`have titles that fit on a button: ${name} in ${language}`, () => {
        const long = texts.filter(({ text, isTitle }) => isTitle && [...text].length > LONGEST_TITLE);

        assert.deepEqual(
          long.map(({ text }) => text),
          [],
        );
      });

      if (language !== 'en')
        it(`leave nothing in English: ${name} in ${language}`, () => {
          const left = texts.filter(
            ({ where, text }) => english[name]?.get(where) === text && holdsWords(text),
          );

          assert.deepEqual(
            left.map(({ where, text }) => `${where}: ${text}`),
            [],
          );
        });
    }
});

describe('the pictures of the cards', () => {
  it('are of each card, in every language, and in the dark', () => {
    const missing = PICTURES.filter(({ file }) => !existsSync(path.join(FOLDER, file)));

    assert.deepEqual(
      missing.map(({ file }) => file),
      [],
      'run: npm run cards:images',
    );
  });

  it('show the cards as they are drawn now', () => {
    const file = path.join(FOLDER, DRAWN);
    const then: Readonly<Record<string, string>> = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : {};

    const stale = Object.entries(drawnNow()).filter(([picture, digest]) => then[picture] !== digest);

    assert.deepEqual(
      stale.map(([picture]) => picture),
      [],
      'these cards have changed since their pictures were drawn; run: npm run cards:images',
    );
  });

  it('are of nothing else', () => {
    assert.deepEqual(globSync('**/*.png', { cwd: FOLDER }).sort(), PICTURES.map(({ file }) => file).sort());
  });
});
