// The page that people see: plain words that fit a phone, by day and by night. It runs no script and loads nothing.
import { createHash } from 'node:crypto';
import type { Said } from '../../case/said.ts';
import { type Written, writeOut } from '../../case/written.ts';
import type { Reader, Words as Writer } from '../../ports/words.ts';

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Words {
  readonly title: Said;
  readonly lines: readonly Said[];
  /** A way on, on this server. */
  readonly link?: { readonly href: string; readonly text: Said };
}

const STYLE = `:root{color-scheme:light dark}
body{margin:0;font:1.125rem/1.5 system-ui,"Segoe UI",Roboto,sans-serif;background:Canvas;color:CanvasText}
main{max-width:34rem;margin:0 auto;padding:15vh 1.5rem 2rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
p{margin:0 0 1rem}
a{display:inline-block;padding:.75rem 0;color:LinkText}
footer{margin-top:2rem;font-size:.875rem;opacity:.75}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
} as const;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');

export interface PageOptions {
  readonly writer: Writer;
  readonly reader: Reader;
  /** The value of `Set-Cookie`. */
  readonly cookie?: string | undefined;
}

export function page(status: number, words: Words, { writer, reader, cookie }: PageOptions): PageAnswer {
  const { title, lines, link }: Written<Words> = writeOut(words, (said) => writer.write(said, reader));
  const body = `<!doctype html>
<html lang="${escapeHtml(reader.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
${link ? `<p><a href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>` : ''}
<footer>Countersign</footer>
</main>
</body>
</html>
`;
  return { status, headers: { ...HEADERS, ...(cookie && { 'Set-Cookie': cookie }) }, body };
}

/** On to another address, with nothing to look at. */
export const onward = (location: string, cookie: string): PageAnswer => ({
  status: 302,
  headers: {
    Location: location,
    'Set-Cookie': cookie,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  },
  body: '',
});
