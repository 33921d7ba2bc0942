import assert from 'node:assert/strict';
import { matches } from './rule.ts';

const SELECTIONS = {
  one: { a: 1 },
  one_b: { b: 1 },
  two: { c: 1 },
  _hidden: { d: 1 },
  'with-hyphen': { e: 1 },
};

describe('A condition', () => {
  for (const [condition, event, expected] of [
    ['one', { a: 1 }, true],
    ['not one', { a: 1 }, false],
    ['not not one', { a: 1 }, true],
    ['one and two', { a: 1 }, false],
    ['one and two', { a: 1, c: 1 }, true],
    ['one or two', { c: 1 }, true],
    ['one AND NOT two', { a: 1 }, true],
    ['one or two and one_b', { a: 1 }, true],
    ['(one or two) and one_b', { a: 1 }, false],
    ['not one and two', { c: 1 }, true],
    ['not (one or two)', {}, true],
    ['not (one or two)', { c: 1 }, false],
    ['((one))', { a: 1 }, true],
    ['1 of one*', { b: 1 }, true],
    ['any of one*', { b: 1 }, true],
    ['all of one*', { b: 1 }, false],
    ['all of one*', { a: 1, b: 1 }, true],
    ['1 of *_b', { b: 1 }, true],
    ['two and not 1 of one*', { c: 1 }, true],
    ['two and not 1 of one*', { c: 1, b: 1 }, false],
    ['1 of them', { d: 1 }, false],
    ['1 of them', { c: 1 }, true],
    ['all of them', { a: 1, b: 1, c: 1, e: 1 }, true],
    ['_hidden', { d: 1 }, true],
    ['with-hyphen', { e: 1 }, true],
    [['one', 'two'], { c: 1 }, true],
    [['one', 'two'], {}, false],
  ] as const)
    it(`${JSON.stringify(condition)} is ${expected} of ${JSON.stringify(event)}`, () =>
      assert.equal(matches({ ...SELECTIONS, condition }, event), expected));
});
