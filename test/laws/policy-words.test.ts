// What the policies say to people is in words/, word for word, and nothing else is: a policy that was reworded and not translated
// anew would be read in English by everybody.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGES } from '../../src/case/languages.ts';
import type { Policy } from '../../src/case/policy.ts';
import {
  DEFAULT_QUESTION,
  labelSaid,
  questionSaid,
  stoppedQuestion,
  titleSaid,
} from '../../src/case/policy-words.ts';
import { isPhrase, type Said } from '../../src/case/said.ts';
import { DEFAULT_OFFERS } from '../../src/detect/build-policy.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import { english, inLanguage } from '../helpers/english.ts';

const WORDS = path.join(import.meta.dirname, '../../words');
const MOST_ON_A_BUTTON = 40;
const NAMES = { subject: 'Alex Weber', target: 'invoices-2026' };
const { policies } = requireCatalogue({ knownActions: [...ACTIONS.keys()] }).catalogue;
const labels = [
  ...new Set([...policies.flatMap(({ offers }) => offers), ...DEFAULT_OFFERS].map((one) => one.label)),
];
const outside: Policy = {
  ...policies[0],
  id: 'not-ours',
  title: 'Not ours',
  question: DEFAULT_QUESTION,
} as Policy;

const wordsIn = (language: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(path.join(WORDS, language, 'policies.json'), 'utf8'));
const keyOf = (said: Said): string => (isPhrase(said) ? said.say.replace('policies.', '') : '');

/** Every text with the message that is read in its place. */
const texts = [
  ...policies.map((one) => [one.title, titleSaid(one)] as const),
  ...[...policies, outside].map((one) => [one.question, questionSaid(one, NAMES)] as const),
  ...labels.map((label) => [label, labelSaid({ label }, NAMES.subject)] as const),
];

describe('The words of the policies', () => {
  const messages = wordsIn('en');

  it('are those of the policies, word for word', () => {
    for (const [text, said] of texts) assert.equal(messages[keyOf(said)], text, keyOf(said));
  });

  it('are all used', () => {
    const stopped = keyOf(
      questionSaid({ ...outside, question: stoppedQuestion(outside.title, 10_000) }, NAMES),
    );
    const used = new Set([...texts.map(([, said]) => keyOf(said)), stopped]);

    assert.deepEqual(
      Object.keys(messages).filter((key) => !used.has(key)),
      [],
    );
  });

  it('are one message for each label', () => {
    assert.equal(new Set(labels.map((label) => keyOf(labelSaid({ label }, '')))).size, labels.length);
  });

  for (const language of LANGUAGES)
    it(`fit on a button in ${language}, without the name on it`, () => {
      const long = Object.entries(wordsIn(language))
        .filter(([key]) => key.startsWith('offer.'))
        .map(([, text]) => text.replace('{subject}', '').trim())
        .filter((text) => text.length > MOST_ON_A_BUTTON);

      assert.deepEqual(long, []);
    });

  it('are read with the names in them, in the language of whoever reads', () => {
    const policy = policies.find(({ id }) => id === 'aws-s3-bucket-public') ?? assert.fail();
    const question = questionSaid(policy, NAMES);

    assert.equal(inLanguage('de', titleSaid(policy)), 'S3-Bucket öffentlich gemacht');
    assert.equal(
      inLanguage('de', question),
      'Alex Weber hat invoices-2026 für Personen außerhalb des Unternehmens zugänglich gemacht oder es versucht. War das beabsichtigt?',
    );
    assert.equal(
      inLanguage('es', labelSaid({ label: 'Sign {subject} out everywhere' }, NAMES.subject)),
      'Cerrar sesiones de Alex Weber',
    );
  });

  it('stay as they came where they are not these very words', () => {
    const changed = {
      ...outside,
      id: 'aws-s3-bucket-public',
      question: 'Did {subject} open {target}, {and} why?',
    };

    assert.equal(inLanguage('de', titleSaid(changed)), 'Not ours');
    assert.equal(
      inLanguage('de', questionSaid(changed, NAMES)),
      'Did Alex Weber open invoices-2026, {and} why?',
    );
    assert.equal(inLanguage('de', labelSaid({ label: 'Call {subject}' }, 'Alex')), 'Call Alex');
  });

  it('say in every language that counting stopped, for whichever policy it was', () => {
    for (const policy of [outside, ...policies]) {
      const question = stoppedQuestion(policy.title, 10_000);
      assert.equal(english(questionSaid({ ...policy, question }, NAMES)), question);
    }

    assert.equal(
      inLanguage('fr', questionSaid({ ...outside, question: stoppedQuestion(outside.title, 10_000) }, NAMES)),
      'Countersign a cessé de compter pour «\u00a0Not ours\u00a0» après 10\u202f000 événements. Que se passe-t-il\u00a0?',
    );
  });
});
