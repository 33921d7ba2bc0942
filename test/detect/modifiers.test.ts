import assert from 'node:assert/strict';
import { load, matches, problemOf, ruleText, table } from './rule.ts';

const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');

describe('The modifier re', () => {
  table([
    [{ 'a|re': 'b+c' }, { a: 'xbbcx' }, true],
    [{ 'a|re': '^b+c$' }, { a: 'xbbcx' }, false],
    [{ 'a|re': 'B' }, { a: 'b' }, false],
    [{ 'a|re|i': 'B' }, { a: 'b' }, true],
    [{ 'a|re': '^two' }, { a: 'one\ntwo' }, false],
    [{ 'a|re|m': '^two' }, { a: 'one\ntwo' }, true],
    [{ 'a|re': 'one.two' }, { a: 'one\ntwo' }, false],
    [{ 'a|re|s': 'one.two' }, { a: 'one\ntwo' }, true],
    [{ 'a|re': ['x', 'y'] }, { a: 'y' }, true],
    [{ 'a|re|all': ['x', 'y'] }, { a: 'y' }, false],
    [{ 'a|re|neq': 'x' }, { a: 'y' }, true],
    [{ 'a|re': '^5$' }, { a: 5 }, true],
    [{ 'a|re': 'secret' }, { a: { b: 'secret' } }, true],
    [{ 'a|re|i': 'straße' }, { a: 'STRAßE' }, true],
    [{ 'a|re|i': 'classes' }, { a: 'clas\u017fes' }, true],
    [{ '|re': 'b+c' }, { a: { d: 'bbc' } }, true],
  ]);
});

describe('The modifiers for numbers', () => {
  table([
    [{ 'a|lt': 5 }, { a: 4 }, true],
    [{ 'a|lt': 5 }, { a: 5 }, false],
    [{ 'a|lte': 5 }, { a: 5 }, true],
    [{ 'a|gt': 5 }, { a: 5 }, false],
    [{ 'a|gt': 5 }, { a: '5.1' }, true],
    [{ 'a|gte': 5 }, { a: '5' }, true],
    [{ 'a|gt': 0 }, { a: 'many' }, false],
    [{ 'a|gt': 0 }, { a: '0x10' }, false],
    [{ 'a|gt': 0 }, { a: true }, false],
    [{ 'a|gt': -1 }, { a: null }, false],
    [{ 'a|gt': -1 }, {}, false],
    [{ 'a|gt': 5 }, { a: [1, 9] }, true],
    [{ 'a|gt|neq': 5 }, {}, true],
  ]);
});

describe('The modifiers for times', () => {
  const when = { when: '2026-01-12T09:14:02+05:00' };
  table([
    [{ 'when|minute': 14 }, when, true],
    [{ 'when|hour': 9 }, when, true],
    [{ 'when|hour|gte': 18 }, when, false],
    [{ 'when|hour|lt': 10 }, when, true],
    [{ 'when|day': 12 }, when, true],
    [{ 'when|month': [1, 2] }, when, true],
    [{ 'when|year|neq': 2026 }, when, false],
    [{ 'when|week': 3 }, when, true],
    [{ 'when|week': 53 }, { when: '2027-01-03T00:00:00Z' }, true],
    [{ 'when|week': 1 }, { when: '2025-12-29 10:00' }, true],
    [{ 'when|hour': 9 }, { when: 'yesterday at nine' }, false],
    [{ 'when|day': 30 }, { when: '2026-02-30T10:00:00Z' }, false],
    [{ 'when|hour': 24 }, { when: '2026-02-03T24:00:00Z' }, false],
    [{ 'when|hour|gte': 0 }, { when: 1768209242 }, false],
  ]);
});

