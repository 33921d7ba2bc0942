// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what looks like a placeholder is hostile text here
import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { plainText } from '../../src/ask/plain-text.ts';

// Stricter than any Teams client: it links whatever looks like a link, and lets HTML through.
const renderers = [
  new MarkdownIt({ linkify: true, html: true }),
  new MarkdownIt({ linkify: false, html: false }),
];

/** What a reader sees: the rendered text, or the markup that got through. */
function seen(text: string, renderer: (typeof renderers)[number]): string {
  const html = renderer.render(plainText(text, 500)).trim();
  const inner = /^<p>([\s\S]*)<\/p>$/.exec(html)?.[1] ?? html;
  return inner
    .replaceAll('&lt;', '\u0001')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u200B', '');
}

describe('plain text', () => {
  const asWritten = [
    'Quarterly report',
    '**bold** __bold__ *it* _it_ ~~gone~~',
    '`code` ``more``',
    '# heading',
    '#hashtag',
    '- item',
    '+ item',
    '* item',
    '1. item',
    '2) item',
    '---',
    '===',
    '> quote',
    '| a | b |',
    '[approve here](https://evil.example)',
    '![pixel](https://evil.example/p.png)',
    '[x]: https://evil.example',
    '<b>bold</b> <img src=x onerror=alert(1)> <!-- gone -->',
    '<https://evil.example>',
    '<at>Dana Holt</at> approved this',
    '&lt;b&gt; &#42;&#x2A; &amp;nbsp;',
    'a\\*b \\[c\\]',
    '{{DATE(2020-01-01T00:00:00Z,SHORT)}} {{TIME(2020-01-01T00:00:00Z)}}',
    'https://evil.example/a_b?c=1&d=2',
    'HTTP://EVIL.COM hxxp://evil.com ftp://evil.com //evil.com',
    'see www.evil.com.',
    'evil.com/login evil.co.uk x.zip xn--80ak6aa92e.com',
    'mailto:a@evil.com tel:+15550100 javascript:alert(1)',
    'alex.weber@contoso.example a@evil.com',
    'тест.рф évil.com',
    'arn:aws:s3:::sales_exports_2024/*',
    'C:\\Users\\alex\\new_file.docx',
    'price: $5, ${ref}, 50% off & more!',
    'شركة كونتوسو',
    '東京の売上',
  ];
  for (const text of asWritten) {
    it(`shows ${text} exactly as written, with no link and no markup`, () => {
      for (const renderer of renderers) {
        assert.equal(seen(text, renderer).replaceAll('\u0001', '<'), text);
        assert.doesNotMatch(seen(text, renderer), /<a |<\w/);
      }
    });
  }

  it('leaves ordinary names as they are, so that they can be searched for', () => {
    for (const name of [
      'Alex Weber',
      'contoso-sales-exports',
      'report (final).docx',
      'O’Neil & Sons',
      '192.0.2.10',
    ]) {
      assert.equal(plainText(name, 100), name);
    }
  });

  it('breaks date and mention functions before any client reads them', () => {
    assert.doesNotMatch(plainText('{{DATE(2020-01-01T00:00:00Z)}} <at>x</at>', 100), /\{\{|<at>|(?<!\\)</);
  });

  it('breaks links for clients that look for them in the finished text', () => {
    const finished = (text: string) => plainText(text, 200).replace(/\\([!-/:-@[-`{-~])/g, '$1');

    assert.doesNotMatch(finished('http://a.com https://a.com www.a.com'), /https?:\/\/|www\./);
    assert.doesNotMatch(finished('mailto:a@b.example javascript:x'), /mailto:|javascript:/);
  });

  const cleaned: readonly [string, string, string][] = [
    ['right-to-left overrides', 'invoice\u202Exslx.exe', 'invoicexslx.exe'],
    ['bidirectional isolates', '\u2066a\u2069b', 'ab'],
    ['zero-width characters', 'a\u200Bb\u200Dc\uFEFFd\u2060e', 'abcde'],
    ['soft hyphens', 'ad\u00ADmin', 'admin'],
    ['tag characters', 'a\u{E0041}\u{E007F}b', 'ab'],
    ['fillers that look like nothing', 'a\u3164\u115F\u2800b', 'ab'],
    ['private-use characters', 'a\uE000\u{F0000}b', 'ab'],
    ['control characters', 'a\u0000\u0007\u001Bb\u0085c', 'a b c'],
    ['new lines and tabs', ' a\r\n\n\tb\u2028c\u00A0d ', 'a b c d'],
    ['lone halves of a character', 'a\uD800b', 'a\uFFFDb'],
    ['towers of accents', `Z${'\u0301'.repeat(60)}algo`, `Z${'\u0301'.repeat(4)}algo`],
    ['a scheme hidden by an invisible character', 'ht\u200Btp://a.b', 'http\u200B://a\u200B.b'],
  ];
  for (const [what, text, expected] of cleaned) {
    it(`removes ${what}`, () => assert.equal(plainText(text, 100), expected));
  }

  it('cuts by characters that a reader counts, and says so with an ellipsis', () => {
    assert.equal(plainText('abcdef', 6), 'abcdef');
    assert.equal(plainText('abcdefg', 6), 'abcde…');
    assert.equal(plainText('💣💣💣💣', 3), '💣💣…');
    assert.equal(plainText('abc', 1), '…');
    assert.equal(plainText('abc', 0), '');
  });

  it('never cuts an escape in two: the cut comes before the escaping', () => {
    assert.equal(plainText('***', 2), '\\*…');
  });

  it('takes a megabyte of anything without a pause', () => {
    for (const unit of ['a', '<', '\\', 'www.', 'a.b@', '\u200B', '{{', '&#1;', ' ', '\u0301', 'http://']) {
      assert.ok(plainText(unit.repeat(1_000_000 / unit.length), 300).length <= 1_000);
    }
  });
});
