// Every word for people is in a file, in every language: the same keys, the same things filled in, nothing left in English.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { LANGUAGES } from '../../src/case/languages.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const WORDS = path.join(ROOT, 'words');
const AREAS = readdirSync(path.join(WORDS, 'en'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => path.basename(name, '.json'));

const wordsIn = (language: string, area: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(path.join(WORDS, language, `${area}.json`), 'utf8'));

/** Messages that are the same in another language: names, and words that this language took over. */
const SAME: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(path.join(WORDS, 'same.json'), 'utf8'),
);

/** What is typed in its place is said in words: "undo <id>". What is typed as it stands has no brackets, or a bar. */
const PLACEHOLDER = /<[\p{L} ]+>|\[[\p{L} ]+\]/gu;
const SAME_PLACEHOLDERS: Readonly<Record<string, readonly string[]>> = { fr: ['<action>', '<exception>'] };

function argumentsOf(elements: readonly MessageFormatElement[]): readonly string[] {
  const names = elements.flatMap((element): readonly string[] => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.plural || element.type === TYPE.select)
      return [
        `${element.value}:${element.type}`,
        ...Object.values(element.options).flatMap((option) => argumentsOf(option.value)),
      ];
    return element.type === TYPE.tag ? argumentsOf(element.children) : [element.value];
  });
  // Whether a number is written alone or as a plural is the language's own business.
  return [...new Set(names.map((name) => name.split(':')[0] ?? name))].sort();
}

const sources = (folder: string, ending: string): string =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(path.join(ROOT, folder, name), 'utf8'))
    .join('\n');

describe('the words', () => {
  it('are in the same files in every language', () => {
    for (const language of LANGUAGES)
      assert.deepEqual(
        readdirSync(path.join(WORDS, language)).sort(),
        AREAS.map((area) => `${area}.json`).sort(),
        language,
      );
  });

  for (const area of AREAS)
    describe(area, () => {
      const english = wordsIn('en', area);
      for (const language of LANGUAGES) {
        const words = wordsIn(language, area);
        it(`are complete in ${language}`, () => {
          assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort());
        });
        it(`name in ${language} what English names`, () => {
          for (const [key, text] of Object.entries(words))
            assert.deepEqual(
              argumentsOf(parse(text, { ignoreTag: true })),
              argumentsOf(parse(english[key] ?? '', { ignoreTag: true })),
              `${language} ${area}.${key}`,
            );
        });
        if (language !== 'en')
          it(`name in ${language} what stands for something in a command`, () => {
            const left = Object.entries(words).flatMap(([key, text]) =>
              (english[key]?.match(PLACEHOLDER) ?? [])
                .filter((placeholder) => text.includes(placeholder))
                .filter((placeholder) => !SAME_PLACEHOLDERS[language]?.includes(placeholder))
                .map((placeholder) => `${area}.${key}: ${placeholder}`),
            );
            assert.deepEqual(left, []);
          });
        if (language !== 'en')
          it(`are not left in English in ${language}`, () => {
            const left = Object.entries(words)
              .filter(
                ([key, text]) => text === english[key] && /\p{L}{3}/u.test(text.replace(/\{[^{}]*\}/g, '')),
              )
              .map(([key]) => `${area}.${key}`)
              .filter((key) => !SAME[language]?.includes(key));
            assert.deepEqual(left, []);
          });
      }
    });

  it('are all used', () => {
    const used = `${sources('src', '.ts')}\n${sources('cards', '.json')}`;
    const unused = AREAS.filter((area) => area !== 'policies').flatMap((area) =>
      Object.keys(wordsIn('en', area))
        .map((key) => `${area}.${key}`)
        .filter((key) => !used.includes(`'${key}'`) && !used.includes(`w.${key.split('.')[1]}`)),
    );
    assert.deepEqual(unused, []);
  });
});