describe('The modifier cidr', () => {
  table([
    [{ 'ip|cidr': '192.0.2.0/24' }, { ip: '192.0.2.77' }, true],
    [{ 'ip|cidr': '192.0.2.0/24' }, { ip: '192.0.3.77' }, false],
    [{ 'ip|cidr': '192.0.2.0/25' }, { ip: '192.0.2.128' }, false],
    [{ 'ip|cidr': '0.0.0.0/0' }, { ip: '192.0.2.1' }, true],
    [{ 'ip|cidr': '0.0.0.0/0' }, { ip: 'cloudtrail.amazonaws.com' }, false],
    [{ 'ip|cidr': '192.0.2.1' }, { ip: '192.0.2.1' }, true],
    [{ 'ip|cidr': '192.0.2.0/24' }, { ip: '::ffff:192.0.2.77' }, true],
    [{ 'ip|cidr': '::ffff:192.0.2.0/120' }, { ip: '192.0.2.77' }, true],
    [{ 'ip|cidr': '2001:db8::/33' }, { ip: '2001:db8:7fff::1' }, true],
    [{ 'ip|cidr': '2001:db8::/33' }, { ip: '2001:db8:8000::1' }, false],
    [{ 'ip|cidr': '::/0' }, { ip: '2001:DB8::1' }, true],
    [{ 'ip|cidr': '::/0' }, { ip: '192.0.2.1' }, false],
    [{ 'ip|cidr|neq': '192.0.2.0/24' }, { ip: '198.51.100.1' }, true],
    [{ 'ip|cidr': ['192.0.2.0/24', '2001:db8::/32'] }, { ip: '2001:db8::5' }, true],
  ]);
});

describe('The modifier fieldref', () => {
  table([
    [{ 'a|fieldref': 'b.c' }, { a: 'X', b: { c: 'x' } }, true],
    [{ 'a|fieldref|cased': 'b' }, { a: 'X', b: 'x' }, false],
    [{ 'a|fieldref': 'b' }, { a: ['p', 'q'], b: ['q', 'r'] }, true],
    [{ 'a|fieldref': 'b' }, { a: 'x', b: 'y' }, false],
    [{ 'a|fieldref|startswith': 'b' }, { a: 'xy', b: 'x' }, true],
    [{ 'a|fieldref|startswith': 'b' }, { a: 'yx', b: 'x' }, false],
    [{ 'a|fieldref|endswith': 'b' }, { a: ['yx', 'z'], b: 'x' }, true],
    [{ 'a|fieldref|endswith': 'b' }, { a: ['xy', 'z'], b: 'x' }, false],
    [{ 'a|fieldref|contains': 'b' }, { a: 'xyz', b: 'y' }, true],
    [{ 'a|fieldref|contains': 'b' }, { a: ['x', 'y'], b: 'x\0y' }, false],
    [{ 'a|fieldref|contains': 'b' }, { a: ['-x\0y-'], b: 'x\0y' }, true],
    [{ 'a|fieldref|neq': 'b' }, { a: 'x', b: 'y' }, true],
    [{ 'a|fieldref|neq': 'b' }, { a: 'x', b: 'x' }, false],
    [{ 'a|fieldref|neq': 'b' }, { a: 'x' }, false],
    [{ 'a|fieldref': 'b' }, { a: null, b: null }, false],
    [{ 'a|fieldref': 'b' }, { a: 'x*', b: 'xy' }, false],
    [{ 'a|fieldref': ['b', 'c'] }, { a: 'x', c: 'x' }, true],
    [{ 'a|fieldref|all': ['b', 'c'] }, { a: 'x', b: 'x', c: 'y' }, false],
  ]);
});

describe('The modifiers for encodings', () => {
  table([
    [{ 'a|base64': 'whoami' }, { a: base64('whoami') }, true],
    [{ 'a|base64|contains': 'who' }, { a: base64('who') + base64('ami') }, true],
    [{ 'a|base64': 'a\\*b' }, { a: base64('a*b') }, true],
    [{ 'a|wide|base64': 'whoami' }, { a: base64('whoami', 'utf16le') }, true],
    [{ 'a|utf16le|base64': 'whoami' }, { a: base64('whoami', 'utf16le') }, true],
    [
      { 'a|utf16be|base64': 'whoami' },
      { a: Buffer.from('whoami', 'utf16le').swap16().toString('base64') },
      true,
    ],
    [{ 'a|utf16|base64': 'whoami' }, { a: base64('\ufeffwhoami', 'utf16le') }, true],
    ...['', 'x', 'xy', 'xyz'].flatMap((before) =>
      ['', '!', '!!'].map(
        (after) =>
          [
            { 'a|base64offset|contains': 'run whoami' },
            { a: base64(`${before}run whoami${after}`) },
            true,
          ] as const,
      ),
    ),
    [{ 'a|base64offset|contains': 'whoami' }, { a: base64('nothing of the kind') }, false],
    [{ 'a|windash|contains': ' -enc ' }, { a: 'x.exe /enc y' }, true],
    [{ 'a|contains|windash': ' -enc ' }, { a: 'x.exe \u2014enc y' }, true],
    [{ 'a|windash|contains': ' -enc ' }, { a: 'x.exe +enc y' }, false],
    [{ 'a|windash': '-enc' }, { a: '/ENC' }, true],
    [{ 'a|windash|base64': '-enc' }, { a: base64('/enc') }, true],
  ]);
});

