// What an operation gives back to the server, and the XML form of it.
import { S3_NAMESPACE } from './acl.ts';
import { element, type XmlContent, type XmlNode, xmlDocument } from './xml.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export const XML_TYPE = { 'content-type': 'application/xml' };

export const xmlAnswer = (root: XmlNode): Answer => ({
  status: 200,
  headers: XML_TYPE,
  body: xmlDocument(root),
});

/** An S3 result element with children, in S3's namespace. */
export const s3Result = (name: string, content: XmlContent): Answer =>
  xmlAnswer(element(name, content, S3_NAMESPACE));
