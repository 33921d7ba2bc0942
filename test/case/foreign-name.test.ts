import assert from 'node:assert/strict';
import { foreignName } from '../../src/case/foreign-name.ts';

describe('A name that somebody outside chose', () => {
  it('has no double quotes, whatever the alphabet: they would seem to end ours', () => {
    for (const quote of '"“”„‟«»″‶〝〞〟＂') assert.equal(foreignName(`a${quote}b`), "a'b");
    assert.equal(foreignName("Ann's app"), "Ann's app");
  });

  it('is one line of sixty characters at most, with whole characters', () => {
    assert.equal(foreignName(' PDF\n\tViewer '), 'PDF Viewer');
    assert.equal(foreignName('x'.repeat(60)), 'x'.repeat(60));
    assert.equal(foreignName('x'.repeat(61)), `${'x'.repeat(59)}…`);
    assert.equal(foreignName(`${'x'.repeat(58)}😀 and more`), `${'x'.repeat(58)}…`);
    assert.equal(foreignName(null), '');
  });
});
