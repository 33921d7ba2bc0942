import assert from 'node:assert/strict';
import { childrenOf, element, parseXml, textOf, xmlDocument } from '../../../src/sandbox/s3/xml.ts';

describe('the XML of the stand-in S3', () => {
  it('reads back what it writes, whatever the text', () => {
    const text = `<&>"'\r\n ümlaut 🪣 &amp; ]]>`;

    const root = parseXml(
      xmlDocument(element('Root', [element('Key', text), undefined, element('Key', '')])),
    );

    assert.deepEqual(
      childrenOf(root, 'Key').map((child) => child.text),
      [text, ''],
    );
  });

  it('reads namespaces, attributes, empty elements and character references', () => {
    const root = parseXml(
      `<?xml version="1.0"?>\n<ns:Acl xmlns:ns="urn:x"><Id a='1' b="2">&#65;&#x42;&amp;</Id><None/></ns:Acl>\n`,
    );

    assert.equal(root.name, 'Acl');
    assert.equal(textOf(root, 'Id'), 'AB&');
    assert.equal(textOf(root, 'None'), '');
    assert.equal(textOf(root, 'Missing'), undefined);
  });

  for (const [what, text] of [
    ['nothing', ''],
    ['text alone', 'hello'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>b'],
    ['an element left open', '<a><b></a>'],
    ['an element closed twice', '<a></a></a>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an entity of its own', '<a>&e;</a>'],
    ['a character that does not exist', '<a>&#x110000;</a>'],
    ['elements nested too deep', '<a>'.repeat(50) + '</a>'.repeat(50)],
  ] as const)
    it(`refuses ${what}`, () => {
      assert.throws(() => parseXml(text), { code: 'MalformedXML' });
    });
});
