import assert from 'node:assert/strict';
import { matches, table } from './rule.ts';

describe('A value of a Sigma rule', () => {
  table([
    [{ a: 'x' }, { a: 'x' }, true],
    [{ a: 'x' }, { a: 'X' }, true],
    [{ a: 'X' }, { a: 'x' }, true],
    [{ a: 'x' }, { a: 'xy' }, false],
    [{ a: 'x' }, {}, false],
    [{ a: 'x' }, { a: null }, false],
    [{ a: 'x' }, { A: 'x' }, false],
    [{ 'a|cased': 'x' }, { a: 'X' }, false],
    [{ 'a|cased': 'x' }, { a: 'x' }, true],
    [{ a: 5 }, { a: 5 }, true],
    [{ a: 5 }, { a: '5' }, true],
    [{ a: '5' }, { a: 5 }, true],
    [{ a: 5 }, { a: 55 }, false],
    [{ a: true }, { a: true }, true],
    [{ a: 'true' }, { a: true }, true],
    [{ a: false }, { a: true }, false],
    [{ a: false }, {}, false],
    [{ a: '' }, { a: '' }, true],
    [{ a: '' }, { a: 'x' }, false],
    [{ a: '' }, {}, false],
    [{ a: null }, { a: null }, true],
    [{ a: null }, {}, true],
    [{ a: null }, { a: '' }, false],
    [{ a: null }, { a: ['x'] }, false],
    [{ a: null }, { a: ['x', null] }, true],
    [{ a: null }, { a: [] }, false],
    [{ 'a|neq': null }, { a: 'x' }, true],
    [{ 'a|neq': null }, {}, false],
    [{ a: ['x', 'y'] }, { a: 'y' }, true],
    [{ a: ['x', 'y'] }, { a: 'z' }, false],
    [{ a: 'x', b: 'y' }, { a: 'x', b: 'y' }, true],
    [{ a: 'x', b: 'y' }, { a: 'x' }, false],
  ]);
});

describe('A wildcard of a Sigma rule', () => {
  table([
    [{ a: 'x*' }, { a: 'xyz' }, true],
    [{ a: '*z' }, { a: 'xyz' }, true],
    [{ a: '*y*' }, { a: 'xyz' }, true],
    [{ a: 'x*z' }, { a: 'xz' }, true],
    [{ a: 'x*z' }, { a: 'xzy' }, false],
    [{ a: 'a*b*c' }, { a: 'a--b--b--c' }, true],
    [{ a: 'a*b*c' }, { a: 'a--c--b' }, false],
    [{ a: 'x?z' }, { a: 'xyz' }, true],
    [{ a: 'x?z' }, { a: 'xz' }, false],
    [{ a: 'x?' }, { a: 'x😀' }, true],
    [{ a: '*' }, { a: '' }, true],
    [{ a: '*' }, {}, false],
    [{ a: '\\*' }, { a: '*' }, true],
    [{ a: '\\*' }, { a: 'x' }, false],
    [{ a: 'x\\?' }, { a: 'xy' }, false],
    [{ a: 'x\\?' }, { a: 'x?' }, true],
    [{ a: 'C:\\Temp' }, { a: 'c:\\temp' }, true],
    [{ a: 'C:\\\\Temp' }, { a: 'c:\\temp' }, true],
    [{ a: 'C:\\\\*' }, { a: 'c:\\temp' }, true],
    [{ a: 'C:\\\\\\*' }, { a: 'c:\\*' }, true],
    [{ a: 'C:\\\\\\*' }, { a: 'c:\\temp' }, false],
    [{ a: 'a.c' }, { a: 'abc' }, false],
    [{ a: '[a-z]+' }, { a: 'abc' }, false],
    [{ a: 'line*end' }, { a: 'line\nend' }, true],
  ]);

  it('takes no more than moments on a text made to backtrack', () =>
    assert.equal(
      matches({ sel: { a: `${'*a'.repeat(40)}b` }, condition: 'sel' }, { a: 'a'.repeat(50_000) }),
      false,
    ));
});

