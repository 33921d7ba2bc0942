import assert from 'node:assert/strict';
import { compileRegularExpression, requiredLiteral } from '../../src/detect/regular-expression.ts';

describe('The text that every match of a regular expression holds', () => {
  for (const [source, plain, folded] of [
    ['.+:assumed-role/aws:.+', ':assumed-role/aws:', 'umed-role/aw'],
    ['assumed-role', 'assumed-role', 'umed-role'],
    ['^Delete(Trail|Bucket)$', 'Delete', 'delete'],
    ['Trail\\.json', 'Trail.json', 'trail.j'],
    ['abc|def', null, null],
    ['(abc)', null, null],
    ['[abc]{3}', null, null],
    ['abcd?', 'abc', 'abc'],
    ['abcd*ef', 'abc', 'abc'],
    ['abcd+ef', 'abcd', 'abcd'],
    ['abcd{0,2}', 'abc', 'abc'],
    ['ab.cd', null, null],
    ['ab\\dcdef', null, null],
    ['\\x41bcdef', null, null],
    ['a\\Qb|c\\Edef', null, null],
    ['(?i)abcdef', null, null],
    ['(?:x|y)abc', 'abc', 'abc'],
    ['[]abc]def', 'def', 'def'],
    ['[^]abc]def', 'def', 'def'],
    ['[[:alpha:]]def', null, null],
    ['(a[)]b)def', 'def', 'def'],
    ['naïve', 'naïve', null],
    ['a{,2}bcd', 'bcd', 'bcd'],
    ['', null, null],
  ] as const)
    it(`of ${source} is ${plain}, and ${folded} without case`, () => {
      assert.equal(requiredLiteral(source, false), plain);
      assert.equal(requiredLiteral(source, true), folded);
    });

  it('never keeps a match from being found', () => {
    const texts = [
      'abcdef',
      'ABCDEF',
      'assumed-role/aws:x',
      'A\u017f\u017fumed-role',
      '\u212aelvin abc',
      'abce',
      '',
    ];
    const sources = [
      'abc',
      'ab?cd?',
      'assumed-role',
      'kelvin',
      '(abc|x)def',
      'abc(d|e)',
      '\\Aabc',
      'a.c',
      '^$',
    ];

    for (const source of sources)
      for (const flags of [[], ['i']] as const)
        for (const text of texts)
          assert.equal(
            compileRegularExpression(source, flags, [], () => undefined)(text),
            // The class makes the source one of which no literal is certain.
            compileRegularExpression(`(?:${source})|[^\\x00-\\x{10FFFF}]`, flags, [], () => undefined)(text),
            `${source} on ${text}`,
          );
  });
});
