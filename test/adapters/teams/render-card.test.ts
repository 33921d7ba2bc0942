// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what looks like a placeholder is what this is about
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCardRenderer } from '../../../src/adapters/teams/render-card.ts';
import { askCard, doneCard, TEST_CARDS } from '../../helpers/teams-channel.ts';

describe('the card renderer', () => {
  const render = createCardRenderer(TEST_CARDS);
  const textOf = (card: unknown): string =>
    (card as { body: readonly { readonly text: string }[] }).body[0]?.text ?? '';

  it('fills texts, repeats lists and leaves out what does not apply', () => {
    const card = render(
      askCard('A bucket.', {
        facts: [
          { label: 'Who', value: 'Alex' },
          { label: 'When', value: 'now' },
        ],
      }),
    );

    assert.equal(textOf(card), 'A bucket.');
    assert.deepEqual(
      card,
      render(
        askCard('A bucket.', {
          facts: [
            { label: 'Who', value: 'Alex' },
            { label: 'When', value: 'now' },
          ],
        }),
      ),
    );
    const body = card.body as { type: string; facts?: unknown[] }[];
    assert.deepEqual(
      body.map((element) => element.type),
      ['TextBlock', 'FactSet', 'Input.Text'],
    );
    assert.deepEqual(body[1]?.facts, [
      { title: 'Who', value: 'Alex' },
      { title: 'When', value: 'now' },
    ]);
  });

  it('has a card fetched anew by at most sixty readers, with a button that carries two ids, and by nobody where none is known', () => {
    const readers = Array.from({ length: 70 }, (_, n) => `29:${n}`);
    const refresh = { caseRef: 'AB12CD34', questionId: 'q-1', readers };

    const card = render({ ...doneCard('Done.'), refresh });

    assert.deepEqual(card.refresh, {
      action: {
        type: 'Action.Execute',
        title: 'Refresh',
        verb: 'refresh',
        data: { verb: 'refresh', case: 'AB12CD34', question: 'q-1' },
      },
      userIds: readers.slice(0, 60),
    });
    for (const bare of [doneCard('Done.'), { ...doneCard('Done.'), refresh: { ...refresh, readers: [] } }])
      assert.ok(!('refresh' in render(bare)));
  });

  it('counts those readers towards what Teams takes', () => {
    const readers = Array.from({ length: 60 }, (_, n) => `29:${n}${'x'.repeat(600)}`);

    assert.throws(
      () => render({ ...doneCard('Done.'), refresh: { caseRef: '', questionId: '', readers } }),
      /came to \d+ bytes/,
    );
  });

  const hostile = [
    '${ref}',
    '${questionId} and ${1 + 1}',
    "${json('{}')}",
    '${string($root)}',
    '$${ref}',
    '$',
    '${',
    '{{DATE(2020-01-01T00:00:00Z,SHORT)}}',
    '{ref} {{ref}} ${{ref}}',
    '`${ref}` \\${ref}',
    '","type":"Action.OpenUrl","url":"https://evil.example',
  ];
  for (const text of hostile) {
    it(`shows the data ${text} as it is, wherever it stands, and evaluates none of it`, () => {
      const card = render(askCard(text, { notice: text, facts: [{ label: text, value: text }] }));

      const body = card.body as { text?: string; facts?: { title: string; value: string }[] }[];
      assert.equal(body[0]?.text, text);
      assert.deepEqual(body[1]?.facts, [{ title: text, value: text }]);
      assert.equal(body[2]?.text, `Note: ${text}`);
    });
  }

  it('keeps a payload that lists $when, $data or __proto__ as keys out of the card', () => {
    const data = { outcome: 'x', $when: false, $data: [1, 2], $root: { outcome: 'evil' } };

    assert.equal(textOf(render({ template: 'done', data })), 'x');
  });

  it('refuses a card whose data lacks what the template names', () => {
    assert.throws(() => render({ template: 'done', data: {} }), { code: 'card.unfilled' });
    assert.throws(() => render({ template: 'done', data: { outcome: null } }), { code: 'card.unfilled' });
  });

  it('refuses a card over 28 KB, counted in bytes and not in characters', () => {
    const fits = 'x'.repeat(28_000);
    const tooLarge = 'ä'.repeat(15_000);

    assert.equal(textOf(render(doneCard(fits))), fits);
    assert.throws(() => render(doneCard(tooLarge)), { code: 'card.too-large', retryable: false });
  });

  for (const name of [
    '../done',
    'done.json',
    '/etc/passwd',
    '',
    'Done',
    'a/b',
    '..',
    'no-such-card',
    '__proto__',
  ]) {
    it(`refuses the template name '${name}'`, () => {
      assert.throws(() => render({ template: name, data: {} }), { code: 'card.unknown-template' });
    });
  }

  it('reads a template once', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'countersign-cards-'));
    const file = path.join(folder, 'one.json');
    const card = (text: string) =>
      JSON.stringify({ type: 'AdaptiveCard', body: [{ type: 'TextBlock', text }] });
    writeFileSync(file, card('first ${x}'));
    const draw = createCardRenderer(folder);
    const first = textOf(draw({ template: 'one', data: { x: 1 } }));
    writeFileSync(file, card('second ${x}'));

    const second = textOf(draw({ template: 'one', data: { x: 2 } }));
    rmSync(folder, { recursive: true });

    assert.deepEqual([first, second], ['first 1', 'first 2']);
  });
});
