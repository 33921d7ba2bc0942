// Every card template in cards/, as it is written and with each of its samples; and the checker itself, on small bad cards.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { samplesIn } from '../../scripts/cards/samples.ts';
import { createCardRenderer } from '../../src/adapters/teams/render-card.ts';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp } from '../helpers/app.ts';
import { checkCard, verbsOf } from './card-law.ts';

const FOLDER = path.join(import.meta.dirname, '../../cards');
const MOST_BYTES = 28 * 1024;

const files = globSync('*', { cwd: FOLDER }).sort();
const templates = files.flatMap((file) => /^([a-z0-9-]+)\.json$/.exec(file)?.[1] ?? []);
const samplesOf = (template: string): readonly string[] =>
  files.filter((file) => file.startsWith(`${template}.`) && file.endsWith('.data.json'));
const read = (file: string) => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
const render = createCardRenderer(FOLDER);

describe('the cards', () => {
  it('are templates and their sample data, and nothing besides', () => {
    assert.ok(templates.length > 0);
    assert.deepEqual(
      [...templates.map((name) => `${name}.json`), ...templates.flatMap(samplesOf)].sort(),
      files,
    );
  });

  for (const template of templates) {
    it(`hold only what Teams draws, and every button twice over: ${template}`, () => {
      assert.deepEqual(checkCard(read(`${template}.json`)), []);
    });

    it(`can be heard: a heading, and a line for whoever has it read out: ${template}`, () => {
      const card = read(`${template}.json`);
      const headings = JSON.stringify(card.body).split('"style":"heading"').length - 1;

      assert.equal(headings, 1);
      assert.ok(card.speak);
    });

    it(`have sample data: ${template}`, () => assert.notDeepEqual(samplesOf(template), []));

    for (const sample of samplesOf(template))
      it(`come out whole, filled and within Teams' limit: ${sample}`, () => {
        const card = render({ template, data: read(sample) });
        const text = JSON.stringify(card);

        assert.deepEqual(checkCard(card), []);
        assert.doesNotMatch(text, /\$\{/);
        assert.ok(Buffer.byteLength(text) <= MOST_BYTES, `${Buffer.byteLength(text)} bytes`);
      });
  }

  it('show every state of a case as the app draws it', () => {
    const own = templates.flatMap(samplesOf).map((file) => file.slice(0, -'.data.json'.length));
    const samples = samplesIn('en');

    assert.deepEqual(Object.keys(samples).sort(), own.sort());
    for (const [name, { template, data }] of Object.entries(samples)) {
      assert.ok(name === template || name.startsWith(`${template}.`), name);
      assert.deepEqual(read(`${name}.data.json`), data, `${name}: run npm run docs`);
    }
  });

  it('have no verb that the app does not handle', async () => {
    const verbs = new Set(templates.flatMap((template) => verbsOf(read(`${template}.json`))));
    const unknown = /That button does not belong to any case here/;
    const test = await createTestApp();
    try {
      const about = await test.open('bucket-public');

      assert.ok(verbs.size > 0);
      // A stranger changes nothing by trying, and is told something else when the verb is known.
      for (const verb of verbs)
        assert.doesNotMatch(await test.click(people.priya, { verb, about }), unknown, verb);
      assert.match(await test.click(people.priya, { verb: 'aprove', about }), unknown);
    } finally {
      await test.close();
    }
  });
});

describe('the checker of the cards', () => {
  const text = { type: 'TextBlock', text: 'x' };
  const card = (...body: readonly unknown[]) => ({
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: 'x',
    body,
  });
  const execute = (over: object = {}) => ({
    type: 'Action.Execute',
    title: 'Go',
    verb: 'go',
    data: { verb: 'go' },
    fallback: { type: 'Action.Submit', title: 'Go', data: { verb: 'go' } },
    ...over,
  });
  const actions = (...all: readonly object[]) => ({ type: 'ActionSet', actions: all });

  it('lets a card be that Teams draws', () => {
    const fine = card(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are the template's own.
      { ...text, color: 'Good', $when: '${x}', size: '${size}' },
      { type: 'FactSet', facts: [{ title: 'a', value: 'b' }], id: 'facts' },
      { type: 'ColumnSet', columns: [{ width: 'auto', items: [text] }] },
      actions(execute(), { type: 'Action.ToggleVisibility', title: 'More', targetElements: ['facts'] }),
    );

    assert.deepEqual(checkCard(fine), []);
    assert.deepEqual(verbsOf(fine), ['go']);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['what is no card', { type: 'TextBlock' }, /no AdaptiveCard/],
    ['another version', { ...card(), version: '1.6' }, /version is not 1\.5/],
    [
      'a card that older clients show nothing of',
      { ...card(), fallbackText: undefined },
      /has no fallbackText/,
    ],
    ['an element of a newer schema', card({ type: 'Badge', text: 'x' }), /does not draw: Badge/],
    ['a misspelt property', card({ ...text, wraps: true }), /cannot have wraps/],
    ['a misspelt value', card({ ...text, color: 'red' }), /color cannot be "red"/],
    [
      'a style of something else',
      card({ type: 'Container', items: [], style: 'heading' }),
      /style cannot be/,
    ],
    ['a text without text', card({ type: 'TextBlock' }), /has no text/],
    [
      'something further in',
      card({ type: 'Container', items: [{ type: 'Image', url: 'x' }] }),
      /has no altText/,
    ],
    ['an input that nobody can name', card({ type: 'Input.Text', id: 'x' }), /has no label/],
    ['a list that is none', card({ type: 'Container', items: text }), /items is no list/],
    [
      'a button without a fallback',
      card(actions(execute({ fallback: undefined }))),
      /has no Submit fallback/,
    ],
    ['a fallback that drops it', card(actions(execute({ fallback: 'drop' }))), /has no Submit fallback/],
    [
      'a fallback with other data',
      card(actions(execute({ fallback: { type: 'Action.Submit', title: 'Go', data: { verb: 'stay' } } }))),
      /fallback with other data/,
    ],
    [
      'a verb that its data does not say',
      card(actions(execute({ verb: 'stay' }))),
      /another verb than its data/,
    ],
    [
      'too many buttons',
      card(actions(...Array.from({ length: 7 }, () => execute()))),
      /7 buttons: at most 6/,
    ],
    [
      'an input behind a button that nobody can name',
      card(
        actions({
          type: 'Action.ShowCard',
          title: 'More',
          card: { type: 'AdaptiveCard', body: [{ type: 'Input.Date', id: 'x' }] },
        }),
      ),
      /card\.body\[0\] \(Input\.Date\) has no label/,
    ],
    [
      'a search that names no data set',
      card({
        type: 'Input.ChoiceSet',
        id: 'x',
        label: 'x',
        choices: [],
        'choices.data': { type: 'Data.Query' },
      }),
      /has no dataset/,
    ],
    ['an id twice', card({ ...text, id: 'x' }, { ...text, id: 'x' }), /two elements have the id x/],
    [
      'a button that shows nothing',
      card(actions({ type: 'Action.ToggleVisibility', title: 'More', targetElements: [{ elementId: 'y' }] })),
      /no element has the id y/,
    ],
  ];
  for (const [what, bad, expected] of refused)
    it(`refuses ${what}`, () => assert.match(checkCard(bad).join('\n'), expected));
});