describe('The modifier expand', () => {
  const accounts = [
    { id: '123456789012', roleArn: 'arn:aws:iam::123456789012:role/countersign' },
    { id: '000000000001', roleArn: 'arn:aws:iam::000000000001:role/count?rsign' },
  ];
  table(
    [
      [{ 'a|expand': '%admins%' }, { a: 'ROOT' }, true],
      [{ 'a|expand': '%admins%' }, { a: 'adm_jane' }, true],
      [{ 'a|expand': '%admins%' }, { a: 'jane' }, false],
      [{ 'a|expand': 'user/%admins%@%domains%' }, { a: 'user/root@contoso.example' }, true],
      [{ 'a|contains|expand': '%domains%' }, { a: 'x@contoso.example!' }, true],
      [{ 'a|expand': '\\%admins%' }, { a: '%admins%' }, true],
      [{ a: '%admins%' }, { a: 'root' }, false],
      [{ a: '%admins%' }, { a: '%admins%' }, true],
      [{ 'a|expand': '%nobody%' }, { a: '' }, false],
      [{ 'a|expand': '%nobody%' }, { a: '%nobody%' }, false],
      [{ 'a|expand|neq': '%nobody%' }, { a: 'x' }, true],
      [{ 'a|expand': ['%nobody%', 'x'] }, { a: 'x' }, true],
      [{ 'a|expand|all': ['%nobody%', 'x'] }, { a: 'x' }, false],
      [{ 'ip|cidr|expand': '%offices%' }, { ip: '192.0.2.9' }, true],
      [{ 'ip|cidr|expand': '%offices%' }, { ip: '198.51.100.9' }, false],
      [{ 'a|expand': '%own_accounts%' }, { a: '000000000001' }, true],
      [{ 'a|expand': '%own_accounts%' }, { a: '111111111111' }, false],
      [{ 'a|cased|expand': '%countersign_roles%' }, { a: accounts[0]?.roleArn }, true],
      [{ 'a|cased|expand': '%countersign_roles%' }, { a: accounts[0]?.roleArn.toUpperCase() }, false],
      [{ 'a|expand': '%countersign_roles%' }, { a: accounts[1]?.roleArn }, true],
      [{ 'a|expand': '%countersign_roles%' }, { a: accounts[1]?.roleArn.replace('?', 'e') }, false],
    ],
    {
      accounts,
      placeholders: {
        admins: ['root', 'adm_*'],
        domains: ['contoso.example'],
        offices: ['192.0.2.0/24', '2001:db8::/32'],
        own_accounts: ['111111111111'],
      },
    },
  );
});

describe('The modifier neq', () => {
  table([
    [{ 'a|neq': 'x' }, { a: 'y' }, true],
    [{ 'a|neq': 'x' }, { a: 'X' }, false],
    [{ 'a|neq': 'x' }, {}, true],
    [{ 'a|neq': ['x', 'y'] }, { a: 'z' }, true],
    [{ 'a|neq': ['x', 'y'] }, { a: 'y' }, false],
    [{ 'a|neq': 'x' }, { a: ['x', 'y'] }, false],
    [{ 'a|contains|neq': 'x' }, { a: 'axb' }, false],
    [{ 'a|contains|all|neq': ['x', 'y'] }, { a: 'x' }, true],
    [{ '|neq': 'x' }, { a: 'y' }, true],
  ]);
});

describe('A number of a rule', () => {
  for (const [written, found, expected] of [
    ['012345678901', '012345678901', true],
    ['012345678901', '12345678901', false],
    ['00', '00', true],
    ['12345678901234567890', '12345678901234567890', true],
    ['5', '5', true],
    ['5', 5, true],
    ['5.0', 5, true],
  ] as const)
    it(`written ${written} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(found)}`, () => {
      const text = ruleText({ sel: { a: 'HERE' }, condition: 'sel' }).replace('HERE', written);
      const { policies } = load(text).catalogue.evaluate('cloudtrail', { a: found });

      assert.equal(policies.length === 1, expected);
    });
});

