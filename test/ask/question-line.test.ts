// A question on one line, of every policy and in every language: names are cut, and never what is asked.
import assert from 'node:assert/strict';
import { questionLine } from '../../src/ask/question-line.ts';
import { LANGUAGES } from '../../src/case/languages.ts';
import { questionSaid } from '../../src/case/policy-words.ts';
import { say } from '../../src/case/said.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { requireCatalogue } from '../../src/policy-files.ts';
import { english, writerIn } from '../helpers/english.ts';

const MOST = 200;
const { policies } = requireCatalogue({ knownActions: [...ACTIONS.keys()] }).catalogue;
const LONG = {
  subject: 'Maximiliane Alexandra von Hohenstein-Wittelsbach',
  target: 'contoso-finance-quarterly-reports-archive-eu-central-1-production',
};
const lengthOf = (text: string): number => [...text].length;

describe('a question on one line', () => {
  for (const language of LANGUAGES)
    it(`ends with what is asked, however long the names are: ${language}`, () => {
      const write = writerIn(language);
      for (const policy of policies) {
        const question = questionSaid(policy, LONG);

        const line = questionLine(question, MOST, write);

        // French has a space there at which no line may break.
        const end = write(question).slice(-14).replace(/\s/gu, '');
        assert.ok(line.replace(/\s/gu, '').endsWith(end), `${policy.id}: ${line}`);
        assert.ok(lengthOf(line.replaceAll('\\', '')) <= MOST, `${policy.id}: ${line}`);
      }
    });

  it('says names whole where there is room for them', () => {
    const question = say('policies.aws-iam-policy-changes.question', {
      subject: 'Alex Weber',
      target: 'Audit',
    });

    assert.equal(questionLine(question, MOST, english), english(question));
  });

  it('leaves as much of each name as there is room for', () => {
    const question = say('policies.aws-iam-policy-changes.question', LONG);

    const line = questionLine(question, MOST, writerIn('de'));

    assert.equal(
      line,
      'Maximiliane Alexandra von Hohenstein-Wittelsbach hat geändert, wer was in AWS darf, oder es versucht (contoso-finance-quarterly-reports-archive-eu-central-1-prod…). War das mit jemandem abgesprochen?',
    );
  });

  it('is cut at its end where it came as text, or is longer than that by itself', () => {
    const text = `Was ${'x'.repeat(300)} meant?`;
    const ours = questionSaid({ id: 'own', title: 'Own', question: `{subject} ${text}` }, LONG);

    for (const question of [text, ours]) {
      const line = questionLine(question, MOST, english);
      assert.equal(lengthOf(line), MOST);
      assert.ok(line.endsWith('…'));
    }
    assert.match(questionLine(ours, MOST, english), /^Maximilia… Was x/);
  });

  it('escapes the names, cut or not', () => {
    const subject = `[press](https://evil.example)${'*'.repeat(200)}`;

    const line = questionLine(
      say('policies.aws-iam-policy-changes.question', { subject, target: 'a' }),
      MOST,
      english,
    );

    assert.doesNotMatch(line, /(?<!\\)[[*]/);
    assert.ok(!line.includes('https:'), line);
  });
});