describe('A modifier of a Sigma rule', () => {
  table([
    [{ 'a|contains': 'yz' }, { a: 'xYZz' }, true],
    [{ 'a|contains': 'yz' }, { a: 'xy' }, false],
    [{ 'a|contains': 'y*z' }, { a: 'xy-z-' }, true],
    [{ 'a|startswith': 'xy' }, { a: 'XYZ' }, true],
    [{ 'a|startswith': 'y' }, { a: 'xy' }, false],
    [{ 'a|endswith': 'yz' }, { a: 'xyz' }, true],
    [{ 'a|endswith': 'y' }, { a: 'xyz' }, false],
    [{ 'a|endswith|cased': 'Z' }, { a: 'xyz' }, false],
    [{ 'a|contains': ['q', 'z'] }, { a: 'xyz' }, true],
    [{ 'a|contains|all': ['x', 'z'] }, { a: 'xyz' }, true],
    [{ 'a|contains|all': ['x', 'q'] }, { a: 'xyz' }, false],
    [{ 'a|all': ['x', 'y'] }, { a: ['y', 'x'] }, true],
    [{ 'a|exists': true }, { a: null }, true],
    [{ 'a|exists': true }, { a: '' }, true],
    [{ 'a|exists': true }, {}, false],
    [{ 'a|exists': false }, {}, true],
    [{ 'a|exists': false }, { a: [] }, false],
    [{ 'a.b|exists': true }, { a: [{ c: 1 }, { b: 1 }] }, true],
  ]);
});

describe('A field of a Sigma rule', () => {
  table([
    [{ 'a.b.c': 'x' }, { a: { b: { c: 'x' } } }, true],
    [{ 'a.b.c': 'x' }, { a: { b: 'x' } }, false],
    [{ 'a.b': 'x' }, { 'a.b': 'x' }, true],
    [{ 'evidence.@odata.type': 'x' }, { evidence: [{ '@odata.type': 'y' }, { '@odata.type': 'x' }] }, true],
    [{ 'a.b': 'x' }, { a: [{ b: 'y' }, { b: 'x' }] }, true],
    [{ 'a.b': 'x' }, { a: [[{ b: 'x' }]] }, true],
    [{ a: 'x' }, { a: ['y', 'x'] }, true],
    [{ 'a.b': 'x' }, { a: [] }, false],
    [{ 'a.b': null }, { a: [{ b: 'x' }, {}] }, false],
    [{ 'a|contains': 'secret' }, { a: { b: { c: 'the secret' } } }, true],
    [{ '__proto__.x|exists': true }, {}, false],
    [{ 'constructor.name': 'Object' }, {}, false],
    [{ 'constructor|exists': true }, {}, false],
    [{ 'a.__proto__|exists': true }, { a: {} }, false],
    [{ 'a.length': 2 }, { a: 'xy' }, false],
    [{ eventName: 'UpdateFunctionCode' }, { eventName: 'UpdateFunctionCode20150331v2' }, true],
    [{ eventName: 'UpdateFunctionCode20150331v2' }, { eventName: 'UpdateFunctionCode20150331v2' }, true],
    [{ eventName: 'CreateDistribution' }, { eventName: 'CreateDistribution2020_05_31' }, true],
    [{ eventName: 'Update' }, { eventName: 'UpdateFunctionCode20150331v2' }, false],
  ]);

  it('may be called __proto__ in the event without harm', () => {
    const event = JSON.parse('{"__proto__":{"eventName":"StopLogging"},"a":{"__proto__":{"b":"x"}}}');

    assert.equal(matches({ sel: { eventName: 'StopLogging' }, condition: 'sel' }, event), false);
    assert.equal(matches({ sel: { 'a.b': 'x' }, condition: 'sel' }, event), false);
    assert.equal(matches({ sel: { 'a.__proto__.b': 'x' }, condition: 'sel' }, event), true);
  });
});

describe('A list of a Sigma rule', () => {
  table([
    [[{ a: 'x' }, { b: 'y' }], { b: 'y' }, true],
    [[{ a: 'x' }, { b: 'y' }], { a: 'y' }, false],
    [['evil', 'bad'], { a: { b: ['some EVIL thing'] } }, true],
    [['evil'], { evil: 'x' }, true],
    [['evil'], { a: { b: [{ evil: 1 }] } }, true],
    [['evil'], { a: 'good' }, false],
    [[404], { a: 404 }, true],
    [{ '|all': ['one', 'two'] }, { a: 'one', b: 'two' }, true],
    [{ '|all': ['one', 'two'] }, { a: 'one' }, false],
  ]);
});
