// The little XML that S3 speaks: elements and text. No document types, no entities of one's own, attributes are skipped.
import { S3Error } from './s3-error.ts';

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** A tree to write: text, or child elements in order. Undefined children are left out. */
export type XmlContent = string | readonly (XmlNode | undefined)[];
export interface XmlNode {
  readonly name: string;
  readonly content: XmlContent;
  /** Written as given, for example ` xmlns="..."`. */
  readonly attributes?: string;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const TOKEN = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const MAX_DEPTH = 16;

export const element = (name: string, content: XmlContent, attributes?: string): XmlNode =>
  attributes === undefined ? { name, content } : { name, content, attributes };

export const escapeXml = (text: string): string =>
  // A carriage return would be read back as a line feed.
  text.replace(/[<>&"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);

export function renderXml({ name, content, attributes = '' }: XmlNode): string {
  const inner =
    typeof content === 'string'
      ? escapeXml(content)
      : content.map((child) => (child ? renderXml(child) : '')).join('');
  return `<${name}${attributes}>${inner}</${name}>`;
}

export const xmlDocument = (root: XmlNode): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${renderXml(root)}`;

function decode(text: string): string {
  return text.replace(/&([^;]*);?/g, (_whole, name: string) => {
    const code = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10) : -1;
    const character = point >= 0 && point <= 0x10ffff ? String.fromCodePoint(point) : NAMED[name];
    if (character === undefined) throw new S3Error('MalformedXML');
    return character;
  });
}

interface Open {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** The root element of a document, namespace prefixes dropped. Throws MalformedXML for anything that is not plain well-formed XML. */
export function parseXml(source: string): XmlElement {
  const body = source.replace(/^\uFEFF?\s*(<\?xml[^>]*\?>)?\s*/, '').trimEnd();
  const top: Open = { name: '', children: [], text: '' };
  const open: Open[] = [top];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < body.length; ) {
    const token = TOKEN.exec(body);
    const current = open.at(-1);
    if (!token || !current || open.length > MAX_DEPTH) throw new S3Error('MalformedXML');
    const [, closing, name = '', , empty, text] = token;
    if (text !== undefined) current.text += decode(text);
    else if (closing) close(open, name);
    else {
      open.push({ name, children: [], text: '' });
      if (empty) close(open, name);
    }
  }
  const [root] = top.children;
  if (!root || open.length !== 1 || top.children.length !== 1 || top.text !== '')
    throw new S3Error('MalformedXML');
  return root;
}

function close(open: Open[], name: string): void {
  const ended = open.pop();
  if (!ended || ended.name !== name) throw new S3Error('MalformedXML');
  open.at(-1)?.children.push({ ...ended, name: name.replace(/^.*:/, '') });
}

export const childrenOf = (parent: XmlElement | undefined, name: string): readonly XmlElement[] =>
  parent?.children.filter((child) => child.name === name) ?? [];
export const childOf = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  childrenOf(parent, name)[0];
/** Trimmed text of a child, undefined when there is no such child. */
export const textOf = (parent: XmlElement | undefined, name: string): string | undefined =>
  childOf(parent, name)?.text.trim();