describe('What means nothing is refused:', () => {
  for (const [selection, reason] of [
    [{ 'a|re': '(?=x)' }, /no look-around/],
    [{ 'a|re': '(x)\\1' }, /no back-references/],
    [{ 'a|re': '[' }, /RE2/],
    [{ 'a|re': 'x'.repeat(1001) }, /too long/],
    [{ 'a|re': '(x{100}){9}' }, /too big/],
    [{ 'a|re': 5 }, /"re" takes a text/],
    [{ 'a|re|contains': 'x' }, /"re" cannot be combined with "contains"/],
    [{ 'a|re|cased': 'x' }, /"re" cannot be combined with "cased"/],
    [{ 'a|re|expand': '%x%' }, /"re" cannot be combined with "expand"/],
    [{ 'a|i|re': 'x' }, /"i" stands after "re"/],
    [{ 'a|i': 'x' }, /"i" goes with "re" alone/],
    [{ 'a|contains|s': 'x' }, /"s" goes with "re" alone/],
    [{ 'a|cidr': '192.0.2.0/33' }, /no CIDR range/],
    [{ 'a|cidr': 'nowhere' }, /no CIDR range/],
    [{ 'a|cidr|startswith': '192.0.2.0/24' }, /"cidr" cannot be combined with "startswith"/],
    [{ 'a|cidr': null }, /"cidr" needs a text/],
    [{ 'a|gt': 'many' }, /"gt" takes a number/],
    [{ 'a|gt': '5' }, /"gt" takes a number/],
    [{ 'a|gt|lt': 5 }, /exclude each other/],
    [{ 'a|gt|contains': 5 }, /"gt" cannot be combined with "contains"/],
    [{ 'a|hour|day': 5 }, /exclude each other/],
    [{ 'a|gt|hour': 5 }, /"gt" stands after "hour"/],
    [{ 'a|hour': 'nine' }, /"hour" takes a number/],
    [{ 'a|exists|neq': true }, /"exists" cannot be combined with "neq"/],
    [{ 'a|fieldref': 5 }, /"fieldref" takes the name of a field/],
    [{ 'a|fieldref': 'b*' }, /"fieldref" takes the name of a field/],
    [{ 'a|fieldref|base64': 'b' }, /"fieldref" cannot be combined with "base64"/],
    [{ 'a|re|cidr': 'x' }, /exclude each other/],
    [{ 'a|wide': 'x' }, /no JSON text holds UTF-16/],
    [{ 'a|utf16|contains': 'x' }, /no JSON text holds UTF-16/],
    [{ 'a|wide|utf16|base64': 'x' }, /exclude each other/],
    [{ 'a|base64|base64offset': 'x' }, /exclude each other/],
    [{ 'a|base64|wide': 'x' }, /exclude each other/],
    [{ 'a|contains|base64': 'x' }, /"contains" stands after "base64"/],
    [{ 'a|base64|windash': 'x' }, /"windash" stands before "base64"/],
    [{ 'a|base64': 'x*' }, /wildcards cannot be encoded/],
    [{ 'a|base64': 5 }, /need a text/],
    [{ 'a|windash|base64': '-'.repeat(9) }, /too many dashes/],
    [{ 'a|expand|base64': '%p%' }, null],
    [{ '|startswith': 'x' }, /needs a field/],
    [{ '|exists': true }, /needs a field/],
    [{ '|cidr': '192.0.2.0/24' }, /needs a field/],
    [{ 'a|contains': `*x${'?x'.repeat(600)}` }, /wildcards is too long/],
    [{ [`${'a.'.repeat(40)}b`]: 'x' }, /too many dots/],
  ] as const)
    it(JSON.stringify(selection).slice(0, 80), () => {
      const text = ruleText({ sel: selection, condition: 'sel' });
      if (reason === null) return assert.equal(matches({ sel: selection, condition: 'sel' }, {}), false);
      return assert.match(problemOf(text).reason, reason);
    });

  it('placeholders that multiply without end', () => {
    const values = Array.from({ length: 200 }, (_, at) => String(at));
    const selection = { 'a|expand': '%p%%p%%p%' };

    assert.throws(
      () => matches({ sel: selection, condition: 'sel' }, {}, { placeholders: { p: values } }),
      /too many values/,
    );
  });
});
